//! What happened when during a bout: faults, answers, what was behind. The report draws it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Most points of one kind: at the end of a long bout the plot is thinned out anyway.
const POINTS: usize = 200_000;

/// Seconds since the bout began, and a value.
pub type Point = (f32, f32);

#[derive(Debug, Clone, Default)]
pub struct Record {
    pub faults: Vec<(f32, String)>,
    /// Seconds from the first attempt to the answer, at the time of the answer.
    pub latency: Vec<Point>,
    /// Requests without an answer, or events that the slowest display has not shown.
    pub backlog: Vec<Point>,
}

pub struct Timeline {
    begun: Instant,
    record: Mutex<Record>,
}

impl Timeline {
    pub fn start() -> Self {
        Self { begun: Instant::now(), record: Mutex::default() }
    }

    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    pub fn fault(&self, what: impl Into<String>) {
        let now = self.now();
        self.with(|record| record.faults.push((now, what.into())));
    }

    pub fn latency(&self, took: Duration) {
        let now = self.now();
        self.with(|record| push(&mut record.latency, (now, took.as_secs_f32())));
    }

    pub fn backlog(&self, waiting: u64) {
        let now = self.now();
        self.with(|record| push(&mut record.backlog, (now, waiting as f32)));
    }

    pub fn record(&self) -> Record {
        let mut copy = Record::default();
        self.with(|record| copy = record.clone());
        copy
    }

    fn now(&self) -> f32 {
        self.begun.elapsed().as_secs_f32()
    }

    fn with(&self, change: impl FnOnce(&mut Record)) {
        change(&mut self.record.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn push(points: &mut Vec<Point>, point: Point) {
    if points.len() < POINTS {
        points.push(point);
    }
}

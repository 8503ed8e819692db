//! What one display has shown, and how it catches up where it is told to.

use crate::{
    checker::{Shown, Stretch},
    client::{Answer, Client},
    journal::Journal,
    trial::Trial,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Longest wait for an answer; a frozen network has its time, then it is asked again.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Between two attempts.
const AGAIN: Duration = Duration::from_millis(100);
const PAGE: usize = 500;

/// What a display does about what it has not been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// Reads the board and goes on from there, as the contracts say.
    Board,
    /// Reads the log.
    Log,
}

/// What stands in the displays' journal: which display, and what it shows from there on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what")]
pub enum Line {
    /// A board, and the events after it.
    Board {
        display: usize,
        after: u64,
    },
    Event {
        display: usize,
        seq: u64,
        id: String,
    },
    /// It is about to say that it has everything up to here.
    Has {
        display: usize,
        seq: u64,
    },
}

/// What a display has shown, as the journal has it.
pub fn stretches(lines: &[Line], whose: usize) -> Vec<Stretch> {
    let mut shown: Vec<Stretch> = Vec::new();
    for line in lines {
        match line {
            Line::Board { display, after } if *display == whose => {
                shown.push(Stretch { after: *after, events: Vec::new() });
            }
            Line::Event { display, seq, id } if *display == whose => {
                if shown.is_empty() {
                    shown.push(Stretch::default());
                }
                let last = shown.last_mut().expect("a stretch");
                last.events.push(Shown { seq: *seq, id: id.clone() });
            }
            _ => {}
        }
    }
    shown
}

/// A display's memory. It outlives its connections.
pub struct Screen {
    /// Its number in the journal.
    display: usize,
    journal: Journal,
    trial: Trial,
    who: Client,
    how: CatchUp,
    /// Events that a client may have missed and still be recovered.
    cap: u64,
    /// Up to where it knows the log.
    seq: u64,
    pub epoch: String,
    /// What is live and not newer than this is on the board, or the page, that was fetched.
    fetched: u64,
    /// Newest live event since it last had to fetch: the next one follows it.
    live: Option<u64>,
    /// What no display should see.
    pub complaints: Vec<String>,
    pub counts: Counts,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Connections, and how each began.
    pub recovered: usize,
    pub fresh: usize,
    /// Told that what was missed is lost.
    pub resyncs: usize,
}

impl Counts {
    pub fn connections(self) -> usize {
        self.recovered + self.fresh
    }
}

impl Screen {
    pub fn new(display: usize, journal: Journal, trial: Trial, who: Client, how: CatchUp, cap: u64) -> Self {
        Self {
            display,
            journal,
            trial,
            who,
            how,
            cap,
            seq: 0,
            epoch: String::new(),
            fetched: 0,
            live: None,
            complaints: Vec::new(),
            counts: Counts::default(),
        }
    }

    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// What is shown is durable before it is said to be.
    pub async fn has(&self) -> u64 {
        self.journal.write(&Line::Has { display: self.display, seq: self.seq }).await;
        self.seq
    }

    /// A connection stands. Where it is recovered, events follow `since`; npm's client keeps its position for itself.
    pub async fn welcome(&mut self, recovered: bool, since: Option<u64>) {
        self.trial.count("reconnects", u64::from(self.counts.connections() > 0));
        if recovered {
            self.counts.recovered += 1;
            self.live = since.or(self.live);
            return;
        }
        self.counts.fresh += 1;
        let before = since.or(self.live);
        self.catch_up().await;
        if let (CatchUp::Board, Some(before)) = (self.how, before)
            && self.seq() - before <= self.cap
        {
            self.complaints
                .push(format!("not recovered from {before}, and the board stands at {}", self.seq()));
        }
    }

    pub async fn resync(&mut self) {
        self.counts.resyncs += 1;
        self.catch_up().await;
    }

    async fn catch_up(&mut self) {
        self.live = None;
        match self.how {
            CatchUp::Board => {
                let board = self.fetch("/api/v1/board").await;
                let after = board["seq"].as_u64().expect("a position");
                self.journal.note(&Line::Board { display: self.display, after });
                self.seq = after;
            }
            CatchUp::Log => self.read_log().await,
        }
        self.fetched = self.seq();
    }

    /// From the newest event shown to the log's head, however often it takes.
    async fn read_log(&mut self) {
        loop {
            let page = self.fetch(&format!("/api/v1/events?after={}&limit={PAGE}", self.seq())).await;
            let events = page["events"].as_array().expect("events");
            events.iter().for_each(|event| self.show(Shown::of(&event["data"])));
            if Some(self.seq()) >= page["seq"].as_u64() {
                return;
            }
        }
    }

    /// Asks until it is answered.
    async fn fetch(&mut self, path: &str) -> Value {
        loop {
            let asked = self.who.try_send(reqwest::Method::GET, path, None);
            match timeout(ANSWER_WITHIN, asked).await {
                Ok(Ok(Answer { status: 200, body, .. })) => {
                    self.epoch = body["epoch"].as_str().expect("an epoch").to_owned();
                    return body;
                }
                Ok(Ok(answer)) if ![429, 503].contains(&answer.status) => panic!("{}", answer.text),
                _ => sleep(AGAIN).await,
            }
        }
    }

    fn show(&mut self, Shown { seq, id }: Shown) {
        self.seq = seq;
        self.journal.note(&Line::Event { display: self.display, seq, id });
        self.trial.count("deliveries", 1);
    }

    /// A live event. Doubles are shown: the checker is to find them.
    pub fn event(&mut self, data: &Value) {
        let event = Shown::of(data);
        if self.live.is_some_and(|live| event.seq != live + 1) {
            self.complaints.push(format!("{event:?} came after {:?}", self.live));
        }
        self.live = Some(event.seq);
        if event.seq > self.fetched {
            self.show(event);
        }
    }
}

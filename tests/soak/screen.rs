//! What one display has shown, and how it catches up where it is told to.

use crate::{checker::Shown, client::Client};
use serde_json::Value;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Longest wait for a page; a frozen network has its time, then it is asked again.
const PAGE_WITHIN: Duration = Duration::from_secs(5);
/// Between two attempts.
const AGAIN: Duration = Duration::from_millis(100);
const PAGE: usize = 500;

/// A display's memory. It outlives its connections.
pub struct Screen {
    who: Client,
    pub shown: Vec<Shown>,
    pub epoch: String,
    /// What is live and not newer than this is on the page that was fetched.
    fetched: u64,
    /// Newest live event of this connection; within one they follow each other.
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
    /// Told to fetch while connected.
    pub resyncs: usize,
    /// Events that were fetched, not told.
    pub fetched: usize,
}

impl Screen {
    pub fn new(who: Client) -> Self {
        Self {
            who,
            shown: Vec::new(),
            epoch: String::new(),
            fetched: 0,
            live: None,
            complaints: Vec::new(),
            counts: Counts::default(),
        }
    }

    pub fn seq(&self) -> u64 {
        self.shown.last().map_or(0, |last| last.seq)
    }

    /// A connection stands; where it is not recovered, what was missed is to be fetched.
    pub async fn welcome(&mut self, recovered: bool) {
        if recovered {
            self.counts.recovered += 1;
            self.live = Some(self.seq());
        } else {
            self.counts.fresh += 1;
            self.catch_up().await;
        }
    }

    pub async fn resync(&mut self) {
        self.counts.resyncs += 1;
        self.catch_up().await;
    }

    /// Reads the log from the newest event shown to its head, however often it takes.
    async fn catch_up(&mut self) {
        self.live = None;
        loop {
            let path = format!("/api/v1/events?after={}&limit={PAGE}", self.seq());
            let asked = self.who.try_send(reqwest::Method::GET, &path, None);
            let answer = match timeout(PAGE_WITHIN, asked).await {
                Ok(Ok(answer)) if answer.status == 200 => answer.body,
                Ok(Ok(answer)) if ![429, 503].contains(&answer.status) => panic!("{}", answer.text),
                _ => {
                    sleep(AGAIN).await;
                    continue;
                }
            };
            let events = answer["events"].as_array().expect("events");
            self.shown.extend(events.iter().map(|event| Shown::of(&event["data"])));
            self.counts.fetched += events.len();
            self.epoch = answer["epoch"].as_str().expect("an epoch").to_owned();
            if Some(self.seq()) >= answer["seq"].as_u64() {
                self.fetched = self.seq();
                return;
            }
        }
    }

    /// A live event. Doubles are shown: the checker is to find them.
    pub fn event(&mut self, data: &Value) {
        let event = Shown::of(data);
        if self.live.is_some_and(|live| event.seq != live + 1) {
            self.complaints.push(format!("{event:?} came after {:?}", self.live));
        }
        self.live = Some(event.seq);
        if event.seq > self.fetched {
            self.shown.push(event);
        }
    }
}

//! What a room and the directory tell each other without a message: mail that waits, and how far displays are behind.
//!
//! A room's mailbox takes everything, because a hint is sent from where nothing may wait. So what waits is counted, and
//! past its bound a hint is replaced by a look into the log, or left out.

use crate::domain::stream::Seq;
use std::sync::{
    Arc,
    atomic::{
        AtomicU64, AtomicUsize,
        Ordering::{Relaxed, SeqCst},
    },
};

/// Commits that may wait for a room; past them it reads the log, page by page.
const PUBLISHES: usize = 256;
/// Questions who is there that may wait.
const PRESENTS: usize = 4;
/// Positions of displays that may wait: a room handles them in microseconds.
const SEEN: usize = 1_024;

/// Of one room.
#[derive(Debug, Default)]
pub struct Traffic {
    publishes: Arc<AtomicUsize>,
    looks: Arc<AtomicUsize>,
    seen: Arc<AtomicUsize>,
    presents: Arc<AtomicUsize>,
    lag: AtomicU64,
    /// One more than where the room stands; 0 before it has read its log.
    head: AtomicU64,
}

/// One message's place among those that wait; given back when it is handled or dropped.
#[derive(Debug)]
pub struct Turn(Arc<AtomicUsize>);

impl Turn {
    fn take(waiting: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        // Never counted where it is refused: another, refused because of it, would be lost.
        let more = |count| (count < most).then_some(count + 1);
        waiting.fetch_update(SeqCst, SeqCst, more).ok().map(|_| Self(waiting.clone()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

impl Traffic {
    pub fn publish(&self) -> Option<Turn> {
        Turn::take(&self.publishes, PUBLISHES)
    }

    /// At most one waits.
    pub fn look(&self) -> Option<Turn> {
        Turn::take(&self.looks, 1)
    }

    pub fn present(&self) -> Option<Turn> {
        Turn::take(&self.presents, PRESENTS)
    }

    pub fn seen(&self) -> Option<Turn> {
        Turn::take(&self.seen, SEEN)
    }

    /// Events that the room's slowest display has not shown.
    pub fn lag(&self) -> u64 {
        self.lag.load(Relaxed)
    }

    /// Where the room stands, once it has read its log.
    pub fn head(&self) -> Option<Seq> {
        self.head.load(Relaxed).checked_sub(1)
    }

    pub fn stands(&self, head: Seq) {
        self.head.store(head + 1, Relaxed);
    }

    pub fn lags(&self, events: u64) {
        self.lag.store(events, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_bounded_and_one_look_stands_for_all() {
        let traffic = Traffic::default();
        let mut publishes: Vec<_> = (0..PUBLISHES).map(|_| traffic.publish().unwrap()).collect();
        assert!(traffic.publish().is_none());
        let look = traffic.look().unwrap();
        assert!(traffic.look().is_none() && traffic.look().is_none());
        drop((publishes.pop(), look));
        assert!(traffic.look().is_some(), "the next may be asked for as soon as this one is handled");
        publishes.push(traffic.publish().unwrap());
        assert!(traffic.publish().is_none());
    }
}

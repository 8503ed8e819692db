//! Commits, small and large, that come to clients with a GET waiting, with one just under way, and with none.

use super::*;
use crate::{
    domain::stream::Epoch,
    wire::event::{Batch, WireEvent},
};
use jiff::Timestamp;
use std::ops::RangeInclusive;

/// Events of what cancels an order of 300 lines.
const MANY: u64 = 302;

fn commit(seqs: RangeInclusive<u64>, bytes: usize) -> Input {
    let epoch = Epoch("e".into());
    let event = |seq| {
        let (id, at, data) = (uuid::Uuid::nil(), Timestamp::UNIX_EPOCH, "x".repeat(bytes));
        Arc::new(WireEvent::new(epoch.clone(), seq, id, at, format!("{seq}"), data))
    };
    let (first, last) = (*seqs.start(), *seqs.end());
    let batch = Batch { epoch: epoch.clone(), first, last, events: seqs.map(event).collect() };
    Input::Delivered { socket: socket(), delivery: Delivery::Events(Arc::new(batch)) }
}

impl Bench {
    fn hears(&self, commit: Input) -> String {
        self.run(|polling, now, acts| polling.input(now, commit, acts))
    }
}

/// What an answer has, in order.
fn told(answer: &str) -> Vec<u64> {
    let events = answer.split('|').filter_map(|packet| packet.split('"').nth(1));
    events.map(|name| name.parse().unwrap()).collect()
}

/// Every display on long-polling was thrown out by one cancelled order of 300 lines, or by one of long lines: the limits
/// were for the commit, and not for what its client had left waiting.
#[test]
fn a_large_commit_reaches_a_client_that_polls() {
    for (events, bytes) in [(MANY, 2), (1, 300_000), (MANY, 2_000)] {
        let bench = Bench::open();
        assert_eq!(bench.get(1), "");
        assert_eq!(told(&bench.hears(commit(1..=events, bytes))), Vec::from_iter(1..=events), "a GET waits");
        // Its next is just under way, and the evening goes on.
        let commits = [(1, 2), (events, bytes), (1, 2), (20, 2)];
        let mut last = events;
        for (events, bytes) in commits {
            assert_eq!(bench.hears(commit(last + 1..=last + events, bytes)), "");
            last += events;
        }
        assert_eq!(told(&bench.get(2)), Vec::from_iter(events + 1..=last), "a GET was under way");
        assert_eq!(bench.get(3), "", "it lives on");
    }
}

#[test]
fn a_client_that_does_not_poll_is_given_up() {
    for (events, bytes) in [(MANY, 2), (1, 300_000), (1, 2)] {
        let bench = Bench::open();
        let mut commits = 0;
        let end = loop {
            let told = bench.hears(commit(commits * events + 1..=(commits + 1) * events, bytes));
            commits += 1;
            if !told.is_empty() {
                break told;
            }
        };
        assert_eq!(end, "end:SLOW_CONSUMER");
        assert_eq!(commits, if (events, bytes) == (1, 2) { 258 } else { 2 });
    }
}

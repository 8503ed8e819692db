//! The cursor against a model: whatever is lost, doubled, late or restarted, the client gets each event once, in order.

use super::*;
use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

#[path = "cursor/ring_tests.rs"]
mod ring;

const CAP: usize = 8 << 20;

fn epoch(name: &str) -> Epoch {
    Epoch(name.into())
}

fn at(name: &str, seq: Seq) -> Position {
    Position { epoch: epoch(name), seq }
}

fn batch(name: &str, first: Seq, last: Seq) -> Arc<Batch> {
    let event = |seq| {
        Arc::new(WireEvent::new(epoch(name), seq, Uuid::nil(), Timestamp::UNIX_EPOCH, "x", "{}".into()))
    };
    Arc::new(Batch { epoch: epoch(name), first, last, events: (first..=last).map(event).collect() })
}

fn joined(head: Seq, missed: Missed) -> Joined {
    Joined { epoch: epoch("e"), head, missed }
}

/// What a client saw, written shortly: `w`/`W` welcome (recovered), `r` read, `k` the next page is known, `!` resync, numbers are events.
fn written(steps: Steps) -> String {
    let mut text = String::new();
    for step in steps {
        let word = match step {
            Step::Welcome { recovered, at } => format!("{}{}", if recovered { "W" } else { "w" }, at.seq),
            Step::Send(handed) => {
                handed.events().map(|event| event.seq.to_string()).collect::<Vec<_>>().join(",")
            }
            Step::Read { after, known: None, .. } => format!("r{after}"),
            Step::Read { after, known: Some(_), .. } => format!("k{after}"),
            Step::Resync { at } => format!("!{}:{}", at.epoch, at.seq),
        };
        text.push_str(&word);
        text.push(' ');
    }
    text.trim_end().to_owned()
}

#[test]
fn the_welcome_tells_the_truth() {
    let cases = [
        (None, joined(7, Missed::NotAsked), "w7"),
        (Some(at("e", 7)), joined(7, Missed::Ring(vec![])), "W7"),
        (Some(at("e", 4)), joined(7, Missed::Ring(vec![batch("e", 4, 5), batch("e", 6, 7)])), "W4 5,6,7"),
        (Some(at("e", 4)), joined(7, Missed::Log), "r4"),
        (Some(at("e", 7)), joined(7, Missed::Log), "W7"),
        (Some(at("e", 4)), joined(7, Missed::Lost), "w7 !e:7"),
        (Some(at("old", 7)), joined(7, Missed::Ring(vec![])), "w7 !e:7"),
        (Some(bare(7)), joined(7, Missed::Ring(vec![])), "W7"),
        (Some(at("e", 9)), joined(7, Missed::Ring(vec![])), "w7 !e:7"),
        (Some(at("e", 4)), joined(7, Missed::NotAsked), "w7 !e:7"),
        // A ring with a hole is healed from the log.
        (Some(at("e", 4)), joined(7, Missed::Ring(vec![batch("e", 6, 7)])), "W4 r4"),
        (Some(at("e", 2)), joined(7, Missed::Ring(vec![batch("e", 3, 4), batch("e", 6, 7)])), "W2 r2"),
    ];
    for (since, answer, expected) in cases {
        let shown = format!("{since:?} {answer:?}");
        assert_eq!(written(Cursor::new(since, CAP).joined(answer)), expected, "{shown}");
    }
}

#[test]
fn an_expired_position_is_a_fresh_start_with_a_resync() {
    let mut cursor = Cursor::new(Some(at("e", 1)), CAP);
    assert_eq!(written(cursor.joined(joined(9, Missed::Log))), "r1");
    assert_eq!(written(cursor.events(batch("e", 10, 11))), "");
    assert_eq!(cursor.position(), None);
    assert_eq!(written(cursor.page(Page::Expired)), "w11 !e:11");
    assert_eq!(written(cursor.events(batch("e", 12, 12))), "12");
}

#[test]
fn a_replay_over_the_byte_cap_ends_in_a_resync() {
    let mut cursor = Cursor::new(Some(at("e", 0)), 3 * "{}".len());
    assert_eq!(written(cursor.joined(joined(9, Missed::Log))), "r0");
    assert_eq!(written(cursor.page(Page::Events(Some(batch("e", 1, 3))))), "W0 1,2,3 r3");
    assert_eq!(written(cursor.page(Page::Events(Some(batch("e", 4, 4))))), "!e:9");
}

#[test]
fn a_batch_before_the_joins_answer_is_not_lost() {
    let mut cursor = Cursor::new(None, CAP);
    assert_eq!(written(cursor.events(batch("e", 8, 9))), "");
    assert_eq!(written(cursor.joined(joined(7, Missed::NotAsked))), "w7 r7");
    assert_eq!(written(cursor.page(Page::Events(Some(batch("e", 8, 9))))), "8,9");
}

#[test]
fn another_epoch_is_a_resync() {
    let mut cursor = Cursor::new(None, CAP);
    cursor.joined(joined(7, Missed::NotAsked));
    assert_eq!(written(cursor.events(batch("f", 3, 4))), "!f:4");
    assert_eq!(written(cursor.events(batch("f", 5, 5))), "5");
}

#[test]
fn a_repeated_join_heals_what_was_missed_in_between() {
    let mut cursor = Cursor::new(None, CAP);
    cursor.joined(joined(7, Missed::NotAsked));
    assert_eq!(written(cursor.joined(joined(7, Missed::Ring(vec![])))), "");
    assert_eq!(written(cursor.joined(joined(9, Missed::Ring(vec![batch("e", 8, 9)])))), "8,9");
    assert_eq!(written(cursor.joined(joined(11, Missed::Log))), "r9");
    // Repeated again while the read is under way.
    assert_eq!(written(cursor.joined(joined(12, Missed::Ring(vec![batch("e", 10, 12)])))), "");
    assert_eq!(written(cursor.page(Page::Events(Some(batch("e", 10, 12))))), "10,11,12");
    let other = Joined { epoch: epoch("f"), head: 3, missed: Missed::Lost };
    assert_eq!(written(cursor.joined(other)), "!f:3");
}

#[test]
fn a_failed_read_is_asked_again() {
    let mut cursor = Cursor::new(None, CAP);
    cursor.joined(joined(7, Missed::NotAsked));
    assert_eq!(written(cursor.head(9)), "r7");
    cursor.failed();
    assert_eq!(written(cursor.events(batch("e", 10, 10))), "");
    assert_eq!(written(cursor.retry()), "r7");
    assert_eq!(written(cursor.page(Page::Events(Some(batch("e", 8, 10))))), "8,9,10");
    assert_eq!(written(cursor.retry()), "");
}

#[derive(Debug, Clone)]
enum Happening {
    /// A commit of so many events, whose hint goes to the room's queue.
    Commit(Seq),
    /// The oldest hint arrives.
    Deliver,
    /// … twice.
    Double,
    /// … never.
    Lose,
    /// The room restarts: its hints are gone, it says where the log stands.
    Restart,
    /// The read under way is answered with at most so many events, or fails.
    Answer(Seq),
    Fail,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => (1..5_u64).prop_map(Happening::Commit),
        4 => Just(Happening::Deliver),
        1 => Just(Happening::Double),
        1 => Just(Happening::Lose),
        1 => Just(Happening::Restart),
        3 => (1..6_u64).prop_map(Happening::Answer),
        1 => Just(Happening::Fail),
    ]
}

/// The world around one cursor.
struct World {
    cursor: Cursor,
    log: Seq,
    hints: std::collections::VecDeque<(Seq, Seq)>,
    read: Option<Seq>,
    seen: Vec<Seq>,
}

impl World {
    fn take(&mut self, steps: Steps) {
        for step in steps {
            match step {
                Step::Welcome { recovered, .. } => assert!(recovered),
                Step::Send(handed) => self.seen.extend(handed.events().map(|event| event.seq)),
                Step::Read { after, .. } => {
                    assert_eq!(self.read.replace(after), None, "two reads under way");
                }
                Step::Resync { .. } => panic!("nothing was lost"),
            }
        }
    }

    fn deliver(&mut self, (first, last): (Seq, Seq)) {
        let steps = self.cursor.events(batch("e", first, last));
        self.take(steps);
    }

    fn answer(&mut self, limit: Seq) {
        if let Some(after) = self.read.take() {
            let last = self.log.min(after + limit);
            let steps = self.cursor.page(Page::Events((last > after).then(|| batch("e", after + 1, last))));
            self.take(steps);
        }
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Commit(count) => {
                self.hints.push_back((self.log + 1, self.log + count));
                self.log += count;
            }
            Happening::Deliver => {
                if let Some(hint) = self.hints.pop_front() {
                    self.deliver(hint);
                }
            }
            Happening::Double => {
                if let Some(hint) = self.hints.pop_front() {
                    self.deliver(hint);
                    self.deliver(hint);
                }
            }
            Happening::Lose => drop(self.hints.pop_front()),
            Happening::Restart => {
                self.hints.clear();
                let steps = self.cursor.head(self.log);
                self.take(steps);
            }
            Happening::Answer(limit) => self.answer(limit),
            Happening::Fail => {
                if self.read.take().is_some() {
                    self.cursor.failed();
                    let steps = self.cursor.retry();
                    self.take(steps);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn every_event_once_and_in_order(
        since in 0..6_u64,
        behind in 0..6_u64,
        from_ring in any::<bool>(),
        early in proptest::collection::vec(happening(), 0..6),
        later in proptest::collection::vec(happening(), 0..80),
    ) {
        let head = since + behind;
        let mut world = World {
            cursor: Cursor::new(Some(at("e", since)), CAP),
            log: head,
            hints: [].into(),
            read: None,
            seen: vec![],
        };
        for happening in early {
            world.happens(happening);
        }
        let ring = (head > since).then(|| batch("e", since + 1, head)).into_iter().collect();
        let missed = if from_ring { Missed::Ring(ring) } else { Missed::Log };
        let steps = world.cursor.joined(joined(head, missed));
        world.take(steps);
        for happening in later {
            world.happens(happening);
        }
        world.happens(Happening::Restart);
        while world.read.is_some() {
            world.answer(u64::from(PAGE));
        }
        prop_assert_eq!(world.seen, (since + 1..=world.log).collect::<Vec<_>>());
        prop_assert_eq!(world.cursor.position().map(|position| position.seq), Some(world.log));
    }
}

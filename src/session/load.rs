//! How much waits for a client. Limits are for what waits beside the largest commit among it: how large that is says nothing
//! of the client, which gets it at once.

use super::Delivery;
use crate::config::sections::Sockets;

/// What may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    pub events: usize,
    /// Of their payloads.
    pub bytes: usize,
}

impl Capacity {
    pub fn of(sockets: &Sockets) -> Self {
        Self { events: sockets.mailbox, bytes: *sockets.mailbox_bytes }
    }
}

/// Events and bytes of one delivery, or of some.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    events: usize,
    bytes: usize,
}

impl Weight {
    pub fn of(delivery: &Delivery) -> Self {
        match delivery {
            // A commit that this vocabulary has no words for waits like an event.
            Delivery::Events(batch) => Self { events: batch.events.len().max(1), bytes: batch.bytes() },
            Delivery::Head(_) | Delivery::Close(_) => Self { events: 1, bytes: 0 },
        }
    }
}

/// What waits.
#[derive(Debug, Default)]
pub struct Load {
    waiting: Weight,
    /// Of what waits since nothing did.
    largest: Weight,
}

impl Load {
    /// Counts it where it may wait too; false where it may not.
    pub fn admit(&mut self, weight: Weight, capacity: Capacity) -> bool {
        let beside =
            |waiting: usize, more: usize, largest: usize| (waiting + more).saturating_sub(largest.max(more));
        let events = beside(self.waiting.events, weight.events, self.largest.events);
        let bytes = beside(self.waiting.bytes, weight.bytes, self.largest.bytes);
        let fits = events <= capacity.events && bytes <= capacity.bytes;
        if fits {
            self.add(weight);
        }
        fits
    }

    /// Counts it, whatever waits.
    pub fn add(&mut self, Weight { events, bytes }: Weight) {
        self.waiting = Weight { events: self.waiting.events + events, bytes: self.waiting.bytes + bytes };
        let Weight { events: most, bytes: longest } = self.largest;
        self.largest = Weight { events: most.max(events), bytes: longest.max(bytes) };
    }

    /// It waits no more.
    pub fn remove(&mut self, Weight { events, bytes }: Weight) {
        self.waiting = Weight { events: self.waiting.events - events, bytes: self.waiting.bytes - bytes };
        if self.waiting.events == 0 {
            self.largest = Weight::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::stream::Epoch,
        wire::event::{Batch, WireEvent},
    };
    use jiff::Timestamp;
    use std::sync::Arc;
    use uuid::Uuid;

    /// So many events with payloads of so many bytes.
    fn commit(events: usize, bytes: usize) -> Weight {
        let (epoch, now) = (Epoch("e".into()), Timestamp::UNIX_EPOCH);
        let event = || WireEvent::new(epoch.clone(), 1, Uuid::nil(), now, "order.new", "x".repeat(bytes));
        let events = (0..events).map(|_| Arc::new(event())).collect();
        Weight::of(&Delivery::Events(Arc::new(Batch { epoch: epoch.clone(), first: 1, last: 1, events })))
    }

    #[test]
    fn events_are_counted_and_not_messages() {
        let (mut load, capacity) = (Load::default(), Capacity { events: 256, bytes: usize::MAX });
        for _ in 0..5 {
            assert!(load.admit(commit(64, 1), capacity));
        }
        assert!(!load.admit(commit(1, 1), capacity));
        load.remove(commit(64, 1));
        for _ in 0..64 {
            assert!(load.admit(commit(1, 1), capacity));
        }
        assert!(!load.admit(commit(1, 1), capacity));
    }

    #[test]
    fn bytes_are_counted_too() {
        let (mut load, capacity) = (Load::default(), Capacity { events: 256, bytes: 256 << 10 });
        for _ in 0..65 {
            assert!(load.admit(commit(1, 4 << 10), capacity));
        }
        assert!(!load.admit(commit(1, 1), capacity));
        load.remove(commit(1, 4 << 10));
        assert!(load.admit(commit(1, 1), capacity));
    }

    #[test]
    fn a_large_commit_fits_and_leaves_room_for_others() {
        let (mut load, capacity) = (Load::default(), Capacity { events: 4, bytes: 16 });
        assert!(load.admit(commit(1, 4), capacity));
        assert!(load.admit(commit(300, 4), capacity), "what waits beside it is one event");
        for _ in 0..3 {
            assert!(load.admit(commit(1, 4), capacity));
        }
        assert!(!load.admit(commit(1, 4), capacity));
        assert!(!load.admit(commit(300, 4), capacity));
    }

    /// Or a commit of last year would double what may wait today.
    #[test]
    fn what_was_large_is_forgotten_once_nothing_waits() {
        let (mut load, capacity) = (Load::default(), Capacity { events: 4, bytes: 1_000 });
        assert!(load.admit(commit(300, 1), capacity));
        load.remove(commit(300, 1));
        for _ in 0..5 {
            assert!(load.admit(commit(1, 1), capacity));
        }
        assert!(!load.admit(commit(1, 1), capacity));
    }

    #[test]
    fn what_is_no_event_counts_as_one() {
        let (mut load, capacity) = (Load::default(), Capacity { events: 1, bytes: 1 });
        let (head, close) = (Delivery::Head(1), Delivery::Close(crate::code::ErrorCode::Removed));
        assert!(load.admit(Weight::of(&head), capacity));
        assert!(load.admit(commit(0, 0), capacity));
        assert!(!load.admit(Weight::of(&close), capacity));
        load.add(Weight::of(&close));
        (0..3).for_each(|_| load.remove(Weight::of(&head)));
        assert_eq!(load.waiting, Weight::default());
    }
}

//! The newest events of a stream, as they went out: most of those who come back are caught up from here.

use crate::{
    domain::stream::Seq,
    flaws::{self, Flaw},
    wire::event::Batch,
};
use std::{collections::VecDeque, sync::Arc};

/// Consecutive batches, oldest first, bounded by events and by bytes of payload.
pub struct Ring {
    batches: VecDeque<Arc<Batch>>,
    events: usize,
    bytes: usize,
    max_events: usize,
    max_bytes: usize,
}

impl Ring {
    pub fn new(max_events: usize, max_bytes: usize) -> Self {
        Self { batches: VecDeque::new(), events: 0, bytes: 0, max_events, max_bytes }
    }

    /// Adds what follows; drops the oldest until it fits. A batch that does not follow on the last starts the ring anew.
    pub fn push(&mut self, batch: Arc<Batch>) {
        if self.batches.back().is_some_and(|last| last.last + 1 != batch.first) {
            self.clear();
        }
        self.events += weight(&batch);
        self.bytes += batch.bytes();
        self.batches.push_back(batch);
        while self.events > self.max_events || self.bytes > self.max_bytes {
            let Some(oldest) = self.batches.pop_front() else { break };
            self.events -= weight(&oldest);
            self.bytes -= oldest.bytes();
        }
    }

    /// Everything after `seq`, starting exactly there; `None` where some of it is no longer, or never was, in the ring.
    pub fn after(&self, seq: Seq) -> Option<Vec<Arc<Batch>>> {
        let (oldest, newest) = (self.batches.front()?, self.batches.back()?);
        if seq + 1 < oldest.first || seq > newest.last {
            return None;
        }
        let from = self.batches.partition_point(|batch| batch.last <= seq);
        let mut batches: Vec<_> = self.batches.range(from..).map(|batch| trim(batch, seq)).collect();
        if flaws::planted(Flaw::SkippedEdge)
            && let Some(first) = batches.first_mut()
        {
            let Batch { epoch, first: begin, last, events } = &**first;
            let events = events.iter().skip(1).cloned().collect();
            *first = Arc::new(Batch { epoch: epoch.clone(), first: *begin, last: *last, events });
        }
        Some(batches)
    }

    pub fn clear(&mut self) {
        self.batches.clear();
        (self.events, self.bytes) = (0, 0);
    }
}

/// What a batch counts for; one without any wire form takes room too.
fn weight(batch: &Batch) -> usize {
    batch.events.len().max(1)
}

/// The part of a batch after `seq`, which lies before its end.
fn trim(batch: &Arc<Batch>, seq: Seq) -> Arc<Batch> {
    if batch.first > seq {
        return batch.clone();
    }
    let events = batch.events.iter().filter(|event| event.seq > seq).cloned().collect();
    Arc::new(Batch { epoch: batch.epoch.clone(), first: seq + 1, last: batch.last, events })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::stream::Epoch, wire::event::WireEvent};
    use jiff::Timestamp;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn batch(first: Seq, len: u64) -> Arc<Batch> {
        let epoch = Epoch("e".into());
        let event = |seq| {
            let data = "x".repeat(10);
            Arc::new(WireEvent::new(epoch.clone(), seq, Uuid::nil(), Timestamp::UNIX_EPOCH, "n", data))
        };
        let (last, events) = (first + len - 1, (first..first + len).map(event).collect());
        Arc::new(Batch { epoch: epoch.clone(), first, last, events })
    }

    fn seqs(batches: &[Arc<Batch>]) -> Vec<Seq> {
        batches.iter().flat_map(|batch| batch.events.iter().map(|event| event.seq)).collect()
    }

    #[test]
    fn the_edges_of_an_empty_a_full_and_an_outgrown_ring() {
        let mut ring = Ring::new(4, 1000);
        assert!(ring.after(0).is_none());
        ring.push(batch(5, 2));
        assert!(ring.after(3).is_none(), "5 is there, 4 is not");
        assert_eq!(ring.after(4).map(|b| seqs(&b)), Some(vec![5, 6]));
        assert_eq!(ring.after(5).map(|b| (b[0].first, seqs(&b))), Some((6, vec![6])));
        assert_eq!(ring.after(6).map(|b| b.len()), Some(0));
        assert!(ring.after(7).is_none(), "from the future");
        ring.push(batch(7, 3));
        assert!(ring.after(5).is_none(), "the first batch had to go");
        assert_eq!(ring.after(6).map(|b| seqs(&b)), Some(vec![7, 8, 9]));
        ring.push(batch(10, 5));
        assert!(ring.after(14).is_none(), "one batch alone is too large");
        ring.push(batch(15, 1));
        assert_eq!(ring.after(14).map(|b| seqs(&b)), Some(vec![15]));
        ring.push(batch(20, 1));
        assert!(ring.after(15).is_none(), "a hole is never bridged");
        let mut small = Ring::new(1000, 25);
        (1..=3).for_each(|seq| small.push(batch(seq, 1)));
        assert_eq!((small.after(0).is_none(), small.after(1).map(|b| seqs(&b))), (true, Some(vec![2, 3])));
    }

    proptest! {
        #[test]
        fn an_answer_is_everything_after_the_position(
            lens in proptest::collection::vec(1u64..6, 1..40), max in 1usize..30, since in 0u64..130,
        ) {
            let mut ring = Ring::new(max, usize::MAX);
            let mut head = 0;
            for len in lens {
                ring.push(batch(head + 1, len));
                head += len;
            }
            if let Some(batches) = ring.after(since) {
                prop_assert_eq!(seqs(&batches), (since + 1..=head).collect::<Vec<_>>());
                prop_assert!(head - since <= max as u64);
                let mut next = since + 1;
                for batch in &batches {
                    prop_assert_eq!(batch.first, next);
                    next = batch.last + 1;
                }
            }
        }
    }
}

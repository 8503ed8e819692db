//! A ring for each vocabulary in use: events are encoded once in each, for all who hear them.

use super::ring::Ring;
use crate::{
    domain::{
        event::Recorded,
        stream::{Epoch, Seq},
    },
    vocabulary,
    wire::event::{Batch, Vocabulary},
};
use smallvec::SmallVec;
use std::sync::Arc;

/// Batches of one commit, by vocabulary.
pub type Told = SmallVec<[(Vocabulary, Arc<Batch>); 2]>;

/// The rings of one room, each within the same bounds.
pub struct Rings {
    used: SmallVec<[(Vocabulary, Ring); 2]>,
    max_events: usize,
    max_bytes: usize,
}

impl Rings {
    pub fn new(max_events: usize, max_bytes: usize) -> Self {
        Self { used: SmallVec::new(), max_events, max_bytes }
    }

    /// Somebody hears this vocabulary: what comes from here on is encoded in it and kept, unless it is of nothing.
    pub fn open(&mut self, vocabulary: Vocabulary) {
        if vocabulary != Vocabulary::Silence && !self.used.iter().any(|(used, _)| *used == vocabulary) {
            self.used.push((vocabulary, Ring::new(self.max_events, self.max_bytes)));
        }
    }

    /// Adds what follows, in every vocabulary in use. A batch covers its positions whole, also where it says nothing of
    /// them: without it who hears little would see gaps.
    pub fn push(&mut self, events: &[Recorded], epoch: &Epoch) -> Told {
        let tell = |(vocabulary, ring): &mut (Vocabulary, Ring)| {
            let batch = Arc::new(vocabulary::batch(*vocabulary, events, epoch)?);
            ring.push(batch.clone());
            Some((*vocabulary, batch))
        };
        self.used.iter_mut().filter_map(tell).collect()
    }

    /// See [`Ring::after`].
    pub fn after(&self, vocabulary: Vocabulary, seq: Seq) -> Option<Vec<Arc<Batch>>> {
        self.used.iter().find(|(used, _)| *used == vocabulary)?.1.after(seq)
    }

    pub fn clear(&mut self) {
        self.used.iter_mut().for_each(|(_, ring)| ring.clear());
    }
}

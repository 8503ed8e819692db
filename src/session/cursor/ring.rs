//! What a room's ring had of what one subscription missed, handed on page by page, as the log is.

use super::PAGE;
use crate::{domain::stream::Seq, wire::event::Batch};
use std::sync::Arc;

/// Consecutive batches, shared with everyone who missed the same.
#[derive(Debug, Default)]
pub struct Kept(Vec<Arc<Batch>>);

impl Kept {
    /// Nothing, where there is a hole: the log has it all.
    pub fn new(batches: Vec<Arc<Batch>>) -> Self {
        let whole = batches.windows(2).all(|pair| pair[0].last + 1 == pair[1].first);
        Self(if whole { batches } else { Vec::new() })
    }

    /// The page after `seq`; `None`, and nothing is kept any more, where these do not go on from there.
    pub fn page(&mut self, seq: Seq) -> Option<Arc<Batch>> {
        let page = self.after(seq).map(Arc::new);
        if page.is_none() {
            self.0 = Vec::new();
        }
        page
    }

    fn after(&self, seq: Seq) -> Option<Batch> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        if first.first > seq + 1 || last.last <= seq {
            return None;
        }
        let mut rest = self.0.iter().flat_map(|batch| &batch.events).filter(|event| event.seq > seq);
        let events: Box<[_]> = rest.by_ref().take(PAGE as usize).cloned().collect();
        let last = match (rest.next(), events.last()) {
            (Some(_), Some(event)) => event.seq,
            _ => last.last,
        };
        Some(Batch { epoch: first.epoch.clone(), first: seq + 1, last, events })
    }
}

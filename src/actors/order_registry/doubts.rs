//! Transactions that ended without our hearing how: looked after until it is certain, so that displays miss nothing.

use super::ledger::Ledger;
use crate::{actors::publisher::Publisher, domain::stream::Stream};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Between two attempts to learn it: a display may be that much late, and a dead database is asked no more often.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// The streams in doubt. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Doubts(Arc<Mutex<HashSet<Stream>>>);

impl Doubts {
    /// Looks now, and again once the transaction must have ended. A COMMIT may go through long after we gave it up:
    /// its backend was frozen, or waited for a standby.
    pub(super) fn raise(&self, stream: Stream, ledger: &Arc<dyn Ledger>, publisher: &Arc<dyn Publisher>) {
        publisher.look(stream);
        // One task a stream, however many of its groups fail meanwhile.
        if !self.set().insert(stream) {
            return;
        }
        let (doubts, ledger, publisher) = (self.clone(), ledger.clone(), publisher.clone());
        tokio::spawn(async move {
            while !ledger.is_closed() {
                tokio::time::sleep(ASK_EVERY).await;
                // Forgotten first: a doubt that is raised from here on needs an answer of its own.
                doubts.set().remove(&stream);
                if ledger.settled(stream).await.is_ok() || !doubts.set().insert(stream) {
                    break;
                }
            }
            publisher.look(stream);
        });
    }

    fn set(&self) -> std::sync::MutexGuard<'_, HashSet<Stream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

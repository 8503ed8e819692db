//! Where committed events go: the rooms, as the registry knows them.

use crate::domain::{event::Recorded, stream::Stream};

/// Takes what was committed to those who listen. Never blocks, never fails: a lost hint is healed from the log.
pub trait Publisher: Send + Sync + 'static {
    /// Events of one commit, numbered consecutively. Calls for one stream come in commit order.
    fn publish(&self, stream: Stream, events: Vec<Recorded>);

    /// Something may have been committed without our knowing: look into the log.
    fn look(&self, stream: Stream);
}

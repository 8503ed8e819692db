//! What the directory hears of a room's panics and of its end.

use super::Inner;
use crate::{actors::supervise::Overseer, domain::ids::StreamId};
use std::sync::Weak;
use tokio::time::sleep;

/// Keeps one room's entry true.
#[derive(Clone)]
pub(super) struct Warden {
    pub directory: Weak<Inner>,
    pub stream: StreamId,
    pub generation: u64,
}

impl Warden {
    /// Removes the room from the directory, if it is still this one.
    pub fn forget(&self) {
        if let Some(directory) = self.directory.upgrade() {
            directory.rooms.remove_if(&self.stream, |_, entry| entry.generation == self.generation);
        }
    }
}

impl Overseer for Warden {
    fn panicked(&self, recent: usize, cause: &str) {
        tracing::error!(stream.id = %self.stream, recent, cause, "room panicked and restarts");
        if let Some(directory) = self.directory.upgrade() {
            directory.house.metrics.room_restarted();
        }
    }

    fn gave_up(&self, cause: &str) {
        tracing::error!(stream.id = %self.stream, cause, "room panics again and again: quarantined");
        let Some(directory) = self.directory.upgrade() else { return };
        directory.house.metrics.room_quarantined();
        if let Some(mut entry) = directory.rooms.get_mut(&self.stream)
            && entry.generation == self.generation
        {
            entry.room = None;
        }
        let (warden, wait) = (self.clone(), *directory.house.rooms.quarantine);
        actix::spawn(async move {
            sleep(wait).await;
            warden.forget();
        });
    }

    fn ended(&self) {
        self.forget();
    }
}

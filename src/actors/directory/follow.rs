//! Rooms that are told to look into the log where another process has written to it.

use super::{RoomDirectory, look};
use crate::domain::{ids::StreamId, stream::Seq};

impl RoomDirectory {
    /// Where the rooms of this node stand, as far as they have read their logs.
    pub fn heads(&self) -> Vec<(StreamId, Seq)> {
        let standing = |entry: &super::Entry| entry.room.as_ref().and_then(|_| entry.traffic.head());
        self.inner.rooms.iter().filter_map(|entry| Some((*entry.key(), standing(&entry)?))).collect()
    }

    /// The stream's log reaches further than its room stands.
    pub fn wake(&self, stream: StreamId) {
        self.with(stream, look);
    }
}

//! What operators are told of all rooms of this node.

use super::RoomDirectory;
use std::sync::atomic::Ordering::Relaxed;

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    pub rooms: usize,
    pub members: usize,
}

impl RoomDirectory {
    pub fn stats(&self) -> Stats {
        Stats { rooms: self.inner.rooms.len(), members: self.inner.house.members.load(Relaxed) }
    }

    /// How many events the display that is furthest behind has not shown yet, of all that tell with `seen`.
    pub fn lag(&self) -> u64 {
        self.inner.rooms.iter().map(|entry| entry.traffic.lag()).max().unwrap_or(0)
    }
}

//! Waiting for the rooms to hand on what they were given, before a stop says farewell.

use super::RoomDirectory;
use crate::actors::room::Settle;
use futures_util::future::join_all;
use std::time::Duration;
use tokio::time::timeout;

impl RoomDirectory {
    /// Returns when what was published before is on its way to the sockets, or after `within`. A room that panics
    /// meanwhile has nothing on its way; its members come back for the rest.
    pub async fn settle(&self, within: Duration) {
        let rooms: Vec<_> = self.inner.rooms.iter().filter_map(|entry| entry.room.clone()).collect();
        drop(timeout(within, join_all(rooms.iter().map(|room| room.send(Settle)))).await);
    }
}

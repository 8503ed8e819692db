//! A member goes on with another carrier, in the seat it has.

use super::{JOIN_WITHIN, RoomDirectory};
use crate::{
    actors::{delivery::Reach, room::Move},
    domain::ids::{SocketId, StreamId},
};
use tokio::{sync::oneshot, time::timeout};

impl RoomDirectory {
    /// False where there is no such room, or no such member in it any more, or where the room did not answer: the socket
    /// joins again.
    pub async fn relocate(&self, stream: impl Into<StreamId>, socket: SocketId, reach: Reach) -> bool {
        let (reply, answer) = oneshot::channel();
        self.tell(stream.into(), Move { socket, reach, reply });
        matches!(timeout(JOIN_WITHIN, answer).await, Ok(Ok(true)))
    }
}

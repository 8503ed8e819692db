//! Who of a stream is connected to this node.

use super::{Entry, RoomDirectory};
use crate::{
    actors::room::{Attendance, Present},
    domain::ids::StreamId,
};
use std::time::Duration;
use tokio::{sync::oneshot, time::timeout};

/// A room answers in microseconds; one that is restarting may take longer than anybody looks.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

impl RoomDirectory {
    /// Who is in the stream's room; nobody where there is no room, and `None` where it cannot say now.
    pub async fn present(&self, stream: impl Into<StreamId>) -> Option<Attendance> {
        let answer = {
            let entry = self.inner.rooms.get(&stream.into());
            let Some(Entry { room, traffic, .. }) = entry.as_deref() else {
                return Some(Attendance::default());
            };
            let (reply, answer) = oneshot::channel();
            room.as_ref()?.do_send(Present { reply, turn: traffic.present()? });
            answer
        };
        timeout(ANSWER_WITHIN, answer).await.ok()?.ok()
    }
}

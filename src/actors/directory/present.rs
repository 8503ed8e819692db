//! Who of a stream is connected to this node.

use super::RoomDirectory;
use crate::{
    actors::room::{Attendance, Present},
    domain::ids::StreamId,
};
use std::time::Duration;
use tokio::{sync::oneshot, time::timeout};

/// A room answers in microseconds; one that is restarting may take longer than anybody looks.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

impl RoomDirectory {
    /// Who is in the stream's room; nobody where there is no room, or it does not answer.
    pub async fn present(&self, stream: impl Into<StreamId>) -> Attendance {
        let (reply, answer) = oneshot::channel();
        self.tell(stream.into(), Present(reply));
        timeout(ANSWER_WITHIN, answer).await.ok().and_then(Result::ok).unwrap_or_default()
    }
}

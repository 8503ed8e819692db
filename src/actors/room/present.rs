//! Who is in a room, and how far each has shown the stream: for whoever looks after the displays.

use super::Room;
use crate::domain::{ids::UserId, stream::Seq};
use actix::{Context, Handler, Message};
use tokio::sync::oneshot;

/// One socket of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    pub user: UserId,
    /// Events it has not shown; `None` where it does not tell.
    pub lag: Option<u64>,
}

#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Present(pub oneshot::Sender<Vec<Presence>>);

impl Handler<Present> for Room {
    type Result = ();

    fn handle(&mut self, Present(reply): Present, _: &mut Context<Self>) {
        let head: Seq = self.head.as_ref().map_or(0, |head| head.seq);
        // Whoever asked may have gone.
        let _ = reply.send(self.members.present(head));
    }
}

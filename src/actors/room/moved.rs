//! A member changes its carrier: an Engine.IO session goes on over a WebSocket. It keeps its seat, so nothing is read again.

use super::Room;
use crate::{actors::delivery::Reach, domain::ids::SocketId};
use actix::{Context, Handler, Message};
use tokio::sync::oneshot;

/// Deliver to this carrier from here on. Answered with false where no such socket is a member; what was delivered to the
/// carrier before is in its mailbox when the answer is given.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Move {
    pub socket: SocketId,
    pub reach: Reach,
    pub reply: oneshot::Sender<bool>,
}

impl Handler<Move> for Room {
    type Result = ();

    fn handle(&mut self, Move { socket, reach, reply }: Move, _: &mut Context<Self>) {
        // Whoever no longer waits for the answer leaves, or joins again: both find this seat by its socket.
        let _ = reply.send(self.members.hand_over(socket, reach));
    }
}

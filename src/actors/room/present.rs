//! Who is in a room, how far each has shown the stream, and what was handed out: for whoever looks after the displays.

use super::{Room, Turn};
use crate::{
    domain::{
        ids::{SocketId, UserId},
        principal::Role,
        stream::Seq,
    },
    telemetry::metrics::Transport,
    wire::event::Vocabulary,
};
use actix::{Context, Handler, Message};
use jiff::Timestamp;
use std::time::Duration;
use tokio::sync::oneshot;

/// One socket of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    pub socket: SocketId,
    /// [`UserId::NOBODY`] for one who came without a token.
    pub user: UserId,
    pub role: Role,
    pub vocabulary: Vocabulary,
    pub transport: Transport,
    /// When it joined; a change of carrier is none.
    pub since: Timestamp,
    /// Events it has not shown; `None` where it does not tell.
    pub lag: Option<u64>,
}

/// What a room handed to its members' mailboxes since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Events, each counted once a member.
    pub deliveries: u64,
    /// Times that something was handed out.
    pub handed: u64,
    /// From the commit, or the read that brought it, to the mailboxes; the sum over `handed`.
    pub took: Duration,
}

impl Delivered {
    pub(super) fn count(&mut self, deliveries: usize, took: Duration) {
        self.deliveries += deliveries as u64;
        self.handed += 1;
        self.took = self.took.saturating_add(took);
    }
}

/// A room at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attendance {
    /// Everything up to here has gone out; `None` while the room reads its log.
    pub head: Option<Seq>,
    pub delivered: Delivered,
    /// In no order.
    pub sockets: Vec<Presence>,
}

/// Who is there? Each answer is a copy of all members, made on the room's thread.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Present {
    pub reply: oneshot::Sender<Attendance>,
    /// Held until it is answered.
    pub turn: Turn,
}

impl Handler<Present> for Room {
    type Result = ();

    fn handle(&mut self, Present { reply, turn: _turn }: Present, _: &mut Context<Self>) {
        if reply.is_closed() {
            return;
        }
        let head = self.head.as_ref().map(|head| head.seq);
        let sockets = self.members.present(head.unwrap_or_default());
        // Whoever asked may have gone.
        let _ = reply.send(Attendance { head, delivered: self.members.delivered(), sockets });
    }
}

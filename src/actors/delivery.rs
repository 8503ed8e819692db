//! What rooms and the server's stop send to sockets, and the handle by which a room knows a member.

use super::queue::{Place, Queue};
use crate::{
    code::ErrorCode,
    domain::ids::SocketId,
    flaws::{self, Flaw},
    session::Delivery,
    telemetry::metrics::Transport,
    wire::event::Vocabulary,
};
use actix::{Message, Recipient, dev::SendError};
use std::{fmt, net::IpAddr, sync::Arc};

/// From a room to one of its members, in the place that its queue has for it. Sent with `try_send` on the member's one kept
/// recipient: the mailbox's capacity binds nowhere else. Where the queue or the mailbox is full, or closed, the room evicts.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Deliver {
    /// A Socket.IO connection has one per namespace.
    pub socket: SocketId,
    pub delivery: Delivery,
    /// Held until it is handled.
    pub place: Place,
}

/// The server ends this connection.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "()")]
pub struct Stop(pub ErrorCode);

/// Ends a connection from outside. An actor whose peer does not read is frozen, handles no mail and cannot notice.
pub trait Kill: Send + Sync {
    /// Harmless where the connection is gone, and any number of times.
    fn kill(&self);

    /// True where the peer does not take what was sent: a kill may cut it off from more than the last frame.
    fn is_backed_up(&self) -> bool {
        false
    }
}

/// How a room reaches one member.
#[derive(Clone)]
pub struct Member {
    pub socket: SocketId,
    /// What its client knows it by: the `socket` of an earlier connection where it was recovered.
    pub sid: SocketId,
    /// The words in which it is told of events.
    pub vocabulary: Vocabulary,
    /// Where its client comes from, behind trusted proxies too; `None` where the carrier does not know.
    pub address: Option<IpAddr>,
    pub transport: Transport,
    /// Never cloned to send: a fresh clone's `try_send` is unbounded.
    pub recipient: Recipient<Deliver>,
    /// What waits there.
    pub queue: Queue,
    pub kill: Arc<dyn Kill>,
}

/// The new carrier of a member.
#[derive(Clone)]
pub struct Reach {
    pub transport: Transport,
    pub recipient: Recipient<Deliver>,
    /// What waits there.
    pub queue: Queue,
    pub kill: Arc<dyn Kill>,
}

/// Why a member was not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untold {
    /// As much waits for it as may.
    Behind,
    Gone,
}

impl Member {
    /// Puts it behind what waits, where that is allowed.
    pub fn tell(&self, delivery: Delivery) -> Result<(), Untold> {
        if flaws::planted(Flaw::UnboundedQueue) {
            self.insist(delivery);
            return Ok(());
        }
        let place = self.queue.take(&delivery).ok_or(Untold::Behind)?;
        self.recipient.try_send(Deliver { socket: self.socket, delivery, place }).map_err(|error| match error
        {
            SendError::Full(_) => Untold::Behind,
            SendError::Closed(_) => Untold::Gone,
        })
    }

    /// The same, whatever waits.
    pub fn insist(&self, delivery: Delivery) {
        let place = self.queue.squeeze(&delivery);
        self.recipient.do_send(Deliver { socket: self.socket, delivery, place });
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("socket", &self.socket).finish_non_exhaustive()
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reach")
    }
}

//! What rooms and the server's stop send to sockets, and the handle by which a room knows a member.

use crate::{
    code::ErrorCode, domain::ids::SocketId, session::Delivery, telemetry::metrics::Transport,
    wire::event::Vocabulary,
};
use actix::{Message, Recipient};
use std::{fmt, net::IpAddr, sync::Arc};

/// From a room to one of its members. Sent with `try_send` on the member's one kept recipient: capacity binds nowhere
/// else. On `Full` or `Closed` the room evicts.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Deliver {
    /// A Socket.IO connection has one per namespace.
    pub socket: SocketId,
    pub delivery: Delivery,
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
    pub kill: Arc<dyn Kill>,
}

/// The new carrier of a member.
#[derive(Clone)]
pub struct Reach {
    pub transport: Transport,
    pub recipient: Recipient<Deliver>,
    pub kill: Arc<dyn Kill>,
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

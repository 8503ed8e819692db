//! What a room needs of a connected socket: where deliveries go, and how to end it from outside.

use crate::{domain::ids::SocketId, session::Delivery};
use actix::{Message, Recipient};
use std::sync::Arc;

/// A room's delivery to one of its members.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct Deliver {
    pub socket: SocketId,
    pub delivery: Delivery,
}

/// Ends a connection from outside its actor, which may be frozen behind a client that does not read. It is called while
/// other code unwinds: it neither blocks nor panics.
pub trait Kill: Send + Sync {
    fn kill(&self);
}

/// A socket as its room knows it.
#[derive(Clone)]
pub struct Member {
    pub socket: SocketId,
    /// Kept for the whole membership: the mailbox's capacity binds only a recipient that is not cloned to send.
    pub recipient: Recipient<Deliver>,
    pub kill: Arc<dyn Kill>,
}

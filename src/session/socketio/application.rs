//! What an application of Socket.IO is: it opens namespaces and answers what happens in them.

use super::Context;
use crate::{
    domain::ids::SocketId,
    session::{Input, Now},
    wire::{json::Json, socketio::Content},
};
use bytestring::ByteString;
use std::time::Instant;

/// An event from a client.
#[derive(Debug)]
pub struct Event {
    pub name: ByteString,
    /// Name and arguments, with attachments where it has any.
    pub content: Content,
    /// The client waits for [`Context::ack`] with this number; every one is answered.
    pub ack: Option<u64>,
}

impl Event {
    /// The `index`-th argument, from 0.
    pub fn argument(&self, index: usize) -> Option<&Json> {
        self.content.arguments().get(index)
    }
}

/// Which namespaces there are. One value per connection.
pub trait Application: Send + Unpin + 'static {
    type Socket: Socket;

    /// A client asks for a namespace: its socket there, or `None` where there is no such namespace. `socket` is what
    /// actions and inputs name.
    fn open(&mut self, namespace: &str, socket: SocketId) -> Option<Self::Socket>;
}

/// One client in one namespace.
pub trait Socket: Send + Unpin + 'static {
    /// The client wants in, with what it authenticates by. Answered by [`Context::accept`] or [`Context::refuse`], now
    /// or later; until then no event comes.
    fn connect(&mut self, now: Now, auth: Option<&Json>, context: &mut Context<'_>);

    fn event(&mut self, now: Now, event: Event, context: &mut Context<'_>);

    /// The client acknowledges an event that was sent with this number.
    fn ack(&mut self, now: Now, id: u64, content: Content, context: &mut Context<'_>) {
        let _ = (now, id, content, context);
    }

    /// The answer to an action, or a delivery; always for this socket.
    fn input(&mut self, now: Now, input: Input, context: &mut Context<'_>) {
        let _ = (now, input, context);
    }

    /// The deadline passed, or may have.
    fn tick(&mut self, now: Now, context: &mut Context<'_>) {
        let _ = (now, context);
    }

    fn deadline(&self) -> Option<Instant> {
        None
    }

    /// See [`crate::session::Session::moved`].
    fn moved(&mut self, now: Now, context: &mut Context<'_>) {
        let _ = (now, context);
    }

    /// The client left the namespace and stays connected: what was joined is left. Where the whole connection ends,
    /// the carrier leaves the rooms instead.
    fn left(&mut self, context: &mut Context<'_>) {
        let _ = context;
    }
}

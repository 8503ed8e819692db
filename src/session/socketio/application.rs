//! What an application of Socket.IO is: it opens namespaces and answers what happens in them.

use super::Context;
use crate::{
    code::ErrorCode,
    domain::{command::IdempotencyKey, ids::SocketId},
    session::{Input, Now},
    wire::{json::Json, socketio::Content},
};
use bytestring::ByteString;
use ring::digest::{self, SHA256};
use serde::Deserialize;
use std::time::Instant;

/// An event from a client.
#[derive(Debug)]
pub struct Event {
    pub name: ByteString,
    /// Name and arguments, with attachments where it has any.
    pub content: Content,
    /// The client waits for [`Context::ack`] with this number; every one is answered.
    pub ack: Option<u64>,
    /// From `{key}`, the argument behind the data. Repetitions on this connection are answered before they come here;
    /// those from another connection are the application's to find.
    pub key: Option<ByteString>,
}

/// The argument behind an event's data. With any other member beside it is none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keyed {
    key: serde_json::Value,
}

/// A key that is no text of 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadKey;

impl Event {
    /// The `index`-th argument, from 0.
    pub fn argument(&self, index: usize) -> Option<&Json> {
        self.content.arguments().get(index)
    }

    /// SHA-256 over all that was sent, key included: repetitions have the same, whatever else has another.
    pub fn fingerprint(&self) -> [u8; 32] {
        let values = self.content.values.iter().map(|value| value.as_str().as_bytes());
        let attachments = self.content.attachments.iter().flatten().map(AsRef::as_ref);
        let mut hash = digest::Context::new(&SHA256);
        for part in values.chain(attachments) {
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash.finish().as_ref());
        bytes
    }

    pub(super) fn new(content: Content, ack: Option<u64>) -> (Self, Result<(), BadKey>) {
        let keyed = content.arguments().get(1).and_then(|argument| argument.object::<Keyed>().ok());
        let key = keyed.map(|Keyed { key }| {
            key.as_str().filter(|text| IdempotencyKey::is_legal(text)).map(ByteString::from)
        });
        let legal = if key == Some(None) { Err(BadKey) } else { Ok(()) };
        (Self { name: content.name(), content, ack, key: key.flatten() }, legal)
    }
}

/// The client did not acknowledge in time; it may have got the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not acknowledged in time")]
pub struct TimedOut;

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

    /// An event that does not come to [`Socket::event`], because of its key. Unless told otherwise, only its
    /// acknowledgement says so.
    fn refused(
        &mut self,
        now: Now,
        event: Event,
        code: ErrorCode,
        message: &'static str,
        context: &mut Context<'_>,
    ) {
        let _ = now;
        if let Some(id) = event.ack {
            context.ack_error(id, code, message);
        }
    }

    /// What came of [`Context::emit_with_ack`], once for each number. Nothing comes where the socket leaves before.
    fn answered(&mut self, now: Now, id: u64, answer: Result<Content, TimedOut>, context: &mut Context<'_>) {
        let _ = (now, id, answer, context);
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

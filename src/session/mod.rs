//! One connected socket's state, without a runtime: inputs and the time go in, actions come out.
//!
//! A carrier (an actor in `doors`) owns a [`Session`], feeds it what happens, and carries out what it asks for.

mod account;
pub mod cursor;
pub mod engine;
pub mod entry;
pub mod event_stream;
pub mod feed;
pub mod heartbeat;
pub mod lease;
pub mod limits;
pub mod load;
pub mod orders;
pub mod places;
pub mod plain;
pub mod recovery;
pub mod socketio;

pub use crate::domain::principal::Verified;
use crate::{
    code::ErrorCode,
    domain::{
        command::IdempotencyKey,
        ids::SocketId,
        principal::Principal,
        rejection::Rejection,
        stream::{Epoch, Position, Seq},
    },
    wire::event::{Batch, Vocabulary},
};
pub use account::{AccountAsked, Private};
use bytes::Bytes;
use bytestring::ByteString;
use jiff::Timestamp;
use secrecy::SecretString;
use std::{net::IpAddr, sync::Arc, time::Instant};

/// The time, as an argument: `mono` for timers, `wall` for what is told to people.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    pub mono: Instant,
    pub wall: Timestamp,
}

impl Now {
    /// Reads both clocks.
    pub fn read() -> Self {
        Self { mono: Instant::now(), wall: Timestamp::now() }
    }
}

/// What goes to the peer, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    Text(ByteString),
    Binary(Bytes),
    /// A WebSocket Ping (RFC 6455 §5.5.2); its Pong comes back as [`Input::Pong`].
    Ping,
}

/// What a room sends its members.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// Events that were just committed.
    Events(Arc<Batch>),
    /// Where the log stands: after a room's restart, so that members notice what they missed.
    Head(Seq),
    /// The room ends this membership; the socket closes with this reason.
    Close(ErrorCode),
}

/// The room's answer to a join. The member is registered: every event after `head` will be delivered.
#[derive(Debug, Clone)]
pub struct Joined {
    pub epoch: Epoch,
    /// Newest position at the moment of registration.
    pub head: Seq,
    pub missed: Missed,
}

/// What lies between the position a client asked for and `head`.
#[derive(Debug, Clone)]
pub enum Missed {
    /// The client named no position: it reads the board and goes on from there.
    NotAsked,
    /// All of it, from the room's ring; empty where nothing was missed.
    Ring(Vec<Arc<Batch>>),
    /// To be read from the log, page by page.
    Log,
    /// Another epoch, a position ahead of the log, or more than the cap: the client must resync.
    Lost,
}

/// A page of the log.
#[derive(Debug, Clone)]
pub enum Page {
    /// What follows the asked position, up to the asked number of events; `None` where nothing follows.
    Events(Option<Arc<Batch>>),
    /// The asked position is older than what can be recovered.
    Expired,
}

/// What a client wants done: an event of its own, as the house reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The socket that asks.
    pub socket: SocketId,
    /// Where its client comes from; `None` where the carrier does not know.
    pub address: Option<IpAddr>,
    pub vocabulary: Vocabulary,
    pub event: ByteString,
    /// The JSON text of its first argument; empty where it has none.
    pub data: ByteString,
    pub key: Option<IdempotencyKey>,
}

/// What the house answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// JSON text.
    pub data: ByteString,
    /// Where the next page begins, of one that is not the last.
    pub cursor: Option<String>,
}

impl<T: Into<ByteString>> From<T> for Answered {
    fn from(data: T) -> Self {
        Self { data: data.into(), cursor: None }
    }
}

/// What happened.
#[derive(Debug)]
pub enum Input {
    Text(ByteString),
    Binary(Bytes),
    Pong,
    /// The deadline passed, or may have: calling too early or too often is harmless.
    Tick,
    /// Answer to [`Action::Verify`].
    Verified {
        socket: SocketId,
        result: Result<Verified, ErrorCode>,
    },
    /// Answer to [`Action::Join`].
    Joined {
        socket: SocketId,
        result: Result<Joined, ErrorCode>,
    },
    /// Answer to [`Action::ReadLog`].
    Page {
        socket: SocketId,
        result: Result<Page, ErrorCode>,
    },
    /// Answer to [`Action::Execute`]: what was done, or why it was not.
    Executed {
        socket: SocketId,
        event: ByteString,
        ack: Option<u64>,
        result: Result<Answered, Rejection>,
    },
    /// Answer to [`Action::Account`].
    Account {
        socket: SocketId,
        event: ByteString,
        ack: Option<u64>,
        result: Result<Private, Rejection>,
    },
    Delivered {
        socket: SocketId,
        delivery: Delivery,
    },
    /// The server is stopping, or the carrier must end this socket.
    Shutdown(ErrorCode),
}

impl Input {
    /// True of what was asked for: a carrier that lets go of its session waits for it.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::Verified { .. }
            | Self::Joined { .. }
            | Self::Page { .. }
            | Self::Executed { .. }
            | Self::Account { .. } => true,
            Self::Text(_)
            | Self::Binary(_)
            | Self::Pong
            | Self::Tick
            | Self::Delivered { .. }
            | Self::Shutdown(_) => false,
        }
    }
}

/// What a session asks its carrier to do.
#[derive(Debug)]
pub enum Action {
    Send(Frame),
    /// Sent together, or not at all where the peer cannot take it now: what is stale soon is not queued.
    Volatile(Vec<Frame>),
    /// Check an access token; answered by [`Input::Verified`].
    Verify {
        socket: SocketId,
        token: SecretString,
    },
    /// Become a member of the principal's room; answered by [`Input::Joined`]. `sid` is the id that the client knows:
    /// another one than `socket` where it had it in an earlier connection, whose seat this one takes.
    Join {
        socket: SocketId,
        sid: SocketId,
        vocabulary: Vocabulary,
        principal: Principal,
        /// Where its client comes from, where that is known.
        address: Option<IpAddr>,
        since: Option<Position>,
    },
    /// The carrier has it as a member already: its seat came along with an Engine.IO upgrade.
    Adopt {
        socket: SocketId,
        principal: Principal,
    },
    /// Leave the room; harmless where never joined.
    Leave {
        socket: SocketId,
        /// Why it was put out, for the log; `None` where it left by itself.
        code: Option<ErrorCode>,
    },
    /// Read the log of the joined room's stream; answered by [`Input::Page`]. At most one is under way per socket,
    /// and the next is asked for when the last page has been handed on. A page that is `known` is answered with itself
    /// as soon as what was sent before leaves.
    ReadLog {
        socket: SocketId,
        vocabulary: Vocabulary,
        principal: Principal,
        after: Seq,
        limit: u32,
        known: Option<Arc<Batch>>,
    },
    /// Have this carried out; answered by [`Input::Executed`]. It is done, or not, whatever becomes of the socket.
    Execute {
        socket: SocketId,
        principal: Principal,
        asked: Asked,
        ack: Option<u64>,
    },
    /// Have an `auth-*` event answered; answered by [`Input::Account`].
    Account {
        socket: SocketId,
        asked: AccountAsked,
        ack: Option<u64>,
    },
    /// The client is in, for the log; `recovered`: with everything that it missed.
    Welcomed {
        socket: SocketId,
        recovered: bool,
    },
    /// The client has shown everything up to here.
    Seen {
        socket: SocketId,
        seq: Seq,
    },
    /// End the connection; with a code: an error, without: a normal close. Nothing follows it.
    Close(Option<ErrorCode>),
}

/// A protocol on one connection. Implementations are pure: no I/O, no clock of their own.
pub trait Session: Send + Unpin + 'static {
    /// The connection is open.
    fn opened(&mut self, now: Now, out: &mut Vec<Action>);
    /// Something happened.
    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Action>);
    /// When [`Input::Tick`] is due next; `None` for never.
    fn deadline(&self) -> Option<Instant>;
    /// It goes on with another carrier (an Engine.IO upgrade), and this membership could not come along: its room knew it
    /// no longer. It is asked for again, under the same socket id.
    fn moved(&mut self, now: Now, socket: SocketId, out: &mut Vec<Action>) {
        let _ = (now, socket, out);
    }
}

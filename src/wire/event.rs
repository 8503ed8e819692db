//! One event as the wire has it: its payload is encoded once, each framing of it at most once, shared by every receiver.

use super::{
    json::{Json, quote},
    msgpack,
    offset::{Offset, Outside},
    socketio::{
        Body, Content, MAIN, Packet, Parser,
        framings::{Framing, Framings, Message},
    },
};
use crate::domain::{
    ids::SocketId,
    principal::{Principal, Role},
    stream::{Epoch, Position, Seq, Stream},
};
use bytestring::ByteString;
use jiff::Timestamp;
use std::sync::OnceLock;
use strum::IntoStaticStr;
use uuid::Uuid;

/// In which words a subscription hears of events. What they are is the crate's module `vocabulary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Vocabulary {
    /// Specification 004: complete.
    Restaurant,
    /// Specification 000: of orders that were confirmed and shipped only.
    Admin,
    /// Specification 002: a donation board's, complete.
    Donations,
    /// Specification 003's `/api`: of documents only.
    Resources,
    /// Of nothing: for those who may act and not hear.
    Silence,
}

/// The namespace of specification 003.
pub const API: &str = "/api";

impl Vocabulary {
    /// What is spoken on a namespace of Socket.IO.
    pub fn of_namespace(namespace: &str) -> Option<Self> {
        match namespace {
            MAIN => Some(Self::Restaurant),
            "/admin" => Some(Self::Admin),
            "/donations" => Some(Self::Donations),
            API => Some(Self::Resources),
            _ => None,
        }
    }

    /// The stream that it tells of, for this listener.
    pub fn stream(self, listener: &Principal) -> Stream {
        match self {
            // An NGO has no stream of its own. On its board's it hears nothing in these words, and the board's room ends its
            // sockets like any other's.
            Self::Resources if listener.role == Role::Ngo => listener.board.into(),
            Self::Restaurant | Self::Admin | Self::Resources | Self::Silence => listener.restaurant.into(),
            Self::Donations => listener.board.into(),
        }
    }

    /// True where somebody in this role may listen, or act: an NGO on its board, and on `/api` for its account.
    pub fn admits(self, role: Role) -> bool {
        match self {
            Self::Restaurant | Self::Admin | Self::Silence => role != Role::Ngo,
            Self::Donations => role != Role::Public,
            Self::Resources => true,
        }
    }
}

/// An event in one vocabulary, with its framings made on first use and then shared.
#[derive(Debug)]
pub struct WireEvent {
    pub id: Uuid,
    pub seq: Seq,
    pub at: Timestamp,
    /// Event name, e.g. `order.new`.
    pub name: ByteString,
    /// The payload, a JSON object.
    pub data: ByteString,
    /// What Socket.IO has in its place, where that is another one; any JSON value.
    argument: Option<ByteString>,
    /// The socket that caused it and has been answered: on Socket.IO it is not told again.
    pub caller: Option<SocketId>,
    /// True for what the room of production orders is told, which a socket may leave.
    pub of_production: bool,
    epoch: Epoch,
    plain: OnceLock<ByteString>,
    socketio: OnceLock<ByteString>,
    recoverable: OnceLock<ByteString>,
    framings: Framings,
    sse: OnceLock<ByteString>,
}

impl WireEvent {
    pub fn new(
        epoch: Epoch,
        seq: Seq,
        id: Uuid,
        at: Timestamp,
        name: impl Into<ByteString>,
        data: String,
    ) -> Self {
        Self {
            id,
            seq,
            at,
            name: name.into(),
            data: data.into(),
            argument: None,
            caller: None,
            of_production: false,
            epoch,
            plain: OnceLock::new(),
            socketio: OnceLock::new(),
            recoverable: OnceLock::new(),
            framings: Framings::default(),
            sse: OnceLock::new(),
        }
    }

    /// The same with another argument on Socket.IO, and for others than its caller there.
    #[must_use]
    pub fn on_socketio(self, argument: String, caller: Option<SocketId>) -> Self {
        Self { argument: Some(argument.into()), caller, ..self }
    }

    fn argument(&self) -> &ByteString {
        self.argument.as_ref().unwrap_or(&self.data)
    }

    /// The same, of production orders or not.
    #[must_use]
    pub fn of_production(self, of_production: bool) -> Self {
        Self { of_production, ..self }
    }

    /// `{"event":…,"data":…,"seq":…}`: a frame of the plain WebSocket.
    pub fn plain(&self) -> &ByteString {
        self.plain.get_or_init(|| {
            format!(r#"{{"event":"{}","data":{},"seq":{}}}"#, self.name, self.data, self.seq).into()
        })
    }

    /// `42["name",{…}]`: an Engine.IO message with a Socket.IO EVENT of the main namespace.
    pub fn socketio(&self) -> &ByteString {
        self.socketio.get_or_init(|| format!(r#"42["{}",{}]"#, self.name, self.argument()).into())
    }

    /// As [`WireEvent::socketio`], with [`WireEvent::offset`] as last argument.
    pub fn recoverable(&self) -> &ByteString {
        self.recoverable.get_or_init(|| {
            format!(r#"42["{}",{},"{}"]"#, self.name, self.argument(), self.offset(Outside::No)).into()
        })
    }

    /// Its position: what a stock Socket.IO client repeats when it comes back, as the last text that ended an event.
    pub fn offset(&self, outside: Outside) -> Offset {
        Offset { position: Position { epoch: self.epoch.clone(), seq: self.seq }, outside }
    }

    /// An EVENT of any namespace and parser, as an Engine.IO message; the main namespace's text stands above.
    pub fn framed(&self, framing: Framing<'_>) -> &Message {
        self.framings.get(framing, || {
            let mut values = vec![Json::trusted(quote(&self.name)), Json::trusted(self.argument().clone())];
            let offset = framing.offset.map(|outside| self.offset(outside).to_string());
            values.extend(offset.map(|offset| Json::trusted(quote(&offset))));
            let body = Body::Event { id: None, content: Content::new(values) };
            let packet = Packet::new(framing.namespace.clone(), body);
            match framing.parser {
                Parser::Json => Message::Text(packet.message()),
                Parser::Msgpack => Message::Binary(msgpack::encode(&packet)),
            }
        })
    }

    /// `id:`, `event:`, `data:` and the blank line of a server-sent event (HTML Living Standard §9.2).
    pub fn sse(&self) -> &ByteString {
        self.sse.get_or_init(|| {
            format!("id: {}:{}\nevent: {}\ndata: {}\n\n", self.epoch, self.seq, self.name, self.data).into()
        })
    }
}

/// Consecutive events of one stream, from one commit or one page of the log. Positions `first..=last` are covered
/// whole, also where a vocabulary has no wire form for some of them.
#[derive(Debug)]
pub struct Batch {
    pub epoch: Epoch,
    pub first: Seq,
    pub last: Seq,
    pub events: Box<[std::sync::Arc<WireEvent>]>,
}

impl Batch {
    /// Bytes of the payloads; what limits count.
    pub fn bytes(&self) -> usize {
        self.events.iter().map(|event| event.data.len()).sum()
    }
}

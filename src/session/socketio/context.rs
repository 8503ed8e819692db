//! What an application can do about one socket: let it in, send to it, ask it, acknowledge, put it out.

use super::{
    Limits,
    asks::Asks,
    keys::{Keys, Twins},
};
use crate::{
    code::ErrorCode,
    domain::ids::SocketId,
    session::{Action, Frame, Now},
    wire::{
        event::WireEvent,
        json::{Json, quote},
        msgpack,
        offset::Outside,
        said::{Failure, Refusal, text},
        socketio::{
            Body, Content, MAIN, Packet, Parser, connected,
            framings::{Framing, Message},
            refused,
        },
    },
};
use bytestring::ByteString;
use std::time::Duration;

/// Where a socket stands in its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its CONNECT is not answered yet.
    Pending,
    Connected,
    Gone,
}

/// What the sockets of one connection share.
#[derive(Debug)]
pub(super) struct Shared {
    pub limits: Limits,
    pub parser: Parser,
    pub asks: Asks,
    /// The connection has one socket, which is being called.
    pub alone: bool,
}

impl Shared {
    pub fn frames(&self, packet: &Packet, mut send: impl FnMut(Frame)) {
        if self.parser == Parser::Msgpack {
            return send(Frame::Binary(msgpack::encode(packet)));
        }
        send(Frame::Text(packet.message()));
        packet.attachments().iter().cloned().map(Frame::Binary).for_each(send);
    }

    pub fn send(&self, packet: &Packet, out: &mut Vec<Action>) {
        self.frames(packet, |frame| out.push(Action::Send(frame)));
    }
}

/// A question that was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    #[error("the socket is not connected")]
    NotConnected,
    /// As many as `socket_io.max_pending_acks` wait for their answer on this connection.
    #[error("too many acknowledgements are awaited")]
    TooMany,
}

/// One socket's side of the connection, for the length of a call.
#[derive(Debug)]
pub struct Context<'a> {
    /// What actions and inputs name. The client knows it by the id that is given to [`Context::accept`].
    pub socket: SocketId,
    pub(super) now: Now,
    pub(super) namespace: &'a ByteString,
    pub(super) standing: &'a mut Standing,
    pub(super) keys: &'a mut Keys,
    pub(super) shared: &'a mut Shared,
    pub(super) out: &'a mut Vec<Action>,
}

impl Context<'_> {
    /// Answers the CONNECT: it is in, under this public id. `pid` only where the connection can be recovered.
    pub fn accept(&mut self, sid: SocketId, pid: Option<&str>) {
        if *self.standing == Standing::Pending {
            *self.standing = Standing::Connected;
            self.send(&connected(self.namespace, &sid.to_string(), pid));
        }
    }

    /// Answers the CONNECT: it stays out, for good: a stock client does not try again by itself.
    pub fn refuse(&mut self, message: &str, code: ErrorCode) {
        if *self.standing == Standing::Pending {
            *self.standing = Standing::Gone;
            self.send(&refused(self.namespace, message, Some(code.name())));
        }
    }

    /// Puts it out of the namespace, for good, as above.
    pub fn disconnect(&mut self) {
        if *self.standing == Standing::Connected {
            self.send(&Packet::new(self.namespace.clone(), Body::Disconnect));
        }
        *self.standing = Standing::Gone;
    }

    /// Lets it go for a reason that may pass. Where nothing else is on it the connection ends, and a stock client comes back;
    /// otherwise it is out of this namespace, and those in the others stay.
    pub fn let_go(&mut self, message: &str, code: ErrorCode) {
        if self.shared.alone {
            return self.close(code);
        }
        self.refuse(message, code);
        self.disconnect();
    }

    /// Hands an event of the log on, in the bytes that all its receivers share; with its position where `offset` says how
    /// this socket is told it.
    pub fn deliver(&mut self, event: &WireEvent, offset: Option<Outside>) {
        let parser = self.shared.parser;
        let frame = match offset {
            None if parser == Parser::Json && *self.namespace == MAIN => {
                Frame::Text(event.socketio().clone())
            }
            Some(Outside::No) if parser == Parser::Json && *self.namespace == MAIN => {
                Frame::Text(event.recoverable().clone())
            }
            offset => match event.framed(Framing { namespace: self.namespace, offset, parser }) {
                Message::Text(text) => Frame::Text(text.clone()),
                Message::Binary(bytes) => Frame::Binary(bytes.clone()),
            },
        };
        self.out.push(Action::Send(frame));
    }

    /// Sends an event; `content` holds the arguments without the name.
    pub fn emit(&mut self, name: &str, content: Content) {
        let packet = self.event(None, name, content);
        self.send(&packet);
    }

    /// As [`Context::emit`], for what is stale soon: dropped where the client cannot take it now.
    pub fn emit_volatile(&mut self, name: &str, content: Content) {
        let packet = self.event(None, name, content);
        let mut frames = Vec::with_capacity(1);
        self.shared.frames(&packet, |frame| frames.push(frame));
        self.out.push(Action::Volatile(frames));
    }

    /// As [`Context::emit`], and waits for the acknowledgement: it, or that none came `within` this time (`None`:
    /// `socket_io.ack_within`), comes to [`super::Socket::answered`] with the number returned.
    ///
    /// # Errors
    /// Nothing was sent.
    pub fn emit_with_ack(
        &mut self,
        name: &str,
        content: Content,
        within: Option<Duration>,
    ) -> Result<u64, NotAsked> {
        if *self.standing != Standing::Connected {
            return Err(NotAsked::NotConnected);
        }
        let Limits { ack_within, max_pending_acks, .. } = self.shared.limits;
        let by = self.now.mono + within.unwrap_or(ack_within);
        let id = self.shared.asks.ask(self.socket, by, max_pending_acks).ok_or(NotAsked::TooMany)?;
        let packet = self.event(Some(id), name, content);
        self.send(&packet);
        Ok(id)
    }

    /// Acknowledges a client's event, and its repetitions, those that come later too.
    pub fn ack(&mut self, id: u64, content: Content) {
        let twins = self.keys.answer(id, &content);
        self.acknowledge_all(id, twins, content);
    }

    /// As [`Context::ack`], of an event that failed. Where that may pass, repetitions that come later are tried again:
    /// the key that is to settle a doubt must not be answered with it.
    pub fn ack_failed(&mut self, id: u64, code: ErrorCode, content: Content) {
        if code.is_final() {
            return self.ack(id, content);
        }
        let twins = self.keys.forget(id);
        self.acknowledge_all(id, twins, content);
    }

    /// As [`Context::ack_failed`], with `{"error":{"code","message"}}`.
    pub fn ack_error(&mut self, id: u64, code: ErrorCode, message: &str) {
        let error = Refusal { error: Failure::new(code, message) };
        self.ack_failed(id, code, Content::new(vec![Json::trusted(text(&error))]));
    }

    /// Asks the carrier for something on this socket's behalf.
    pub fn actions(&mut self) -> &mut Vec<Action> {
        self.out
    }

    /// Ends the whole connection; a stock client comes back.
    pub fn close(&mut self, code: ErrorCode) {
        self.out.push(Action::Close(Some(code)));
    }

    fn acknowledge_all(&mut self, id: u64, twins: Twins, content: Content) {
        for twin in twins {
            self.acknowledge(twin, content.clone());
        }
        self.acknowledge(id, content);
    }

    /// One acknowledgement, past the keys.
    pub(super) fn acknowledge(&mut self, id: u64, content: Content) {
        self.send(&Packet::new(self.namespace.clone(), Body::Ack { id, content }));
    }

    fn event(&self, id: Option<u64>, name: &str, mut content: Content) -> Packet {
        content.values.insert(0, Json::trusted(quote(name)));
        Packet::new(self.namespace.clone(), Body::Event { id, content })
    }

    fn send(&mut self, packet: &Packet) {
        self.shared.send(packet, self.out);
    }
}

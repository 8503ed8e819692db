//! The protocol: CONNECT and its answers, events, acknowledgements, several namespaces, limits.

use super::{
    Application, Context, Event, Socket, TimedOut,
    application::BadKey,
    asks::Asks,
    context::{Shared, Standing},
    keys::{Begun, Keys},
    reader::Reader,
};
use crate::{
    code::ErrorCode,
    domain::ids::SocketId,
    session::{Action, Input, Now, Session, limits::Bucket},
    wire::{
        json::Json,
        socketio::{Body, Content, Packet, Parser, decode::DecodeError, refused},
    },
};
use bytestring::ByteString;
use std::time::{Duration, Instant};

/// What one connection may do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A client that is in no namespace and asks for none after this time: the connection ends. How long the answer to
    /// its CONNECT may take is the application's to bound.
    pub connect_within: Duration,
    pub max_namespaces: usize,
    /// Attachments of one packet, and their bytes together.
    pub max_attachments: usize,
    pub max_attachment_bytes: usize,
    /// Events whose acknowledgement the server waits for at once, and for how long where the application does not say.
    pub max_pending_acks: usize,
    pub ack_within: Duration,
    /// A connection that begins with a binary message speaks `socket.io-msgpack-parser`.
    pub msgpack: bool,
    /// Packets a second in the long run, and at once.
    pub events_per_second: u32,
    pub events_burst: u32,
}

/// Socket.IO on one engine, before `A`.
#[derive(Debug)]
pub struct SocketIo<A: Application> {
    application: A,
    shared: Shared,
    reader: Reader,
    bucket: Bucket,
    members: Vec<Member<A::Socket>>,
    /// Namespaces the client was put out of and may not know it yet: what it said before it knew goes nowhere.
    left_behind: Vec<ByteString>,
    /// Binds while the client is in no namespace and asks for none.
    connect_by: Instant,
    /// It was let into one before: leaving the last is no failed authentication.
    known: bool,
}

/// A client in a namespace, or on its way in.
#[derive(Debug)]
struct Member<S> {
    namespace: ByteString,
    id: SocketId,
    standing: Standing,
    keys: Keys,
    socket: S,
}

impl<S: Socket> Member<S> {
    fn call(
        &mut self,
        now: Now,
        shared: &mut Shared,
        out: &mut Vec<Action>,
        call: impl FnOnce(&mut S, &mut Context<'_>),
    ) {
        let Self { namespace, id, standing, keys, socket } = self;
        call(socket, &mut Context { socket: *id, now, namespace, standing, keys, shared, out });
    }
}

impl<A: Application> SocketIo<A> {
    pub fn new(application: A, limits: Limits, now: Now) -> Self {
        Self {
            application,
            shared: Shared { limits, parser: Parser::Json, asks: Asks::default(), alone: true },
            reader: Reader::Undecided,
            bucket: Bucket::new(limits.events_per_second, limits.events_burst, now.mono),
            members: Vec::new(),
            left_behind: Vec::new(),
            connect_by: now.mono + limits.connect_within,
            known: false,
        }
    }

    fn received(&mut self, now: Now, packet: Result<Option<Packet>, DecodeError>, out: &mut Vec<Action>) {
        self.shared.parser = self.reader.parser();
        match packet {
            Ok(Some(_)) if !self.bucket.take(now.mono) => out.push(Action::Close(Some(ErrorCode::Flood))),
            Ok(Some(packet)) => self.packet(now, packet, out),
            Ok(None) => {}
            Err(_) => out.push(Action::Close(Some(ErrorCode::ProtocolError))),
        }
    }

    fn packet(&mut self, now: Now, Packet { namespace, body }: Packet, out: &mut Vec<Action>) {
        let index = self.members.iter().position(|member| member.namespace == namespace);
        match (index, body) {
            (None, Body::Connect(auth)) => self.connect(now, namespace, auth.as_ref(), out),
            (Some(index), Body::Disconnect) => {
                self.call(now, index, out, |socket, context| {
                    *context.standing = Standing::Gone;
                    socket.left(context);
                });
                self.left_behind.retain(|left| *left != namespace);
            }
            (Some(index), Body::Event { id, content }) if self.is_connected(index) => {
                self.call(now, index, out, |socket, context| event(now, content, id, socket, context));
            }
            (Some(index), Body::Ack { id, content }) if self.is_connected(index) => {
                if self.shared.asks.answered(self.members[index].id, id) {
                    self.call(now, index, out, |socket, context| {
                        socket.answered(now, id, Ok(content), context);
                    });
                }
            }
            (None, Body::Event { .. } | Body::Ack { .. } | Body::Disconnect)
                if self.left_behind.contains(&namespace) => {}
            // A second CONNECT, a packet for a namespace the client is not in, an answer that is the server's to give.
            _ => out.push(Action::Close(Some(ErrorCode::ProtocolError))),
        }
    }

    fn connect(&mut self, now: Now, namespace: ByteString, auth: Option<&Json>, out: &mut Vec<Action>) {
        let id = SocketId::generate();
        let Some(socket) = self.application.open(&namespace, id) else {
            return self.shared.send(&refused(&namespace, "Invalid namespace", None), out);
        };
        if self.members.len() == self.shared.limits.max_namespaces {
            return out.push(Action::Close(Some(ErrorCode::LimitReached)));
        }
        self.left_behind.retain(|left| *left != namespace);
        self.members.push(Member {
            // A copy: a slice would keep the packet, and its token, for as long as the socket lives.
            namespace: ByteString::from(&*namespace),
            id,
            standing: Standing::Pending,
            keys: Keys::default(),
            socket,
        });
        self.call(now, self.members.len() - 1, out, |socket, context| socket.connect(now, auth, context));
    }

    fn is_connected(&self, index: usize) -> bool {
        self.members.get(index).is_some_and(|member| member.standing == Standing::Connected)
    }

    /// Calls a socket, and forgets it where that put it out.
    fn call(
        &mut self,
        now: Now,
        index: usize,
        out: &mut Vec<Action>,
        call: impl FnOnce(&mut A::Socket, &mut Context<'_>),
    ) {
        self.shared.alone = self.members.len() == 1;
        let Some(member) = self.members.get_mut(index) else { return };
        let before = member.standing;
        member.call(now, &mut self.shared, out, call);
        if member.standing == Standing::Gone {
            self.leave(now, index, before);
        }
    }

    /// Forgets a socket; where it was put out, its client may speak on until it hears of it.
    fn leave(&mut self, now: Now, index: usize, before: Standing) {
        let Member { namespace, id, .. } = self.members.remove(index);
        self.shared.asks.forget(id);
        if before != Standing::Connected {
            return;
        }
        (self.known, self.connect_by) = (true, now.mono + self.shared.limits.connect_within);
        if self.left_behind.len() < self.shared.limits.max_namespaces {
            self.left_behind.push(namespace);
        }
    }

    fn input(&mut self, now: Now, id: SocketId, input: Input, out: &mut Vec<Action>) {
        // None: it left before the answer came.
        if let Some(index) = self.members.iter().position(|member| member.id == id) {
            self.call(now, index, out, |socket, context| socket.input(now, input, context));
        }
    }

    /// When a client that wants nothing is let go.
    fn alone_until(&self) -> Option<Instant> {
        self.members.is_empty().then_some(self.connect_by)
    }

    fn tick(&mut self, now: Now, out: &mut Vec<Action>) {
        if self.alone_until().is_some_and(|by| by <= now.mono) {
            out.push(Action::Close((!self.known).then_some(ErrorCode::AuthTimeout)));
            return;
        }
        for (asked, id) in self.shared.asks.expired(now.mono) {
            if let Some(index) = self.members.iter().position(|member| member.id == asked) {
                self.call(now, index, out, |socket, context| {
                    socket.answered(now, id, Err(TimedOut), context);
                });
            }
        }
        for index in (0..self.members.len()).rev() {
            self.call(now, index, out, |socket, context| {
                if socket.deadline().is_some_and(|due| due <= now.mono) {
                    socket.tick(now, context);
                }
            });
        }
    }
}

/// An event for a connected socket: a repetition is answered here, any other comes to the socket.
fn event<S: Socket>(now: Now, content: Content, ack: Option<u64>, socket: &mut S, context: &mut Context<'_>) {
    let (event, legal) = Event::new(content, ack);
    if let Err(BadKey) = legal {
        let message = "key must be 1 to 255 visible ASCII characters";
        return socket.refused(now, event, ErrorCode::ValidationFailed, message, context);
    }
    let begun = event.key.as_ref().map(|key| context.keys.begin(key, event.fingerprint(), ack));
    match (begun, ack) {
        (None | Some(Begun::First), _) => socket.event(now, event, context),
        (Some(Begun::Answered(content)), Some(id)) => context.acknowledge(id, content),
        (Some(Begun::Waits | Begun::Answered(_)), _) => {}
        (Some(Begun::Reused), _) => {
            let message = "the key was used for another event";
            socket.refused(now, event, ErrorCode::IdempotencyKeyReused, message, context);
        }
        (Some(Begun::Full), _) => context.close(ErrorCode::TooManyRequests),
    }
}

impl<A: Application> Session for SocketIo<A> {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}

    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) => {
                let packet = self.reader.text(&text, &self.shared.limits);
                self.received(now, packet, out);
            }
            Input::Binary(bytes) => {
                let packet = self.reader.binary(bytes, &self.shared.limits);
                self.received(now, packet, out);
            }
            Input::Tick => self.tick(now, out),
            Input::Verified { socket, .. }
            | Input::Joined { socket, .. }
            | Input::Page { socket, .. }
            | Input::Executed { socket, .. }
            | Input::Account { socket, .. }
            | Input::Delivered { socket, .. } => self.input(now, socket, input, out),
            Input::Pong | Input::Shutdown(_) => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let sockets = self.members.iter().filter_map(|member| member.socket.deadline());
        sockets.chain(self.alone_until()).chain(self.shared.asks.deadline()).min()
    }

    fn moved(&mut self, now: Now, id: SocketId, out: &mut Vec<Action>) {
        if let Some(index) = self.members.iter().position(|member| member.id == id) {
            self.call(now, index, out, |socket, context| socket.moved(now, context));
        }
    }
}

#[cfg(test)]
#[path = "core_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "any_bytes_tests.rs"]
mod any_bytes;

//! The protocol: CONNECT and its answers, events, acknowledgements, several namespaces, limits.

use super::{Application, Context, Event, Socket, context::Standing};
use crate::{
    code::ErrorCode,
    domain::ids::SocketId,
    session::{Action, Frame, Input, Now, Session, limits::Bucket},
    wire::socketio::{
        Body, Packet,
        decode::{DecodeError, Decoder},
        refused,
    },
};
use bytestring::ByteString;
use std::time::{Duration, Instant};

/// What one connection may do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Without a namespace after this time, the connection ends.
    pub connect_within: Duration,
    pub max_namespaces: usize,
    /// Bytes of one packet's attachments together.
    pub max_attachments: usize,
    /// Packets a second in the long run, and at once.
    pub events_per_second: u32,
    pub events_burst: u32,
}

/// Socket.IO on one engine, before `A`.
#[derive(Debug)]
pub struct SocketIo<A: Application> {
    application: A,
    limits: Limits,
    decoder: Decoder,
    bucket: Bucket,
    members: Vec<Member<A::Socket>>,
    /// Set while the client is in no namespace.
    connect_by: Option<Instant>,
}

/// A client in a namespace, or on its way in.
#[derive(Debug)]
struct Member<S> {
    namespace: ByteString,
    id: SocketId,
    standing: Standing,
    socket: S,
}

impl<S: Socket> Member<S> {
    fn call(&mut self, out: &mut Vec<Action>, call: impl FnOnce(&mut S, &mut Context<'_>)) {
        let Self { namespace, id, standing, socket } = self;
        call(socket, &mut Context { socket: *id, namespace, standing, out });
    }
}

impl<A: Application> SocketIo<A> {
    pub fn new(application: A, limits: Limits, now: Now) -> Self {
        Self {
            application,
            limits,
            decoder: Decoder::new(limits.max_attachments),
            bucket: Bucket::new(limits.events_per_second, limits.events_burst, now.mono),
            members: Vec::new(),
            connect_by: Some(now.mono + limits.connect_within),
        }
    }

    fn received(&mut self, now: Now, packet: Result<Option<Packet>, DecodeError>, out: &mut Vec<Action>) {
        match packet {
            Ok(Some(_)) if !self.bucket.take(now.mono) => out.push(Action::Close(Some(ErrorCode::Flood))),
            Ok(Some(packet)) => self.packet(now, packet, out),
            Ok(None) => {}
            Err(_) => out.push(Action::Close(Some(ErrorCode::ProtocolError))),
        }
    }

    fn packet(&mut self, now: Now, packet: Packet, out: &mut Vec<Action>) {
        let index = self.members.iter().position(|member| member.namespace == packet.namespace);
        match (index, packet.body) {
            (None, Body::Connect(auth)) => {
                let id = SocketId::generate();
                let Some(socket) = self.application.open(&packet.namespace, id) else {
                    let answer = refused(&packet.namespace, "Invalid namespace", None);
                    out.push(Action::Send(Frame::Text(answer.message())));
                    return;
                };
                if self.members.len() == self.limits.max_namespaces {
                    out.push(Action::Close(Some(ErrorCode::LimitReached)));
                    return;
                }
                let standing = Standing::Pending;
                self.members.push(Member { namespace: packet.namespace, id, standing, socket });
                self.call(now, self.members.len() - 1, out, |socket, context| {
                    socket.connect(now, auth.as_ref(), context);
                });
            }
            (Some(index), Body::Disconnect) => self.call(now, index, out, |socket, context| {
                *context.standing = Standing::Gone;
                socket.left(context);
            }),
            (Some(index), Body::Event { id, content }) if self.is_connected(index) => {
                let event = Event { name: content.name(), content, ack: id };
                self.call(now, index, out, |socket, context| socket.event(now, event, context));
            }
            (Some(index), Body::Ack { id, content }) if self.is_connected(index) => {
                self.call(now, index, out, |socket, context| socket.ack(now, id, content, context));
            }
            // A second CONNECT, a packet for a namespace the client is not in, an answer that is the server's to give.
            _ => out.push(Action::Close(Some(ErrorCode::ProtocolError))),
        }
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
        let Some(member) = self.members.get_mut(index) else { return };
        let before = member.standing;
        member.call(out, call);
        match member.standing {
            Standing::Gone => {
                self.members.remove(index);
            }
            standing if standing == before => return,
            _ => {}
        }
        let inside = self.members.iter().any(|member| member.standing == Standing::Connected);
        self.connect_by = match self.connect_by {
            _ if inside => None,
            None => Some(now.mono + self.limits.connect_within),
            running => running,
        };
    }

    fn input(&mut self, now: Now, id: SocketId, input: Input, out: &mut Vec<Action>) {
        // None: it left before the answer came.
        if let Some(index) = self.members.iter().position(|member| member.id == id) {
            self.call(now, index, out, |socket, context| socket.input(now, input, context));
        }
    }

    fn tick(&mut self, now: Now, out: &mut Vec<Action>) {
        if self.connect_by.is_some_and(|by| by <= now.mono) {
            // One that waits for our answer may come back; one that asked for nothing was no client.
            let code = if self.members.is_empty() { ErrorCode::AuthTimeout } else { ErrorCode::Overloaded };
            out.push(Action::Close(Some(code)));
            return;
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

impl<A: Application> Session for SocketIo<A> {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}

    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) => {
                let packet = self.decoder.text(&text);
                self.received(now, packet, out);
            }
            Input::Binary(bytes) => {
                let packet = self.decoder.binary(bytes);
                self.received(now, packet, out);
            }
            Input::Tick => self.tick(now, out),
            Input::Verified { socket, .. }
            | Input::Joined { socket, .. }
            | Input::Page { socket, .. }
            | Input::Delivered { socket, .. } => self.input(now, socket, input, out),
            Input::Pong | Input::Shutdown(_) => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let sockets = self.members.iter().filter_map(|member| member.socket.deadline());
        sockets.chain(self.connect_by).min()
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

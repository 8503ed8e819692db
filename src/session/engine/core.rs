//! What is the same on every transport of Engine.IO: packets in, heartbeats, messages up, the end.

use super::{Action, Session, closes};
use crate::{
    code::ErrorCode,
    config::sections::EngineIo,
    domain::ids::SocketId,
    session::{
        Frame, Input, Now,
        heartbeat::{Beat, Heartbeat},
    },
    wire::engineio::{Handshake, Packet},
};
use bytestring::ByteString;
use std::{sync::Arc, time::Instant};

/// Packets without content that a client may send between two pings: one pong is what the protocol asks for.
const MAX_IDLE_PACKETS: u32 = 100;

/// A session's state, whichever way its packets travel. After a close it does nothing any more.
#[derive(Debug)]
pub struct Engine<S> {
    sid: ByteString,
    settings: Arc<EngineIo>,
    heartbeat: Heartbeat,
    upper: S,
    /// Pongs and noops since the last ping.
    idle_packets: u32,
    closed: bool,
}

impl<S: Session> Engine<S> {
    /// `sid` is secret and hard to guess: whoever knows it can speak for this client.
    pub fn new(sid: ByteString, settings: Arc<EngineIo>, upper: S, now: Now) -> Self {
        let heartbeat = Heartbeat::new(now.mono, *settings.ping_interval, *settings.ping_timeout);
        Self { sid, settings, heartbeat, upper, idle_packets: 0, closed: false }
    }

    pub fn sid(&self) -> &ByteString {
        &self.sid
    }

    pub fn settings(&self) -> &EngineIo {
        &self.settings
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Says hello and begins.
    pub fn opened(&mut self, now: Now, upgradable: bool, out: &mut Vec<Action>) {
        let handshake = Handshake {
            sid: &self.sid,
            upgradable,
            ping_interval: *self.settings.ping_interval,
            ping_timeout: *self.settings.ping_timeout,
            max_payload: *self.settings.max_payload,
        };
        out.push(Action::Send(Frame::Text(handshake.encode())));
        self.up(out, |upper, out| upper.opened(now, out));
    }

    /// A packet came from the client.
    pub fn packet(&mut self, now: Now, packet: Packet, out: &mut Vec<Action>) {
        match packet {
            Packet::Message(text) => self.input(now, Input::Text(text), out),
            Packet::Binary(bytes) => self.input(now, Input::Binary(bytes), out),
            Packet::Pong(_) | Packet::Noop if self.idle_packets == MAX_IDLE_PACKETS => {
                self.close(Some(ErrorCode::Flood), out);
            }
            Packet::Pong(_) => {
                self.idle_packets += 1;
                self.heartbeat.pong(now.mono);
            }
            Packet::Noop => self.idle_packets += 1,
            Packet::Close => self.close(None, out),
            // In this direction these are the server's to send, or belong to an upgrade that is not under way.
            Packet::Open(_) | Packet::Ping(_) | Packet::Upgrade => {
                self.close(Some(ErrorCode::ProtocolError), out);
            }
        }
    }

    /// Anything else: messages, answers, deliveries, the time.
    pub fn input(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        if self.closed {
            return;
        }
        match input {
            Input::Tick => self.tick(now, out),
            Input::Shutdown(code) => {
                self.up(out, |upper, out| upper.handle(now, Input::Shutdown(code), out));
                self.close(Some(code), out);
            }
            input => self.up(out, |upper, out| upper.handle(now, input, out)),
        }
    }

    fn tick(&mut self, now: Now, out: &mut Vec<Action>) {
        match self.heartbeat.tick(now.mono) {
            Beat::Nothing => {}
            Beat::Ping => {
                self.idle_packets = 0;
                out.push(Action::Send(Frame::Text(ByteString::from_static("2"))));
            }
            Beat::Silent => return self.close(Some(ErrorCode::PeerSilent), out),
        }
        if self.upper.deadline().is_some_and(|due| due <= now.mono) {
            self.up(out, |upper, out| upper.handle(now, Input::Tick, out));
        }
    }

    /// See [`Session::moved`].
    pub fn moved(&mut self, now: Now, socket: SocketId, out: &mut Vec<Action>) {
        self.up(out, |upper, out| upper.moved(now, socket, out));
    }

    /// Ends it, unless it has ended.
    pub fn close(&mut self, code: Option<ErrorCode>, out: &mut Vec<Action>) {
        if !std::mem::replace(&mut self.closed, true) {
            out.push(Action::Close(code));
        }
    }

    pub fn deadline(&self) -> Option<Instant> {
        if self.closed {
            return None;
        }
        let beat = self.heartbeat.deadline();
        Some(self.upper.deadline().map_or(beat, |upper| upper.min(beat)))
    }

    /// Calls the session above; its close is the engine's, and nothing follows it.
    fn up(&mut self, out: &mut Vec<Action>, call: impl FnOnce(&mut S, &mut Vec<Action>)) {
        if self.closed {
            return;
        }
        let start = out.len();
        call(&mut self.upper, out);
        if let Some(end) = out[start..].iter().position(closes) {
            out.truncate(start + end + 1);
            self.closed = true;
        }
    }
}

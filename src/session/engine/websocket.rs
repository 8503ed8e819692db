//! Engine.IO on a WebSocket: a text frame is a packet, a binary frame a binary message.

use super::{Session, core::Engine};
use crate::{
    code::ErrorCode,
    session::{Action, Input, Now},
    wire::engineio::Packet,
};
use std::time::Instant;

/// A session that began on a WebSocket, or has moved to one.
#[derive(Debug)]
pub struct WebSocket<S>(pub Engine<S>);

impl<S: Session> Session for WebSocket<S> {
    fn opened(&mut self, now: Now, out: &mut Vec<Action>) {
        self.0.opened(now, false, out);
    }

    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) => match Packet::from_frame(&text) {
                Ok(packet) => self.0.packet(now, packet, out),
                Err(_) => self.0.close(Some(ErrorCode::ProtocolError), out),
            },
            Input::Pong => {}
            input => self.0.input(now, input, out),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.0.deadline()
    }
}

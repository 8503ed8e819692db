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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{
            sections::EngineIo,
            units::{Bytes, Span},
        },
        session::Frame,
    };
    use std::{sync::Arc, time::Duration};

    #[derive(Debug)]
    struct Silent;

    impl Session for Silent {
        fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}
        fn handle(&mut self, _: Now, _: Input, _: &mut Vec<Action>) {}
        fn deadline(&self) -> Option<Instant> {
            None
        }
    }

    /// The pong arms the ping: an interval after it, and not after the last ping.
    #[test]
    fn a_ping_comes_an_interval_after_the_pong_to_the_millisecond() {
        let ms = Duration::from_millis;
        let settings = EngineIo {
            ping_interval: Span(ms(300)),
            ping_timeout: Span(ms(200)),
            max_payload: Bytes(65_536),
            connect_timeout: Span(ms(1_000)),
            upgrade_timeout: Span(ms(10_000)),
        };
        let start = Now::read();
        let at = |time| Now { mono: start.mono + ms(time), ..start };
        let mut socket = WebSocket(Engine::new("sid".into(), Arc::new(settings), Silent, start));
        let ping = |out: &[Action]| matches!(out, [Action::Send(Frame::Text(text))] if text == "2");
        let (mut pinged_at, mut pongs) = (300, [0, 7, 199, 1].into_iter());
        for pong in pongs.by_ref() {
            let mut out = Vec::new();
            socket.handle(at(pinged_at - 1), Input::Tick, &mut out);
            assert!(out.is_empty(), "{out:?} too early");
            assert_eq!(socket.deadline(), Some(at(pinged_at).mono));
            socket.handle(at(pinged_at), Input::Tick, &mut out);
            assert!(ping(&out), "{out:?}");
            socket.handle(at(pinged_at + pong), Input::Text("3".into()), &mut out);
            pinged_at += pong + 300;
        }
        let mut out = Vec::new();
        socket.handle(at(pinged_at), Input::Tick, &mut out);
        assert!(ping(&out), "{out:?}");
        assert_eq!(socket.deadline(), Some(at(pinged_at + 200).mono));
        socket.handle(at(pinged_at + 199), Input::Tick, &mut out);
        assert_eq!(out.len(), 1);
        socket.handle(at(pinged_at + 200), Input::Tick, &mut out);
        assert!(matches!(out[1], Action::Close(Some(ErrorCode::PeerSilent))), "{out:?}");
    }
}

//! A WebSocket that comes with the id of a session on long-polling: probe, switch, and from there the session itself.

use super::{
    Session,
    polling::takeover::{Moving, Switch},
    websocket::WebSocket,
};
use crate::{
    code::ErrorCode,
    session::{Action, Frame, Input, Now},
};
use bytestring::ByteString;
use std::time::{Duration, Instant};

/// Asks again for a session that waits for an answer; such answers take a few milliseconds.
const RETRY: Duration = Duration::from_millis(2);
/// Frames that a client may send behind its `5` before the session has arrived.
const MAX_HELD: usize = 64;

/// The session on long-polling, as its WebSocket sees it. Dropping it gives the upgrade up.
pub trait Source<S>: Send + Unpin + 'static {
    /// The probe was answered; false where the session has ended.
    fn probed(&mut self, now: Now) -> bool;
    /// The client switched.
    fn switch(&mut self, now: Now) -> Switch<S>;
}

/// A session on a WebSocket that is taken over from long-polling.
#[derive(Debug)]
pub struct Upgrading<S, L> {
    source: L,
    state: State<S>,
    give_up: Instant,
}

#[derive(Debug)]
enum State<S> {
    /// Until the client sends `2probe`.
    Opened,
    /// Until it sends `5`.
    Probed,
    Switching {
        held: Vec<Input>,
        again: Instant,
    },
    Live(Box<WebSocket<S>>),
    Over,
}

impl<S: Session, L: Source<S>> Upgrading<S, L> {
    /// `within` bounds the time to the switch.
    pub fn new(source: L, now: Now, within: Duration) -> Self {
        Self { source, state: State::Opened, give_up: now.mono + within }
    }

    fn frame(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        let text = match &input {
            Input::Text(text) => text.as_ref(),
            _ => "",
        };
        match (&mut self.state, text) {
            (State::Opened, "2probe") if self.source.probed(now) => {
                self.state = State::Probed;
                out.push(Action::Send(Frame::Text(ByteString::from_static("3probe"))));
            }
            (State::Probed, "5") => self.switch(now, Vec::new(), out),
            (State::Switching { held, .. }, _) if held.len() < MAX_HELD => held.push(input),
            (State::Switching { .. }, _) => self.over(Some(ErrorCode::Flood), out),
            _ => self.over(Some(ErrorCode::ProtocolError), out),
        }
    }

    fn switch(&mut self, now: Now, held: Vec<Input>, out: &mut Vec<Action>) {
        match self.source.switch(now) {
            Switch::Busy => self.state = State::Switching { held, again: now.mono + RETRY },
            Switch::Gone => self.over(None, out),
            Switch::Done(moving) => {
                let Moving { mut engine, queued, read } = *moving;
                out.extend(queued.into_iter().map(Action::Send));
                out.extend(read);
                engine.moved(now, out);
                let mut live = WebSocket(engine);
                for input in held {
                    live.handle(now, input, out);
                }
                self.state = State::Live(Box::new(live));
            }
        }
    }

    fn over(&mut self, code: Option<ErrorCode>, out: &mut Vec<Action>) {
        self.state = State::Over;
        out.push(Action::Close(code));
    }
}

impl<S: Session, L: Source<S>> Session for Upgrading<S, L> {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}

    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        match &mut self.state {
            State::Live(live) => live.handle(now, input, out),
            State::Over => {}
            state => match input {
                Input::Text(_) | Input::Binary(_) => self.frame(now, input, out),
                Input::Shutdown(code) => self.over(Some(code), out),
                Input::Tick if self.give_up <= now.mono => self.over(Some(ErrorCode::ProtocolError), out),
                Input::Tick => {
                    if let State::Switching { held, again } = state
                        && *again <= now.mono
                    {
                        let held = std::mem::take(held);
                        self.switch(now, held, out);
                    }
                }
                // Nothing was asked for yet.
                _ => {}
            },
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Live(live) => live.deadline(),
            State::Over => None,
            State::Switching { again, .. } => Some((*again).min(self.give_up)),
            State::Opened | State::Probed => Some(self.give_up),
        }
    }
}

/// A WebSocket that no session wants: it is accepted and closed, as clients expect it.
#[derive(Debug)]
pub struct Unwanted;

impl Session for Unwanted {
    fn opened(&mut self, _: Now, out: &mut Vec<Action>) {
        out.push(Action::Close(None));
    }

    fn handle(&mut self, _: Now, _: Input, _: &mut Vec<Action>) {}

    fn deadline(&self) -> Option<Instant> {
        None
    }
}

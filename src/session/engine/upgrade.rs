//! A WebSocket that comes with the id of a session on long-polling: probe, switch, and from there the session itself.

use super::{
    Session,
    polling::takeover::{Moving, Seat, Switch},
    websocket::WebSocket,
};
use crate::{
    code::ErrorCode,
    domain::ids::SocketId,
    session::{
        Action, Delivery, Frame, Input, Now,
        load::{Capacity, Load, Weight},
    },
};
use bytestring::ByteString;
use std::time::{Duration, Instant};

/// Frames that a client may send behind its `5` before the session has arrived.
const MAX_HELD: usize = 64;
/// What rooms may deliver before the session has arrived: as much as a mailbox holds.
const MAX_EARLY: Capacity = Capacity { events: 256, bytes: 256 * 1024 };

/// The session on long-polling, as its WebSocket sees it. Dropping it gives the upgrade up.
pub trait Source<S>: Send + Unpin + 'static {
    /// The probe was answered; false where the session has ended.
    fn probed(&mut self, now: Now) -> bool;
    /// The client switched. Where the session is busy, a tick comes when it is to be asked for again.
    fn switch(&mut self, now: Now) -> Switch<S>;
}

/// A session on a WebSocket that is taken over from long-polling.
#[derive(Debug)]
pub struct Upgrading<S, L> {
    /// Dropped at the end, which gives the upgrade up at once.
    source: Option<L>,
    state: State<S>,
    give_up: Instant,
}

#[derive(Debug)]
enum State<S> {
    /// Until the client sends `2probe`.
    Opened,
    /// Until it sends `5`.
    Probed,
    /// Until the session is here.
    Switching(Held),
    Live(Box<WebSocket<S>>),
    Over,
}

/// What came before the session did.
#[derive(Debug, Default)]
struct Held {
    /// From rooms that deliver here already: what they had sent before came with the session.
    early: Vec<Input>,
    load: Load,
    frames: Vec<Input>,
}

impl Held {
    /// False where too much is held already.
    fn deliver(&mut self, socket: SocketId, delivery: Delivery) -> bool {
        let fits = self.load.admit(Weight::of(&delivery), MAX_EARLY);
        if fits {
            self.early.push(Input::Delivered { socket, delivery });
        }
        fits
    }
}

impl<S: Session, L: Source<S>> Upgrading<S, L> {
    /// `within` bounds the time to the switch.
    pub fn new(source: L, now: Now, within: Duration) -> Self {
        Self { source: Some(source), state: State::Opened, give_up: now.mono + within }
    }

    fn frame(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        let text = match &input {
            Input::Text(text) => text.as_ref(),
            _ => "",
        };
        let Some(source) = &mut self.source else { return };
        match (&mut self.state, text) {
            (State::Opened, "2probe") if source.probed(now) => {
                self.state = State::Probed;
                out.push(Action::Send(Frame::Text(ByteString::from_static("3probe"))));
            }
            (State::Probed, "5") => self.switch(now, Held::default(), out),
            (State::Switching(held), _) if held.frames.len() < MAX_HELD => held.frames.push(input),
            (State::Switching(_), _) => self.over(Some(ErrorCode::Flood), out),
            _ => self.over(Some(ErrorCode::ProtocolError), out),
        }
    }

    fn switch(&mut self, now: Now, held: Held, out: &mut Vec<Action>) {
        let Some(source) = &mut self.source else { return };
        match source.switch(now) {
            Switch::Busy => self.state = State::Switching(held),
            Switch::Over(queued, code) => {
                out.extend(queued.into_iter().map(Action::Send));
                self.over(code, out);
            }
            Switch::Done(moving) => {
                let Moving { mut engine, queued, read, seats } = *moving;
                let lost: Vec<_> = seats.iter().filter(|seat| !seat.kept).map(|seat| seat.socket).collect();
                let adopt = |Seat { socket, principal, .. }| Action::Adopt { socket, principal };
                out.extend(seats.into_iter().map(adopt));
                out.extend(queued.into_iter().map(Action::Send));
                out.extend(read);
                for socket in lost {
                    engine.moved(now, socket, out);
                }
                let mut live = WebSocket(engine);
                for input in held.early.into_iter().chain(held.frames) {
                    live.handle(now, input, out);
                }
                self.state = State::Live(Box::new(live));
            }
        }
    }

    fn over(&mut self, code: Option<ErrorCode>, out: &mut Vec<Action>) {
        self.state = State::Over;
        self.source = None;
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
                Input::Delivered { socket, delivery } => {
                    let is_held = match state {
                        State::Switching(held) => held.deliver(socket, delivery),
                        _ => false,
                    };
                    if !is_held {
                        self.over(Some(ErrorCode::SlowConsumer), out);
                    }
                }
                Input::Tick if self.give_up <= now.mono => self.over(Some(ErrorCode::ProtocolError), out),
                Input::Tick => {
                    if let State::Switching(held) = state {
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
            State::Opened | State::Probed | State::Switching(_) => Some(self.give_up),
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

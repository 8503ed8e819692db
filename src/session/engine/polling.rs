//! Engine.IO over long-polling: a GET waits for packets, a POST brings some.
//!
//! Pure like every session, but with inputs and outputs of its own: an answer belongs to a request, not to a stream.
//! How a WebSocket takes over stands in [`takeover`].

mod ending;
pub mod takeover;

use super::{Action, Session, core::Engine, outbox::Outbox};
use crate::{
    code::ErrorCode,
    session::{Input, Now},
    wire::engineio::payload,
};
use bytestring::ByteString;
use std::time::{Duration, Instant};
use takeover::Handover;

/// A GET that came between probe and upgrade is released after this time, so that the client can switch. A little
/// later than at once: a client that has not seen the probe's answer yet would poll in a tight circle.
const RELEASE_AFTER: Duration = Duration::from_millis(100);
/// How long the last packets wait for one more GET, where none was waiting when the session ended.
const LINGER: Duration = Duration::from_secs(1);

/// The number of a waiting GET, given by the door.
pub type Ticket = u64;

/// The answer to a GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200, with these packets.
    Packets(ByteString),
    /// 400: the session takes no GET here (any more).
    Refused,
}

/// What the carrier does.
#[expect(clippy::large_enum_variant, reason = "a handful live for a moment, in a list that is used again")]
#[derive(Debug)]
pub enum Act {
    Answer(Ticket, Answer),
    /// Never [`Action::Send`] nor [`Action::Close`].
    Do(Action),
    /// Have the rooms deliver to the WebSocket; answered by [`Polling::handed_over`] once everything they have sent here
    /// has been taken up.
    HandOver,
    /// Tell the WebSocket that wants to take over and waits: it can have the session, or hear of its end.
    Ready,
    /// The session has ended, with this code where it is an error; forget it.
    End(Option<ErrorCode>),
    /// The session lives on with a WebSocket; forget it, but leave no room.
    Moved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// A WebSocket came and was not yet told apart from a stray one.
    Upgrading,
    /// It answered the probe; a waiting GET is released then.
    Probed(Option<Instant>),
    /// It takes over as soon as no answer is outstanding and the rooms deliver to it.
    Switching,
    /// The session closed while it was to be taken over: the WebSocket is told, where it asks in time.
    Closed(Instant, Option<ErrorCode>),
    /// Nobody has the session: the WebSocket was told of its end, or was lost after the client had switched.
    Orphaned(Option<ErrorCode>),
    /// The end is to be told to one more GET.
    Farewell(&'static str, Instant, Option<ErrorCode>),
    Ended,
}

/// A session on long-polling.
#[derive(Debug)]
pub struct Polling<S> {
    /// `None` once it has moved.
    engine: Option<Engine<S>>,
    outbox: Outbox,
    poll: Option<Ticket>,
    stage: Stage,
    /// Requests to the carrier that are not answered yet.
    asked: usize,
    /// A read of the log that waits until the last page has left.
    read: Option<Action>,
    handover: Handover,
    /// The WebSocket was told [`takeover::Switch::Busy`].
    heir_waits: bool,
    out: Vec<Action>,
}

impl<S: Session> Polling<S> {
    pub fn new(engine: Engine<S>) -> Self {
        Self {
            engine: Some(engine),
            outbox: Outbox::default(),
            poll: None,
            stage: Stage::Open,
            asked: 0,
            read: None,
            handover: Handover::default(),
            heir_waits: false,
            out: Vec::new(),
        }
    }

    /// The GET that opens the session.
    pub fn open(&mut self, now: Now, ticket: Ticket, acts: &mut Vec<Act>) {
        self.poll = Some(ticket);
        self.run(now, acts, true, |engine, out| engine.opened(now, true, out));
    }

    /// A GET.
    pub fn get(&mut self, now: Now, ticket: Ticket, acts: &mut Vec<Act>) {
        self.input(now, Input::Tick, acts);
        match self.stage {
            Stage::Switching | Stage::Closed(..) | Stage::Orphaned(_) | Stage::Ended => {
                acts.push(Act::Answer(ticket, Answer::Refused));
            }
            Stage::Farewell(last, _, code) => {
                acts.push(Act::Answer(ticket, Answer::Packets(self.outbox.payload(Some(last)))));
                self.end(code, acts);
            }
            _ if self.poll.is_some() => {
                acts.push(Act::Answer(ticket, Answer::Refused));
                self.fail(now, acts);
            }
            stage => {
                self.poll = Some(ticket);
                if let Stage::Probed(_) = stage {
                    self.stage = Stage::Probed(Some(now.mono + RELEASE_AFTER));
                }
                self.flush(acts);
            }
        }
    }

    /// The client hung up on a GET, waiting or just answered: it is gone, or what was in the answer is lost.
    pub fn cancelled(&mut self, now: Now, acts: &mut Vec<Act>) {
        match self.stage {
            Stage::Switching => {}
            // What it is still to be told would follow on what it has lost.
            Stage::Farewell(_, _, code) => self.end(code, acts),
            _ => self.fail(now, acts),
        }
    }

    /// A POST; true where it is answered `ok`, false for 400.
    #[must_use]
    pub fn post(&mut self, now: Now, body: &ByteString, acts: &mut Vec<Act>) -> bool {
        self.input(now, Input::Tick, acts);
        if !matches!(self.stage, Stage::Open | Stage::Upgrading | Stage::Probed(_)) {
            return false;
        }
        let mut legal = true;
        self.run(now, acts, true, |engine, out| {
            for packet in payload(body) {
                if engine.is_closed() {
                    break;
                }
                match packet {
                    Ok(packet) => engine.packet(now, packet, out),
                    Err(_) => {
                        legal = false;
                        engine.close(Some(ErrorCode::ProtocolError), out);
                    }
                }
            }
        });
        legal
    }

    /// A request that breaks the protocol: a second POST at once, a body that is too large or not text.
    pub fn fail(&mut self, now: Now, acts: &mut Vec<Act>) {
        self.run(now, acts, true, |engine, out| engine.close(Some(ErrorCode::ProtocolError), out));
    }

    /// Anything else.
    pub fn input(&mut self, now: Now, input: Input, acts: &mut Vec<Act>) {
        self.asked = self.asked.saturating_sub(usize::from(input.is_answer()));
        let replay = matches!(input, Input::Joined { .. } | Input::Page { .. });
        let tick = matches!(input, Input::Tick);
        self.run(now, acts, !replay, |engine, out| engine.input(now, input, out));
        if tick || self.stage == Stage::Switching {
            self.tick(now, acts);
        }
    }

    fn tick(&mut self, now: Now, acts: &mut Vec<Act>) {
        match self.stage {
            Stage::Probed(Some(at)) if at <= now.mono && self.poll.is_some() => {
                self.stage = Stage::Probed(None);
                let packets = self.outbox.payload(Some("6"));
                self.answer(Answer::Packets(packets), acts);
            }
            Stage::Switching => self.switching(acts),
            Stage::Orphaned(code) => {
                self.answer(Answer::Refused, acts);
                self.end(code, acts);
            }
            Stage::Farewell(_, by, code) | Stage::Closed(by, code) if by <= now.mono => self.end(code, acts),
            _ => {}
        }
    }

    pub fn deadline(&self) -> Option<Instant> {
        let own = match self.stage {
            Stage::Probed(at) => at.filter(|_| self.poll.is_some()),
            Stage::Farewell(_, by, _) | Stage::Closed(by, _) => Some(by),
            _ => None,
        };
        let engine = self.engine.as_ref().and_then(Engine::deadline);
        own.into_iter().chain(engine).min()
    }

    /// Runs the engine, then sorts what it wants.
    fn run(
        &mut self,
        now: Now,
        acts: &mut Vec<Act>,
        counts: bool,
        call: impl FnOnce(&mut Engine<S>, &mut Vec<Action>),
    ) {
        let Some(engine) = self.engine.as_mut().filter(|engine| !engine.is_closed()) else { return };
        let mut out = std::mem::take(&mut self.out);
        call(engine, &mut out);
        self.outbox.begin();
        let mut closed = None;
        // A waiting GET takes whatever goes out now; without one it would wait for the next.
        let takes_now = self.poll.is_some() && self.stage != Stage::Switching;
        let mut push = |frame, closed: &mut Option<_>| {
            if self.outbox.push(frame, counts).is_err() && closed.is_none() {
                *closed = Some(Some(ErrorCode::SlowConsumer));
            }
        };
        for action in out.drain(..) {
            match action {
                Action::Send(frame) => push(frame, &mut closed),
                Action::Volatile(frames) if takes_now => {
                    frames.into_iter().for_each(|frame| push(frame, &mut closed));
                }
                Action::Volatile(_) => {}
                Action::Close(code) => closed = closed.or(Some(code)),
                Action::ReadLog { .. } => self.read = Some(action),
                Action::Verify { .. }
                | Action::Join { .. }
                | Action::Execute { .. }
                | Action::Account { .. } => {
                    self.asked += 1;
                    acts.push(Act::Do(action));
                }
                Action::Adopt { .. }
                | Action::Leave { .. }
                | Action::Seen { .. }
                | Action::Welcomed { .. } => {
                    acts.push(Act::Do(action));
                }
            }
        }
        self.out = out;
        match closed {
            None => self.flush(acts),
            Some(code) => self.closing(now, code, acts),
        }
    }

    /// Answers the waiting GET, if there is something to say; a held read goes out once everything has left.
    fn flush(&mut self, acts: &mut Vec<Act>) {
        if self.poll.is_some() && !self.outbox.is_empty() && self.stage != Stage::Switching {
            let packets = self.outbox.payload(None);
            self.answer(Answer::Packets(packets), acts);
        }
        if self.outbox.is_empty()
            && let Some(read) = self.read.take()
        {
            self.asked += 1;
            acts.push(Act::Do(read));
        }
    }

    fn answer(&mut self, answer: Answer, acts: &mut Vec<Act>) {
        if let Some(ticket) = self.poll.take() {
            acts.push(Act::Answer(ticket, answer));
        }
    }
}

#[cfg(test)]
#[path = "polling_tests.rs"]
mod tests;

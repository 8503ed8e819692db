//! A WebSocket takes a session over from long-polling: what may happen when, and what changes hands.
//!
//! ```text
//! Open ──(it came)──> Upgrading ──(2probe)──> Probed ──(5)──> Switching ──(rooms deliver to it)──> moved
//! ```
//! The session changes hands last. While it switches, the rooms are told one after another to deliver to the WebSocket,
//! which keeps what comes early; what they had sent here before is taken up here. So no delivery is lost, none comes
//! twice or early, and no room is asked for what it has sent already.

use super::{Act, Action, Answer, Engine, Polling, Session, Stage};
use crate::{
    code::ErrorCode,
    domain::{ids::SocketId, principal::Principal},
    session::{Frame, Now},
};

/// What a WebSocket takes over.
#[derive(Debug)]
pub struct Moving<S> {
    pub engine: Engine<S>,
    pub queued: Vec<Frame>,
    pub read: Option<Action>,
    pub seats: Vec<Seat>,
}

/// A membership on its way to another carrier.
#[derive(Debug, Clone)]
pub struct Seat {
    pub socket: SocketId,
    pub principal: Principal,
    /// The room delivers to the new carrier. False where it knew no such member, so that it is to be joined again.
    pub kept: bool,
}

/// The answer to a WebSocket that wants to take over.
#[derive(Debug)]
pub enum Switch<S> {
    Done(Box<Moving<S>>),
    /// Ask again when told to: see [`Act::Ready`].
    Busy,
    /// The session has ended, with this code where it is an error; what was queued goes out before the close.
    Over(Vec<Frame>, Option<ErrorCode>),
}

/// How far the rooms are.
#[derive(Debug, Default)]
pub(super) enum Handover {
    #[default]
    NotAsked,
    Asked,
    Done(Vec<Seat>),
}

impl<S: Session> Polling<S> {
    /// A WebSocket came with this session's id; false where it may not take over: one already does.
    pub fn begin_upgrade(&mut self) -> bool {
        let free = self.stage == Stage::Open;
        if free {
            self.stage = Stage::Upgrading;
        }
        free
    }

    /// The probe was answered. The carrier ticks afterwards, which releases a waiting GET.
    pub fn probed(&mut self, now: Now) -> bool {
        let upgrading = self.stage == Stage::Upgrading;
        if upgrading {
            self.stage = Stage::Probed(Some(now.mono).filter(|_| self.poll.is_some()));
        }
        upgrading
    }

    /// The WebSocket went away before it took over. The carrier ticks afterwards, which ends a session that the client
    /// had switched already.
    pub fn abandon_upgrade(&mut self) {
        match self.stage {
            Stage::Upgrading | Stage::Probed(_) => self.stage = Stage::Open,
            Stage::Switching if self.engine.is_some() => self.stage = Stage::Orphaned(None),
            Stage::Closed(_, code) => self.stage = Stage::Orphaned(code),
            _ => {}
        }
    }

    /// The client switched: hands the session over, with all that was queued. The carrier ticks afterwards, in any case.
    pub fn switch(&mut self) -> Switch<S> {
        match self.stage {
            Stage::Probed(_) => self.stage = Stage::Switching,
            Stage::Switching => {}
            Stage::Farewell(_, _, code) | Stage::Closed(_, code) => {
                self.stage = Stage::Orphaned(code);
                return Switch::Over(self.outbox.take(), code);
            }
            _ => return Switch::Over(Vec::new(), None),
        }
        self.heir_waits = true;
        if self.asked > 0 {
            return Switch::Busy;
        }
        let Handover::Done(seats) = &mut self.handover else { return Switch::Busy };
        self.heir_waits = false;
        let seats = std::mem::take(seats);
        match self.engine.take() {
            Some(engine) => {
                let queued = self.outbox.take();
                Switch::Done(Box::new(Moving { engine, queued, read: self.read.take(), seats }))
            }
            None => Switch::Over(Vec::new(), None),
        }
    }

    /// The answer to [`super::Act::HandOver`]: the memberships there are now.
    pub fn handed_over(&mut self, seats: Vec<Seat>, acts: &mut Vec<Act>) {
        if self.stage == Stage::Switching && self.engine.is_some() {
            self.handover = Handover::Done(seats);
            self.switching(acts);
        }
    }

    /// Asks the rooms once nothing else is asked; tells the WebSocket once they have answered, and again where something
    /// was asked in between.
    pub(super) fn switching(&mut self, acts: &mut Vec<Act>) {
        self.answer(Answer::Refused, acts);
        if self.engine.is_none() {
            self.stage = Stage::Ended;
            return acts.push(Act::Moved);
        }
        match self.handover {
            _ if self.asked > 0 => {}
            Handover::NotAsked => {
                self.handover = Handover::Asked;
                acts.push(Act::HandOver);
            }
            Handover::Asked => {}
            Handover::Done(_) => self.call_heir(acts),
        }
    }

    pub(super) fn call_heir(&mut self, acts: &mut Vec<Act>) {
        if std::mem::take(&mut self.heir_waits) {
            acts.push(Act::Ready);
        }
    }

    /// True where a WebSocket has it.
    pub fn has_moved(&self) -> bool {
        self.engine.is_none() && matches!(self.stage, Stage::Switching)
    }
}

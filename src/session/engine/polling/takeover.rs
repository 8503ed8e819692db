//! A WebSocket takes a session over from long-polling: what may happen when, and what changes hands.

use super::{Action, Engine, Polling, Session, Stage};
use crate::session::{Frame, Now};

/// What a WebSocket takes over.
#[derive(Debug)]
pub struct Moving<S> {
    pub engine: Engine<S>,
    pub queued: Vec<Frame>,
    pub read: Option<Action>,
}

/// The answer to a WebSocket that wants to take over.
#[derive(Debug)]
pub enum Switch<S> {
    Done(Box<Moving<S>>),
    /// Ask again in a moment.
    Busy,
    /// The session ended meanwhile.
    Gone,
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
            Stage::Switching if self.engine.is_some() => self.stage = Stage::Orphaned,
            _ => {}
        }
    }

    /// The client switched: hands the session over, with all that was queued. The carrier ticks afterwards.
    pub fn switch(&mut self) -> Switch<S> {
        match self.stage {
            Stage::Probed(_) => self.stage = Stage::Switching,
            Stage::Switching => {}
            _ => return Switch::Gone,
        }
        if self.asked > 0 {
            return Switch::Busy;
        }
        match self.engine.take() {
            Some(engine) => {
                let queued = self.outbox.take();
                Switch::Done(Box::new(Moving { engine, queued, read: self.read.take() }))
            }
            None => Switch::Gone,
        }
    }
}

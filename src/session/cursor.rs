//! Where one subscription stands in its stream: joins what was missed and what is live without a gap or a double.
//!
//! ```text
//! new ── joined ──> catching up (one page of the ring or the log at a time) ──> live
//!                        ^                                                       │
//!                        └────── a gap: a lost hint, a restarted room ───────────┘
//! ```
//! While a page is under way live batches are dropped and only their position is kept: the log has them, so memory
//! stays bounded however long the replay takes.

mod ring;

use super::{Joined, Missed, Page};
use crate::{
    domain::stream::{Epoch, Position, Seq},
    wire::event::{Batch, WireEvent},
};
use ring::Kept;
use smallvec::SmallVec;
use std::sync::Arc;

/// Events of a page; what a socket holds of a replay at most.
pub const PAGE: u32 = 256;

/// What the owner of a cursor does next, in this order.
#[derive(Debug)]
pub enum Step {
    /// Comes once and first: the subscription stands. `recovered`: everything after the client's position follows.
    Welcome { recovered: bool, at: Position },
    /// Hand these on.
    Send(Handed),
    /// Read what follows `after`, where it is not `known` already; answer with [`Cursor::page`] or [`Cursor::failed`].
    Read { after: Seq, limit: u32, known: Option<Arc<Batch>> },
    /// What lies before this position is not delivered: the client reads the board, events go on from here.
    Resync { at: Position },
}

/// A delivery is one step; a page is a send and a read.
pub type Steps = SmallVec<[Step; 2]>;

/// A position without an epoch (a bare `since`, a bare `Last-Event-ID`): its epoch is empty and stands for whichever
/// is the current one. No text parses to it.
pub fn bare(seq: Seq) -> Position {
    Position { epoch: Epoch("".into()), seq }
}

/// True where a client's position lies in this life of the log.
pub fn is_of(since: &Position, epoch: &Epoch) -> bool {
    since.epoch.0.is_empty() || since.epoch == *epoch
}

/// The part of a batch that is new to this subscription.
#[derive(Debug)]
pub struct Handed {
    batch: Arc<Batch>,
    after: Seq,
}

impl Handed {
    /// The new events, in order; none where the vocabulary has no wire form for them.
    pub fn events(&self) -> impl Iterator<Item = &Arc<WireEvent>> {
        self.batch.events.iter().filter(|event| event.seq > self.after)
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Read {
    Idle,
    UnderWay,
    /// The last read failed; [`Cursor::retry`] asks again.
    Failed,
}

/// One subscription's position. Invariant: everything up to `sent` was handed on or given up by a resync.
#[derive(Debug)]
pub struct Cursor {
    since: Option<Position>,
    /// `None` until joined.
    epoch: Option<Epoch>,
    welcomed: bool,
    sent: Seq,
    /// The newest position known to be in the log.
    goal: Seq,
    read: Read,
    ring: Kept,
    /// Bytes this replay may still take.
    budget: usize,
    max_replay_bytes: usize,
}

impl Cursor {
    /// A subscription that is being joined, from `since` on where the client named a position.
    pub fn new(since: Option<Position>, max_replay_bytes: usize) -> Self {
        Self {
            since,
            epoch: None,
            welcomed: false,
            sent: 0,
            goal: 0,
            read: Read::Idle,
            ring: Kept::default(),
            budget: max_replay_bytes,
            max_replay_bytes,
        }
    }

    /// The position the client has been brought to; `None` before the welcome.
    pub fn position(&self) -> Option<Position> {
        let epoch = self.epoch.as_ref().filter(|_| self.welcomed)?;
        Some(Position { epoch: epoch.clone(), seq: self.sent })
    }

    /// The newest position that is known to be in the log, delivered or not; `None` before the welcome.
    pub fn known(&self) -> Option<Seq> {
        self.welcomed.then_some(self.goal.max(self.sent))
    }

    /// The room answered the join. Batches may have come before its answer.
    pub fn joined(&mut self, joined: Joined) -> Steps {
        let mut steps = Steps::new();
        if self.epoch.is_some() {
            self.rejoined(joined, &mut steps);
            return steps;
        }
        let asked = self.since.take();
        let fresh = asked.is_none();
        let honoured = asked.filter(|since| is_of(since, &joined.epoch) && since.seq <= joined.head);
        self.epoch = Some(joined.epoch);
        match (honoured, joined.missed) {
            (Some(since), Missed::Ring(batches)) => {
                self.sent = since.seq;
                self.goal = self.goal.max(joined.head);
                self.welcome(true, &mut steps);
                self.keep(batches, &mut steps);
            }
            // The welcome waits for the first page: only the log knows whether the position is too old.
            (Some(since), Missed::Log) => {
                self.sent = since.seq;
                self.goal = self.goal.max(joined.head);
                if self.sent == self.goal {
                    self.welcome(true, &mut steps);
                }
            }
            (Some(since), Missed::NotAsked) if since.seq == joined.head => {
                self.sent = since.seq;
                self.goal = self.goal.max(joined.head);
                self.welcome(true, &mut steps);
            }
            _ => {
                self.sent = joined.head;
                self.goal = self.goal.max(joined.head);
                self.welcome(false, &mut steps);
                if !fresh && let Some(at) = self.position() {
                    steps.push(Step::Resync { at });
                }
            }
        }
        self.pursue(&mut steps);
        steps
    }

    /// The join was repeated, from another carrier: what came in between is a gap like any other.
    fn rejoined(&mut self, joined: Joined, steps: &mut Steps) {
        if self.epoch.as_ref() == Some(&joined.epoch) {
            if let Missed::Ring(batches) = joined.missed {
                self.keep(batches, steps);
            }
            self.goal = self.goal.max(joined.head);
        } else {
            self.give_up(Some(joined.epoch), joined.head, steps);
        }
        self.pursue(steps);
    }

    /// The room handed on a commit: a hint, which may be lost, doubled or late.
    pub fn events(&mut self, batch: Arc<Batch>) -> Steps {
        let mut steps = Steps::new();
        self.accept(batch, &mut steps);
        self.pursue(&mut steps);
        steps
    }

    /// The log stands at `seq`.
    pub fn head(&mut self, seq: Seq) -> Steps {
        let mut steps = Steps::new();
        self.goal = self.goal.max(seq);
        self.pursue(&mut steps);
        steps
    }

    /// A read was answered.
    pub fn page(&mut self, page: Page) -> Steps {
        let mut steps = Steps::new();
        if self.read != Read::UnderWay {
            return steps;
        }
        self.read = Read::Idle;
        match page {
            Page::Events(Some(batch)) if self.epoch.as_ref() != Some(&batch.epoch) => {
                self.give_up(Some(batch.epoch.clone()), batch.last, &mut steps);
            }
            Page::Events(Some(batch)) if batch.first <= self.sent + 1 && batch.last > self.sent => {
                match self.budget.checked_sub(batch.bytes()) {
                    Some(left) => {
                        self.budget = left;
                        self.welcome(true, &mut steps);
                        self.accept(batch, &mut steps);
                    }
                    None => self.give_up(None, self.goal, &mut steps),
                }
            }
            // Too old, or a log that lacks what was said to be in it: never silence.
            Page::Expired | Page::Events(_) => self.give_up(None, self.goal, &mut steps),
        }
        self.pursue(&mut steps);
        steps
    }

    /// A read could not be done; nothing is asked for again before [`Cursor::retry`].
    pub fn failed(&mut self) {
        if self.read == Read::UnderWay {
            self.read = Read::Failed;
        }
    }

    /// Asks again after a failed read.
    pub fn retry(&mut self) -> Steps {
        let mut steps = Steps::new();
        if self.read == Read::Failed {
            self.read = Read::Idle;
            self.pursue(&mut steps);
        }
        steps
    }

    /// Takes over what the ring had, and hands the first page on.
    fn keep(&mut self, batches: Vec<Arc<Batch>>, steps: &mut Steps) {
        self.ring = Kept::new(batches);
        if self.read != Read::UnderWay
            && let Some(page) = self.ring.page(self.sent)
        {
            self.accept(page, steps);
        }
    }

    fn accept(&mut self, batch: Arc<Batch>, steps: &mut Steps) {
        match &self.epoch {
            None => self.goal = self.goal.max(batch.last),
            Some(epoch) if *epoch != batch.epoch => {
                self.give_up(Some(batch.epoch.clone()), batch.last, steps);
            }
            Some(_) if batch.last <= self.sent => {}
            Some(_) if self.welcomed && self.read != Read::UnderWay && batch.first <= self.sent + 1 => {
                let after = std::mem::replace(&mut self.sent, batch.last);
                self.goal = self.goal.max(batch.last);
                steps.push(Step::Send(Handed { batch, after }));
            }
            Some(_) => self.goal = self.goal.max(batch.last),
        }
    }

    fn give_up(&mut self, epoch: Option<Epoch>, seq: Seq, steps: &mut Steps) {
        self.epoch = epoch.or_else(|| self.epoch.take());
        (self.sent, self.goal) = (seq, seq);
        self.welcome(false, steps);
        if let Some(at) = self.position() {
            steps.push(Step::Resync { at });
        }
    }

    fn welcome(&mut self, recovered: bool, steps: &mut Steps) {
        if !std::mem::replace(&mut self.welcomed, true)
            && let Some(at) = self.position()
        {
            steps.push(Step::Welcome { recovered, at });
        }
    }

    fn pursue(&mut self, steps: &mut Steps) {
        if self.sent >= self.goal {
            (self.budget, self.ring) = (self.max_replay_bytes, Kept::default());
            if self.read == Read::Failed {
                self.read = Read::Idle;
            }
        } else if self.epoch.is_some() && self.read == Read::Idle {
            self.read = Read::UnderWay;
            let known = self.ring.page(self.sent);
            steps.push(Step::Read { after: self.sent, limit: PAGE, known });
        }
    }
}

#[cfg(test)]
#[path = "cursor_tests.rs"]
mod tests;

//! Coming and going: a join registers first and says what was missed, in one turn of the actor.

use super::{Room, Turn, Whom};
use crate::{
    actors::delivery::Member,
    code::ErrorCode,
    domain::{
        ids::SocketId,
        principal::Principal,
        stream::{Position, Seq},
    },
    session::{Joined, Missed, cursor::is_of},
    store::log::Head,
    telemetry::metrics::Replay,
    wire::event::{Batch, Vocabulary},
};
use actix::{Context, Handler, Message};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Become a member. Where `reply` is dropped unanswered the room retired or panicked meanwhile.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Join {
    pub member: Member,
    pub principal: Principal,
    pub since: Option<Position>,
    pub reply: oneshot::Sender<Result<Joined, ErrorCode>>,
}

/// A join that has to wait for a read of the log begun after `reads` others.
pub(super) struct Waiting {
    pub join: Join,
    pub reads: u64,
}

/// The socket is gone; harmless where it never joined.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Leave(pub SocketId);

/// The socket's client has shown everything up to here.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Seen {
    pub socket: SocketId,
    pub seq: Seq,
    /// Held until it is handled.
    pub turn: Turn,
}

/// Ends memberships: after a logout or a removal, or of all when the server stops.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Dismiss {
    pub whom: Whom,
    pub code: ErrorCode,
}

impl Handler<Join> for Room {
    type Result = ();

    fn handle(&mut self, join: Join, ctx: &mut Context<Self>) {
        match self.refusal {
            Some(code) => refuse(join, code),
            None if self.head.is_none() => self.wait(join),
            None => self.answer(join, ctx),
        }
    }
}

impl Handler<Leave> for Room {
    type Result = ();

    fn handle(&mut self, Leave(socket): Leave, _: &mut Context<Self>) {
        // A join that is dropped unanswered would be made again, and seat a socket that is gone.
        let left = |waiting: &mut Waiting| waiting.join.member.socket == socket;
        self.waiting.extract_if(.., left).for_each(|waiting| refuse(waiting.join, ErrorCode::Overloaded));
        self.members.remove(socket);
    }
}

impl Handler<Seen> for Room {
    type Result = ();

    fn handle(&mut self, Seen { socket, seq, turn: _turn }: Seen, _: &mut Context<Self>) {
        self.members.seen(socket, seq);
    }
}

impl Handler<Dismiss> for Room {
    type Result = ();

    fn handle(&mut self, Dismiss { whom, code }: Dismiss, _: &mut Context<Self>) {
        self.members.dismiss(whom, code);
        self.refuse_waiting(whom, code);
    }
}

impl Room {
    fn wait(&mut self, join: Join) {
        match self.waiting.len() < self.house.per_restaurant {
            true => self.waiting.push(Waiting { join, reads: self.reads }),
            false => refuse(join, ErrorCode::TooManySockets),
        }
    }

    /// Answers a join now, but for one whose position lies ahead of the room: it may have read a commit that has not
    /// come here yet, so the log is asked first.
    pub(super) fn answer(&mut self, join: Join, ctx: &mut Context<Self>) {
        let ahead = match (&join.since, &self.head) {
            (Some(since), Some(head)) => is_of(since, &head.epoch) && since.seq > head.seq,
            _ => false,
        };
        if ahead {
            self.wait(join);
            self.catch_up(ctx);
        } else {
            self.admit(join);
        }
    }

    /// Answers those for whom the log was asked, which the read number `self.reads` just did.
    pub(super) fn answer_waiting(&mut self, ctx: &mut Context<Self>) {
        let (asked, early): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|waiting| waiting.reads < self.reads);
        self.waiting = early;
        asked.into_iter().for_each(|waiting| self.admit(waiting.join));
        if !self.waiting.is_empty() {
            self.catch_up(ctx);
        }
    }

    pub(super) fn refuse_waiting(&mut self, whom: Whom, code: ErrorCode) {
        let (refused, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|waiting| whom.names(&waiting.join.principal));
        self.waiting = kept;
        refused.into_iter().for_each(|waiting| refuse(waiting.join, code));
    }

    fn admit(&mut self, Join { member, principal, since, reply }: Join) {
        let Some(head) = &self.head else { return };
        if reply.is_closed() {
            return;
        }
        let (socket, vocabulary) = (member.socket, member.vocabulary);
        let allowed = self.house.refusal(&principal).map_or(Ok(()), Err);
        if let Err(code) = allowed.and_then(|()| self.members.seat(member, &principal)) {
            let _ = reply.send(Err(code));
            return;
        }
        self.rings.open(vocabulary);
        let missed = self.missed(vocabulary, since.as_ref());
        let joined = Joined { epoch: head.epoch.clone(), head: head.seq, missed };
        if reply.send(Ok(joined)).is_err() {
            self.members.remove(socket);
        }
    }

    fn missed(&self, vocabulary: Vocabulary, since: Option<&Position>) -> Missed {
        let Some(since) = since else { return Missed::NotAsked };
        let (missed, from) = match &self.head {
            Some(head) if is_of(since, &head.epoch) && since.seq <= head.seq => {
                let many = head.seq - since.seq > self.house.rooms.replay_max_events;
                match self.rings.after(vocabulary, since.seq) {
                    _ if since.seq == head.seq => (Missed::Ring(Vec::new()), Replay::Nothing),
                    _ if vocabulary == Vocabulary::Silence => {
                        (Missed::Ring(vec![nothing(head, since.seq)]), Replay::Nothing)
                    }
                    _ if many => (Missed::Lost, Replay::Resync),
                    // As the log says of what it holds.
                    Some(batches) if self.is_old(&batches) => (Missed::Lost, Replay::Resync),
                    Some(batches) => (Missed::Ring(batches), Replay::Ring),
                    None => (Missed::Log, Replay::Log),
                }
            }
            _ => (Missed::Lost, Replay::Resync),
        };
        self.house.metrics.replayed(from);
        missed
    }

    /// True where the oldest of what was missed cannot be recovered any more.
    fn is_old(&self, missed: &[Arc<Batch>]) -> bool {
        let oldest = missed.iter().find_map(|batch| batch.events.first());
        oldest.is_some_and(|event| event.at < Timestamp::now() - *self.house.rooms.recover_within)
    }
}

/// What is said, after `seq`, to who hears of nothing.
fn nothing(head: &Head, seq: Seq) -> Arc<Batch> {
    let Head { epoch, seq: last, .. } = head;
    Arc::new(Batch { epoch: epoch.clone(), first: seq + 1, last: *last, events: Box::default() })
}

fn refuse(join: Join, code: ErrorCode) {
    // Whoever no longer listens needs no answer.
    let _ = join.reply.send(Err(code));
}

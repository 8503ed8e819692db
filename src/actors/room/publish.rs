//! Handing on what was committed, without a gap and without a double: what does not follow on is read from the log.

use super::{READ_WITHIN, Room, Turn, Whom};
use crate::{
    code::ErrorCode,
    domain::{event::Recorded, stream::Seq},
    store::log::{Head, LogPage},
};
use actix::{ActorFutureExt, AsyncContext, Context, Handler, Message, WrapFuture};
use std::time::Instant;
use tokio::time::timeout;

/// Events of one read; they go to each member as one message.
const PAGE: u32 = 256;

/// Consecutive events of one commit, after it.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Publish {
    pub events: Vec<Recorded>,
    /// When they were committed, or just after.
    pub committed: Instant,
    /// Held until it is handled.
    pub turn: Turn,
}

/// Something may have been committed that nobody published: read on.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Look(pub Turn);

/// Answered once all that was published before it is on its way to the members.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Settle;

impl Handler<Settle> for Room {
    type Result = ();

    fn handle(&mut self, _: Settle, _: &mut Context<Self>) {}
}

impl Handler<Publish> for Room {
    type Result = ();

    fn handle(&mut self, Publish { events, committed, turn: _turn }: Publish, ctx: &mut Context<Self>) {
        self.absorb(events, committed);
        self.catch_up_if_owed(ctx);
    }
}

impl Handler<Look> for Room {
    type Result = ();

    fn handle(&mut self, Look(turn): Look, ctx: &mut Context<Self>) {
        // Before the read: whoever is refused a turn counts on it.
        drop(turn);
        // A read that is under way may have been too early.
        self.looked = Some(self.reads);
        self.catch_up_if_owed(ctx);
    }
}

/// The events that follow on `head` without a gap; doubles are dropped, and so is what lies behind a gap.
fn next(head: Seq, events: Vec<Recorded>) -> Vec<Recorded> {
    let mut next = head + 1;
    let mut follows = |event: &Recorded| {
        let follows = event.seq == next;
        next += u64::from(follows);
        follows
    };
    events.into_iter().skip_while(|event| event.seq <= head).take_while(|event| follows(event)).collect()
}

impl Room {
    /// Sends on what follows on the head, and remembers how far the log reaches.
    fn absorb(&mut self, events: Vec<Recorded>, since: Instant) {
        let newest = events.iter().map(|event| event.seq).max().unwrap_or(0);
        self.target = self.target.max(newest);
        let Some(head) = &mut self.head else { return };
        let next = next(head.seq, events);
        let Some(last) = next.last() else { return };
        let told = self.rings.push(&next, &head.epoch);
        head.seq = last.seq;
        self.traffic.stands(last.seq);
        self.members.deliver(&told, since.elapsed());
    }

    /// Reads the log where it is known, or feared, to reach further than this room, and where joins wait for a read.
    pub(super) fn catch_up_if_owed(&mut self, ctx: &mut Context<Self>) {
        let behind = self.head.as_ref().is_some_and(|head| head.seq < self.target);
        if self.looked.is_some() || behind || !self.waiting.is_empty() {
            self.catch_up(ctx);
        }
    }

    /// Reads what follows the head; publishes go on meanwhile. One read at a time.
    pub(super) fn catch_up(&mut self, ctx: &mut Context<Self>) {
        let Some(head) = &self.head else { return };
        if std::mem::replace(&mut self.catching, true) {
            return;
        }
        self.reads += 1;
        let (after, begun) = (head.seq, Instant::now());
        let read = timeout(READ_WITHIN, self.house.log.after(self.stream, after, PAGE));
        ctx.spawn(read.into_actor(self).map(move |answer, room, ctx| {
            room.catching = false;
            match answer {
                Ok(Ok(Some(page))) => room.caught(after, page, begun, ctx),
                Ok(Ok(None)) => room.stuck("the stream is gone", ctx),
                Ok(Err(error)) => room.stuck(&error.to_string(), ctx),
                Err(_) => room.stuck("no answer in time", ctx),
            }
        }));
    }

    fn caught(&mut self, after: Seq, page: LogPage, begun: Instant, ctx: &mut Context<Self>) {
        let LogPage { head, events } = page;
        if self.epoch.as_ref() != Some(&head.epoch) {
            self.target = 0;
            return self.stand(head, ctx);
        }
        self.absorb(events, begun);
        self.target = self.target.max(head.seq);
        match self.head {
            Some(Head { seq, .. }) if seq >= self.target => {
                self.failures = 0;
                self.looked = self.looked.filter(|&asked| asked >= self.reads);
                self.answer_waiting(ctx);
                self.catch_up_if_owed(ctx);
            }
            Some(Head { seq, .. }) if seq > after => self.catch_up(ctx),
            _ => self.stuck("the log ends before what was published", ctx),
        }
    }

    /// Tries again later. Whoever waits is told now.
    fn stuck(&mut self, error: &str, ctx: &mut Context<Self>) {
        tracing::warn!(stream.id = %self.stream, %error, "room cannot catch up with its log");
        self.refuse_waiting(Whom::Everyone, ErrorCode::DatabaseUnavailable);
        self.catching = true;
        ctx.run_later(self.failed(), |room, ctx| {
            room.catching = false;
            room.catch_up_if_owed(ctx);
        });
    }
}

#[cfg(test)]
#[path = "publish_tests.rs"]
mod tests;

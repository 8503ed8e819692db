//! A lane: the queue of one restaurant, with one transaction in flight. Pure; the registry carries it out.

use super::{Job, handle::Ticket};
use crate::{
    code::ErrorCode,
    domain::ids::UserId,
    store::{
        Connection,
        lane::{Executed, Request},
    },
};
use std::{
    collections::{HashSet, VecDeque},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// What makes two requests twins: who asks, for which command, under which key.
type Twin = (UserId, &'static str, String);

fn twin(request: &Request) -> Option<Twin> {
    request.key.as_ref().map(|key| (request.principal.user, request.command.name(), key.key.clone()))
}

/// The commands of one restaurant that wait, and the keys of all that are not answered yet.
#[derive(Default)]
pub(super) struct Lane {
    queue: VecDeque<Job>,
    twins: HashSet<Twin>,
    pub(super) busy: bool,
    /// Kept from one transaction to the next.
    pub(super) connection: Option<Connection>,
}

impl Lane {
    /// Queues a command, or answers at once that it cannot be.
    pub(super) fn push(
        &mut self,
        now: Instant,
        limit: usize,
        request: Request,
        reply: oneshot::Sender<Result<Executed, ErrorCode>>,
        ticket: Ticket,
    ) {
        let is_full = self.queue.len() >= limit;
        let refused = if is_full {
            Some(ErrorCode::Overloaded)
        } else {
            let first = twin(&request).is_none_or(|twin| self.twins.insert(twin));
            (!first).then_some(ErrorCode::IdempotencyInFlight)
        };
        match refused {
            // The asker may be gone; then nobody waits for the answer.
            Some(code) => drop(reply.send(Err(code))),
            None => self.queue.push_back(Job { request, reply, queued: now, _ticket: ticket }),
        }
    }

    /// The next group, at most `size` commands; those that waited longer than `patience` are answered `Overloaded`.
    pub(super) fn next_group(&mut self, now: Instant, size: usize, patience: Duration) -> Vec<Job> {
        let mut group = Vec::new();
        while group.len() < size
            && let Some(job) = self.queue.pop_front()
        {
            if now.duration_since(job.queued) > patience {
                self.forget(&job.request);
                drop(job.reply.send(Err(ErrorCode::Overloaded)));
            } else {
                group.push(job);
            }
        }
        group
    }

    /// The command was answered: its key may come again.
    pub(super) fn forget(&mut self, request: &Request) {
        if let Some(twin) = twin(request) {
            self.twins.remove(&twin);
        }
    }

    /// Commands that wait.
    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn is_idle(&self) -> bool {
        !self.busy && self.queue.is_empty()
    }
}

//! A lane: the queue of one stream, with one transaction in flight. Pure; the registry carries it out.

use super::{Job, handle::Ticket};
use crate::{
    code::ErrorCode,
    domain::{ids::UserId, principal::Role},
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

/// The public's part of a lane's places, as a divisor: a flood of guests leaves the rest to those who work there.
const GUESTS: usize = 4;

fn is_guest(request: &Request) -> bool {
    request.principal.role == Role::Public && !request.principal.is_clock()
}

fn twin(request: &Request) -> Option<Twin> {
    request.key.as_ref().map(|key| (request.principal.user, request.command.name(), key.key.clone()))
}

/// The commands of one stream that wait, and the keys of all that are not answered yet.
#[derive(Default)]
pub(super) struct Lane {
    queue: VecDeque<Job>,
    /// Of the queue, those of the public.
    guests: usize,
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
        let guest = is_guest(&request);
        let is_full = self.queue.len() >= limit || guest && self.guests >= limit.div_ceil(GUESTS);
        let refused = if is_full {
            Some(ErrorCode::Overloaded)
        } else {
            let first = twin(&request).is_none_or(|twin| self.twins.insert(twin));
            (!first).then_some(ErrorCode::IdempotencyInFlight)
        };
        match refused {
            // The asker may be gone; then nobody waits for the answer.
            Some(code) => drop(reply.send(Err(code))),
            None => {
                self.guests += usize::from(guest);
                self.queue.push_back(Job { request, reply, queued: now, _ticket: ticket });
            }
        }
    }

    /// The next group, at most `size` commands; those that waited longer than `patience` are answered `Overloaded`.
    pub(super) fn next_group(&mut self, now: Instant, size: usize, patience: Duration) -> Vec<Job> {
        let mut group = Vec::new();
        while group.len() < size
            && let Some(job) = self.queue.pop_front()
        {
            self.guests -= usize::from(is_guest(&job.request));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        command::{Command, IdempotencyKey},
        ids::{BoardId, OrderId, RestaurantId},
        principal::{Principal, Role},
    };

    const PATIENCE: Duration = Duration::from_secs(2);
    const LIMIT: usize = 4;

    type Answer = oneshot::Receiver<Result<Executed, ErrorCode>>;

    fn request(user: UserId, key: Option<&str>) -> Request {
        let principal = Principal {
            user,
            role: Role::Waiter,
            restaurant: RestaurantId::generate(),
            board: BoardId::DEFAULT,
            login: None,
        };
        let command = Command::ConfirmOrder { order: OrderId::generate() };
        let key = key.map(|key| IdempotencyKey { key: key.to_owned(), fingerprint: [0; 32] });
        Request { principal, command, if_match: None, key }
    }

    fn guest() -> Request {
        let public = Principal::public(RestaurantId::generate());
        Request { principal: public, ..request(UserId::NOBODY, None) }
    }

    fn push(lane: &mut Lane, now: Instant, request: Request) -> Answer {
        let (reply, answer) = oneshot::channel();
        lane.push(now, LIMIT, request, reply, Ticket::free());
        answer
    }

    fn refusal(mut answer: Answer) -> Option<ErrorCode> {
        answer.try_recv().ok().and_then(Result::err)
    }

    #[test]
    fn a_full_lane_refuses_and_takes_again_when_it_moved() {
        let (mut lane, now) = (Lane::default(), Instant::now());
        let waiting: Vec<Answer> =
            (0..LIMIT).map(|_| push(&mut lane, now, request(UserId::generate(), None))).collect();
        assert_eq!(
            refusal(push(&mut lane, now, request(UserId::generate(), None))),
            Some(ErrorCode::Overloaded)
        );
        assert!(waiting.into_iter().all(|answer| refusal(answer).is_none()));
        assert_eq!(lane.next_group(now, 3, PATIENCE).len(), 3);
        assert_eq!(refusal(push(&mut lane, now, request(UserId::generate(), None))), None);
    }

    /// A quarter of four: what raced was a flood of guests against a waiter, for the places of one lane.
    #[test]
    fn guests_take_a_quarter_of_the_places_and_get_theirs_back() {
        let (mut lane, now) = (Lane::default(), Instant::now());
        let seated = push(&mut lane, now, guest());
        assert_eq!(refusal(push(&mut lane, now, guest())), Some(ErrorCode::Overloaded));
        let waiters: Vec<Answer> =
            (1..LIMIT).map(|_| push(&mut lane, now, request(UserId::generate(), None))).collect();
        assert!(waiters.into_iter().chain([seated]).all(|answer| refusal(answer).is_none()));
        lane.next_group(now, 1, PATIENCE);
        assert_eq!(refusal(push(&mut lane, now, guest())), None);
    }

    #[test]
    fn a_twin_is_refused_until_the_first_is_answered() {
        let (mut lane, now, user) = (Lane::default(), Instant::now(), UserId::generate());
        let first = request(user, Some("k"));
        push(&mut lane, now, first.clone());
        assert_eq!(
            refusal(push(&mut lane, now, request(user, Some("k")))),
            Some(ErrorCode::IdempotencyInFlight)
        );
        // Another key, and another user's same key, are no twins.
        assert_eq!(refusal(push(&mut lane, now, request(user, Some("l")))), None);
        assert_eq!(refusal(push(&mut lane, now, request(UserId::generate(), Some("k")))), None);
        lane.next_group(now, LIMIT, PATIENCE);
        assert_eq!(
            refusal(push(&mut lane, now, request(user, Some("k")))),
            Some(ErrorCode::IdempotencyInFlight)
        );
        lane.forget(&first);
        assert_eq!(refusal(push(&mut lane, now, request(user, Some("k")))), None);
    }

    #[test]
    fn who_waited_too_long_is_told_so_and_may_come_again() {
        let (mut lane, start, user) = (Lane::default(), Instant::now(), UserId::generate());
        let old = push(&mut lane, start, request(user, Some("k")));
        let late = start + PATIENCE + Duration::from_millis(1);
        let fresh = push(&mut lane, late, request(user, None));
        let group = lane.next_group(late, LIMIT, PATIENCE);
        assert_eq!(group.len(), 1);
        assert_eq!(refusal(old), Some(ErrorCode::Overloaded));
        assert_eq!(refusal(fresh), None);
        assert_eq!(refusal(push(&mut lane, late, request(user, Some("k")))), None);
        assert!(!lane.is_idle());
    }
}

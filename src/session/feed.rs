//! A verified client's subscription, whatever its framing: join, cursor, lease, reads that failed and are tried again.

use super::{
    Action, Delivery, Joined, Now, Page, Verified,
    cursor::{Cursor, Step, Steps},
    lease::Lease,
};
use crate::{
    code::ErrorCode,
    domain::{
        ids::SocketId,
        principal::Principal,
        stream::{Position, Seq},
    },
    wire::event::Vocabulary,
};
use jiff::Timestamp;
use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

/// Between two tries to read the log.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Tries before the socket is told to come back: with [`RETRY_AFTER`], longer than a database's restart.
const TRIES: u32 = 10;

/// From the join to the welcome, the first page of a replay and its retries included. Our fault where it takes longer.
const JOIN_WITHIN: Duration = Duration::from_secs(15);

/// What is subscribed to.
#[derive(Debug)]
pub struct Wanted {
    pub vocabulary: Vocabulary,
    /// What the client has already.
    pub since: Option<Position>,
    /// A replay of more bytes ends in a resync.
    pub max_replay_bytes: usize,
    /// Where its client comes from, for the limit of guests; `None` where the carrier does not know.
    pub address: Option<IpAddr>,
}

impl Wanted {
    /// Everything of a restaurant, in its own words.
    pub fn all(since: Option<Position>, max_replay_bytes: usize) -> Self {
        Self { vocabulary: Vocabulary::Restaurant, since, max_replay_bytes, address: None }
    }
}

/// What a [`Feed`] hands up for framing. Reads and closes it has asked for itself.
#[derive(Debug)]
pub struct Feed {
    socket: SocketId,
    /// What its client knows it by.
    sid: SocketId,
    vocabulary: Vocabulary,
    address: Option<IpAddr>,
    lease: Lease,
    cursor: Cursor,
    failures: u32,
    retry_at: Option<Instant>,
    /// `None` once welcomed.
    join_by: Option<Instant>,
}

impl Feed {
    /// Asks to join the room of the token's restaurant.
    pub fn open(
        socket: SocketId,
        now: Now,
        verified: Verified,
        wanted: Wanted,
        out: &mut Vec<Action>,
    ) -> Self {
        Self::take_up(socket, socket, now, verified, wanted, out)
    }

    /// The same for a client that had a socket before, and knows it by `sid`.
    pub fn take_up(
        socket: SocketId,
        sid: SocketId,
        now: Now,
        verified: Verified,
        wanted: Wanted,
        out: &mut Vec<Action>,
    ) -> Self {
        let Wanted { vocabulary, since, max_replay_bytes, address } = wanted;
        let principal = verified.principal.clone();
        out.push(Action::Join { socket, sid, vocabulary, principal, address, since: since.clone() });
        Self {
            socket,
            sid,
            vocabulary,
            address,
            lease: Lease::new(now, verified),
            cursor: Cursor::new(since, max_replay_bytes),
            failures: 0,
            retry_at: None,
            join_by: Some(now.mono + JOIN_WITHIN),
        }
    }

    /// Its client is told that it has a new socket.
    pub fn renamed(&mut self) {
        self.sid = self.socket;
    }

    /// What its client knows it by.
    pub fn sid(&self) -> SocketId {
        self.sid
    }

    pub fn principal(&self) -> &Principal {
        &self.lease.principal
    }

    /// See [`Cursor::position`].
    pub fn position(&self) -> Option<Position> {
        self.cursor.position()
    }

    /// See [`Cursor::known`].
    pub fn known(&self) -> Option<Seq> {
        self.cursor.known()
    }

    /// It goes on with another carrier or another login: joins again, from where it stands, in its old seat.
    pub fn moved(&self, out: &mut Vec<Action>) {
        let principal = self.lease.principal.clone();
        let Self { socket, sid, vocabulary, address, .. } = *self;
        out.push(Action::Join { socket, sid, vocabulary, principal, address, since: self.position() });
    }

    /// A newer token came: see [`Lease::renew`]. The room ends sockets by login, so it is told of another one.
    pub fn renew(
        &mut self,
        now: Now,
        verified: Verified,
        out: &mut Vec<Action>,
    ) -> Result<Timestamp, ErrorCode> {
        let login = self.lease.principal.login;
        let expires_at = self.lease.renew(now, verified)?;
        if self.lease.principal.login != login {
            self.moved(out);
        }
        Ok(expires_at)
    }

    pub fn joined(&mut self, result: Result<Joined, ErrorCode>, out: &mut Vec<Action>) -> Steps {
        match result {
            Ok(joined) => {
                let steps = self.cursor.joined(joined);
                self.done(steps, out)
            }
            Err(code) => self.close(code, out),
        }
    }

    pub fn delivered(&mut self, delivery: Delivery, out: &mut Vec<Action>) -> Steps {
        let steps = match delivery {
            Delivery::Events(batch) => self.cursor.events(batch),
            Delivery::Head(seq) => self.cursor.head(seq),
            Delivery::Close(code) => return self.close(code, out),
        };
        self.done(steps, out)
    }

    /// A failed read is tried again: a restarting database drops no socket.
    pub fn page(&mut self, now: Now, result: Result<Page, ErrorCode>, out: &mut Vec<Action>) -> Steps {
        match result {
            Ok(page) => {
                self.failures = 0;
                let steps = self.cursor.page(page);
                self.done(steps, out)
            }
            Err(code) => {
                self.failures += 1;
                if self.failures >= TRIES || !code.face().retry {
                    return self.close(code, out);
                }
                self.cursor.failed();
                self.retry_at = Some(now.mono + RETRY_AFTER);
                Steps::new()
            }
        }
    }

    /// Time passed: the token may have expired, a read may be due again.
    pub fn tick(&mut self, now: Now, out: &mut Vec<Action>) -> Steps {
        if self.lease.is_over(now) {
            return self.close(ErrorCode::TokenExpired, out);
        }
        if self.join_by.is_some_and(|by| by <= now.mono) {
            return self.close(ErrorCode::Overloaded, out);
        }
        if self.retry_at.is_none_or(|at| now.mono < at) {
            return Steps::new();
        }
        self.retry_at = None;
        let steps = self.cursor.retry();
        self.done(steps, out)
    }

    pub fn deadline(&self) -> Option<Instant> {
        [self.lease.ends(), self.retry_at, self.join_by].into_iter().flatten().min()
    }

    /// Takes out the reads, which come last, and asks for them.
    fn done(&mut self, mut steps: Steps, out: &mut Vec<Action>) -> Steps {
        if self.cursor.position().is_some() {
            self.join_by = None;
        }
        if let Some(Step::Welcome { recovered, .. }) = steps.first() {
            out.push(Action::Welcomed { socket: self.socket, recovered: *recovered });
        }
        let mut read = None;
        steps.retain(|step| match step {
            Step::Read { after, limit, known } => {
                read = Some((*after, *limit, known.take()));
                false
            }
            _ => true,
        });
        // In front of the page's frames in the list, so that the database reads while they are written; the next
        // answer is taken up only when these have left.
        if let Some((after, limit, known)) = read {
            let principal = self.lease.principal.clone();
            let (socket, vocabulary) = (self.socket, self.vocabulary);
            out.push(Action::ReadLog { socket, vocabulary, principal, after, limit, known });
        }
        steps
    }

    fn close(&mut self, code: ErrorCode, out: &mut Vec<Action>) -> Steps {
        out.push(Action::Close(Some(code)));
        Steps::new()
    }
}

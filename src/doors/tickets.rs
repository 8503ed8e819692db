//! Tickets for event streams: a browser cannot send a header with one, and a token must not stand in a URL.
//!
//! The HTTP door issues them, the event stream's redeems them; they live in memory, each for one use. A ticket stands
//! for a token and is worth no more: the token is verified again when it is redeemed.

use crate::{code::ErrorCode, domain::ids::UserId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, SHA256_OUTPUT_LEN, digest},
    rand::{SecureRandom, SystemRandom},
};
use secrecy::SecretString;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Most tickets outstanding of one user, whose oldest makes way: every display of a house may open its stream at once,
/// and nobody can take another's place.
const MAX_OF_USER: usize = 50;
/// 128 bits cannot be guessed in the half minute a ticket lives.
const RANDOM_BYTES: usize = 16;

/// Outstanding tickets, by the hash of each.
pub struct Tickets {
    ttl: Duration,
    random: SystemRandom,
    outstanding: Mutex<Outstanding>,
}

#[derive(Default)]
struct Outstanding {
    tickets: HashMap<Hash, Ticket>,
    /// Each user's, oldest first.
    of_user: HashMap<UserId, VecDeque<Hash>>,
    /// When those that nobody redeemed were last looked for.
    swept: Option<Instant>,
}

struct Ticket {
    token: SecretString,
    user: UserId,
    issued: Instant,
}

type Hash = [u8; SHA256_OUTPUT_LEN];

impl Tickets {
    pub fn new(ttl: Duration) -> Self {
        Self { ttl, random: SystemRandom::new(), outstanding: Mutex::default() }
    }

    /// How long a ticket is good.
    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// A ticket for the bearer of this user's good token. Errors: `Internal` without randomness.
    pub fn issue(&self, user: UserId, token: SecretString, now: Instant) -> Result<String, ErrorCode> {
        let mut bytes = [0; RANDOM_BYTES];
        self.random.fill(&mut bytes).map_err(|_| ErrorCode::Internal)?;
        let ticket = URL_SAFE_NO_PAD.encode(bytes);
        let mut outstanding = self.lock();
        outstanding.sweep(now, self.ttl);
        outstanding.insert(hash(&ticket), Ticket { token, user, issued: now });
        Ok(ticket)
    }

    /// The token this ticket stands for; used up by this. `None` for one that is unknown, used or too old.
    pub fn redeem(&self, ticket: &str, now: Instant) -> Option<SecretString> {
        let found = self.lock().remove(&hash(ticket))?;
        (now.saturating_duration_since(found.issued) < self.ttl).then_some(found.token)
    }

    fn lock(&self) -> MutexGuard<'_, Outstanding> {
        self.outstanding.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outstanding {
    fn insert(&mut self, hash: Hash, ticket: Ticket) {
        let held = self.of_user.entry(ticket.user).or_default();
        let oldest = if held.len() == MAX_OF_USER { held.pop_front() } else { None };
        held.push_back(hash);
        self.tickets.insert(hash, ticket);
        if let Some(oldest) = oldest {
            self.tickets.remove(&oldest);
        }
    }

    fn remove(&mut self, hash: &Hash) -> Option<Ticket> {
        let found = self.tickets.remove(hash)?;
        if let Some(held) = self.of_user.get_mut(&found.user) {
            held.retain(|other| other != hash);
            if held.is_empty() {
                self.of_user.remove(&found.user);
            }
        }
        Some(found)
    }

    /// Forgets what nobody redeemed; once in a ticket's life is often enough.
    fn sweep(&mut self, now: Instant, ttl: Duration) {
        let is_old = |since: Instant| now.saturating_duration_since(since) >= ttl;
        if !is_old(*self.swept.get_or_insert(now)) {
            return;
        }
        self.swept = Some(now);
        let old = self.tickets.iter().filter(|(_, ticket)| is_old(ticket.issued));
        for hash in old.map(|(hash, _)| *hash).collect::<Vec<_>>() {
            self.remove(&hash);
        }
    }
}

/// Looked up by hash, so that comparing takes no time that depends on the ticket.
fn hash(ticket: &str) -> Hash {
    let mut bytes = [0; SHA256_OUTPUT_LEN];
    bytes.copy_from_slice(digest(&SHA256, ticket.as_bytes()).as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const TTL: Duration = Duration::from_secs(30);

    #[test]
    fn a_ticket_is_good_once_and_briefly() {
        let (tickets, start) = (Tickets::new(TTL), Instant::now());
        let user = UserId::generate();
        let ticket = tickets.issue(user, "token".into(), start).unwrap();
        assert!(tickets.redeem("another", start).is_none());
        let redeemed = tickets.redeem(&ticket, start + Duration::from_secs(10)).unwrap();
        assert_eq!(redeemed.expose_secret(), "token");
        assert!(tickets.redeem(&ticket, start).is_none(), "used");

        let late = tickets.issue(user, "token".into(), start).unwrap();
        assert!(tickets.redeem(&late, start + TTL).is_none(), "too old");
    }

    /// There was one limit for all: one user's tickets kept every other tenant from its streams.
    #[test]
    fn a_user_has_so_many_and_takes_nobody_elses() {
        let (tickets, start) = (Tickets::new(TTL), Instant::now());
        let (greedy, other) = (UserId::generate(), UserId::generate());
        let theirs = tickets.issue(other, "token".into(), start).unwrap();
        let issued: Vec<_> =
            (0..20_000).map(|_| tickets.issue(greedy, "token".into(), start).unwrap()).collect();
        let (dropped, kept) = issued.split_at(issued.len() - MAX_OF_USER);
        assert!(dropped.iter().all(|ticket| tickets.redeem(ticket, start).is_none()));
        assert!(kept.iter().all(|ticket| tickets.redeem(ticket, start).is_some()));
        assert!(tickets.redeem(&theirs, start).is_some());
        assert!(tickets.lock().of_user.is_empty());
    }

    #[test]
    fn what_nobody_redeems_is_forgotten() {
        let (tickets, start) = (Tickets::new(TTL), Instant::now());
        for _ in 0..1_000 {
            tickets.issue(UserId::generate(), "token".into(), start).unwrap();
        }
        tickets.issue(UserId::generate(), "token".into(), start + TTL).unwrap();
        let held = tickets.lock();
        assert_eq!((held.tickets.len(), held.of_user.len()), (1, 1));
    }
}

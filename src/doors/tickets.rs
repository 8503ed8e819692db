//! Tickets for event streams: a browser cannot send a header with one, and a token must not stand in a URL.
//!
//! The HTTP door issues them, the event stream's redeems them; they live in memory, each for one use. A ticket stands
//! for a token and is worth no more: the token is verified again when it is redeemed.

use crate::code::ErrorCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
};
use secrecy::SecretString;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Most tickets outstanding: ten a second for each of a thousand users would be an attack.
const MAX_OUTSTANDING: usize = 10_000;
/// 128 bits cannot be guessed in the half minute a ticket lives.
const RANDOM_BYTES: usize = 16;

/// Outstanding tickets, by the hash of each.
pub struct Tickets {
    ttl: Duration,
    random: SystemRandom,
    outstanding: Mutex<HashMap<Vec<u8>, Outstanding>>,
}

struct Outstanding {
    token: SecretString,
    issued: Instant,
}

impl Tickets {
    pub fn new(ttl: Duration) -> Self {
        Self { ttl, random: SystemRandom::new(), outstanding: Mutex::default() }
    }

    /// How long a ticket is good.
    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// A ticket for the bearer of a good token. Errors: `TooManyRequests`, `Internal` without randomness.
    pub fn issue(&self, token: SecretString, now: Instant) -> Result<String, ErrorCode> {
        let mut bytes = [0; RANDOM_BYTES];
        self.random.fill(&mut bytes).map_err(|_| ErrorCode::Internal)?;
        let ticket = URL_SAFE_NO_PAD.encode(bytes);
        let mut outstanding = self.outstanding.lock().unwrap_or_else(PoisonError::into_inner);
        if outstanding.len() >= MAX_OUTSTANDING {
            outstanding.retain(|_, ticket| now.saturating_duration_since(ticket.issued) < self.ttl);
        }
        if outstanding.len() >= MAX_OUTSTANDING {
            return Err(ErrorCode::TooManyRequests);
        }
        outstanding.insert(hash(&ticket), Outstanding { token, issued: now });
        Ok(ticket)
    }

    /// The token this ticket stands for; used up by this. `None` for one that is unknown, used or too old.
    pub fn redeem(&self, ticket: &str, now: Instant) -> Option<SecretString> {
        let key = hash(ticket);
        let found = self.outstanding.lock().unwrap_or_else(PoisonError::into_inner).remove(&key)?;
        (now.saturating_duration_since(found.issued) < self.ttl).then_some(found.token)
    }
}

/// Looked up by hash, so that comparing takes no time that depends on the ticket.
fn hash(ticket: &str) -> Vec<u8> {
    digest(&SHA256, ticket.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const TTL: Duration = Duration::from_secs(30);

    #[test]
    fn a_ticket_is_good_once_and_briefly() {
        let (tickets, start) = (Tickets::new(TTL), Instant::now());
        let ticket = tickets.issue("token".into(), start).unwrap();
        assert!(tickets.redeem("another", start).is_none());
        let redeemed = tickets.redeem(&ticket, start + Duration::from_secs(10)).unwrap();
        assert_eq!(redeemed.expose_secret(), "token");
        assert!(tickets.redeem(&ticket, start).is_none(), "used");

        let late = tickets.issue("token".into(), start).unwrap();
        assert!(tickets.redeem(&late, start + TTL).is_none(), "too old");
    }

    #[test]
    fn what_nobody_redeems_makes_room_again() {
        let (tickets, start) = (Tickets::new(TTL), Instant::now());
        for _ in 0..MAX_OUTSTANDING {
            tickets.issue("token".into(), start).unwrap();
        }
        assert_eq!(tickets.issue("token".into(), start), Err(ErrorCode::TooManyRequests));
        assert!(tickets.issue("token".into(), start + TTL).is_ok());
    }
}

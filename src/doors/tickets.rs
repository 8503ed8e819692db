//! Tickets for event streams: a browser cannot send a header with one, and a token must not stand in a URL.
//!
//! The HTTP door issues them, the event stream's redeems them; they live in memory, each for one use.

use crate::{code::ErrorCode, session::Verified};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
};
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
    verified: Verified,
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

    /// A ticket for whoever `verified` is. Errors: `TooManyRequests`, `Internal` without randomness.
    pub fn issue(&self, verified: Verified, now: Instant) -> Result<String, ErrorCode> {
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
        outstanding.insert(hash(&ticket), Outstanding { verified, issued: now });
        Ok(ticket)
    }

    /// Whose ticket this is, with what is left of the token's time; used up by this. `None` for one that is unknown,
    /// used, too old, or outlived its token.
    pub fn redeem(&self, ticket: &str, now: Instant) -> Option<Verified> {
        let key = hash(ticket);
        let found = self.outstanding.lock().unwrap_or_else(PoisonError::into_inner).remove(&key)?;
        let age = now.saturating_duration_since(found.issued);
        let valid_for = found.verified.valid_for.checked_sub(age).filter(|left| !left.is_zero())?;
        (age < self.ttl).then_some(Verified { valid_for, ..found.verified })
    }
}

/// Looked up by hash, so that comparing takes no time that depends on the ticket.
fn hash(ticket: &str) -> Vec<u8> {
    digest(&SHA256, ticket.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::{RestaurantId, UserId},
        principal::{Principal, Role},
    };
    use jiff::Timestamp;

    const TTL: Duration = Duration::from_secs(30);

    fn verified(valid_for: Duration) -> Verified {
        let principal = Principal {
            user: UserId::generate(),
            role: Role::Kitchen,
            restaurant: RestaurantId::generate(),
            login: None,
        };
        Verified { principal, expires_at: Timestamp::now(), valid_for }
    }

    #[test]
    fn a_ticket_is_good_once_and_briefly() {
        let (tickets, start) = (Tickets::new(TTL), Instant::now());
        let whose = verified(Duration::from_secs(600));
        let ticket = tickets.issue(whose.clone(), start).unwrap();
        assert!(tickets.redeem("another", start).is_none());
        let redeemed = tickets.redeem(&ticket, start + Duration::from_secs(10)).unwrap();
        assert_eq!(redeemed.principal, whose.principal);
        assert_eq!(redeemed.valid_for, Duration::from_secs(590));
        assert!(tickets.redeem(&ticket, start).is_none(), "used");

        let late = tickets.issue(whose, start).unwrap();
        assert!(tickets.redeem(&late, start + TTL).is_none(), "too old");
        let short = tickets.issue(verified(Duration::from_secs(5)), start).unwrap();
        assert!(tickets.redeem(&short, start + Duration::from_secs(5)).is_none(), "the token ended first");
    }

    #[test]
    fn what_nobody_redeems_makes_room_again() {
        let (tickets, start) = (Tickets::new(TTL), Instant::now());
        for _ in 0..MAX_OUTSTANDING {
            tickets.issue(verified(TTL), start).unwrap();
        }
        assert_eq!(tickets.issue(verified(TTL), start), Err(ErrorCode::TooManyRequests));
        assert!(tickets.issue(verified(TTL), start + TTL).is_ok());
    }
}

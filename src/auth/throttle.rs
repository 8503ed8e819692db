//! Failed logins, counted by account and address and by address alone, in a sliding window. Pure.

use crate::domain::network::Network;
use std::{
    collections::{HashMap, VecDeque, hash_map::RandomState},
    hash::BuildHasher,
    net::IpAddr,
    time::{Duration, Instant},
};

/// Failures remembered at once, over all accounts and addresses; the oldest are forgotten first. Some 10 MB.
const MAX_REMEMBERED: usize = 100_000;

/// Who tries to log in: an account from an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    account: Key,
    address: Key,
}

/// Accounts are kept as keyed hashes, to have one small size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Account(u64, Network),
    Address(Network),
}

/// May this attempt's password be checked?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes; end it with `failed`, `succeeded` or `withdrawn`.
    Go,
    /// It depends on attempts that are being checked: ask again when one has ended.
    Wait,
    /// No, for this long.
    Refused(Duration),
}

/// Limits, from `auth.failures_per_account`, `failures_per_address`, `failure_window`.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub per_account: u32,
    pub per_address: u32,
    pub window: Duration,
}

#[derive(Debug, Default)]
struct Count {
    /// Times of the failures in the window, oldest first.
    failures: VecDeque<Instant>,
    /// Attempts that are being checked.
    running: u32,
}

/// The counts.
#[derive(Debug)]
pub struct Throttle {
    limits: Limits,
    hasher: RandomState,
    counts: HashMap<Key, Count>,
    /// Every failure that was counted, oldest first, to forget it in time.
    log: VecDeque<(Instant, Key)>,
}

impl Throttle {
    pub fn new(limits: Limits) -> Self {
        Self { limits, hasher: RandomState::new(), counts: HashMap::new(), log: VecDeque::new() }
    }

    /// Names an attempt. `account` is what the client typed, in one spelling.
    pub fn attempt(&self, account: &str, address: IpAddr) -> Attempt {
        let network = Network::from(address);
        Attempt {
            account: Key::Account(self.hasher.hash_one(account), network),
            address: Key::Address(network),
        }
    }

    /// What `begin` would say.
    pub fn ask(&mut self, attempt: Attempt, now: Instant) -> Verdict {
        self.forget(now);
        self.verdict(attempt, now)
    }

    /// Begins an attempt where its counts allow it, even if all that are being checked should fail.
    pub fn begin(&mut self, attempt: Attempt, now: Instant) -> Verdict {
        let verdict = self.ask(attempt, now);
        if verdict == Verdict::Go {
            for key in [attempt.account, attempt.address] {
                self.counts.entry(key).or_default().running += 1;
            }
        }
        verdict
    }

    /// The password was wrong.
    pub fn failed(&mut self, attempt: Attempt, now: Instant) {
        for key in [attempt.account, attempt.address] {
            let count = self.counts.entry(key).or_default();
            count.running = count.running.saturating_sub(1);
            count.failures.push_back(now);
            self.log.push_back((now, key));
        }
        while self.log.len() > MAX_REMEMBERED {
            self.forget_oldest();
        }
    }

    /// The password was right: the account's failures from this address are forgiven, the address's are not.
    pub fn succeeded(&mut self, attempt: Attempt) {
        if let Some(count) = self.counts.get_mut(&attempt.account) {
            count.failures.clear();
        }
        self.withdrawn(attempt);
    }

    /// The password was not checked after all.
    pub fn withdrawn(&mut self, attempt: Attempt) {
        for key in [attempt.account, attempt.address] {
            if let Some(count) = self.counts.get_mut(&key) {
                count.running = count.running.saturating_sub(1);
            }
            self.drop_if_idle(key);
        }
    }

    fn verdict(&self, attempt: Attempt, now: Instant) -> Verdict {
        let mut wait = false;
        let mut refused = Duration::ZERO;
        let limits = [(attempt.account, self.limits.per_account), (attempt.address, self.limits.per_address)];
        for (key, limit) in limits {
            let Some(count) = self.counts.get(&key) else { continue };
            let (limit, failures) = (limit as usize, count.failures.len());
            if failures >= limit {
                // The window must have left behind all but `limit - 1` of them.
                let blocking = count.failures.get(failures - limit).copied().unwrap_or(now);
                refused = refused.max((blocking + self.limits.window).saturating_duration_since(now));
            }
            wait |= failures + count.running as usize >= limit;
        }
        match (refused, wait) {
            (Duration::ZERO, false) => Verdict::Go,
            (Duration::ZERO, true) => Verdict::Wait,
            (after, _) => Verdict::Refused(Duration::from_secs(after.as_millis().div_ceil(1000) as u64)),
        }
    }

    fn forget(&mut self, now: Instant) {
        while self.log.front().is_some_and(|(at, _)| now.duration_since(*at) >= self.limits.window) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some((at, key)) = self.log.pop_front() else { return };
        if let Some(count) = self.counts.get_mut(&key)
            && count.failures.front().is_some_and(|first| *first <= at)
        {
            // Failures that were forgiven have left their row in the log; it finds nothing here.
            count.failures.pop_front();
        }
        self.drop_if_idle(key);
    }

    fn drop_if_idle(&mut self, key: Key) {
        if self.counts.get(&key).is_some_and(|count| count.running == 0 && count.failures.is_empty()) {
            self.counts.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests;

//! Standings read a moment ago; lookups of one bearer at the same time become one.

use super::{
    AuthError,
    verifier::{Bearer, Standings},
};
use crate::{code::ErrorCode, store::users::Standing};
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Bearers remembered at once; more than the sockets a process can hold.
const MAX_ENTRIES: usize = 65_536;

type Lookup = Shared<BoxFuture<'static, Result<Standing, AuthError>>>;

struct Entry {
    /// When the question was asked: the answer is at least as new.
    asked: Instant,
    lookup: Lookup,
}

pub struct Cache {
    standings: Arc<dyn Standings>,
    ttl: Duration,
    answer_within: Duration,
    entries: Mutex<HashMap<Bearer, Entry>>,
}

impl Cache {
    pub fn new(standings: Arc<dyn Standings>, ttl: Duration, answer_within: Duration) -> Self {
        Self { standings, ttl, answer_within, entries: Mutex::new(HashMap::new()) }
    }

    /// The bearer's standing, asked for at most `ttl` before `now`. Errors are not remembered.
    pub async fn get(&self, bearer: Bearer, now: Instant) -> Result<Standing, AuthError> {
        let (asked, lookup) = self.lookup(bearer, now);
        let outcome = tokio::time::timeout(self.answer_within, lookup)
            .await
            .unwrap_or(Err(AuthError::Store(ErrorCode::DatabaseUnavailable)));
        if outcome.is_err() {
            let mut entries = self.lock();
            if entries.get(&bearer).is_some_and(|entry| entry.asked == asked) {
                entries.remove(&bearer);
            }
        }
        outcome
    }

    /// Forgets the bearers that `which` names. A walk through all; revocations are rare.
    pub fn forget(&self, which: impl Fn(&Bearer) -> bool) {
        self.lock().retain(|bearer, _| !which(bearer));
    }

    fn lookup(&self, bearer: Bearer, now: Instant) -> (Instant, Lookup) {
        let fresh = |entry: &Entry| now.saturating_duration_since(entry.asked) < self.ttl;
        let mut entries = self.lock();
        if let Some(entry) = entries.get(&bearer).filter(|entry| fresh(entry)) {
            return (entry.asked, entry.lookup.clone());
        }
        if entries.len() >= MAX_ENTRIES {
            entries.retain(|_, entry| fresh(entry));
            if entries.len() >= MAX_ENTRIES {
                entries.clear();
            }
        }
        // A task of its own: it ends well also where everyone who waits for it has gone.
        let task = tokio::spawn(self.standings.read(bearer));
        let lookup = async move {
            match task.await {
                Ok(outcome) => outcome.map_err(AuthError::from),
                Err(_) => Err(AuthError::Internal),
            }
        };
        let lookup = lookup.boxed().shared();
        entries.insert(bearer, Entry { asked: now, lookup: lookup.clone() });
        (now, lookup)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Bearer, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

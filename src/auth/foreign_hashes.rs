//! Which kinds of other systems' hashes some user still has, so that a failed check can do the work of each.

use super::{AuthError, stored_hash::HashKind};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Users move in, and log in for the first time, over days. What moved in a moment ago is known from its first login on.
const KNOWN_FOR: Duration = Duration::from_secs(60);

/// See above.
#[derive(Default)]
pub struct ForeignHashes {
    known: Mutex<Known>,
    /// Whoever asks the database, for all.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    since: Option<Instant>,
    kinds: Arc<[HashKind]>,
}

impl ForeignHashes {
    /// The kinds. Where the last answer is old one caller asks again, by `ask`, and the others go on with the old one: the
    /// question reads every hash that moved in, and the connections are the orders' too. Errors: those of `ask`.
    pub async fn kinds(
        &self,
        ask: impl AsyncFnOnce() -> Result<Vec<String>, AuthError>,
    ) -> Result<Arc<[HashKind]>, AuthError> {
        let _asking = match self.last() {
            (Some(age), kinds) if age < KNOWN_FOR => return Ok(kinds),
            (Some(_), kinds) => match self.asking.try_lock() {
                Ok(asking) => asking,
                Err(_) => return Ok(kinds),
            },
            (None, _) => self.asking.lock().await,
        };
        if let (Some(age), kinds) = self.last()
            && age < KNOWN_FOR
        {
            return Ok(kinds);
        }
        let found = ask().await?;
        let mut kinds: Vec<HashKind> = Vec::new();
        // One that cannot be checked costs nothing: whoever has it is told of a mistake of ours.
        for kind in found.iter().filter_map(|text| HashKind::parse(text).ok()) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let kinds: Arc<[HashKind]> = kinds.into();
        *self.lock() = Known { since: Some(Instant::now()), kinds: kinds.clone() };
        Ok(kinds)
    }

    /// How old the last answer is, and what it was.
    fn last(&self) -> (Option<Duration>, Arc<[HashKind]>) {
        let known = self.lock();
        (known.since.map(|since| since.elapsed()), known.kinds.clone())
    }

    /// Somebody has a hash like this. One of ours, or one that is known, changes nothing.
    pub fn met(&self, stored: &str, ours: &HashKind) {
        let mut known = self.lock();
        if let Ok(kind) = HashKind::parse(stored)
            && kind != *ours
            && !known.kinds.contains(&kind)
        {
            known.kinds = known.kinds.iter().cloned().chain([kind]).collect();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, future::join_all};
    use std::{cell::Cell, future::pending};

    const BCRYPT: &str = "$2b$10";

    /// What happened: every minute all logins under way asked at once, each by a connection of its own.
    #[tokio::test]
    async fn one_asks_for_all() {
        let (hashes, asked) = (ForeignHashes::default(), Cell::new(0));
        let ask = async || {
            asked.set(asked.get() + 1);
            tokio::task::yield_now().await;
            Ok(vec![BCRYPT.to_owned()])
        };
        for found in join_all((0..66).map(|_| hashes.kinds(&ask))).await {
            assert_eq!(found.unwrap().len(), 1);
        }
        assert_eq!(asked.get(), 1);

        // A minute later: the one that asks hangs, and nobody waits for it.
        let long_ago = Instant::now().checked_sub(KNOWN_FOR).unwrap();
        hashes.lock().since = Some(long_ago);
        let mut hangs = Box::pin(hashes.kinds(async || pending().await));
        assert!(hangs.as_mut().now_or_never().is_none());
        assert_eq!(hashes.kinds(&ask).now_or_never().unwrap().unwrap().len(), 1);
        assert_eq!(asked.get(), 1);
        // It was dropped: somebody else asks.
        drop(hangs);
        hashes.kinds(&ask).await.unwrap();
        assert_eq!(asked.get(), 2);
    }
}

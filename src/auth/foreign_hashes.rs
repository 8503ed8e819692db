//! Which kinds of other systems' hashes some user still has, so that a failed check can do the work of each.

use super::{AuthError, stored_hash::HashKind};
use crate::store::{Store, users};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Users move in, and log in for the first time, over days. What moved in a moment ago is known from its first login on.
const KNOWN_FOR: Duration = Duration::from_secs(60);

/// See above.
#[derive(Default)]
pub struct ForeignHashes(Mutex<Known>);

#[derive(Default)]
struct Known {
    since: Option<Instant>,
    kinds: Arc<[HashKind]>,
}

impl ForeignHashes {
    /// The kinds, asked for again where that was long ago. Errors: `Store`.
    pub async fn kinds(&self, store: &Store) -> Result<Arc<[HashKind]>, AuthError> {
        if let Known { since: Some(since), kinds } = &*self.lock()
            && since.elapsed() < KNOWN_FOR
        {
            return Ok(kinds.clone());
        }
        let tx = store.untenanted().await?;
        let found = users::foreign_hash_kinds(&tx).await?;
        tx.commit().await?;
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

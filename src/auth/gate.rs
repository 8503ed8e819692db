//! `Gate`: so many at once and so many waiting. Who has shown no good token may not crowd out those who have.

use super::AuthError;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Refreshes and logouts in the database at once, and as many first looks of logins: a quarter of the default pool of
/// 16 each. Two hundred strangers with made-up tokens took every connection, and orders waited 130 ms for one.
const AT_ONCE: usize = 4;
/// That may wait. Each takes some 2 ms, so the last waits for some 30 ms; more are answered 503.
const WAITING: usize = 64;

/// A door for work that anybody can ask for.
#[derive(Debug)]
pub struct Gate {
    places: Semaphore,
    /// One for each that is in or waits.
    queue: Semaphore,
}

/// A place behind the gate, free again when dropped.
#[derive(Debug)]
pub struct Place<'a> {
    _place: SemaphorePermit<'a>,
    _queued: SemaphorePermit<'a>,
}

impl Default for Gate {
    fn default() -> Self {
        Self::new(AT_ONCE, WAITING)
    }
}

impl Gate {
    fn new(at_once: usize, waiting: usize) -> Self {
        Self { places: Semaphore::new(at_once), queue: Semaphore::new(at_once + waiting) }
    }

    /// Waits for a place. Errors: `Overloaded`, at once, where too many wait already.
    pub async fn enter(&self) -> Result<Place<'_>, AuthError> {
        let queued = self.queue.try_acquire().map_err(|_| AuthError::Overloaded)?;
        let place = self.places.acquire().await.map_err(|_| AuthError::Internal)?;
        Ok(Place { _place: place, _queued: queued })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn some_are_in_some_wait_the_rest_are_sent_away() {
        let gate = Gate::new(2, 1);
        let enter = || Box::pin(gate.enter());
        let one = enter().now_or_never().unwrap().unwrap();
        let _two = enter().now_or_never().unwrap().unwrap();
        let mut third = enter();
        assert!(third.as_mut().now_or_never().is_none());
        assert_eq!(enter().now_or_never().unwrap().err(), Some(AuthError::Overloaded));
        drop(one);
        assert!(third.now_or_never().unwrap().is_ok());
    }
}

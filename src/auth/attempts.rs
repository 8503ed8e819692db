//! Logins under way: the throttle, shared, with waiting for those whose outcome decides.

use super::{
    AuthError,
    throttle::{Attempt, Limits, Throttle, Verdict},
};
use std::{
    net::IpAddr,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};
use tokio::sync::Notify;

/// All attempts of this process.
pub struct Attempts {
    throttle: Mutex<Throttle>,
    ended: Notify,
}

impl Attempts {
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { throttle: Mutex::new(Throttle::new(limits)), ended: Notify::new() })
    }

    /// Refuses at once where no attempt would be let through. Errors: `TooManyFailures`.
    pub fn check(&self, account: &str, address: IpAddr) -> Result<(), AuthError> {
        let mut throttle = self.lock();
        let attempt = throttle.attempt(account, address);
        match throttle.ask(attempt, Instant::now()) {
            Verdict::Refused(after) => Err(AuthError::TooManyFailures(after)),
            Verdict::Go | Verdict::Wait => Ok(()),
        }
    }

    /// Begins an attempt, as soon as earlier ones allow it. Errors: `TooManyFailures`.
    pub async fn begin(self: &Arc<Self>, account: &str, address: IpAddr) -> Result<Running, AuthError> {
        let attempt = self.lock().attempt(account, address);
        loop {
            // Listening starts before the question, so that an end in between is not missed.
            let mut ended = pin!(self.ended.notified());
            ended.as_mut().enable();
            let verdict = self.lock().begin(attempt, Instant::now());
            match verdict {
                Verdict::Go => return Ok(Running { attempts: self.clone(), attempt, settled: false }),
                Verdict::Refused(after) => return Err(AuthError::TooManyFailures(after)),
                Verdict::Wait => ended.await,
            }
        }
    }

    /// Counts one more, where each counts whatever comes of it. Errors: `TooManyFailures`.
    pub fn count(&self, account: &str, address: IpAddr) -> Result<(), AuthError> {
        let (mut throttle, now) = (self.lock(), Instant::now());
        let attempt = throttle.attempt(account, address);
        match throttle.begin(attempt, now) {
            Verdict::Go => {
                throttle.failed(attempt, now);
                Ok(())
            }
            Verdict::Refused(after) => Err(AuthError::TooManyFailures(after)),
            // Of what is only counted none is ever being checked.
            Verdict::Wait => Err(AuthError::Internal),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, how: impl FnOnce(&mut Throttle)) {
        how(&mut self.lock());
        self.ended.notify_waiters();
    }
}

/// An attempt whose password is being checked; dropped without an outcome it does not count.
pub struct Running {
    attempts: Arc<Attempts>,
    attempt: Attempt,
    settled: bool,
}

impl Running {
    pub fn failed(mut self) {
        self.settled = true;
        self.attempts.end(|throttle| throttle.failed(self.attempt, Instant::now()));
    }

    pub fn succeeded(mut self) {
        self.settled = true;
        self.attempts.end(|throttle| throttle.succeeded(self.attempt));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.settled {
            self.attempts.end(|throttle| throttle.withdrawn(self.attempt));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn attempts(per_account: u32) -> Arc<Attempts> {
        Attempts::new(Limits { per_account, per_address: 100, window: Duration::from_secs(900) })
    }

    /// A hundred guesses at once: five are checked, ninety-five hear that it is enough, none is checked on the side.
    #[tokio::test]
    async fn guesses_at_once_are_counted_exactly() {
        let attempts = attempts(5);
        let address: IpAddr = "10.0.0.1".parse().unwrap();
        let guesses = (0..100).map(|_| async {
            let running = attempts.begin("ana", address).await?;
            tokio::task::yield_now().await;
            running.failed();
            Ok::<_, AuthError>(())
        });
        let outcomes = futures_util::future::join_all(guesses).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 5);
    }

    #[test]
    fn what_is_only_counted_is_refused_once_it_is_enough() {
        let attempts = attempts(2);
        let (here, there) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        assert_eq!(attempts.count("ana", here), Ok(()));
        assert_eq!(attempts.count("ana", here), Ok(()));
        let refused = attempts.count("ana", here).unwrap_err();
        assert!(refused.retry_after().is_some_and(|after| after > Duration::from_secs(800)), "{refused:?}");
        assert_eq!((attempts.count("ana", there), attempts.count("bea", here)), (Ok(()), Ok(())));
    }

    #[tokio::test]
    async fn right_passwords_at_once_all_pass_and_a_dropped_attempt_frees_its_place() {
        let attempts = attempts(2);
        let address: IpAddr = "10.0.0.1".parse().unwrap();
        drop(attempts.begin("ana", address).await.unwrap());
        let logins = (0..100).map(|_| async {
            let running = attempts.begin("ana", address).await?;
            tokio::task::yield_now().await;
            running.succeeded();
            Ok::<_, AuthError>(())
        });
        for outcome in futures_util::future::join_all(logins).await {
            assert_eq!(outcome, Ok(()));
        }
    }
}

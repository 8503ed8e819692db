//! How much a peer may send: a token bucket, exact in integers.

use std::time::{Duration, Instant};

/// Lets `burst` events through at once and `rate` a period in the long run. A socket that takes from an empty bucket
/// floods: it closes with [`crate::code::ErrorCode::Flood`] (1008), and may come back after 10 s.
#[derive(Debug, Clone)]
pub struct Bucket {
    rate: u32,
    burst: u32,
    /// A token: the nanoseconds of a period. Counted in tokens × nanoseconds, nothing is rounded away.
    token: u128,
    level: u128,
    filled_at: Instant,
}

impl Bucket {
    /// A full bucket; `rate` in events per second.
    pub fn new(rate: u32, burst: u32, now: Instant) -> Self {
        Self::per(Duration::from_secs(1), rate, burst, now)
    }

    /// A full bucket; `rate` in events per `period`, which is some time.
    pub fn per(period: Duration, rate: u32, burst: u32, now: Instant) -> Self {
        let token = period.as_nanos();
        Self { rate, burst, token, level: u128::from(burst) * token, filled_at: now }
    }

    /// Takes one event; false where there is none left.
    pub fn take(&mut self, now: Instant) -> bool {
        self.fill(now);
        match self.level.checked_sub(self.token) {
            Some(left) => {
                self.level = left;
                true
            }
            None => false,
        }
    }

    /// From now to the next event that may pass; none ever does at a rate of 0.
    pub fn wait(&mut self, now: Instant) -> Duration {
        self.fill(now);
        let missing = self.token.saturating_sub(self.level);
        let nanos = missing.div_ceil(u128::from(self.rate.max(1)));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// True where nothing was taken that has not come back.
    pub fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.level == u128::from(self.burst) * self.token
    }

    fn fill(&mut self, now: Instant) {
        let elapsed: Duration = now.saturating_duration_since(self.filled_at);
        self.filled_at = self.filled_at.max(now);
        let gained = elapsed.as_nanos().saturating_mul(u128::from(self.rate));
        self.level = self.level.saturating_add(gained).min(u128::from(self.burst) * self.token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forty_at_once_then_ten_a_second() {
        let start = Instant::now();
        let mut bucket = Bucket::new(10, 40, start);
        assert!((0..40).all(|_| bucket.take(start)));
        assert!(!bucket.take(start));
        assert!(!bucket.take(start + Duration::from_millis(99)));
        assert!(bucket.take(start + Duration::from_millis(100)));
        assert!(!bucket.take(start + Duration::from_millis(199)));
        let later = start + Duration::from_secs(3_600);
        assert_eq!((0..100).filter(|_| bucket.take(later)).count(), 40);
    }

    #[test]
    fn three_a_minute_and_how_long_the_fourth_waits() {
        let start = Instant::now();
        let mut bucket = Bucket::per(Duration::from_secs(60), 3, 3, start);
        assert!(bucket.is_full(start));
        assert!((0..3).all(|_| bucket.take(start)));
        assert!(!bucket.take(start));
        assert_eq!(bucket.wait(start), Duration::from_secs(20));
        assert_eq!(bucket.wait(start + Duration::from_secs(19)), Duration::from_secs(1));
        assert!(bucket.take(start + Duration::from_secs(20)));
        assert!(!bucket.is_full(start + Duration::from_secs(79)));
        assert!(bucket.is_full(start + Duration::from_secs(80)));
    }

    proptest! {
        /// Whatever the pace, no window lets through more than burst + rate × time.
        #[test]
        fn never_more_than_the_rate(gaps in proptest::collection::vec(0..300_u64, 1..200)) {
            let start = Instant::now();
            let mut bucket = Bucket::new(10, 40, start);
            let (mut now, mut taken) = (start, 0_u128);
            for gap in gaps {
                now += Duration::from_millis(gap);
                taken += u128::from(bucket.take(now));
                prop_assert!(taken <= 40 + (now - start).as_millis() * 10 / 1_000);
            }
        }
    }
}

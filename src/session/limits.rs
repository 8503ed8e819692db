//! How much a peer may send: a token bucket, exact in integers.

use std::time::{Duration, Instant};

/// Nanoseconds of a second; the bucket counts in tokens × nanoseconds, so that nothing is rounded away.
const SECOND: u128 = 1_000_000_000;

/// Lets `burst` events through at once and `rate` a second in the long run. Whoever takes from an empty bucket floods:
/// the socket closes with [`crate::code::ErrorCode::Flood`] (1008), and may come back after 10 s.
#[derive(Debug, Clone)]
pub struct Bucket {
    rate: u32,
    burst: u32,
    /// Tokens × 10^9.
    level: u128,
    filled_at: Instant,
}

impl Bucket {
    /// A full bucket; `rate` in events per second.
    pub fn new(rate: u32, burst: u32, now: Instant) -> Self {
        Self { rate, burst, level: u128::from(burst) * SECOND, filled_at: now }
    }

    /// Takes one event; false where there is none left.
    pub fn take(&mut self, now: Instant) -> bool {
        let elapsed: Duration = now.saturating_duration_since(self.filled_at);
        self.filled_at = self.filled_at.max(now);
        let gained = elapsed.as_nanos().saturating_mul(u128::from(self.rate));
        self.level = self.level.saturating_add(gained).min(u128::from(self.burst) * SECOND);
        match self.level.checked_sub(SECOND) {
            Some(left) => {
                self.level = left;
                true
            }
            None => false,
        }
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

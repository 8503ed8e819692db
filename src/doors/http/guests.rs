//! How much whoever comes without a token may do: a bucket for each address.

use crate::{domain::network::Network, session::limits::Bucket};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const MINUTE: Duration = Duration::from_secs(60);
/// Addresses remembered at once, some 1 MB. A bucket that is full again needs no memory, so none is needed for longer than
/// a minute.
const MAX_REMEMBERED: usize = 10_000;
/// Between two looks for buckets that are full again: each is a walk through all.
const SWEEP: Duration = Duration::from_secs(1);

/// What `orders.public_per_minute` leaves each address, by whichever door it comes.
pub struct Guests {
    per_minute: u32,
    remembered: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    buckets: HashMap<Network, Bucket>,
    swept: Option<Instant>,
}

impl Guests {
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, remembered: Mutex::default() }
    }

    /// Counts one command from this address. Errors: after how long there is one for it.
    pub fn admit(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let address = Network::from(address);
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let Remembered { buckets, swept } = &mut *remembered;
        if buckets.len() >= MAX_REMEMBERED && !buckets.contains_key(&address) {
            if swept.is_none_or(|swept| now.saturating_duration_since(swept) >= SWEEP) {
                *swept = Some(now);
                buckets.retain(|_, bucket| !bucket.is_full(now));
            }
            // So many at once are a flood from everywhere: whoever is new waits, and nobody's count is forgotten for him.
            if buckets.len() >= MAX_REMEMBERED {
                return Err(MINUTE);
            }
        }
        let full = || Bucket::per(MINUTE, self.per_minute, self.per_minute, now);
        let bucket = buckets.entry(address).or_insert_with(full);
        if bucket.take(now) { Ok(()) } else { Err(bucket.wait(now)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn address(n: u32) -> IpAddr {
        Ipv4Addr::from_bits(n).into()
    }

    #[test]
    fn each_address_has_its_own_and_gets_it_back() {
        let (guests, now) = (Guests::new(2), Instant::now());
        assert_eq!([(); 3].map(|()| guests.admit(address(1), now)), [Ok(()), Ok(()), Err(MINUTE / 2)]);
        assert_eq!(guests.admit(address(2), now), Ok(()));
        assert_eq!(guests.admit(address(1), now + MINUTE / 2), Ok(()));
    }

    #[test]
    fn a_flood_from_everywhere_takes_no_more_memory_and_ends() {
        let (guests, now) = (Guests::new(1), Instant::now());
        let all = u32::try_from(MAX_REMEMBERED).unwrap();
        assert!((0..all).all(|n| guests.admit(address(n), now).is_ok()));
        assert_eq!(guests.admit(address(all), now), Err(MINUTE));
        assert_eq!(guests.admit(address(0), now), Err(MINUTE), "still counted");
        assert_eq!(guests.admit(address(all), now + MINUTE), Ok(()));
        assert_eq!(guests.remembered.lock().unwrap().buckets.len(), 1);
    }
}

//! How many sockets may be without a user: of one address, and all together. A place is kept until it is dropped.

use crate::domain::network::Network;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// `sockets.anonymous_per_address`, and `sockets.public` for all.
#[derive(Debug, Default)]
pub struct Places {
    per_address: usize,
    together: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    together: usize,
    of: HashMap<Network, usize>,
}

impl Places {
    pub fn new(per_address: usize, together: usize) -> Arc<Self> {
        Arc::new(Self { per_address, together, taken: Mutex::default() })
    }

    /// A place for a socket of this address; `None` where its share is taken, or all are. Whose address is not known are
    /// counted as one.
    pub fn take(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
        let network = Network::from(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        let mut taken = self.lock();
        let share = taken.of.get(&network).copied().unwrap_or_default();
        if share >= self.per_address || taken.together >= self.together {
            return None;
        }
        taken.of.insert(network, share + 1);
        taken.together += 1;
        Some(Place { places: Arc::clone(self), network })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One socket's place.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    network: Network,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.together -= 1;
        if let Some(share) = taken.of.get_mut(&self.network) {
            *share -= 1;
            if *share == 0 {
                taken.of.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_and_all_have_theirs_and_what_is_dropped_is_free() {
        let places = Places::new(2, 3);
        let take = |text: &str| places.take(Some(text.parse().unwrap()));
        let (first, second) = (take("10.0.0.1"), take("10.0.0.1"));
        assert!(first.is_some() && second.is_some() && take("10.0.0.1").is_none());
        // One customer has a whole /64, and is the same by IPv4 in IPv6.
        assert!(take("::ffff:10.0.0.1").is_none());
        let third = take("2001:db8::1");
        assert!(third.is_some() && take("2001:db8:0:1::1").is_none(), "three together");
        drop(first);
        assert!(take("2001:db8::2").is_some() && take("10.0.0.1").is_some(), "each gone at once");
        drop((second, third));
        assert!(places.lock().of.is_empty() && places.lock().together == 0);
    }
}

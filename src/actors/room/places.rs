//! Places in a room: how many a user, a tenant and an address may take.

use super::house::House;
use crate::domain::{
    ids::{RestaurantId, UserId},
    network::Network,
    principal::Principal,
};
use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    net::IpAddr,
    sync::Arc,
};

pub(super) struct Places {
    users: HashMap<UserId, usize>,
    /// Nobody's people may take a whole board's.
    tenants: HashMap<RestaurantId, usize>,
    /// Of those who come without a token, by where they come from: they are one user.
    guests: HashMap<Network, usize>,
    house: Arc<House>,
}

impl Places {
    pub(super) fn new(house: Arc<House>) -> Self {
        Self { users: HashMap::new(), tenants: HashMap::new(), guests: HashMap::new(), house }
    }

    /// True where the principal may take no more, coming from this address.
    pub(super) fn are_taken(&self, principal: &Principal, address: Option<IpAddr>) -> bool {
        let Principal { user, restaurant, .. } = principal;
        let guest = guest(principal, address);
        self.tenants.get(restaurant).is_some_and(|&count| count >= self.house.per_restaurant)
            || self.users.get(user).is_some_and(|&count| count >= self.limit_of(*user))
            || guest
                .and_then(|address| self.guests.get(&address))
                .is_some_and(|&count| count >= self.house.public_per_address)
    }

    pub(super) fn take(&mut self, principal: &Principal, address: Option<IpAddr>) {
        *self.users.entry(principal.user).or_default() += 1;
        *self.tenants.entry(principal.restaurant).or_default() += 1;
        guest(principal, address)
            .into_iter()
            .for_each(|address| *self.guests.entry(address).or_default() += 1);
    }

    pub(super) fn leave(&mut self, principal: &Principal, address: Option<IpAddr>) {
        take_one(&mut self.users, principal.user);
        take_one(&mut self.tenants, principal.restaurant);
        if let Some(address) = guest(principal, address) {
            take_one(&mut self.guests, address);
        }
    }

    fn limit_of(&self, user: UserId) -> usize {
        // All who come without a token.
        if user == UserId::NOBODY { self.house.public } else { self.house.per_user }
    }
}

/// What one who comes without a token is counted under.
fn guest(principal: &Principal, address: Option<IpAddr>) -> Option<Network> {
    address.filter(|_| principal.user == UserId::NOBODY).map(Network::from)
}

/// One fewer; a count of none is forgotten.
fn take_one<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: K) {
    if let Entry::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() -= 1;
        if *count.get() == 0 {
            count.remove();
        }
    }
}

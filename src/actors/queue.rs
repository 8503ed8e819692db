//! What waits for one connection: counted by whoever sends, given back when it is handled.
//!
//! A mailbox counts messages, and one message is a whole commit, or a page of the log. So that a client which does not
//! read costs what is promised, rooms count here; the mailbox's own capacity is never the first to bind.

pub use crate::session::load::Capacity;

use crate::session::{
    Delivery,
    load::{Load, Weight},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Of one connection, however many rooms send to it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue {
    load: Arc<Mutex<Load>>,
    capacity: Capacity,
}

/// One message's place; given back when it is handled, or dropped with the mailbox.
#[derive(Debug)]
pub struct Place {
    load: Arc<Mutex<Load>>,
    weight: Weight,
}

impl Queue {
    pub fn new(capacity: Capacity) -> Self {
        Self { load: Arc::default(), capacity }
    }

    /// `None` where it may not wait.
    pub fn take(&self, delivery: &Delivery) -> Option<Place> {
        let weight = Weight::of(delivery);
        let is_taken = lock(&self.load).admit(weight, self.capacity);
        is_taken.then(|| self.place(weight))
    }

    /// The same, whatever waits.
    pub fn squeeze(&self, delivery: &Delivery) -> Place {
        let weight = Weight::of(delivery);
        lock(&self.load).add(weight);
        self.place(weight)
    }

    fn place(&self, weight: Weight) -> Place {
        Place { load: Arc::clone(&self.load), weight }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.load).remove(self.weight);
    }
}

fn lock(load: &Mutex<Load>) -> MutexGuard<'_, Load> {
    load.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_back_when_it_is_dropped() {
        let queue = Queue::new(Capacity { events: 1, bytes: 1 });
        let head = Delivery::Head(1);
        let places = [queue.take(&head).unwrap(), queue.clone().take(&head).unwrap()];
        assert!(queue.take(&head).is_none());
        let squeezed = queue.squeeze(&head);
        drop(places);
        assert!(queue.take(&head).is_some());
        drop(squeezed);
    }
}

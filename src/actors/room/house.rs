//! What all rooms of this node share: the log, their limits, what they count.

use super::log::LogReader;
use crate::config::sections::{Rooms, Sockets};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize},
};

/// Numbers that rooms report; every method may be called from any thread, and while another panic unwinds.
pub trait Meter: Send + Sync {
    /// A batch of `events` went to `members` sockets.
    fn delivered(&self, _events: usize, _members: usize) {}
    /// A member that did not keep up was thrown out.
    fn evicted(&self) {}
    /// A join asked for what it missed: `none`, `ring`, `log`, `lost`.
    fn replayed(&self, _from: &'static str) {}
    /// A room panicked and was restarted.
    fn restarted(&self) {}
    /// A room panicked too often.
    fn quarantined(&self) {}
}

impl Meter for () {}

/// Shared by the rooms of this node.
pub struct House {
    pub log: Arc<dyn LogReader>,
    pub meter: Arc<dyn Meter>,
    pub rooms: Rooms,
    /// Sockets of one user in one room.
    pub per_user: usize,
    /// Sockets in one room.
    pub per_restaurant: usize,
    /// Members of all rooms together.
    pub(in crate::actors) members: AtomicUsize,
    /// The server is stopping: who is let go is told so.
    pub(in crate::actors) closing: AtomicBool,
}

impl House {
    pub fn new(log: Arc<dyn LogReader>, meter: Arc<dyn Meter>, rooms: Rooms, sockets: &Sockets) -> Self {
        Self {
            log,
            meter,
            rooms,
            per_user: sockets.per_user,
            per_restaurant: sockets.per_restaurant,
            members: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
        }
    }
}

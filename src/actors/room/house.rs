//! What all rooms of this node share: the log, their limits, their numbers.

use super::log::LogReader;
use crate::{
    config::sections::{Rooms, Sockets},
    telemetry::metrics::Metrics,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize},
};

/// Shared by the rooms of this node.
pub struct House {
    pub(in crate::actors) log: Arc<dyn LogReader>,
    pub(in crate::actors) metrics: Metrics,
    pub(in crate::actors) rooms: Rooms,
    /// Sockets of one user in one room.
    pub(in crate::actors) per_user: usize,
    /// Sockets in one room.
    pub(in crate::actors) per_restaurant: usize,
    /// Members of all rooms together.
    pub(in crate::actors) members: AtomicUsize,
    /// The server is stopping: who is let go is told so.
    pub(in crate::actors) closing: AtomicBool,
}

impl House {
    pub fn new(log: Arc<dyn LogReader>, metrics: Metrics, rooms: Rooms, sockets: &Sockets) -> Self {
        Self {
            log,
            metrics,
            rooms,
            per_user: sockets.per_user,
            per_restaurant: sockets.per_restaurant,
            members: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
        }
    }
}

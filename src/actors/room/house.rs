//! What all rooms of this node share: the log, their limits, their numbers.

use super::{Whom, dismissed::Dismissed, log::LogReader};
use crate::{
    code::ErrorCode,
    config::sections::{Rooms, Sockets},
    domain::principal::Principal,
    telemetry::metrics::Metrics,
};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Instant,
};

/// Shared by the rooms of this node.
pub struct House {
    pub(in crate::actors) log: Arc<dyn LogReader>,
    pub(in crate::actors) metrics: Metrics,
    pub(in crate::actors) rooms: Rooms,
    /// Sockets of one user in one room.
    pub(in crate::actors) per_user: usize,
    /// Sockets in one room of all who come without a token.
    pub(in crate::actors) public: usize,
    /// Of these from one address.
    pub(in crate::actors) public_per_address: usize,
    /// Sockets of one tenant in one room.
    pub(in crate::actors) per_restaurant: usize,
    /// Members of all rooms together.
    pub(in crate::actors) members: AtomicUsize,
    /// The server is stopping: who is let go is told so.
    pub(in crate::actors) closing: AtomicBool,
    pub(in crate::actors) dismissed: Mutex<Dismissed>,
}

impl House {
    pub fn new(log: Arc<dyn LogReader>, metrics: Metrics, rooms: Rooms, sockets: &Sockets) -> Self {
        Self {
            log,
            metrics,
            rooms,
            per_user: sockets.per_user,
            public: sockets.public,
            public_per_address: sockets.public_per_address,
            per_restaurant: sockets.per_restaurant,
            members: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
            dismissed: Mutex::default(),
        }
    }

    /// Remembers a dismissal, before the rooms are told: a join that comes after that finds it here.
    pub(in crate::actors) fn dismiss(&self, whom: Whom, code: ErrorCode) {
        match whom {
            Whom::Everyone => self.closing.store(true, SeqCst),
            _ => self.lock().tell(whom, code, Instant::now()),
        }
    }

    /// Why nobody, or not this one, may join now.
    pub(super) fn refusal(&self, principal: &Principal) -> Option<ErrorCode> {
        match self.closing.load(SeqCst) {
            true => Some(ErrorCode::ShuttingDown),
            false => self.lock().refusal(principal.user, principal.login, Instant::now()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Dismissed> {
        self.dismissed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Threads for actors' work, one arbiter each.

use super::Failure;
use crate::config::sections::Rooms;
use actix::Arbiter;

/// Threads for the lanes' transactions, as many as for the rooms.
pub fn arbiters(settings: &Rooms) -> Result<Vec<Arbiter>, Failure> {
    let count = match settings.arbiters {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        count => count,
    };
    let started = (0..count).map(|_| Arbiter::try_new()).collect::<Result<_, _>>();
    started.map_err(|error| Failure::new(format!("cannot start a thread: {error}")))
}

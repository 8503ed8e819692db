//! Events whose acknowledgement the server waits for: bounded, and forgotten once answered, late, or left.

use crate::domain::ids::SocketId;
use std::time::Instant;

/// What a connection's clients were asked and have not answered. A few at a time, so a list is searched.
#[derive(Debug, Default)]
pub(super) struct Asks {
    /// One count for all namespaces of a connection; it never comes near 2^53, where JavaScript stops counting.
    next: u64,
    pending: Vec<Ask>,
}

#[derive(Debug)]
struct Ask {
    socket: SocketId,
    id: u64,
    by: Instant,
}

impl Asks {
    /// A number for a new question; `None` where `max` wait already.
    pub fn ask(&mut self, socket: SocketId, by: Instant, max: usize) -> Option<u64> {
        if self.pending.len() >= max {
            return None;
        }
        let id = self.next;
        self.next += 1;
        self.pending.push(Ask { socket, id, by });
        Some(id)
    }

    /// True where this was waited for; it is not any more. An answer that is late, unknown or doubled is not.
    pub fn answered(&mut self, socket: SocketId, id: u64) -> bool {
        let found = self.pending.iter().position(|ask| ask.id == id && ask.socket == socket);
        found.map(|index| self.pending.swap_remove(index)).is_some()
    }

    /// Forgets what nobody answered in time and names it, in the order of asking.
    pub fn expired(&mut self, now: Instant) -> Vec<(SocketId, u64)> {
        if self.deadline().is_none_or(|by| by > now) {
            return Vec::new();
        }
        let mut late = Vec::new();
        self.pending.retain(|ask| {
            let waits = ask.by > now;
            if !waits {
                late.push((ask.socket, ask.id));
            }
            waits
        });
        late.sort_unstable_by_key(|&(_, id)| id);
        late
    }

    /// The socket is out: nobody is left to hear an answer.
    pub fn forget(&mut self, socket: SocketId) {
        self.pending.retain(|ask| ask.socket != socket);
    }

    pub fn deadline(&self) -> Option<Instant> {
        self.pending.iter().map(|ask| ask.by).min()
    }
}

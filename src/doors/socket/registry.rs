//! Every open socket of this process: to count them, to end them when the server stops, to end those that are frozen.

use crate::{
    actors::delivery::{Kill, Stop},
    code::ErrorCode,
    domain::ids::SocketId,
    telemetry::metrics::{Eviction, Metrics},
};
use actix::Recipient;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

pub use crate::telemetry::metrics::Transport;

/// Between two looks for frozen sockets.
const SWEEP: Duration = Duration::from_secs(1);
/// A socket this late for its own timer is frozen: its peer does not read. Plain heartbeats are due every 2 s, so it is
/// cut within 10 s of the moment its peer stopped. Socket.IO's pings are rarer: there `TCP_USER_TIMEOUT` is the first to
/// tell, which counts a window that stays shut; behind a proxy that reads on, nothing is frozen.
const STALLED: Duration = Duration::from_secs(5);

struct Entry {
    stop: Recipient<Stop>,
    kill: Arc<dyn Kill>,
    /// When the socket's next timer is due, in milliseconds since the registry's start; its actor moves it on.
    due: Arc<AtomicU64>,
}

/// The set of open sockets. Locked for moments only, never while sending.
pub struct SocketRegistry {
    start: Instant,
    metrics: Metrics,
    sockets: Mutex<HashMap<SocketId, Entry>>,
    /// Sockets that act for a user, with the number of their carriers: two for the moment of an upgrade.
    connected: Mutex<HashMap<SocketId, u32>>,
}

impl Default for SocketRegistry {
    fn default() -> Self {
        Self::new(Metrics::default())
    }
}

/// A socket's place in the registry; leaves it when dropped.
pub struct Registration {
    registry: Arc<SocketRegistry>,
    socket: SocketId,
    transport: Transport,
    due: Arc<AtomicU64>,
}

impl Registration {
    /// The socket's next timer: past it by some seconds, the socket counts as frozen.
    pub fn due(&self, at: Instant) {
        self.due.store(self.registry.millis(at), Ordering::Relaxed);
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.registry.lock().remove(&self.socket);
        self.registry.metrics.socket_closed(self.transport);
    }
}

impl SocketRegistry {
    pub fn new(metrics: Metrics) -> Self {
        Self { start: Instant::now(), metrics, sockets: Mutex::default(), connected: Mutex::default() }
    }

    /// A carrier's connection is open.
    pub fn register(
        self: &Arc<Self>,
        socket: SocketId,
        transport: Transport,
        stop: Recipient<Stop>,
        kill: Arc<dyn Kill>,
    ) -> Registration {
        let due = Arc::new(AtomicU64::new(u64::MAX));
        self.lock().insert(socket, Entry { stop, kill, due: Arc::clone(&due) });
        self.metrics.socket_opened(transport);
        Registration { registry: Arc::clone(self), socket, transport, due }
    }

    /// A session's socket acts for a user from now on, on this carrier.
    pub fn connected(&self, socket: SocketId) {
        *lock(&self.connected).entry(socket).or_default() += 1;
    }

    /// How many act for a user.
    pub fn acting(&self) -> usize {
        lock(&self.connected).len()
    }

    /// A carrier has let go of it; returns the total that is left.
    pub fn disconnected(&self, socket: SocketId) -> usize {
        let mut connected = lock(&self.connected);
        if let Some(carriers) = connected.get_mut(&socket) {
            *carriers -= 1;
            if *carriers == 0 {
                connected.remove(&socket);
            }
        }
        connected.len()
    }

    /// An actor let go of its socket, which did not keep up.
    pub fn evicted(&self, reason: Eviction) {
        self.metrics.member_evicted(reason);
    }

    /// One more page of what a room's ring had goes out to one socket.
    pub fn ring_page(&self) {
        self.metrics.ring_page();
    }

    /// All open sockets, whoever they act for.
    pub fn total(&self) -> usize {
        self.lock().len()
    }

    /// Asks every socket to close with `code`, `batch` of them at a time with a `pause` between: what they do when
    /// they come back is spread as well. Those that are frozen do not hear it: [`SocketRegistry::kill_all`].
    pub async fn close_all(&self, code: ErrorCode, batch: usize, pause: Duration) {
        let all: Vec<_> = self.lock().values().map(|entry| entry.stop.clone()).collect();
        let mut batches = all.chunks(batch.max(1)).peekable();
        while let Some(batch) = batches.next() {
            batch.iter().for_each(|stop| stop.do_send(Stop(code)));
            if batches.peek().is_some() {
                tokio::time::sleep(pause).await;
            }
        }
    }

    /// Ends every connection, heard or not. How many there were.
    pub fn kill_all(&self) -> usize {
        kill(self.lock().values().map(|entry| Arc::clone(&entry.kill)).collect())
    }

    /// Ends the connections whose actor is late for its own timer. How many.
    pub fn sweep(&self, now: Instant) -> usize {
        let frozen = self.later_than(now, STALLED);
        let cut = |entry: &Entry| {
            // Cut once: it takes the dispatcher a moment to let go.
            entry.due.store(u64::MAX, Ordering::Relaxed);
            self.metrics.member_evicted(Eviction::Stalled);
            Arc::clone(&entry.kill)
        };
        kill(self.lock().values().filter(|entry| frozen(entry)).map(cut).collect())
    }

    /// How many sockets' actors are late for their own timer by more than this.
    pub fn late(&self, now: Instant, by: Duration) -> usize {
        let late = self.later_than(now, by);
        self.lock().values().filter(|entry| late(entry)).count()
    }

    fn later_than(&self, now: Instant, by: Duration) -> impl Fn(&Entry) -> bool + use<> {
        let limit = self.millis(now).saturating_sub(u64::try_from(by.as_millis()).unwrap_or(u64::MAX));
        move |entry| entry.due.load(Ordering::Relaxed) < limit
    }

    /// Sweeps for as long as it is polled.
    pub async fn watch(self: Arc<Self>) {
        loop {
            let before = Instant::now();
            tokio::time::sleep(SWEEP).await;
            let now = Instant::now();
            // Where this timer is late, so are all others: the machine is, not the peers.
            if now - before > SWEEP * 2 {
                continue;
            }
            let frozen = self.sweep(now);
            if frozen > 0 {
                tracing::info!(sockets = frozen, "cut sockets that do not read");
            }
        }
    }

    fn millis(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.start).as_millis()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SocketId, Entry>> {
        lock(&self.sockets)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kill(switches: Vec<Arc<dyn Kill>>) -> usize {
    switches.iter().for_each(|switch| switch.kill());
    switches.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_is_upgraded_counts_once() {
        let registry = SocketRegistry::default();
        let (one, two) = (SocketId::generate(), SocketId::generate());
        registry.connected(one);
        assert_eq!(registry.acting(), 1);
        registry.connected(one);
        assert_eq!(registry.acting(), 1);
        registry.connected(two);
        assert_eq!(registry.acting(), 2);
        assert_eq!(registry.disconnected(one), 2);
        assert_eq!(registry.disconnected(one), 1);
        assert_eq!(registry.disconnected(two), 0);
        assert_eq!(registry.disconnected(two), 0);
    }
}

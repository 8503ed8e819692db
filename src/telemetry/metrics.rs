//! Numbers for Prometheus: what is connected, what waits, what happened, how long it took. No label per restaurant.

use super::backups::Backups;
pub use super::labels::{Eviction, Login, Replay, Transport};
use prometheus_client::{
    encoding::text,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use std::{fmt, sync::Arc, time::Duration};

type Labels<const N: usize> = [(&'static str, &'static str); N];

/// Media type of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Seconds: 1 ms to 8 s in doublings, around the 5 s after which nobody waits any more.
const LATENCY_BUCKETS: (f64, f64, u16) = (0.001, 2.0, 14);

/// All of the process's numbers. Clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    sockets: Family<Labels<1>, Gauge>,
    rooms: Gauge,
    members: Gauge,
    display_lag: Gauge,
    queued: Gauge,
    pool_connections: Gauge,
    pool_available: Gauge,
    pool_waiting: Gauge,
    events: Counter,
    deliveries: Counter,
    evictions: Family<Labels<1>, Counter>,
    replays: Family<Labels<1>, Counter>,
    replay_pages: Counter,
    ring_pages: Counter,
    room_restarts: Counter,
    quarantines: Counter,
    commands: Family<Labels<2>, Counter>,
    logins: Family<Labels<1>, Counter>,
    command_seconds: Histogram,
    delivery_seconds: Histogram,
    backups: Backups,
}

impl Metrics {
    pub fn new() -> Self {
        let histogram = || {
            let (start, factor, length) = LATENCY_BUCKETS;
            Histogram::new(exponential_buckets(start, factor, length))
        };
        let mut inner = Inner {
            registry: Registry::with_prefix("comanda"),
            sockets: Family::default(),
            rooms: Gauge::default(),
            members: Gauge::default(),
            display_lag: Gauge::default(),
            queued: Gauge::default(),
            pool_connections: Gauge::default(),
            pool_available: Gauge::default(),
            pool_waiting: Gauge::default(),
            events: Counter::default(),
            deliveries: Counter::default(),
            evictions: Family::default(),
            replays: Family::default(),
            replay_pages: Counter::default(),
            ring_pages: Counter::default(),
            room_restarts: Counter::default(),
            quarantines: Counter::default(),
            commands: Family::default(),
            logins: Family::default(),
            command_seconds: histogram(),
            delivery_seconds: histogram(),
            backups: Backups::default(),
        };
        inner.register();
        inner.begin_at_zero();
        Self(Arc::new(inner))
    }

    /// A socket opened on this transport, or came to it by an upgrade.
    pub fn socket_opened(&self, transport: Transport) {
        self.0.sockets.get_or_create(&[("transport", transport.label())]).inc();
    }

    /// A socket closed, or left this transport by an upgrade.
    pub fn socket_closed(&self, transport: Transport) {
        self.0.sockets.get_or_create(&[("transport", transport.label())]).dec();
    }

    pub fn room_started(&self) {
        self.0.rooms.inc();
    }

    /// A room retired for want of members, or was quarantined.
    pub fn room_stopped(&self) {
        self.0.rooms.dec();
    }

    /// A room panicked and serves again.
    pub fn room_restarted(&self) {
        self.0.room_restarts.inc();
    }

    pub fn room_quarantined(&self) {
        self.0.quarantines.inc();
    }

    pub fn member_joined(&self) {
        self.0.members.inc();
    }

    /// `members` left a room at once.
    pub fn members_left(&self, members: usize) {
        self.0.members.dec_by(count(members));
    }

    /// The display that is furthest behind has not shown so many events.
    pub fn display_lag(&self, events: u64) {
        self.0.display_lag.set(i64::try_from(events).unwrap_or(i64::MAX));
    }

    pub fn member_evicted(&self, reason: Eviction) {
        self.0.evictions.get_or_create(&[("reason", reason.label())]).inc();
    }

    pub fn replayed(&self, source: Replay) {
        self.0.replays.get_or_create(&[("source", source.label())]).inc();
    }

    /// A page of the log was read for one socket.
    pub fn replay_page(&self) {
        self.0.replay_pages.inc();
    }

    /// A page of a room's ring, but the first, was handed on to one socket.
    pub fn ring_page(&self) {
        self.0.ring_pages.inc();
    }

    /// A command waits in a lane.
    pub fn command_queued(&self) {
        self.0.queued.inc();
    }

    /// `commands` left their lane, begun or refused.
    pub fn commands_dequeued(&self, commands: usize) {
        self.0.queued.dec_by(count(commands));
    }

    /// A command was answered: its kind, the stable name of its error code or `ok`, and the time since it came in.
    pub fn command_answered(&self, kind: &'static str, outcome: &'static str, took: Duration) {
        self.0.commands.get_or_create(&[("kind", kind), ("outcome", outcome)]).inc();
        self.0.command_seconds.observe(took.as_secs_f64());
    }

    /// Events were appended to a log by a transaction that has committed.
    pub fn events_committed(&self, events: usize) {
        self.0.events.inc_by(events as u64);
    }

    /// A room handed events to its members, `since_commit` after they were committed.
    pub fn delivered(&self, deliveries: usize, since_commit: Duration) {
        self.0.deliveries.inc_by(deliveries as u64);
        self.0.delivery_seconds.observe(since_commit.as_secs_f64());
    }

    pub fn login(&self, outcome: Login) {
        self.0.logins.get_or_create(&[("outcome", outcome.label())]).inc();
    }

    /// The pool of database connections as it is now.
    pub fn pool(&self, connections: usize, available: usize, waiting: usize) {
        self.0.pool_connections.set(count(connections));
        self.0.pool_available.set(count(available));
        self.0.pool_waiting.set(count(waiting));
    }

    /// What the daily backups move.
    pub fn backups(&self) -> &Backups {
        &self.0.backups
    }

    /// All of it as text, of media type [`CONTENT_TYPE`].
    pub fn render(&self) -> String {
        let mut page = String::with_capacity(8 << 10);
        // Writing to a string does not fail.
        let _ = text::encode(&mut page, &self.0.registry);
        page
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Inner {
    fn register(&mut self) {
        let r = &mut self.registry;
        r.register("sockets", "Open sockets", self.sockets.clone());
        r.register("rooms", "Rooms that are running", self.rooms.clone());
        r.register("members", "Members of all rooms", self.members.clone());
        r.register("display_lag_events", "Not yet shown by the slowest display", self.display_lag.clone());
        r.register("lane_queue", "Commands waiting in all lanes", self.queued.clone());
        r.register("pool_connections", "Database connections", self.pool_connections.clone());
        r.register("pool_available", "Database connections that are free", self.pool_available.clone());
        r.register("pool_waiting", "Tasks waiting for a database connection", self.pool_waiting.clone());
        r.register("events", "Events committed to the logs", self.events.clone());
        r.register("deliveries", "Events handed to members", self.deliveries.clone());
        r.register("evictions", "Members that did not keep up", self.evictions.clone());
        r.register("replays", "Reconnects by where the missed events came from", self.replays.clone());
        r.register("replay_pages", "Pages of the log read for single sockets", self.replay_pages.clone());
        r.register("ring_pages", "Pages of rings handed on, but the first", self.ring_pages.clone());
        r.register("room_restarts", "Rooms restarted after a panic", self.room_restarts.clone());
        r.register("quarantines", "Rooms quarantined after too many panics", self.quarantines.clone());
        r.register("commands", "Commands answered", self.commands.clone());
        r.register("logins", "Logins attempted", self.logins.clone());
        let (seconds, lag) = (self.command_seconds.clone(), self.delivery_seconds.clone());
        r.register("command_duration_seconds", "From a command's arrival to its answer", seconds);
        r.register("delivery_lag_seconds", "From the commit to the members' mailboxes", lag);
        self.backups.register(r);
    }

    fn begin_at_zero(&self) {
        for transport in Transport::ALL {
            drop(self.sockets.get_or_create(&[("transport", transport.label())]));
        }
        for reason in Eviction::ALL {
            drop(self.evictions.get_or_create(&[("reason", reason.label())]));
        }
        for source in Replay::ALL {
            drop(self.replays.get_or_create(&[("source", source.label())]));
        }
        for outcome in Login::ALL {
            drop(self.logins.get_or_create(&[("outcome", outcome.label())]));
        }
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

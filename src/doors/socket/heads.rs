//! A time limit for the request heads after a connection's first, which is the only one that actix-http times.
//!
//! actix-http shows nothing of a head before it is whole, and from its first byte on keeps the connection for as long as
//! it takes. But the kernel counts what a connection has received: where the count grows between two requests, a head
//! has begun. So a head, or whatever else comes there, is whole within `within` of its first byte or the connection is
//! cut; and between two requests no connection lives longer than `idle`, also where the beginning of the next head came
//! with the last request. HTTP/2 has no kill switch and is left to its own pings.

use super::kill::KillSwitch;
use crate::actors::delivery::Kill;
use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Bytes,
};
use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

/// Between two looks at the connections that wait for a request.
const SWEEP: Duration = Duration::from_secs(1);

/// The HTTP/1 connections of this process.
#[derive(Debug)]
pub struct Heads {
    limits: Limits,
    next: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Watched>>>,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    /// From the last moment at which nothing of a head had come.
    begun: Duration,
    /// From the last answer.
    idle: Duration,
}

#[derive(Debug)]
struct Watched {
    switch: KillSwitch,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Requests that are being answered, their bodies and the answers' included.
    busy: u32,
    /// Since the last of them; `None` also before the first, whose head actix-http times.
    between: Option<Between>,
}

#[derive(Debug)]
struct Between {
    /// Bytes the connection had received when the last answer was complete.
    received: Option<u64>,
    since: Instant,
    silent_until: Instant,
}

impl Between {
    fn new(received: Option<u64>, now: Instant) -> Self {
        Self { received, since: now, silent_until: now }
    }

    /// True where the connection has had its time; `received` is its count now.
    fn is_over(&mut self, received: Option<u64>, now: Instant, limits: Limits) -> bool {
        if received == self.received {
            self.silent_until = now;
        }
        now.saturating_duration_since(self.silent_until) > limits.begun
            || now.saturating_duration_since(self.since) > limits.idle
    }
}

impl Heads {
    /// `within` for a head, `keep_alive` between two requests. A sweep may come late by its period, so that much is
    /// taken off the one; actix-http ends what is silent by itself, so the same is put on the other.
    pub fn new(within: Duration, keep_alive: Duration) -> Arc<Self> {
        let limits = Limits { begun: within - SWEEP.min(within / 2), idle: keep_alive + 2 * SWEEP };
        Arc::new(Self { limits, next: AtomicU64::default(), open: Mutex::default() })
    }

    /// A connection for as long as what is returned lives.
    pub fn watch(self: &Arc<Self>, switch: KillSwitch) -> Connection {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let watched = Arc::new(Watched { switch, state: Mutex::default() });
        lock(&self.open).insert(id, Arc::clone(&watched));
        Connection { heads: Arc::clone(self), id, watched }
    }

    /// Cuts the connections whose time is over. How many.
    fn sweep(&self, now: Instant) -> usize {
        let open: Vec<_> = lock(&self.open).values().map(Arc::clone).collect();
        let over = |watched: &&Arc<Watched>| {
            let mut state = lock(&watched.state);
            let Some(between) = state.between.as_mut() else { return false };
            between.is_over(watched.switch.received(), now, self.limits)
        };
        open.iter().filter(over).map(|watched| watched.switch.kill()).count()
    }
}

/// Sweeps for as long as there is a server.
pub async fn sweeps(heads: Weak<Heads>) {
    loop {
        let before = Instant::now();
        tokio::time::sleep(SWEEP).await;
        let Some(heads) = heads.upgrade() else { return };
        let now = Instant::now();
        // Where this timer is late, heads wait unread as well: the machine is slow, not the peers.
        if now - before > SWEEP * 2 {
            continue;
        }
        let cut = heads.sweep(now);
        if cut > 0 {
            tracing::debug!(connections = cut, "cut connections whose request did not come");
        }
    }
}

/// In the connection's data.
#[derive(Debug)]
pub struct Connection {
    heads: Arc<Heads>,
    id: u64,
    watched: Arc<Watched>,
}

impl Connection {
    fn busy(&self) -> Busy {
        let mut state = lock(&self.watched.state);
        state.busy += 1;
        state.between = None;
        drop(state);
        Busy(Arc::clone(&self.watched))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        lock(&self.heads.open).remove(&self.id);
    }
}

/// A request that is being answered.
#[derive(Debug)]
struct Busy(Arc<Watched>);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.busy -= 1;
        if state.busy == 0 {
            state.between = Some(Between::new(self.0.switch.received(), Instant::now()));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An answer's body; the request is over when it is dropped.
#[derive(Debug)]
pub struct Answering {
    body: BoxBody,
    _busy: Option<Busy>,
}

impl MessageBody for Answering {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}

/// The outermost middleware: a connection is busy from a request's head to the end of its answer.
pub async fn busy(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<Answering>, actix_web::Error> {
    let busy = request.conn_data::<Connection>().map(Connection::busy);
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| Answering { body: body.boxed(), _busy: busy }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_begun_ends_in_time_and_what_is_silent_a_little_later() {
        let limits = Heads::new(Duration::from_secs(10), Duration::from_secs(75)).limits;
        let start = Instant::now();
        let lives = |counts: &dyn Fn(u64) -> Option<u64>| {
            let mut between = Between::new(Some(100), start);
            let over =
                |&second: &u64| between.is_over(counts(second), start + Duration::from_secs(second), limits);
            (1..1_000).find(over)
        };
        // A byte a second, from the first second on, and from the thirtieth.
        assert_eq!(lives(&|second| Some(100 + second)), Some(10));
        assert_eq!(lives(&|second| Some(100 + second.saturating_sub(30))), Some(40));
        // One byte, then nothing: actix-http would wait for good.
        assert_eq!(lives(&|_| Some(101)), Some(10));
        // Silent: actix-http closes it at 75.
        assert_eq!(lives(&|_| Some(100)), Some(78));
        // A kernel that does not count.
        let mut between = Between::new(None, start);
        assert!(!between.is_over(None, start + Duration::from_secs(70), limits));
    }

    #[test]
    fn a_connection_is_busy_until_its_last_answer_has_gone() {
        let heads = Heads::new(Duration::from_secs(10), Duration::from_secs(75));
        let connection = heads.watch(KillSwitch::default());
        let between = || lock(&connection.watched.state).between.is_some();
        assert!(!between(), "before the first request");
        let (one, two) = (connection.busy(), connection.busy());
        drop(one);
        assert!(!between());
        drop(two);
        assert!(between());
        let three = connection.busy();
        assert!(!between());
        drop(three);
        assert_eq!(heads.sweep(Instant::now() + Duration::from_secs(80)), 1);
        drop(connection);
        assert!(lock(&heads.open).is_empty());
    }
}

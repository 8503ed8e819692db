//! One server process: the real registry and the real rooms, on one thread and a clock of its own, until it crashes.

use super::ledger::{Connections, Memory, Reader};
use crate::{
    actors::{
        directory::RoomDirectory,
        order_registry::{OrderRegistry, OrdersHandle},
        publisher::Publisher,
        room::{House, LogReader},
    },
    config::{
        sections::{Registry, Rooms},
        units::{Bytes, Span},
    },
    domain::{event::Recorded, stream::Stream},
    telemetry::metrics::Metrics,
};
use actix::Arbiter;
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize},
    },
    time::Duration,
};
use tokio::{sync::watch, time::sleep};

/// Small enough that some of what is missed lies before the ring, and some positions at its very edge.
const RING: usize = 6;
/// In production, how often a server looks for what others have written.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// What becomes of the hint that something was committed, on its way to the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    Comes,
    ComesTwice,
    /// So many milliseconds later, after others maybe.
    IsLate(u64),
    /// The room was behind: it is told to look instead.
    IsLook,
    /// Nobody hears of it before the next look.
    IsLost,
}

/// Hints on a way that loses, doubles and reorders them.
pub struct Hints {
    directory: RoomDirectory,
    alive: watch::Receiver<bool>,
    plan: Mutex<VecDeque<Hint>>,
}

impl Hints {
    pub fn plan(&self, hint: Hint) {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).push_back(hint);
    }

    fn next(&self) -> Hint {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(Hint::Comes)
    }
}

impl Publisher for Hints {
    fn publish(&self, stream: Stream, events: Vec<Recorded>) {
        if !*self.alive.borrow() {
            return;
        }
        match self.next() {
            Hint::Comes => self.directory.publish(stream, events),
            Hint::ComesTwice => {
                self.directory.publish(stream, events.clone());
                self.directory.publish(stream, events);
            }
            Hint::IsLate(late) => {
                let directory = self.directory.clone();
                actix::spawn(async move {
                    sleep(Duration::from_millis(late)).await;
                    directory.publish(stream, events);
                });
            }
            Hint::IsLook => self.directory.look(stream),
            Hint::IsLost => {}
        }
    }

    fn look(&self, stream: Stream) {
        if *self.alive.borrow() {
            self.directory.look(stream);
        }
    }
}

/// A running server. Cheap to clone.
#[derive(Clone)]
pub struct Node {
    pub log: Arc<dyn LogReader>,
    pub directory: RoomDirectory,
    pub orders: OrdersHandle,
    pub hints: Arc<Hints>,
    alive: watch::Sender<bool>,
}

impl Node {
    /// `deaf`: without the regular look, to show that the model would find it missing.
    pub fn start(memory: &Arc<Memory>, stream: Stream, deaf: bool) -> Self {
        let (alive, lives) = watch::channel(true);
        let metrics = Metrics::new();
        let log: Arc<dyn LogReader> = Arc::new(Reader(memory.clone()));
        let rooms = Rooms {
            arbiters: 1,
            ring_events: RING,
            ring_bytes: Bytes(1 << 20),
            idle: Span(Duration::from_millis(100)),
            replay_max_events: 10_000,
            replay_max_bytes: Bytes(8 << 20),
            recover_within: Span(Duration::from_secs(72 * 3600)),
            panics: 5,
            panic_window: Span(Duration::from_secs(10)),
            quarantine: Span(Duration::from_secs(2)),
        };
        let house = House {
            log: log.clone(),
            metrics: metrics.clone(),
            rooms,
            per_user: 100,
            public: 100,
            public_per_address: 100,
            per_restaurant: 100,
            members: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
            dismissed: Mutex::default(),
        };
        let directory = RoomDirectory::here(house);
        let hints =
            Arc::new(Hints { directory: directory.clone(), alive: lives.clone(), plan: Mutex::default() });
        let settings = Registry {
            lane_queue: 4,
            total_queue: 64,
            group: 3,
            wait_within: Span(Duration::from_secs(2)),
            transaction_within: Span(Duration::from_secs(2)),
        };
        let ledger = Arc::new(Connections { memory: memory.clone(), alive: lives.clone() });
        let orders =
            OrderRegistry::keeping(settings, ledger, hints.clone(), metrics, vec![Arbiter::current()]);
        let node = Self { log, directory, orders, hints, alive };
        if !deaf {
            let hints = node.hints.clone();
            actix::spawn(async move {
                while *lives.borrow() {
                    sleep(LOOKS_EVERY).await;
                    hints.look(stream);
                }
            });
        }
        node
    }

    /// As `kill -9` does: nothing is said to anyone.
    pub fn crash(&self) {
        self.alive.send_replace(false);
    }

    /// Returns when it has crashed.
    pub async fn crashed(&self) {
        let _ = self.alive.subscribe().wait_for(|alive| !alive).await;
    }
}

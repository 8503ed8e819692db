//! `OrderRegistry`: the actor through which every command goes. It persists, then broadcasts.
//!
//! Each stream has a lane with one transaction in flight, so commit order is publish order, and a slow restaurant
//! delays no other; what queues up meanwhile goes as one group in the next transaction.

mod doubts;
mod group;
mod handle;
mod lane;
mod ledger;

pub use handle::OrdersHandle;
#[cfg(test)]
pub(super) use ledger::Done;
pub(super) use ledger::Ledger;

use super::{
    publisher::Publisher,
    supervise::{self, Overseer, Tolerance},
};
use crate::{
    code::ErrorCode,
    config::sections::Registry,
    domain::stream::Stream,
    store::{
        Connection, Store,
        lane::{Executed, Request},
    },
    telemetry::metrics::Metrics,
};
use actix::{Actor, ArbiterHandle, AsyncContext, Context, Handler, Message, Supervised};
use doubts::Doubts;
use group::Tools;
use handle::Ticket;
use lane::Lane;
use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Without the registry there is no service: it is restarted as long as that helps at all.
const TOLERANCE: Tolerance = Tolerance { panics: 100, window: Duration::from_secs(10) };

/// Says in the log what becomes of the registry.
struct Warden;

impl Overseer for Warden {
    fn panicked(&self, recent: usize, cause: &str) {
        tracing::error!(recent, cause, "the registry panicked and restarts");
    }

    fn gave_up(&self, cause: &str) {
        tracing::error!(cause, "the registry panics again and again: no more commands are taken");
    }

    fn ended(&self) {}
}

/// A command for the registry, and where its answer goes.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Execute {
    request: Request,
    reply: oneshot::Sender<Result<Executed, ErrorCode>>,
    ticket: Ticket,
}

/// A lane's transaction has ended, and with it `requests`.
#[derive(Message)]
#[rtype(result = "()")]
struct LaneFree {
    stream: Stream,
    connection: Option<Connection>,
    requests: Arc<[Request]>,
    /// Of the lanes it is of: those from before a panic are gone.
    generation: u64,
}

/// A command in a lane.
struct Job {
    request: Request,
    reply: oneshot::Sender<Result<Executed, ErrorCode>>,
    queued: Instant,
    _ticket: Ticket,
}

/// The part of a job that waits for the answer.
struct Waiting {
    reply: oneshot::Sender<Result<Executed, ErrorCode>>,
    queued: Instant,
    _ticket: Ticket,
}

impl Job {
    fn split(self) -> (Request, Waiting) {
        (self.request, Waiting { reply: self.reply, queued: self.queued, _ticket: self._ticket })
    }
}

/// The actor. Transactions run on `arbiters`, each stream's always on the same one.
pub struct OrderRegistry {
    settings: Registry,
    tools: Tools,
    arbiters: Vec<ArbiterHandle>,
    lanes: HashMap<Stream, Lane>,
    /// Counts the registry's restarts.
    generation: u64,
}

impl OrderRegistry {
    /// Starts the registry on the first of `arbiters`, which must not be empty, under supervision.
    pub fn start(
        settings: Registry,
        store: Store,
        publisher: Arc<dyn Publisher>,
        metrics: Metrics,
        arbiters: Vec<ArbiterHandle>,
    ) -> OrdersHandle {
        Self::keeping(settings, Arc::new(store), publisher, metrics, arbiters)
    }

    /// The same, kept in any ledger.
    pub(super) fn keeping(
        settings: Registry,
        ledger: Arc<dyn Ledger>,
        publisher: Arc<dyn Publisher>,
        metrics: Metrics,
        arbiters: Vec<ArbiterHandle>,
    ) -> OrdersHandle {
        let (doubts, within) = (Doubts::default(), *settings.transaction_within);
        let tools = Tools { ledger, publisher, metrics, doubts, within };
        let limit = settings.total_queue;
        let first = arbiters[0].clone();
        let make = move || Self { settings, tools, arbiters, lanes: HashMap::new(), generation: 0 };
        OrdersHandle::new(supervise::start(&first, TOLERANCE, Warden, make).recipient(), limit)
    }

    fn arbiter(&self, stream: Stream) -> Option<&ArbiterHandle> {
        let mut hasher = DefaultHasher::new();
        stream.hash(&mut hasher);
        let index = hasher.finish() as usize % self.arbiters.len().max(1);
        self.arbiters.get(index)
    }

    /// Starts the stream's next group, unless one is in flight or nothing waits.
    fn advance(&mut self, stream: Stream, ctx: &mut Context<Self>) {
        let Some(lane) = self.lanes.get_mut(&stream) else { return };
        if lane.busy {
            return;
        }
        let before = lane.len();
        let jobs = lane.next_group(Instant::now(), self.settings.group, *self.settings.wait_within);
        self.tools.metrics.commands_dequeued(before - lane.len());
        if jobs.is_empty() {
            if lane.is_idle() {
                self.lanes.remove(&stream);
            }
            return;
        }
        lane.busy = true;
        let connection = lane.connection.take();
        let registry = ctx.address().recipient();
        let back = group::Back { stream, registry, generation: self.generation };
        let task = group::run(self.tools.clone(), back, jobs, connection);
        if let Some(arbiter) = self.arbiter(stream) {
            // False only while the program stops; the jobs are then dropped, and their askers told.
            arbiter.spawn(task);
        }
    }
}

impl Actor for OrderRegistry {
    type Context = Context<Self>;
}

impl Supervised for OrderRegistry {
    /// After a panic what waited is refused (its askers may try again); what is in flight ends by itself.
    fn restarting(&mut self, _: &mut Self::Context) {
        let waiting = self.lanes.values().map(Lane::len).sum();
        self.tools.metrics.commands_dequeued(waiting);
        self.lanes.clear();
        self.generation += 1;
    }
}

impl Handler<Execute> for OrderRegistry {
    type Result = ();

    fn handle(&mut self, Execute { request, reply, ticket }: Execute, ctx: &mut Self::Context) {
        let stream = request.stream();
        let lane = self.lanes.entry(stream).or_default();
        let before = lane.len();
        lane.push(Instant::now(), self.settings.lane_queue, request, reply, ticket);
        if lane.len() > before {
            self.tools.metrics.command_queued();
        }
        self.advance(stream, ctx);
    }
}

impl Handler<LaneFree> for OrderRegistry {
    type Result = ();

    fn handle(&mut self, free: LaneFree, ctx: &mut Self::Context) {
        if free.generation != self.generation {
            return;
        }
        if let Some(lane) = self.lanes.get_mut(&free.stream) {
            lane.busy = false;
            // Kept only while nobody waits for one: a lane that never idles must not starve the others.
            lane.connection = free.connection.filter(|_| !self.tools.ledger.is_short());
            free.requests.iter().for_each(|request| lane.forget(request));
        }
        self.advance(free.stream, ctx);
    }
}

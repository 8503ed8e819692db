//! The database, in memory: a counter row that one transaction holds at a time, a log, answers under their keys; and
//! transactions that fail, or are committed without anyone's hearing of it.

use crate::{
    actors::{
        order_registry::{Done, Ledger},
        room::LogReader,
    },
    domain::{
        command::{Command, Reply},
        event::{Event, Recorded},
        ids::{EventId, OrderId, RestaurantId, UserId},
        stream::{Epoch, Seq, Stream},
    },
    store::{
        Connection, StoreError,
        lane::{Committed, Executed, Request},
        log::{Head, LogPage},
    },
};
use futures_util::future::{BoxFuture, FutureExt};
use jiff::Timestamp;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedMutexGuard, watch},
    time::{sleep, timeout},
};
use uuid::Uuid;

/// Of one transaction that goes well.
const TAKES: Duration = Duration::from_millis(3);
/// For the counter row.
const LOCK_WITHIN: Duration = Duration::from_secs(1);

/// What becomes of one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Committed,
    /// Refused by a constraint: each command is tried again by itself.
    Refused,
    /// The connection broke before the COMMIT.
    Lost,
    /// The connection broke after the COMMIT was sent; it takes effect so many milliseconds later.
    Unheard(u64),
    /// The same, and nothing is heard at all: whoever waits gives up.
    Hangs(u64),
}

/// What is wrong with the database itself, to show that the model would find it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bug {
    #[default]
    None,
    /// An answer is not kept under its key.
    ForgottenKey,
    /// The COMMIT comes a moment after its answer, and a crash is in time to lose it.
    CommitTooLate,
}

#[derive(Default)]
struct State {
    lives: u32,
    events: Vec<Recorded>,
    keys: HashMap<(UserId, String), Seq>,
    fates: VecDeque<Fate>,
    bug: Bug,
    unreadable: bool,
}

/// One restaurant's.
pub struct Memory {
    state: Mutex<State>,
    row: Arc<tokio::sync::Mutex<()>>,
    /// False holds every read back.
    pub readable: watch::Sender<bool>,
}

impl Memory {
    pub fn new(bug: Bug) -> Arc<Self> {
        let state = Mutex::new(State { bug, ..State::default() });
        Arc::new(Self { state, row: Arc::default(), readable: watch::Sender::new(true) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Of the next transaction that has none yet.
    pub fn plan(&self, fate: Fate) {
        self.state().fates.push_back(fate);
    }

    /// Reads fail from here on, or no more.
    pub fn break_reads(&self, broken: bool) {
        self.state().unreadable = broken;
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.state().fates.clear();
        self.break_reads(false);
        self.readable.send_replace(true);
    }

    /// A backup from when there were so many events fewer is restored: another life of the log.
    pub async fn restore(&self, fewer: usize) {
        let _row = self.row.lock().await;
        let mut state = self.state();
        state.lives += 1;
        let kept = state.events.len().saturating_sub(fewer);
        state.events.truncate(kept);
        state.keys.retain(|_, seq| *seq <= kept as Seq);
    }

    pub fn head(&self) -> Head {
        let state = self.state();
        Head { epoch: Epoch(state.lives.to_string().into()), seq: state.events.len() as Seq }
    }

    /// The orders that the log tells of, in its order.
    pub fn orders(&self) -> Vec<OrderId> {
        self.state().events.iter().filter_map(|recorded| recorded.event.order()).collect()
    }

    /// As one transaction: what `carry_out` is to the store.
    fn carry_out(&self, requests: &[Request], at: Timestamp) -> Committed {
        let epoch = self.head().epoch;
        let mut state = self.state();
        let mut committed = Committed { answers: Vec::new(), epoch, events: Vec::new() };
        for request in requests {
            let key = request.key.as_ref().map(|key| (request.principal.user, key.key.clone()));
            let known = key.as_ref().and_then(|key| state.keys.get(key).copied());
            let Command::Order(order, _) = request.command else { unreachable!("the waiters of the model") };
            let seq = known.unwrap_or_else(|| {
                let event = recorded(request, order, state.events.len() as Seq + 1, at);
                state.events.push(event.clone());
                committed.events.push(event);
                state.events.len() as Seq
            });
            if let Some(key) = key.filter(|_| state.bug != Bug::ForgottenKey) {
                state.keys.insert(key, seq);
            }
            // The position is the answer, so that it can be held against the log.
            let outcome = Ok(Reply::Deleted(seq));
            committed.answers.push(Ok(Executed { outcome, replayed: known.is_some() }));
        }
        committed
    }

    fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (memory, mut readable) = (self.clone(), self.readable.subscribe());
        async move {
            sleep(TAKES).await;
            let _ = readable.wait_for(|readable| *readable).await;
            if memory.state().unreadable {
                return Err(StoreError::Unavailable("reads are broken".into()));
            }
            Ok(read(&memory))
        }
        .boxed()
    }

    pub fn page(&self, after: Seq, limit: u32) -> LogPage {
        let head = self.head();
        let from = (after as usize).min(head.seq as usize);
        let events = self.state().events[from..].iter().take(limit as usize).cloned().collect();
        LogPage { head, events }
    }
}

fn recorded(request: &Request, order: OrderId, seq: Seq, at: Timestamp) -> Recorded {
    let RestaurantId(id) = request.principal.restaurant;
    Recorded {
        id: EventId(Uuid::nil()),
        stream: RestaurantId(id).into(),
        restaurant: RestaurantId(id),
        seq,
        at,
        by: request.principal.user,
        event: Event::OrderClosed { order, order_version: 1 },
    }
}

/// A room's view of it.
pub struct Reader(pub Arc<Memory>);

impl LogReader for Reader {
    fn head(&self, _: Stream) -> BoxFuture<'static, Result<Option<Head>, StoreError>> {
        self.0.read(|memory| Some(memory.head()))
    }

    fn after(
        &self,
        _: Stream,
        after: Seq,
        limit: u32,
    ) -> BoxFuture<'static, Result<Option<LogPage>, StoreError>> {
        self.0.read(move |memory| Some(memory.page(after, limit)))
    }
}

/// One server's connections to it: they end with the server, what it has sent does not.
pub struct Connections {
    pub memory: Arc<Memory>,
    pub alive: watch::Receiver<bool>,
}

impl Connections {
    async fn row(&self) -> Result<OwnedMutexGuard<()>, StoreError> {
        let row = timeout(LOCK_WITHIN, self.memory.row.clone().lock_owned()).await;
        row.map_err(|_| StoreError::Timeout("the counter row".into()))
    }

    async fn transaction(&self, requests: &[Request], at: Timestamp) -> Result<Done, StoreError> {
        let row = self.row().await?;
        if self.is_closed() {
            return Err(StoreError::Unavailable("this server is gone".into()));
        }
        let (fate, bug) = {
            let mut state = self.memory.state();
            (state.fates.pop_front().unwrap_or(Fate::Committed), state.bug)
        };
        let committed_later = |row: OwnedMutexGuard<()>, later: u64, alive: Option<watch::Receiver<bool>>| {
            let (memory, requests) = (self.memory.clone(), requests.to_vec());
            actix::spawn(async move {
                sleep(Duration::from_millis(later)).await;
                if alive.is_none_or(|alive| *alive.borrow()) {
                    memory.carry_out(&requests, at);
                }
                drop(row);
            });
        };
        sleep(TAKES).await;
        match fate {
            Fate::Committed if bug == Bug::CommitTooLate => {
                let mut promised = self.memory.head().seq;
                let answers = requests.iter().map(|_| {
                    promised += 1;
                    Ok(Executed { outcome: Ok(Reply::Deleted(promised)), replayed: false })
                });
                let answers = answers.collect();
                committed_later(row, 50, Some(self.alive.clone()));
                Ok((Committed { answers, epoch: self.memory.head().epoch, events: Vec::new() }, None))
            }
            Fate::Committed => Ok((self.memory.carry_out(requests, at), None)),
            Fate::Refused => Err(StoreError::Constraint("refused".into())),
            Fate::Lost => Err(StoreError::Unavailable("the connection broke".into())),
            Fate::Unheard(later) => {
                committed_later(row, later, None);
                Err(StoreError::Unavailable("the connection broke".into()))
            }
            Fate::Hangs(later) => {
                committed_later(row, later, None);
                std::future::pending().await
            }
        }
    }
}

impl Ledger for Connections {
    fn run<'a>(
        &'a self,
        _: Option<Connection>,
        _: Stream,
        requests: &'a [Request],
        at: Timestamp,
    ) -> BoxFuture<'a, Result<Done, StoreError>> {
        self.transaction(requests, at).boxed()
    }

    fn settled(&self, _: Stream) -> BoxFuture<'_, Result<(), StoreError>> {
        self.row().map(|row| row.map(drop)).boxed()
    }

    fn is_closed(&self) -> bool {
        !*self.alive.borrow()
    }

    fn is_short(&self) -> bool {
        false
    }
}

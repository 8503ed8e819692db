//! Rooms, through the directory, on a log in memory: what the tests talk to.

pub mod log;

mod crashes;
mod joins;
mod limits;
mod moves;
mod publishes;
mod retirement;
mod twins;
mod vocabularies;

use crate::{
    actors::{
        delivery::{Deliver, Kill, Member},
        directory::RoomDirectory,
        publisher::Publisher,
        queue::{Capacity, Queue},
        room::House,
    },
    code::ErrorCode,
    config::{
        sections::Rooms,
        units::{Bytes, Span},
    },
    domain::{
        ids::{BoardId, LoginId, RestaurantId, SocketId, StreamId, UserId},
        principal::{Principal, Role},
        stream::{Epoch, Position, Seq, Stream},
    },
    session::{Delivery, Joined, Missed},
    telemetry::metrics::{Metrics, Transport},
    wire::event::{Batch, Vocabulary},
};
use actix::{Actor, Addr, AsyncContext, Context, Handler, Message, WrapFuture};
use log::Log;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// The shipped settings, but for what `change` makes of them.
fn house(log: Arc<Log>, metrics: Metrics, change: impl FnOnce(&mut House)) -> House {
    let rooms = Rooms {
        arbiters: 1,
        ring_events: 1024,
        ring_bytes: Bytes(1 << 20),
        idle: Span(Duration::from_secs(60)),
        replay_max_events: 10_000,
        replay_max_bytes: Bytes(8 << 20),
        recover_within: Span(Duration::from_secs(72 * 3600)),
        panics: 5,
        panic_window: Span(Duration::from_secs(10)),
        quarantine: Span(Duration::from_secs(2)),
    };
    let mut house = House {
        log,
        metrics,
        rooms,
        per_user: 1000,
        public: 5000,
        public_per_address: 5000,
        per_restaurant: 20_000,
        members: AtomicUsize::new(0),
        closing: AtomicBool::new(false),
        dismissed: Mutex::default(),
    };
    change(&mut house);
    house
}

/// A node's rooms, their log and their numbers.
pub struct Node {
    pub directory: RoomDirectory,
    pub log: Arc<Log>,
    pub metrics: Metrics,
}

impl Node {
    /// With the shipped settings, on one arbiter, but for what `change` makes of them.
    pub fn with(change: impl FnOnce(&mut House)) -> Self {
        let (log, metrics) = (Log::new(), Metrics::new());
        let house = house(log.clone(), metrics.clone(), change);
        Self { directory: RoomDirectory::new(house).unwrap(), log, metrics }
    }

    pub fn new() -> Self {
        crate::telemetry::panics::install_for_tests();
        Self::with(|_| {})
    }

    /// Commits and publishes, as a lane does.
    pub fn commit(&self, restaurant: RestaurantId, count: u64) {
        self.directory.publish(restaurant.into(), self.log.append(restaurant, count));
    }

    pub fn member(&self, restaurant: RestaurantId) -> Client {
        Client::new(restaurant, 256, false)
    }

    pub async fn joined(&self, restaurant: RestaurantId) -> Client {
        let client = self.member(restaurant);
        client.join(self, None).await.unwrap();
        client
    }

    /// A number as `/metrics` tells it; its name with labels and without prefix.
    pub fn count(&self, name: &str) -> usize {
        let page = self.metrics.render();
        let line = page.lines().find_map(|line| line.strip_prefix("comanda_")?.strip_prefix(name));
        line.expect("such a number").trim().parse().unwrap()
    }

    /// Waits until it is so.
    pub async fn until(&self, so: impl Fn(&Node) -> bool) {
        let poll = async {
            while !so(self) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(PATIENCE, poll).await.expect("it never became so");
    }
}

/// A connected socket: an actor that writes down what it is told.
pub struct Client {
    pub member: Member,
    pub principal: Principal,
    socket: Addr<Socket>,
    told: mpsc::UnboundedReceiver<Delivery>,
    pub killed: Arc<AtomicBool>,
}

struct Socket {
    told: mpsc::UnboundedSender<Delivery>,
    mailbox: usize,
    frozen: bool,
}

impl Actor for Socket {
    type Context = Context<Self>;
    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.mailbox);
        if self.frozen {
            ctx.wait(std::future::pending().into_actor(self));
        }
    }
}

impl Handler<Deliver> for Socket {
    type Result = ();
    fn handle(&mut self, deliver: Deliver, _: &mut Self::Context) {
        let _ = self.told.send(deliver.delivery);
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Crash;

impl Handler<Crash> for Socket {
    type Result = ();
    fn handle(&mut self, _: Crash, _: &mut Self::Context) {
        panic!("asked to panic in a socket");
    }
}

struct Switch(Arc<AtomicBool>);

impl Kill for Switch {
    fn kill(&self) {
        self.0.store(true, SeqCst);
    }
}

impl Client {
    pub fn new(restaurant: RestaurantId, mailbox: usize, frozen: bool) -> Self {
        let (sender, told) = mpsc::unbounded_channel();
        let killed = Arc::new(AtomicBool::new(false));
        let socket = Socket { told: sender, mailbox, frozen }.start();
        let kill = Arc::new(Switch(killed.clone()));
        let id = SocketId::generate();
        let (vocabulary, recipient) = (Vocabulary::Restaurant, socket.clone().recipient());
        let (address, transport) = (None, Transport::Plain);
        let queue = Queue::new(Capacity { events: mailbox, bytes: usize::MAX });
        let member = Member { socket: id, sid: id, vocabulary, address, transport, recipient, queue, kill };
        let (user, login) = (UserId::generate(), Some(LoginId::generate()));
        let principal = Principal { user, role: Role::Kitchen, restaurant, board: BoardId::DEFAULT, login };
        Self { member, principal, socket, told, killed }
    }

    pub async fn join(&self, node: &Node, since: Option<Position>) -> Result<Joined, ErrorCode> {
        node.directory.join(self.principal.clone(), self.member.clone(), since).await
    }

    pub fn leave(&self, node: &Node) {
        node.directory.leave(self.principal.restaurant, self.member.socket);
    }

    /// Its actor panics, so that nobody says that it left.
    pub fn crash(&self) {
        self.socket.do_send(Crash);
    }

    pub async fn next(&mut self) -> Delivery {
        timeout(PATIENCE, self.told.recv()).await.expect("a delivery in time").expect("a live socket")
    }

    pub async fn batch(&mut self) -> Arc<Batch> {
        match self.next().await {
            Delivery::Events(batch) => batch,
            other => panic!("{other:?} instead of events"),
        }
    }

    /// The next deliveries are exactly the events of `after + 1..=last`.
    pub async fn expect(&mut self, after: Seq, last: Seq) {
        let mut at = after;
        while at < last {
            let batch = self.batch().await;
            assert_eq!(batch.first, at + 1, "a gap or a double");
            assert_eq!(seqs(&batch), (batch.first..=batch.last).collect::<Vec<_>>());
            at = batch.last;
        }
        assert_eq!(at, last);
    }

    /// Everything from `known` to `last` is delivered, or told by a head, which the client then reads up to.
    pub async fn follow(&mut self, mut known: Seq, last: Seq) {
        while known < last {
            match self.next().await {
                Delivery::Head(head) => known = known.max(head),
                Delivery::Events(batch) => {
                    assert!(batch.first <= known + 1, "a gap after {known} that nothing told of");
                    known = known.max(batch.last);
                }
                Delivery::Close(code) => panic!("{code}"),
            }
        }
    }

    pub async fn expect_close(&mut self, code: ErrorCode) {
        match self.next().await {
            Delivery::Close(closed) => assert_eq!(closed, code),
            other => panic!("{other:?} instead of a close"),
        }
    }

    /// True where nothing was delivered that was not asked for.
    pub fn is_quiet(&mut self) -> bool {
        self.told.try_recv().is_err()
    }
}

pub fn seqs(batch: &Batch) -> Vec<Seq> {
    batch.events.iter().map(|event| event.seq).collect()
}

pub fn at(seq: Seq) -> Option<Position> {
    Some(Position { epoch: Epoch("e".into()), seq })
}

/// `none`, `ring 4-6 7-7`, `log`, `lost`.
pub fn told(missed: &Missed) -> String {
    match missed {
        Missed::NotAsked => "none".into(),
        Missed::Log => "log".into(),
        Missed::Lost => "lost".into(),
        Missed::Ring(batches) => batches.iter().fold("ring".into(), |text, batch| {
            assert_eq!(seqs(batch), (batch.first..=batch.last).collect::<Vec<_>>());
            format!("{text} {}-{}", batch.first, batch.last)
        }),
    }
}

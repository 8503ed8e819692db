//! A house at work while everything goes wrong, and what must hold in the end.

use super::{
    display::{self, Client},
    ledger::{Bug, Fate, Memory},
    line::Way,
    node::{Hint, Node},
    waiter,
};
use crate::{
    actors::room::Place,
    domain::{
        ids::{OrderId, RestaurantId, UserId},
        principal::{Principal, Role},
        stream::{Seq, Stream},
    },
};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    fmt,
    rc::Rc,
    sync::Arc,
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// Displays of the house.
pub const DISPLAYS: usize = 3;
/// For everything to be as it should once nothing goes wrong any more; longer than a lost peer is waited for.
const HEALS_WITHIN: Duration = Duration::from_secs(60);

/// What may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Somebody orders; so many answers are lost, and maybe it is sent twice at once.
    Order {
        answers_lost: u8,
        twice: bool,
    },
    /// To the next transaction that has no fate yet.
    Transaction(Fate),
    /// To the next hint.
    Publication(Hint),
    Panic(Place),
    /// Reads fail, or do so no more.
    BreakReads(bool),
    /// Reads wait, or do so no more.
    HoldReads(bool),
    /// The server, and it starts again.
    Crash,
    /// And a backup from so many events ago is restored meanwhile.
    Restore(usize),
    Connect(usize),
    /// `true`: the server hears of it.
    Cut(usize, bool),
    Freeze(usize),
    Thaw(usize),
    /// The socket's actor panics.
    Vanish(usize),
    /// So many milliseconds pass.
    Pass(u64),
}

/// What is wrong with the house itself, to show that the model would find it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flawed {
    pub bug: Bug,
    /// Nobody looks for what a lost hint did not tell.
    pub deaf: bool,
}

/// What everyone in the house shares.
pub struct Shared {
    pub memory: Arc<Memory>,
    node: RefCell<Node>,
    /// Orders whose answer was heard, and where the answer said that they are.
    acknowledged: RefCell<HashMap<OrderId, Seq>>,
    ordered: RefCell<Vec<OrderId>>,
    waiting: Cell<usize>,
    wrong: RefCell<Vec<String>>,
}

impl Shared {
    pub fn node(&self) -> Node {
        self.node.borrow().clone()
    }

    pub fn acknowledged(&self, order: OrderId, seq: Seq) {
        self.waiting.set(self.waiting.get() - 1);
        let before = self.acknowledged.borrow_mut().insert(order, seq);
        if before.is_some_and(|before| before != seq) {
            self.wrong(format!("{order} is at {before:?} and at {seq}"));
        }
    }

    pub fn wrong(&self, what: String) {
        self.wrong.borrow_mut().push(what);
    }
}

pub struct World {
    shared: Rc<Shared>,
    clients: Vec<Rc<RefCell<Client>>>,
    principal: Principal,
    flawed: Flawed,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

impl World {
    pub fn new(flawed: Flawed) -> Self {
        let principal = Principal::of(UserId::generate(), Role::Waiter, RestaurantId::generate());
        let memory = Memory::new(flawed.bug);
        let node = RefCell::new(Node::start(&memory, principal.restaurant.into(), flawed.deaf));
        let shared = Rc::new(Shared {
            memory,
            node,
            acknowledged: RefCell::default(),
            ordered: RefCell::default(),
            waiting: Cell::new(0),
            wrong: RefCell::default(),
        });
        let clients = (0..DISPLAYS).map(|_| Client::new(shared.clone())).collect();
        Self { shared, clients, principal, flawed }
    }

    fn stream(&self) -> Stream {
        self.principal.restaurant.into()
    }

    pub async fn let_happen(&self, happening: Happening) {
        let memory = &self.shared.memory;
        match happening {
            Happening::Order { answers_lost, twice } => self.order(answers_lost, twice),
            Happening::Transaction(fate) => memory.plan(fate),
            Happening::Publication(hint) => self.shared.node().hints.plan(hint),
            Happening::Panic(place) => self.shared.node().directory.panic(self.stream().into(), place),
            Happening::BreakReads(broken) => memory.break_reads(broken),
            Happening::HoldReads(held) => _ = memory.readable.send_replace(!held),
            Happening::Crash => self.crash(None).await,
            Happening::Restore(fewer) => self.crash(Some(fewer)).await,
            Happening::Connect(display) => self.connect(display),
            Happening::Cut(display, true) => self.turn(display, Way::Closed),
            Happening::Cut(display, false) => self.turn(display, Way::Swallowing),
            Happening::Freeze(display) => self.turn(display, Way::Frozen),
            Happening::Thaw(display) if self.clients[display].borrow().way() == Way::Frozen => {
                self.turn(display, Way::Open);
            }
            Happening::Thaw(_) => {}
            Happening::Vanish(display) => {
                if let Some(line) = &self.clients[display].borrow().line {
                    line.vanish();
                }
            }
            Happening::Pass(milliseconds) => sleep(Duration::from_millis(milliseconds)).await,
        }
    }

    fn order(&self, answers_lost: u8, twice: bool) {
        let order = OrderId::generate();
        self.shared.ordered.borrow_mut().push(order);
        for _ in 0..1 + u8::from(twice) {
            self.shared.waiting.set(self.shared.waiting.get() + 1);
            let (shared, principal) = (self.shared.clone(), self.principal.clone());
            actix::spawn(waiter::order(shared, principal, order, answers_lost));
        }
    }

    fn turn(&self, display: usize, to: Way) {
        if let Some(line) = &self.clients[display].borrow().line {
            line.turn(to);
        }
    }

    /// Clients know of a connection that was cut, and make another one.
    fn connect(&self, display: usize) {
        let client = &self.clients[display];
        if matches!(client.borrow().way(), Way::Closed | Way::Swallowing) {
            display::connect(client, &self.shared.node(), &self.principal);
        }
    }

    async fn crash(&self, restored: Option<usize>) {
        self.shared.node().crash();
        (0..DISPLAYS).for_each(|display| self.turn(display, Way::Closed));
        if let Some(fewer) = restored {
            self.shared.memory.restore(fewer).await;
            let kept = self.shared.memory.orders();
            self.shared.acknowledged.borrow_mut().retain(|order, _| kept.contains(order));
            // Whoever was told that it is taken asks no more: gone with the log, and the restore said so.
            self.shared.ordered.borrow_mut().clear();
        }
        let node = Node::start(&self.shared.memory, self.stream(), self.flawed.deaf);
        *self.shared.node.borrow_mut() = node;
    }

    /// Nothing goes wrong any more: what was found to be wrong, when all is quiet or never becomes so.
    pub async fn outcome(&self) -> Vec<String> {
        self.shared.memory.heal();
        let patience = Instant::now() + HEALS_WITHIN;
        while !self.is_quiet() && Instant::now() < patience {
            (0..DISPLAYS).for_each(|display| {
                self.turn_back(display);
                self.connect(display);
            });
            sleep(Duration::from_millis(500)).await;
        }
        self.judge();
        self.shared.node().crash();
        self.shared.wrong.take()
    }

    fn turn_back(&self, display: usize) {
        if self.clients[display].borrow().way() == Way::Frozen {
            self.turn(display, Way::Open);
        }
    }

    fn is_quiet(&self) -> bool {
        let memory = &self.shared.memory;
        self.shared.waiting.get() == 0
            && self.clients.iter().all(|client| client.borrow().is_current(memory))
            && self.shared.node().directory.stats().members == DISPLAYS
    }

    fn judge(&self) {
        let (memory, shared) = (&self.shared.memory, &self.shared);
        let orders = memory.orders();
        let mut once = orders.clone();
        once.sort_unstable();
        once.dedup();
        if once.len() < orders.len() {
            shared.wrong(format!("{} orders are in the log twice", orders.len() - once.len()));
        }
        for (order, &seq) in shared.acknowledged.borrow().iter() {
            if seq == 0 || orders.get(seq as usize - 1) != Some(order) {
                shared.wrong(format!("{order} was acknowledged at {seq} and is not there"));
            }
        }
        let lost = shared.ordered.borrow().iter().filter(|order| !orders.contains(order)).count();
        if lost > 0 || shared.waiting.get() > 0 {
            shared.wrong(format!("{lost} orders lost, {} waiters wait", shared.waiting.get()));
        }
        for (display, client) in self.clients.iter().enumerate() {
            let client = client.borrow();
            if !client.is_current(memory) {
                let (way, shown) = (client.way(), client.shows.len());
                let told = format!("display {display} ({way:?}) is at {:?} with {shown} orders", client.at);
                shared.wrong(format!("{told}, the log at {:?}", memory.head()));
            }
        }
        let members = shared.node().directory.stats().members;
        if members != DISPLAYS {
            shared.wrong(format!("{members} members for {DISPLAYS} displays"));
        }
    }
}

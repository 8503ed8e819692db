//! A kitchen display: the real plain session on a way that can be cut, frozen or swallow, and a client that believes
//! nothing: each event must be the one after the last, and what it shows in the end what the log says.

use super::{
    ledger::Memory,
    line::{Line, Way},
    node::Node,
    world::Shared,
};
use crate::{
    actors::{
        delivery::{Deliver, Member},
        queue::{Capacity, Queue},
    },
    code::ErrorCode,
    domain::{
        ids::{OrderId, SocketId},
        principal::{Principal, Verified},
        stream::{Epoch, Position, Seq},
    },
    session::{
        Action, Frame, Input, Now, Page, Session,
        plain::{Entry, Plain, Settings},
    },
    store::log::LogPage,
    telemetry::metrics::Transport,
    vocabulary,
    wire::event::Vocabulary,
};
use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, WrapFuture, fut::wrap_future,
};
use jiff::Timestamp;
use serde::Deserialize;
use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

/// What may wait for a frozen carrier.
const MAILBOX: Capacity = Capacity { events: 4, bytes: usize::MAX };
/// Between two looks at the session's deadlines.
const TICK: Duration = Duration::from_millis(250);

/// The client's side: what it shows, and up to where it has it.
pub struct Client {
    world: Rc<Shared>,
    pub at: Option<Position>,
    pub shows: Vec<OrderId>,
    /// The server has said that what was missed is lost: a `resync` must follow.
    lost: bool,
    pub line: Option<Line>,
}

#[derive(Deserialize)]
struct Heard {
    event: String,
    #[serde(default)]
    seq: Option<Seq>,
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    epoch: Option<Epoch>,
    seq: Option<Seq>,
    recovered: Option<bool>,
    order_id: Option<OrderId>,
}

impl Client {
    pub fn new(world: Rc<Shared>) -> Rc<RefCell<Self>> {
        Rc::new(RefCell::new(Self { world, at: None, shows: Vec::new(), lost: false, line: None }))
    }

    pub fn way(&self) -> Way {
        self.line.as_ref().map_or(Way::Closed, Line::way)
    }

    /// True where it shows what the log says.
    pub fn is_current(&self, memory: &Memory) -> bool {
        let head = memory.head();
        self.at == Some(Position { epoch: head.epoch, seq: head.seq }) && self.shows == memory.orders()
    }

    fn hear(&mut self, text: &str) {
        let Ok(Heard { event, seq, data }) = serde_json::from_str::<Heard>(text) else {
            return self.world.wrong(format!("not understood: {text}"));
        };
        match (event.as_str(), data.epoch.zip(data.seq)) {
            ("ready", Some((epoch, seq))) => {
                let at = Position { epoch, seq };
                match (data.recovered, &self.at) {
                    (Some(true), Some(mine)) if *mine == at => {}
                    (Some(false), None) => self.read_board(at),
                    (Some(false), Some(_)) => self.lost = true,
                    _ => self.world.wrong(format!("{:?}: {text}", self.at)),
                }
            }
            ("resync", Some((epoch, seq))) => {
                let at = Position { epoch, seq };
                // The whole log can be read: only another life of it excuses this.
                if self.at.as_ref().is_some_and(|mine| mine.epoch == at.epoch) {
                    self.world.wrong(format!("resync without a cause: {:?}, {text}", self.at));
                }
                self.lost = false;
                self.read_board(at);
            }
            ("heartbeat", _) => {}
            _ => match (seq, data.order_id, &mut self.at) {
                (Some(seq), Some(order), Some(at)) if seq == at.seq + 1 && !self.lost => {
                    at.seq = seq;
                    self.shows.push(order);
                }
                (_, _, at) => self.world.wrong(format!("at {at:?} came {text}")),
            },
        }
    }

    fn read_board(&mut self, at: Position) {
        self.shows = self.world.memory.orders();
        self.shows.truncate(at.seq as usize);
        self.at = Some(at);
    }
}

/// The server's side of one connection.
struct Carrier {
    session: Plain,
    socket: SocketId,
    principal: Principal,
    node: Node,
    line: Line,
    client: Rc<RefCell<Client>>,
    queue: Queue,
    /// Frames that the peer does not take.
    held: Vec<Frame>,
}

/// The client connects, from where it stands.
pub fn connect(client: &Rc<RefCell<Client>>, node: &Node, principal: &Principal) {
    let line = Line::open();
    let since = client.borrow().at.clone();
    client.borrow_mut().line = Some(line.clone());
    let settings = Settings {
        authenticate_within: Duration::from_secs(5),
        heartbeat: Duration::from_secs(2),
        ping_interval: Duration::from_secs(10),
        pong_within: Duration::from_secs(8),
        events_per_second: 10,
        events_burst: 40,
        max_replay_bytes: 8 << 20,
    };
    let verified = Verified {
        principal: principal.clone(),
        expires_at: Timestamp::MAX,
        valid_for: Duration::from_secs(1 << 30),
        boards: Arc::default(),
    };
    let socket = SocketId::generate();
    let session = Plain::new(Arc::new(settings), socket, Entry::Verified(verified, since), now());
    let (principal, node, client) = (principal.clone(), node.clone(), client.clone());
    let queue = Queue::new(MAILBOX);
    Carrier { session, socket, principal, node, line, client, queue, held: Vec::new() }.start();
}

/// The clock of the model.
fn now() -> Now {
    Now { mono: tokio::time::Instant::now().into_std(), wall: Timestamp::UNIX_EPOCH }
}

impl Actor for Carrier {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(MAILBOX.events);
        self.attend(ctx);
        ctx.run_interval(TICK, |carrier, ctx| carrier.drive(Input::Tick, ctx));
        let mut out = Vec::new();
        self.session.opened(now(), &mut out);
        self.perform(out, ctx);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        if !self.line.vanishes() {
            self.node.directory.leave(self.principal.restaurant, self.socket);
        }
    }
}

impl Handler<Deliver> for Carrier {
    type Result = ();

    fn handle(&mut self, Deliver { socket, delivery, place: _place }: Deliver, ctx: &mut Self::Context) {
        self.drive(Input::Delivered { socket, delivery }, ctx);
    }
}

impl Carrier {
    fn drive(&mut self, input: Input, ctx: &mut Context<Self>) {
        let mut out = Vec::new();
        self.session.handle(now(), input, &mut out);
        self.perform(out, ctx);
    }

    /// Watches the way: a frozen one holds everything up.
    fn attend(&self, ctx: &mut Context<Self>) {
        let line = self.line.clone();
        let changed = async move { line.changed().await };
        ctx.spawn(changed.into_actor(self).map(|(), carrier, ctx| match carrier.line.way() {
            Way::Closed => ctx.stop(),
            Way::Frozen => {
                let line = carrier.line.clone();
                let thaws = async move { line.thawed().await };
                ctx.wait(thaws.into_actor(carrier).map(|(), carrier, ctx| {
                    std::mem::take(&mut carrier.held).into_iter().for_each(|frame| carrier.send(frame, ctx));
                    carrier.attend(ctx);
                }));
            }
            Way::Open | Way::Swallowing => carrier.attend(ctx),
        }));
    }

    fn send(&mut self, frame: Frame, ctx: &mut Context<Self>) {
        match (self.line.way(), frame) {
            (Way::Open, Frame::Text(text)) => self.client.borrow_mut().hear(&text),
            (Way::Open, Frame::Ping) => self.drive(Input::Pong, ctx),
            (Way::Frozen, frame) => self.held.push(frame),
            (Way::Swallowing | Way::Closed, _) | (Way::Open, Frame::Binary(_)) => {}
        }
    }

    fn perform(&mut self, actions: Vec<Action>, ctx: &mut Context<Self>) {
        for action in actions {
            match action {
                Action::Send(frame) => self.send(frame, ctx),
                Action::Join { socket, sid, vocabulary, principal, address, since } => {
                    let (recipient, kill) = (ctx.address().recipient(), Arc::new(self.line.clone()));
                    let (transport, queue) = (Transport::Plain, self.queue.clone());
                    let member =
                        Member { socket, sid, vocabulary, address, transport, recipient, queue, kill };
                    let directory = self.node.directory.clone();
                    let joins = async move { directory.join(principal, member, since).await };
                    ctx.spawn(wrap_future::<_, Self>(joins).map(move |result, carrier, ctx| {
                        carrier.drive(Input::Joined { socket, result }, ctx);
                    }));
                }
                Action::ReadLog { socket, vocabulary, after, limit, known, .. } => {
                    let log = self.node.log.clone();
                    let stream = self.principal.restaurant.into();
                    let reads = async move {
                        match known {
                            Some(batch) => Ok(Page::Events(Some(batch))),
                            None => match log.after(stream, after, limit).await {
                                Ok(page) => {
                                    Ok(Page::Events(page.and_then(|page| encoded(vocabulary, &page))))
                                }
                                Err(_) => Err(ErrorCode::DatabaseUnavailable),
                            },
                        }
                    };
                    ctx.spawn(wrap_future::<_, Self>(reads).map(move |result, carrier, ctx| {
                        carrier.drive(Input::Page { socket, result }, ctx);
                    }));
                }
                Action::Close(_) => {
                    self.line.close();
                    ctx.stop();
                }
                _ => {}
            }
        }
    }
}

fn encoded(vocabulary: Vocabulary, page: &LogPage) -> Option<Arc<crate::wire::event::Batch>> {
    vocabulary::batch(vocabulary, &page.events, &page.head.epoch).map(Arc::new)
}

//! What a delivery costs one socket: once an event is framed, handing it to the next socket allocates nothing.
//!
//! In a binary of its own, because the allocator that counts is the program's.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait")]

use bytestring::ByteString;
use comanda::{
    code::ErrorCode,
    config::{
        sections::EngineIo,
        units::{Bytes, Span},
    },
    domain::{
        ids::{BoardId, RestaurantId, SocketId, UserId},
        principal::{Principal, Role},
        stream::Epoch,
    },
    session::{
        Action, Delivery, Frame, Input, Joined, Missed, Now, Session, Verified,
        engine::{core::Engine, websocket::WebSocket},
        orders::Orders,
        recovery::Recovery,
        socketio::{Application, Context, Event, Limits, Socket, SocketIo},
    },
    wire::{
        event::{Batch, WireEvent},
        json::Json,
        msgpack,
        offset::Outside,
        socketio::{Body, Content, Packet},
    },
};
use jiff::Timestamp;
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

#[path = "alloc/polling.rs"]
mod polling;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: the system's allocator, called with what was given.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the trait's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Events of one commit, as large as an order with four dishes has.
const EVENTS: u64 = 20;

fn batch(first: u64) -> Arc<Batch> {
    let epoch = Epoch("e".into());
    let event = |seq| {
        let data = format!(r#"{{"orderId":"{}","seq":{seq}}}"#, Uuid::nil());
        let at = Timestamp::UNIX_EPOCH;
        Arc::new(WireEvent::new(epoch.clone(), seq, Uuid::nil(), at, "order.new", data))
    };
    let last = first + EVENTS - 1;
    Arc::new(Batch { epoch: epoch.clone(), first, last, events: (first..=last).map(event).collect() })
}

/// An application that hands on what it is delivered: in shared bytes, or formatted for each socket.
struct Plainest {
    shares: bool,
}

impl Application for Plainest {
    type Socket = Self;
    fn open(&mut self, _: &str, _: SocketId) -> Option<Self> {
        Some(Self { shares: self.shares })
    }
}

impl Socket for Plainest {
    fn connect(&mut self, _: Now, _: Option<&Json>, context: &mut Context<'_>) {
        context.accept(context.socket, None);
        let socket = context.socket;
        context.actions().push(Action::Seen { socket, seq: 0 });
    }

    fn event(&mut self, _: Now, _: Event, _: &mut Context<'_>) {}

    fn input(&mut self, _: Now, input: Input, context: &mut Context<'_>) {
        let Input::Delivered { delivery: Delivery::Events(batch), .. } = input else { return };
        for event in &batch.events {
            match self.shares {
                true => context.deliver(event, Some(Outside::No)),
                false => {
                    let data = Json::trusted(event.data.clone());
                    context.emit(&event.name, Content::new(vec![data]));
                }
            }
        }
    }
}

/// A session on either transport.
fn engine<A: Application>(application: A, now: Now) -> Engine<SocketIo<A>> {
    let span = |seconds| Span(Duration::from_secs(seconds));
    let engine = EngineIo {
        ping_interval: span(10),
        ping_timeout: span(8),
        max_payload: Bytes(65_536),
        connect_timeout: span(5),
        upgrade_timeout: span(10),
    };
    let limits = Limits {
        connect_within: Duration::from_secs(5),
        max_namespaces: 8,
        max_attachments: 10,
        max_attachment_bytes: 65_536,
        max_pending_acks: 64,
        ack_within: Duration::from_secs(10),
        msgpack: true,
        events_per_second: 10,
        events_burst: 40,
    };
    let upper = SocketIo::new(application, limits, now);
    Engine::new("sid".into(), Arc::new(engine), upper, now)
}

/// One socket on a WebSocket, as its carrier drives it.
struct Wire<A: Application> {
    session: WebSocket<SocketIo<A>>,
    now: Now,
    out: Vec<Action>,
    socket: SocketId,
}

impl<A: Application> Wire<A> {
    fn open(application: A) -> Self {
        let now = Now::read();
        let session = WebSocket(engine(application, now));
        let mut wire = Self { session, now, out: Vec::with_capacity(64), socket: SocketId::generate() };
        wire.session.opened(now, &mut wire.out);
        wire
    }

    /// Feeds one input; how often that allocated, and what came of it.
    fn feed(&mut self, input: Input) -> (usize, Vec<Action>) {
        let before = COUNT.get();
        self.session.handle(self.now, input, &mut self.out);
        let count = COUNT.get() - before;
        let actions: Vec<Action> = self.out.drain(..).collect();
        for action in &actions {
            match action {
                Action::Verify { socket, .. } | Action::Seen { socket, .. } => self.socket = *socket,
                Action::Close(code) => panic!("closed: {code:?}"),
                _ => {}
            }
        }
        (count, actions)
    }

    fn says(&mut self, text: &'static str) {
        self.feed(Input::Text(ByteString::from_static(text)));
    }

    /// Delivers events; how often that allocated.
    fn delivers(&mut self, batch: &Arc<Batch>) -> usize {
        let delivery = Delivery::Events(Arc::clone(batch));
        let (count, actions) = self.feed(Input::Delivered { socket: self.socket, delivery });
        let sent =
            actions.iter().filter(|action| matches!(action, Action::Send(Frame::Text(_) | Frame::Binary(_))));
        assert_eq!(sent.count() as u64, EVENTS);
        count
    }
}

/// A display in its restaurant's room, at position 0.
fn display(recovery: Option<&Arc<Recovery>>) -> Wire<Orders> {
    let (recovery, recovers) = (recovery.cloned(), recovery.is_some());
    let mut wire = Wire::open(Orders { max_replay_bytes: 8 << 20, recovery, ..Orders::default() });
    wire.says(r#"40{"token":"t"}"#);
    let (user, restaurant) = (UserId::generate(), RestaurantId::generate());
    let principal = Principal { user, role: Role::Kitchen, restaurant, board: BoardId::DEFAULT, login: None };
    let valid_for = Duration::from_secs(3_600);
    let verified = Verified { principal, expires_at: Timestamp::MAX, valid_for, boards: Default::default() };
    wire.feed(Input::Verified { socket: wire.socket, result: Ok(verified) });
    let joined = Joined { epoch: Epoch("e".into()), head: 0, missed: Missed::NotAsked };
    let result: Result<_, ErrorCode> = Ok(joined);
    let (_, actions) = wire.feed(Input::Joined { socket: wire.socket, result });
    let welcome = actions.iter().find_map(|action| match action {
        Action::Send(Frame::Text(text)) => Some(text),
        _ => None,
    });
    let recoverable = welcome.is_some_and(|welcome| welcome.contains(r#""pid":"#));
    assert_eq!(recoverable, recovers, "{welcome:?}");
    wire
}

fn plainest(shares: bool, first: Input) -> Wire<Plainest> {
    let mut wire = Wire::open(Plainest { shares });
    wire.feed(first);
    wire
}

/// What the second socket's second batch costs: framed by the first, its buffers grown by the first batch.
fn warm<A: Application>(open: impl Fn() -> Wire<A>) -> usize {
    let (mut first, mut second) = (open(), open());
    let batches = [batch(1), batch(1 + EVENTS)];
    let framed: Vec<usize> = batches.iter().map(|batch| first.delivers(batch)).collect();
    assert!(framed.iter().all(|&count| count > 0), "framing allocates, and is counted: {framed:?}");
    second.delivers(&batches[0]);
    second.delivers(&batches[1])
}

fn text(connect: &'static str) -> Input {
    Input::Text(ByteString::from_static(connect))
}

fn binary(namespace: &'static str) -> Input {
    Input::Binary(msgpack::encode(&Packet::new(namespace, Body::Connect(None))))
}

#[test]
fn a_framed_event_costs_the_next_socket_no_allocation() {
    let recovery = Arc::new(Recovery::new(b"a secret of this test", vec!["/".into()]).expect("a key"));
    for recovery in [None, Some(&recovery)] {
        assert_eq!(warm(|| display(recovery)), 0, "the product's own namespace, {recovery:?}");
    }
    for connect in ["40", "40/admin,"] {
        assert_eq!(warm(|| plainest(true, text(connect))), 0, "text, {connect}");
    }
    for namespace in ["/", "/admin"] {
        assert_eq!(warm(|| plainest(true, binary(namespace))), 0, "msgpack, {namespace}");
    }
}

/// The measure sees what it is there to see.
#[test]
fn formatting_for_each_socket_is_noticed() {
    let count = warm(|| plainest(false, text("40")));
    assert!(count as u64 >= 3 * EVENTS, "{count}");
}

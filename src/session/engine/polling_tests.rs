//! Long-polling and the upgrade, request by request, with an application that echoes.

use super::{
    takeover::{Seat, Switch},
    *,
};
use crate::{
    config::{
        sections::EngineIo,
        units::{Bytes, Span},
    },
    domain::{
        ids::{BoardId, RestaurantId, SocketId, UserId},
        principal::{Principal, Role},
        rejection::Rejection,
    },
    session::{
        Delivery, Frame,
        engine::upgrade::{Source, Upgrading},
    },
    wire::{engineio::SEPARATOR, event::WireEvent},
};
use std::sync::{Arc, Mutex};

#[path = "polling/commits_tests.rs"]
mod commits;

#[path = "polling/takeover_tests.rs"]
mod takeovers;

/// Sends every message back; asks for a room, or closes, when told to.
struct Echo;

impl Session for Echo {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}

    fn handle(&mut self, _: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) if text == "slow" => {
                out.push(Action::Verify { socket: socket(), token: "t".into() })
            }
            Input::Text(text) if text == "close" => out.push(Action::Close(Some(ErrorCode::Flood))),
            Input::Text(text) => out.push(Action::Send(Frame::Text(format!("4{text}").into()))),
            Input::Binary(bytes) => out.push(Action::Send(Frame::Binary(bytes))),
            Input::Delivered { delivery: Delivery::Head(0), .. } => {
                out.push(Action::Verify { socket: socket(), token: "t".into() });
            }
            Input::Delivered { delivery: Delivery::Head(seq), .. } => {
                out.push(Action::Send(Frame::Text(format!("4#{seq}").into())));
            }
            Input::Delivered { delivery: Delivery::Events(batch), .. } => {
                let framed = |event: &Arc<WireEvent>| Action::Send(Frame::Text(event.socketio().clone()));
                out.extend(batch.events.iter().map(framed));
            }
            Input::Delivered { delivery: Delivery::Close(code), .. } => out.push(Action::Close(Some(code))),
            Input::Verified { .. } => out.push(Action::Send(Frame::Text("4verified".into()))),
            _ => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        None
    }

    fn moved(&mut self, _: Now, socket: SocketId, out: &mut Vec<Action>) {
        out.push(Action::Leave { socket, code: None });
    }
}

fn socket() -> SocketId {
    SocketId(uuid::Uuid::nil())
}

/// Its membership, which its room still knows, or not.
fn seat(kept: bool) -> Seat {
    let (user, restaurant) = (UserId(uuid::Uuid::nil()), RestaurantId(uuid::Uuid::nil()));
    let principal = Principal { user, role: Role::Kitchen, restaurant, board: BoardId::DEFAULT, login: None };
    Seat { socket: socket(), principal, kept }
}

/// A session, its clock, and what it answered, written shortly.
struct Bench {
    polling: Arc<Mutex<Polling<Echo>>>,
    start: Now,
    ms: u64,
}

impl Bench {
    /// Ping 300, timeout 200, as the official suite has it; the handshake is answered.
    fn open() -> Self {
        let start = Now::read();
        let ms = |ms| Span(Duration::from_millis(ms));
        let settings = EngineIo {
            ping_interval: ms(300),
            ping_timeout: ms(200),
            max_payload: Bytes(1_000_000),
            connect_timeout: ms(1_000),
            upgrade_timeout: ms(10_000),
        };
        let mut polling = Polling::new(Engine::new("sid".into(), Arc::new(settings), Echo, start));
        let mut acts = Vec::new();
        polling.open(start, 0, &mut acts);
        assert!(written(acts).starts_with(r#"0<0{"sid":"sid","upgrades":["websocket"],"pingInterval":300,"#));
        Self { polling: Arc::new(Mutex::new(polling)), start, ms: 0 }
    }

    fn now(&self) -> Now {
        Now { mono: self.start.mono + Duration::from_millis(self.ms), ..self.start }
    }

    fn run(&self, call: impl FnOnce(&mut Polling<Echo>, Now, &mut Vec<Act>)) -> String {
        let mut acts = Vec::new();
        call(&mut self.polling.lock().unwrap(), self.now(), &mut acts);
        written(acts)
    }

    fn get(&self, ticket: Ticket) -> String {
        self.run(|polling, now, acts| polling.get(now, ticket, acts))
    }

    fn post(&self, body: &str) -> String {
        let mut ok = true;
        let text = self.run(|polling, now, acts| ok = polling.post(now, &body.into(), acts));
        format!("{}{text}", if ok { "ok " } else { "400 " })
    }

    fn tick(&self) -> String {
        self.run(|polling, now, acts| polling.input(now, Input::Tick, acts))
    }

    fn websocket(&self) -> Upgrading<Echo, Link> {
        assert!(self.polling.lock().unwrap().begin_upgrade());
        Upgrading::new(Link(self.polling.clone()), self.now(), Duration::from_secs(10))
    }

    fn hand_over(&self, seats: Vec<Seat>) -> String {
        self.run(|polling, _, acts| polling.handed_over(seats, acts))
    }

    /// It asks for the session again, as it does when told.
    fn looks(&self, websocket: &mut Upgrading<Echo, Link>) -> String {
        self.handle(websocket, Input::Tick)
    }

    fn handle(&self, websocket: &mut Upgrading<Echo, Link>, input: Input) -> String {
        let mut out = Vec::new();
        websocket.handle(self.now(), input, &mut out);
        sent(out)
    }

    fn frame(&self, websocket: &mut Upgrading<Echo, Link>, text: &str) -> String {
        self.handle(websocket, Input::Text(text.into()))
    }
}

struct Link(Arc<Mutex<Polling<Echo>>>);

impl Source<Echo> for Link {
    fn probed(&mut self, now: Now) -> bool {
        self.0.lock().unwrap().probed(now)
    }
    fn switch(&mut self, _: Now) -> Switch<Echo> {
        self.0.lock().unwrap().switch()
    }
}

fn written(acts: Vec<Act>) -> String {
    let words = acts.into_iter().map(|act| match act {
        Act::Answer(ticket, Answer::Packets(text)) => format!("{ticket}<{}", text.replace(SEPARATOR, "|")),
        Act::Answer(ticket, Answer::Refused) => format!("{ticket}<400"),
        Act::Do(Action::Verify { .. }) => "verify".into(),
        Act::Do(action) => format!("{action:?}"),
        Act::HandOver => "handover".into(),
        Act::Ready => "ready".into(),
        Act::End(code) => format!("end{}", code.map(|code| format!(":{code}")).unwrap_or_default()),
        Act::Moved => "moved".into(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn sent(out: Vec<Action>) -> String {
    let words = out.into_iter().map(|action| match action {
        Action::Send(Frame::Text(text)) => text.to_string(),
        Action::Close(code) => format!("close{}", code.map(|code| format!(":{code}")).unwrap_or_default()),
        Action::Adopt { .. } => "adopt".into(),
        Action::Leave { .. } => "rejoin".into(),
        action => format!("{action:?}"),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn messages_in_posts_answer_gets() {
    let bench = Bench::open();
    assert_eq!(bench.get(1), "");
    assert_eq!(bench.post("4hello"), "ok 1<4hello");
    assert_eq!(bench.post("4a\x1e4b\x1ebAQIDBA=="), "ok ");
    assert_eq!(bench.get(2), "2<4a|4b|bAQIDBA==");
}

#[test]
fn an_invalid_packet_closes_the_session() {
    for body in ["abc", "", "2", "0", "4a\x1e", "5"] {
        let bench = Bench::open();
        let answer = bench.post(body);
        assert!(answer.ends_with("end:PROTOCOL_ERROR"), "{body:?}: {answer}");
        assert_eq!(bench.get(1), "1<400");
        assert_eq!(bench.post("4a"), "400 ");
    }
}

#[test]
fn a_second_get_at_once_ends_both() {
    let bench = Bench::open();
    assert_eq!(bench.get(1), "");
    assert_eq!(bench.get(2), "2<400 1<1 end:PROTOCOL_ERROR");
    assert_eq!(bench.get(3), "3<400");
}

#[test]
fn a_cancelled_get_ends_the_session() {
    let bench = Bench::open();
    assert_eq!(bench.get(1), "");
    assert_eq!(bench.run(Polling::cancelled), "1<1 end:PROTOCOL_ERROR");
    assert_eq!(bench.get(2), "2<400");

    // Its answer got lost, and it has closed in the meantime: nothing that follows is told.
    let bench = Bench::open();
    assert_eq!(bench.post("4a\x1e1"), "ok ");
    assert_eq!(bench.run(Polling::cancelled), "end");
    assert_eq!(bench.get(1), "1<400");
}

#[test]
fn the_clients_close_is_told_to_the_waiting_get_or_to_one_late_one() {
    let bench = Bench::open();
    assert_eq!(bench.get(1), "");
    assert_eq!(bench.post("1"), "ok 1<6 end");
    assert_eq!(bench.get(2), "2<400");

    let bench = Bench::open();
    assert_eq!(bench.post("1"), "ok ");
    assert_eq!(bench.post("4a"), "400 ");
    assert_eq!(bench.get(1), "1<6 end");
    assert_eq!(bench.get(2), "2<400");

    let mut bench = Bench::open();
    bench.post("1");
    bench.ms = 1_000;
    assert_eq!(bench.tick(), "end");
}

#[test]
fn the_servers_close_leaves_with_what_was_queued() {
    let bench = Bench::open();
    assert_eq!(bench.post("4bye\x1e4close\x1e4late"), "ok ");
    assert_eq!(bench.get(1), "1<4bye|1 end:FLOOD");
}

#[test]
fn pings_and_the_end_of_a_silent_client_are_exact() {
    let mut bench = Bench::open();
    assert_eq!(bench.get(1), "");
    bench.ms = 300;
    assert_eq!(bench.tick(), "1<2");
    assert_eq!(bench.post("3"), "ok ");
    bench.ms = 600;
    assert_eq!(bench.get(2), "2<2");
    bench.ms = 799;
    assert_eq!(bench.get(3), "");
    bench.ms = 800;
    assert_eq!(bench.get(4), "3<1 end:PEER_SILENT 4<400");

    // Nobody ticks: the GET itself finds the session over.
    let mut bench = Bench::open();
    bench.ms = 300;
    bench.tick();
    bench.ms = 500;
    assert_eq!(bench.get(1), "end:PEER_SILENT 1<400");
}

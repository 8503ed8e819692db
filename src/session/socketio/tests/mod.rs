//! An application that asks its clients, answers later, and puts them out: what the protocol does around it.

use super::{Application, Context, Event, Limits, NotAsked, Socket, SocketIo, TimedOut, keys::MAX_KEYS};
use crate::{
    code::ErrorCode,
    domain::{ids::SocketId, stream::Epoch},
    session::{Action, Frame, Input, Now, Session},
    wire::{
        event::WireEvent,
        json::{Json, quote},
        msgpack,
        offset::Outside,
        socketio::Content,
    },
};
use bytes::Bytes;
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

mod asks;
mod parsers;
mod repeats;

/// Every namespace has one. What it delivers is shared by all desks of a test.
#[derive(Clone)]
struct Desk(Arc<WireEvent>);

impl Desk {
    fn new() -> Self {
        let (epoch, at) = (Epoch("e".into()), Timestamp::UNIX_EPOCH);
        Self(Arc::new(WireEvent::new(epoch, 7, Uuid::nil(), at, "order.new", r#"{"seq":7}"#.into())))
    }
}

struct DeskSocket {
    event: Arc<WireEvent>,
    /// Acknowledgements that are due.
    due: Vec<u64>,
    /// Events that came to the handler.
    handled: usize,
}

impl Application for Desk {
    type Socket = DeskSocket;
    fn open(&mut self, namespace: &str, _: SocketId) -> Option<DeskSocket> {
        let event = Arc::clone(&self.0);
        (namespace != "/no").then_some(DeskSocket { event, due: Vec::new(), handled: 0 })
    }
}

fn text(text: &str) -> Json {
    Json::trusted(quote(text))
}

impl Socket for DeskSocket {
    fn connect(&mut self, _: Now, auth: Option<&Json>, context: &mut Context<'_>) {
        match auth {
            Some(_) => context.refuse("no", ErrorCode::InvalidToken),
            None => context.accept(SocketId(Uuid::nil()), None),
        }
    }

    fn event(&mut self, _: Now, event: Event, context: &mut Context<'_>) {
        self.handled += 1;
        let Content { mut values, attachments } = event.content;
        values.remove(0);
        let content = Content { values, attachments };
        match (event.name.as_ref(), event.ack) {
            ("ask", _) => match context.emit_with_ack("q", content, Some(Duration::from_millis(100))) {
                Ok(_) => {}
                Err(error) => context.emit("not-asked", Content::new(vec![text(&error.to_string())])),
            },
            ("volatile", _) => context.emit_volatile("v", content),
            ("deliver", _) => context.deliver(&self.event, Some(Outside::No)),
            ("out", _) => {
                context.disconnect();
                let asked = context.emit_with_ack("q", content, None);
                assert_eq!(asked, Err(NotAsked::NotConnected));
            }
            ("echo", Some(id)) => context.ack(id, content),
            ("fail", _) => {
                let code = content.values[0].string().and_then(|name| ErrorCode::from_name(&name)).unwrap();
                for id in self.due.drain(..) {
                    context.ack_error(id, code, "no");
                }
            }
            ("finish", _) => {
                let handled = Json::trusted(self.handled.to_string());
                for id in self.due.drain(..) {
                    context.ack(id, Content::new(vec![handled.clone()]));
                }
            }
            (_, Some(id)) => self.due.push(id),
            _ => {}
        }
    }

    fn answered(&mut self, _: Now, id: u64, answer: Result<Content, TimedOut>, context: &mut Context<'_>) {
        let mut content = answer.unwrap_or_else(|late| Content::new(vec![text(&late.to_string())]));
        content.values.insert(0, Json::trusted(id.to_string()));
        context.emit("heard", content);
    }
}

struct Bench {
    session: SocketIo<Desk>,
    start: Now,
    ms: u64,
}

impl Bench {
    fn with(change: impl FnOnce(&mut Limits)) -> Self {
        Self::of(Desk::new(), change)
    }

    fn of(desk: Desk, change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = Limits {
            connect_within: Duration::from_secs(1),
            max_namespaces: 2,
            max_attachments: 2,
            max_attachment_bytes: 100,
            max_pending_acks: 2,
            ack_within: Duration::from_secs(10),
            msgpack: false,
            events_per_second: 1_000,
            events_burst: 1_000,
        };
        change(&mut limits);
        let start = Now::read();
        Self { session: SocketIo::new(desk, limits, start), start, ms: 0 }
    }

    fn connected() -> Self {
        let mut bench = Self::with(|_| {});
        assert_eq!(bench.says("0"), [WELCOME]);
        bench
    }

    fn raw(&mut self, input: Input) -> Vec<Action> {
        let now = Now { mono: self.start.mono + Duration::from_millis(self.ms), ..self.start };
        let mut out = Vec::new();
        self.session.handle(now, input, &mut out);
        out
    }

    fn on(&mut self, input: Input) -> Vec<String> {
        self.raw(input).into_iter().map(written).collect()
    }

    fn says(&mut self, text: &str) -> Vec<String> {
        self.on(Input::Text(text.into()))
    }

    fn bytes(&mut self, bytes: &'static [u8]) -> Vec<String> {
        self.on(Input::Binary(Bytes::from_static(bytes)))
    }
}

const WELCOME: &str = r#"40{"sid":"00000000-0000-0000-0000-000000000000"}"#;
const NOTHING: [&str; 0] = [];

fn written(action: Action) -> String {
    match action {
        Action::Send(Frame::Text(text)) => text.to_string(),
        Action::Send(Frame::Binary(bytes)) => match msgpack::decode(&bytes, 10) {
            Ok(packet) => format!("msgpack {}", packet.message()),
            Err(_) => format!("{bytes:?}"),
        },
        Action::Volatile(frames) => frames.into_iter().map(|frame| written(Action::Send(frame))).collect(),
        Action::Close(code) => format!("close {}", code.map_or("", ErrorCode::name)),
        action => format!("{action:?}"),
    }
}

/// Its client speaks on until it hears of it: that must not cost it its other namespaces.
#[test]
fn what_a_client_said_before_it_knew_goes_nowhere() {
    let mut bench = Bench::connected();
    bench.says("0/a,");
    assert_eq!(bench.says(r#"2["out"]"#), ["41"]);
    for text in [r#"2["echo"]"#, r#"21["echo"]"#, "30[]", "1"] {
        assert_eq!(bench.says(text), NOTHING, "{text}");
    }
    assert_eq!(bench.says(r#"2/a,5["echo",1]"#), ["43/a,5[1]"]);
    assert_eq!(bench.says("0"), [WELCOME]);
    assert_eq!(bench.says("26[\"echo\"]"), ["436[]"]);
    // Whoever left by itself knows it.
    assert_eq!(bench.says("1"), NOTHING);
    assert_eq!(bench.says(r#"2["echo"]"#), ["close PROTOCOL_ERROR"]);
}

#[test]
fn the_connect_timeout_runs_again_after_the_last_namespace() {
    let mut bench = Bench::connected();
    bench.ms = 500;
    bench.says(r#"2["out"]"#);
    bench.ms = 1_499;
    assert_eq!(bench.on(Input::Tick), NOTHING);
    bench.ms = 1_500;
    assert_eq!(bench.on(Input::Tick), ["close "]);
}

#[test]
fn a_refused_connect_leaves_nothing() {
    let mut bench = Bench::connected();
    for _ in 0..3 {
        assert_eq!(
            bench.says(r#"0/a,{"k":1}"#),
            [r#"44/a,{"message":"no","data":{"code":"INVALID_TOKEN"}}"#]
        );
        assert_eq!(bench.says("0/no"), [r#"44/no,{"message":"Invalid namespace"}"#]);
    }
    assert_eq!(bench.says("0/a,").len(), 1, "no place was taken");
    assert_eq!(bench.says("0/b,"), ["close LIMIT_REACHED"]);
}

#[test]
fn limits_are_those_of_the_settings() {
    let header = |count| format!(r#"5{count}-["x"]"#);
    assert_eq!(Bench::connected().says(&header(2)), NOTHING);
    assert_eq!(Bench::connected().says(&header(3)), ["close PROTOCOL_ERROR"]);
    let mut bench = Bench::connected();
    bench.says(&header(2));
    assert_eq!(bench.bytes(&[0; 100]), NOTHING);
    assert_eq!(bench.bytes(&[0]), ["close PROTOCOL_ERROR"]);
    let mut bench = Bench::with(|limits| limits.events_burst = 3);
    assert_eq!(bench.says("0"), [WELCOME]);
    assert_eq!(bench.says(r#"2["x"]"#), NOTHING);
    assert_eq!(bench.says("30[]"), NOTHING, "an answer counts");
    assert_eq!(bench.says(r#"2["x"]"#), ["close FLOOD"]);
}

#[test]
fn a_volatile_event_is_left_to_the_carrier_whole() {
    let mut bench = Bench::connected();
    bench.says(r#"51-["volatile",{"_placeholder":true,"num":0}]"#);
    let out = bench.raw(Input::Binary(Bytes::from_static(b"a")));
    let [Action::Volatile(frames)] = out.as_slice() else { panic!("{out:?}") };
    let header = r#"451-["v",{"_placeholder":true,"num":0}]"#;
    assert_eq!(frames[..], [Frame::Text(header.into()), Frame::Binary(Bytes::from_static(b"a"))]);
}

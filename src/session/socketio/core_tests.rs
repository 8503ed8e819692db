//! The protocol as the official suite and stock clients know it, with the application that the suite asks for.

use super::*;
use crate::session::Frame;
use bytes::Bytes;

/// Emits `auth` on connect; echoes `message` and acknowledges `message-with-ack` in `/`.
struct Suite;
struct SuiteSocket;

impl Application for Suite {
    type Socket = SuiteSocket;
    fn open(&mut self, namespace: &str, _: SocketId) -> Option<SuiteSocket> {
        matches!(namespace, "/" | "/custom" | "/later").then_some(SuiteSocket)
    }
}

impl Socket for SuiteSocket {
    fn connect(&mut self, _: Now, auth: Option<&Json>, context: &mut Context<'_>) {
        if *context.namespace == "/later" {
            return;
        }
        context.accept(context.socket, None);
        let auth = auth.cloned().unwrap_or_else(|| Json::trusted("{}"));
        context.emit("auth", Content::new(vec![auth]));
    }

    fn event(&mut self, _: Now, event: Event, context: &mut Context<'_>) {
        let Content { values, attachments } = event.content;
        let content = Content { values: values[1..].to_vec(), attachments };
        match (event.name.as_ref(), event.ack) {
            ("message", _) => context.emit("message-back", content),
            ("message-with-ack", Some(id)) => context.ack(id, content),
            _ => {}
        }
    }

    fn left(&mut self, context: &mut Context<'_>) {
        let socket = context.socket;
        context.actions().push(Action::Leave { socket, code: None });
    }
}

struct Bench {
    session: SocketIo<Suite>,
    start: Now,
    ms: u64,
}

impl Bench {
    fn new() -> Self {
        let limits = Limits {
            connect_within: Duration::from_millis(1_000),
            max_namespaces: 8,
            max_attachments: 10,
            max_attachment_bytes: 100,
            max_pending_acks: 64,
            ack_within: Duration::from_secs(10),
            msgpack: false,
            events_per_second: 10,
            events_burst: 40,
        };
        let start = Now::read();
        Self { session: SocketIo::new(Suite, limits, start), start, ms: 0 }
    }

    fn connected() -> Self {
        let mut bench = Self::new();
        assert_eq!(bench.says("0"), [r#"40{"sid":"SID"}"#, r#"42["auth",{}]"#]);
        bench
    }

    fn on(&mut self, input: Input) -> Vec<String> {
        let now = Now { mono: self.start.mono + Duration::from_millis(self.ms), ..self.start };
        let mut out = Vec::new();
        self.session.handle(now, input, &mut out);
        out.into_iter().map(written).collect()
    }

    fn says(&mut self, text: &str) -> Vec<String> {
        self.on(Input::Text(text.into()))
    }
}

fn written(action: Action) -> String {
    match action {
        Action::Send(Frame::Text(text)) => match text.find(r#"{"sid":"#) {
            Some(at) => format!(r#"{}{{"sid":"SID"}}"#, &text[..at]),
            None => text.to_string(),
        },
        Action::Send(Frame::Binary(bytes)) => format!("{bytes:?}"),
        Action::Leave { .. } => "leave".into(),
        Action::Close(code) => format!("close {}", code.map_or("", ErrorCode::name)),
        action => format!("{action:?}"),
    }
}

#[test]
fn namespaces_are_joined_and_left_apart() {
    let mut bench = Bench::new();
    assert_eq!(bench.says(r#"0{"token":"123"}"#), [r#"40{"sid":"SID"}"#, r#"42["auth",{"token":"123"}]"#]);
    let custom = [r#"40/custom,{"sid":"SID"}"#, r#"42/custom,["auth",{"token":"abc"}]"#];
    assert_eq!(bench.says(r#"0/custom,{"token":"abc"}"#), custom);
    assert_eq!(bench.says("0/random"), [r#"44/random,{"message":"Invalid namespace"}"#]);
    assert_eq!(bench.says("1/custom,"), ["leave"]);
    assert_eq!(bench.says(r#"2["message","x"]"#), [r#"42["message-back","x"]"#]);
    assert_eq!(bench.says("1"), ["leave"]);
    assert_eq!(bench.says("0"), [r#"40{"sid":"SID"}"#, r#"42["auth",{}]"#]);
}

#[test]
fn events_and_acknowledgements_travel_both_ways() {
    let mut bench = Bench::connected();
    let event = r#"2["message",1,"2",{"3":[true]}]"#;
    assert_eq!(bench.says(event), [r#"42["message-back",1,"2",{"3":[true]}]"#]);
    assert_eq!(bench.says(r#"2456["message-with-ack",1,"2"]"#), [r#"43456[1,"2"]"#]);
    assert_eq!(bench.says("2[5]"), [""; 0]);
}

#[test]
fn attachments_are_echoed_behind_their_header() {
    let mut bench = Bench::connected();
    let placeholder = |num| format!(r#"{{"_placeholder":true,"num":{num}}}"#);
    let list = format!("{},{}", placeholder(0), placeholder(1));
    for (sent, back) in [
        (format!(r#"52-["message",{list}]"#), format!(r#"452-["message-back",{list}]"#)),
        (format!(r#"52-789["message-with-ack",{list}]"#), format!("462-789[{list}]")),
    ] {
        assert_eq!(bench.says(&sent), [""; 0]);
        assert_eq!(bench.on(Input::Binary(Bytes::from_static(b"a"))), [""; 0]);
        let answer = bench.on(Input::Binary(Bytes::from_static(b"b")));
        assert_eq!(answer, [back.as_str(), r#"b"a""#, r#"b"b""#]);
    }
}

#[test]
fn what_no_client_says_closes() {
    let bad = [
        "4abc",
        "9",
        "2{}",
        "2[]",
        "2[{}]",
        r#"2["error"]"#,
        "2abc[\"x\"]",
        "3x[]",
        r#"2/custom,["x"]"#,
        "1/custom,",
        "0",
        r#"4{"message":"x"}"#,
        r#"51000000-["x"]"#,
    ];
    for text in bad {
        assert_eq!(Bench::connected().says(text), ["close PROTOCOL_ERROR"], "{text}");
    }
    assert_eq!(Bench::new().says(r#"2["message"]"#), ["close PROTOCOL_ERROR"]);
    assert_eq!(Bench::connected().on(Input::Binary(Bytes::new())), ["close PROTOCOL_ERROR"]);
    let mut waiting = Bench::connected();
    waiting.says(r#"51-["message",{"_placeholder":true,"num":0}]"#);
    assert_eq!(waiting.says(r#"2["message"]"#), ["close PROTOCOL_ERROR"]);
}

/// A CONNECT that waits for its answer must not run its handler twice.
#[test]
fn a_pending_namespace_takes_neither_events_nor_a_second_connect() {
    for text in ["0/later,", r#"2/later,["message"]"#] {
        let mut bench = Bench::new();
        assert_eq!(bench.says("0/later,"), [""; 0]);
        assert_eq!(bench.says(text), ["close PROTOCOL_ERROR"], "{text}");
    }
    let mut bench = Bench::new();
    bench.says("0/later,");
    assert_eq!(bench.says("1/later,"), ["leave"]);
}

#[test]
fn no_namespace_in_time_closes() {
    let mut bench = Bench::new();
    bench.ms = 1_000;
    assert_eq!(bench.on(Input::Tick), ["close AUTH_TIMEOUT"]);

    // Of nothing.
    let mut bench = Bench::new();
    bench.says("0/unknown,");
    bench.ms = 1_000;
    assert_eq!(bench.on(Input::Tick), ["close AUTH_TIMEOUT"]);
}

/// The time for a CONNECT ran on until it was answered. Where the database was slow clients were thrown out, came back,
/// and made it slower.
#[test]
fn a_connect_that_waits_for_its_answer_has_come() {
    let mut bench = Bench::new();
    bench.ms = 999;
    bench.says("0/later,");
    assert_eq!(bench.session.deadline(), None, "how long it may wait is the application's");
    bench.ms = 60_000;
    assert_eq!(bench.on(Input::Tick), [""; 0]);
    // It takes that back, and has had its time.
    assert_eq!(bench.says("1/later,"), ["leave"]);
    assert_eq!(bench.on(Input::Tick), ["close AUTH_TIMEOUT"]);
}

/// Who was let in and left its last namespace was closed with AUTH_TIMEOUT, as who could not say who it is: for good.
#[test]
fn who_was_in_and_wants_nothing_more_is_let_go_in_peace() {
    let mut bench = Bench::connected();
    assert_eq!(bench.session.deadline(), None);
    bench.ms = 5_000;
    bench.says("1");
    bench.ms = 5_999;
    assert_eq!(bench.on(Input::Tick), [""; 0]);
    bench.ms = 6_000;
    assert_eq!(bench.on(Input::Tick), ["close "]);
}

/// A namespace's name was a slice of its CONNECT: each socket kept 64 KiB of packet, and the token in it, for life.
#[test]
fn nothing_of_a_connect_stays() {
    let mut bench = Bench::new();
    let connect: ByteString = format!(r#"0/custom,{{"token":"{}"}}"#, "t".repeat(60_000)).into();
    let packet = connect.as_bytes().as_ptr_range();
    bench.on(Input::Text(connect.clone()));
    let name = &bench.session.members[0].namespace;
    assert_eq!(*name, "/custom");
    assert!(!packet.contains(&name.as_bytes().as_ptr()));
}

#[test]
fn a_flood_closes() {
    let mut bench = Bench::connected();
    assert!((0..39).all(|_| bench.says(r#"50-["x"]"#).is_empty()));
    assert_eq!(bench.says(r#"50-["x"]"#), ["close FLOOD"]);
}

//! Any sequence of frames, answers and ticks: no panic, nothing after a close, an acknowledgement at most once, bounded.

use super::*;
use crate::{
    session::{Delivery, Frame, Joined, Missed},
    wire::{json::Json, socketio::Content},
};
use bytes::Bytes;
use proptest::prelude::*;
use std::collections::HashMap;

const MAX_NAMESPACES: usize = 3;
const MAX_ATTACHMENT_BYTES: usize = 256;

/// Lets everybody in, some only when asked again, and answers whatever wants an answer.
#[derive(Debug)]
struct Any(Fault);

#[derive(Debug)]
struct AnySocket {
    due: Option<Instant>,
    fault: Fault,
    hoard: Vec<Content>,
}

/// What the checker is to find.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    AnswersTwice,
    AnswersAnother,
    SpeaksOn,
    Hoards,
}

impl Application for Any {
    type Socket = AnySocket;

    fn open(&mut self, namespace: &str, _: SocketId) -> Option<AnySocket> {
        (namespace.len() < 4).then_some(AnySocket { due: None, fault: self.0, hoard: Vec::new() })
    }
}

impl Socket for AnySocket {
    fn connect(&mut self, now: Now, auth: Option<&Json>, context: &mut Context<'_>) {
        match auth {
            Some(_) => self.due = Some(now.mono + Duration::from_millis(50)),
            None => context.accept(context.socket, None),
        }
    }

    fn event(&mut self, _: Now, event: Event, context: &mut Context<'_>) {
        match (self.fault, event.ack) {
            (Fault::AnswersTwice, Some(id)) => context.ack(id, event.content.clone()),
            (Fault::AnswersAnother, Some(id)) => return context.ack(id + 1, event.content),
            (Fault::SpeaksOn, _) => context.close(ErrorCode::Overloaded),
            (Fault::Hoards, _) => self.hoard.push(event.content.clone()),
            _ => {}
        }
        match (event.name.as_ref(), event.ack) {
            ("leave", _) => context.disconnect(),
            ("close", _) => context.close(ErrorCode::Overloaded),
            (_, Some(id)) => context.ack(id, Content::new(event.content.arguments().to_vec())),
            (_, None) => context.emit("echo", event.content),
        }
    }

    fn input(&mut self, _: Now, input: Input, context: &mut Context<'_>) {
        if let Input::Delivered { delivery: Delivery::Close(code), .. } = input {
            context.close(code);
        }
    }

    fn tick(&mut self, _: Now, context: &mut Context<'_>) {
        self.due = None;
        context.accept(context.socket, None);
    }

    fn deadline(&self) -> Option<Instant> {
        self.due
    }
}

#[derive(Debug, Clone)]
enum Step {
    Text(String),
    Binary(Vec<u8>),
    Wait(u64),
    /// To a socket that there is, or was.
    Joined,
    Closed,
}

fn step() -> impl Strategy<Value = Step> {
    let namespace =
        prop_oneof![4 => Just(""), 1 => Just("/a,"), 1 => Just("/b,"), 1 => Just("/c,"), 1 => Just("/long,")];
    let id = prop_oneof![2 => Just(String::new()), 3 => (0..5_u64).prop_map(|id| id.to_string())];
    let body = prop_oneof![
        6 => Just(r#"["x",1]"#), 1 => Just(r#"["leave"]"#), 1 => Just(r#"["close"]"#), 1 => Just("[]"), 1 => Just("{}"),
        1 => Just(r#"["x",{"_placeholder":true,"num":0}]"#), 1 => Just(""), 1 => Just(r#"["error"]"#),
    ];
    let kind = prop_oneof![3 => Just("0"), 1 => Just("1"), 8 => Just("2"), 1 => Just("3"), 1 => Just("51-"), 1 => Just("61-")];
    let packet = (kind, namespace, id, body).prop_map(|(kind, namespace, id, body)| match kind {
        "0" | "1" => Step::Text(format!("{kind}{namespace}")),
        _ => Step::Text(format!("{kind}{namespace}{id}{body}")),
    });
    prop_oneof![
        20 => packet,
        1 => "[0-7/,\\[\\]{}\"a-]{0,12}".prop_map(Step::Text),
        1 => any::<String>().prop_map(Step::Text),
        2 => proptest::collection::vec(any::<u8>(), 0..40).prop_map(Step::Binary),
        2 => (0..200_u64).prop_map(Step::Wait),
        1 => Just(Step::Joined),
        1 => (0..40_u8).prop_map(|n| if n == 0 { Step::Closed } else { Step::Joined }),
    ]
}

/// The acknowledgement's namespace and number, where a frame is one.
fn ack(frame: &str) -> Option<String> {
    let rest = frame.strip_prefix("43").or_else(|| frame.strip_prefix("46"))?;
    Some(rest[..rest.find('[')?].to_owned())
}

/// Takes these steps; what the application did wrong, or the protocol.
fn takes(steps: Vec<Step>, fault: Fault) -> Result<(), TestCaseError> {
    let limits = Limits {
        connect_within: Duration::from_secs(1),
        max_namespaces: MAX_NAMESPACES,
        max_attachments: 10,
        max_attachment_bytes: MAX_ATTACHMENT_BYTES,
        max_pending_acks: 4,
        ack_within: Duration::from_secs(1),
        msgpack: false,
        events_per_second: 1_000,
        events_burst: 1_000,
    };
    let start = Now::read();
    let mut session = SocketIo::new(Any(fault), limits, start);
    let (mut now, mut closed) = (start, false);
    let (mut asked, mut answered) = (HashMap::<String, u32>::new(), HashMap::<String, u32>::new());
    let mut known = SocketId::generate();
    for step in steps {
        let mut out = Vec::new();
        match step {
            Step::Text(text) => {
                let wants = text.strip_prefix('2').and_then(|rest| Some(rest[..rest.find('[')?].to_owned()));
                if let Some(id) = wants.filter(|id| id.ends_with(|c: char| c.is_ascii_digit())) {
                    *asked.entry(id).or_default() += 1;
                }
                let binary =
                    text.strip_prefix("51-").and_then(|rest| Some(rest[..rest.find('[')?].to_owned()));
                if let Some(id) = binary {
                    *asked.entry(id).or_default() += 1;
                }
                session.handle(now, Input::Text(text.into()), &mut out);
            }
            Step::Binary(bytes) => session.handle(now, Input::Binary(Bytes::from(bytes)), &mut out),
            Step::Wait(ms) => {
                now.mono += Duration::from_millis(ms);
                session.handle(now, Input::Tick, &mut out);
            }
            Step::Joined => {
                let epoch = crate::domain::stream::Epoch("e".into());
                let joined = Joined { epoch, head: 1, missed: Missed::NotAsked };
                session.handle(now, Input::Joined { socket: known, result: Ok(joined) }, &mut out);
            }
            Step::Closed => {
                let delivery = Delivery::Close(ErrorCode::RoomRestarting);
                session.handle(now, Input::Delivered { socket: known, delivery }, &mut out);
            }
        }
        known = session.members.first().map_or(known, |member| member.id);
        let end = out.iter().position(|action| matches!(action, Action::Close(_)));
        if let Some(end) = end {
            prop_assert_eq!(end, out.len() - 1, "something follows a close: {:?}", out);
            closed = true;
        }
        for action in &out {
            if let Action::Send(Frame::Text(text)) = action
                && let Some(id) = ack(text)
            {
                *answered.entry(id).or_default() += 1;
            }
        }
        prop_assert!(session.members.len() <= MAX_NAMESPACES);
        // What is kept between two steps: the namespaces' names, and one packet whose attachments are due.
        let kept = format!("{session:?}").len();
        prop_assert!(kept < 16 << 10, "{} bytes", kept);
        if closed {
            break;
        }
    }
    for (id, count) in answered {
        prop_assert!(asked.get(&id).copied().unwrap_or_default() >= count, "{id:?} answered {count} times");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_is_borne(steps in proptest::collection::vec(step(), 0..80)) {
        takes(steps, Fault::None)?;
    }
}

#[test]
fn each_fault_is_found() {
    let text = |text: &str| Step::Text(text.into());
    let asks: Vec<Step> = ["0", r#"21["x",1]"#, r#"2["x",2]"#].map(text).into();
    let talks: Vec<Step> = std::iter::once(text("0")).chain((0..400).map(|_| text(r#"2["x",1]"#))).collect();
    for steps in [&asks, &talks] {
        takes(steps.clone(), Fault::None).unwrap();
    }
    for (fault, steps, found) in [
        (Fault::AnswersTwice, &asks, "answered 2 times"),
        (Fault::AnswersAnother, &asks, "answered 1 times"),
        (Fault::SpeaksOn, &asks, "follows a close"),
        (Fault::Hoards, &talks, "bytes"),
    ] {
        let error = takes(steps.clone(), fault).expect_err("a fault").to_string();
        assert!(error.contains(found), "{fault:?}: {error}");
    }
}

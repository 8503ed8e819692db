//! The two parsers, and events that all receivers share.

use super::*;
use crate::wire::socketio::{Body, Packet};

fn packed(body: Body) -> Input {
    Input::Binary(msgpack::encode(&Packet::new("/", body)))
}

fn event(values: &[&str]) -> Body {
    let content = Content::new(values.iter().map(|value| Json::trusted(*value)).collect());
    Body::Event { id: Some(4), content }
}

#[test]
fn msgpack_is_spoken_with_whom_it_begins() {
    let speaker = || Bench::with(|limits| limits.msgpack = true);
    let mut bench = speaker();
    assert_eq!(bench.on(packed(Body::Connect(None))), [format!("msgpack {WELCOME}")]);
    assert_eq!(bench.on(packed(event(&[r#""echo""#, "1"]))), ["msgpack 434[1]"]);
    assert_eq!(bench.on(packed(event(&[r#""ask""#]))), [r#"msgpack 420["q"]"#]);
    let answer = Body::Ack { id: 0, content: Content::new(vec![]) };
    assert_eq!(bench.on(packed(answer)), [r#"msgpack 42["heard",0]"#]);
    let volatile = [r#"msgpack 42["v"]"#];
    assert_eq!(bench.on(packed(event(&[r#""volatile""#]))), volatile);
    assert_eq!(bench.on(packed(event(&[r#""deliver""#]))), [r#"msgpack 42["order.new",{"seq":7},"e:7"]"#]);
    assert_eq!(bench.says(r#"2["echo"]"#), ["close PROTOCOL_ERROR"], "text from a speaker of msgpack");
    assert_eq!(speaker().bytes(b"\xc0"), ["close PROTOCOL_ERROR"]);
    let mut default = speaker();
    assert_eq!(default.says("0"), [WELCOME]);
    assert_eq!(default.on(packed(event(&[r#""echo""#]))), ["close PROTOCOL_ERROR"]);
    let mut off = Bench::with(|_| {});
    assert_eq!(off.on(packed(Body::Connect(None))), ["close PROTOCOL_ERROR"]);
}

/// One encoding per namespace and parser, however many sockets get it.
#[test]
fn an_event_is_encoded_once_for_each_framing() {
    let frames = |parser: &str, namespace: &str, desk: &Desk| {
        let mut bench = Bench::of(desk.clone(), |limits| limits.msgpack = true);
        let on = |bench: &mut Bench, body: Body| {
            let packet = Packet::new(namespace.to_owned(), body);
            bench.raw(match parser {
                "msgpack" => Input::Binary(msgpack::encode(&packet)),
                _ => Input::Text(packet.message()[1..].into()),
            })
        };
        on(&mut bench, Body::Connect(None));
        let out = on(&mut bench, event(&[r#""deliver""#]));
        let [Action::Send(frame)] = &out[..] else { panic!("{out:?}") };
        match frame {
            Frame::Text(text) => (text.as_ptr(), text.to_string()),
            Frame::Binary(bytes) => (bytes.as_ptr(), String::new()),
            Frame::Ping => panic!("{frame:?}"),
        }
    };
    let desk = Desk::new();
    let mut seen = Vec::new();
    for parser in ["json", "msgpack"] {
        for namespace in ["/", "/a", "/b"] {
            let (first, text) = frames(parser, namespace, &desk);
            assert_eq!(frames(parser, namespace, &desk).0, first, "{parser} {namespace}");
            assert!(!seen.contains(&first));
            seen.push(first);
            if parser == "json" {
                let prefix = if namespace == "/" { String::new() } else { format!("{namespace},") };
                assert_eq!(text, format!(r#"42{prefix}["order.new",{{"seq":7}},"e:7"]"#));
            }
        }
    }
}

//! What Socket.IO packets must be, what broke others, and round trips.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn decoder() -> Decoder {
    Decoder::new(10, 65_536)
}

fn one(text: &str) -> Result<Packet, DecodeError> {
    decoder().text(&text.into()).map(|packet| packet.expect("a packet without attachments"))
}

fn values(list: &[&str]) -> Vec<Json> {
    list.iter().map(|text| Json::trusted(*text)).collect()
}

#[test]
fn the_protocols_own_examples() {
    let event = |namespace: &str, id, list: &[&str]| {
        Packet::new(namespace, Body::Event { id, content: Content::new(values(list)) })
    };
    let connect =
        |namespace: &str, json: Option<&str>| Packet::new(namespace, Body::Connect(json.map(Json::trusted)));
    let rows = [
        ("0", connect("/", None)),
        (r#"0{"token":"123"}"#, connect("/", Some(r#"{"token":"123"}"#))),
        (r#"0/admin,{"token":"123"}"#, connect("/admin", Some(r#"{"token":"123"}"#))),
        ("0/admin,", connect("/admin", None)),
        ("0/admin", connect("/admin", None)),
        ("1", Packet::new("/", Body::Disconnect)),
        ("1/admin,", Packet::new("/admin", Body::Disconnect)),
        (r#"2["foo"]"#, event("/", None, &[r#""foo""#])),
        (r#"2/admin,["bar"]"#, event("/admin", None, &[r#""bar""#])),
        (r#"212["foo"]"#, event("/", Some(12), &[r#""foo""#])),
        (r#"2/admin,13["bar",{"a":1}]"#, event("/admin", Some(13), &[r#""bar""#, r#"{"a":1}"#])),
        ("2[1]", event("/", None, &["1"])),
    ];
    for (text, packet) in rows {
        assert_eq!(one(text), Ok(packet), "{text}");
    }
    let ack = Body::Ack { id: 13, content: Content::new(values(&["true"])) };
    assert_eq!(one("3/admin,13[true]"), Ok(Packet::new("/admin", ack)));
    for why in [r#"{"message":"Not authorized"}"#, r#""Not authorized""#] {
        let refused = Packet::new("/admin", Body::ConnectError(Json::trusted(why)));
        assert_eq!(one(&format!("4/admin,{why}")), Ok(refused));
    }
}

#[test]
fn attachments_follow_their_header() {
    let mut decoder = decoder();
    let header = r#"52-/admin,7["baz",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
    assert_eq!(decoder.text(&header.into()), Ok(None));
    assert_eq!(decoder.binary(Bytes::from_static(b"a")), Ok(None));
    let packet = decoder.binary(Bytes::from_static(b"b")).unwrap().unwrap();
    assert_eq!(packet.attachments(), [Bytes::from_static(b"a"), Bytes::from_static(b"b")]);
    assert_eq!(packet.message(), format!("4{header}"));
    assert_eq!(decoder.binary(Bytes::new()), Err(DecodeError::UnexpectedBinary));
}

#[test]
fn refuses_what_broke_others() {
    use DecodeError::*;
    let long = |head: &str, digit: &str, tail: &str| head.to_owned() + &digit.repeat(1_000_000) + tail;
    let rows = [
        ("".into(), UnknownType),
        ("7".into(), UnknownType),
        ("abc".into(), UnknownType),
        ("é".into(), UnknownType),
        ("2[{}]".into(), Payload),
        ("2[null]".into(), Payload),
        ("2[]".into(), Payload),
        ("2{}".into(), Payload),
        ("2".into(), Payload),
        ("2abc[\"x\"]".into(), Payload),
        ("0[]".into(), Payload),
        ("0\"x\"".into(), Payload),
        ("1{}".into(), Payload),
        ("4".into(), Payload),
        ("4 7".into(), Payload),
        ("4[]".into(), Payload),
        ("4null".into(), Payload),
        ("4true".into(), Payload),
        ("3[]".into(), AckId),
        ("3abc[]".into(), AckId),
        (r#"2["error"]"#.into(), Reserved),
        (r#"2["\u0065rror"]"#.into(), Reserved),
        (r#"2["connect"]"#.into(), Reserved),
        (r#"51000000-["x"]"#.into(), Attachments),
        (r#"511-["x"]"#.into(), Attachments),
        (r#"5-1-["x"]"#.into(), Attachments),
        (r#"5["x"]"#.into(), Attachments),
        ("0/a\nb,".into(), Namespace),
        (long("5", "1", "-[\"x\"]"), Attachments),
        (long("2", "1", "[\"x\"]"), AckId),
        (long("0/", "1", ","), Namespace),
        (long("2[\"x\",", "[", "]"), Payload),
    ];
    for (text, error) in rows {
        let start = Instant::now();
        let shown = &text[..text.len().min(40)];
        assert_eq!(decoder().text(&text.as_str().into()), Err(error), "{shown}");
        assert!(start.elapsed() < Duration::from_secs(5), "slow: {shown}");
    }
}

#[test]
fn placeholders_name_an_attachment() {
    for num in ["\"splice\"", "-1", "1e9", "0.5", "1", "null", "{}"] {
        let text = format!(r#"51-["x",{{"a":[{{"_placeholder":true,"num":{num}}}]}}]"#);
        assert_eq!(decoder().text(&text.as_str().into()), Err(DecodeError::Placeholder), "{num}");
    }
    assert_eq!(decoder().text(&r#"51-["x",{"_placeholder":true}]"#.into()), Err(DecodeError::Placeholder));
    // In a textual packet it is data like any other.
    assert!(one(r#"2["x",{"_placeholder":true,"num":5}]"#).is_ok());
}

#[test]
fn a_header_without_attachments_is_complete() {
    let mut decoder = decoder();
    for _ in 0..100_000 {
        assert!(decoder.text(&r#"50-["x"]"#.into()).unwrap().is_some());
    }
}

#[test]
fn text_and_binary_keep_their_turns() {
    let mut waiting = decoder();
    let header = ByteString::from(r#"51-["x",{"_placeholder":true,"num":0}]"#);
    assert_eq!(waiting.text(&header), Ok(None));
    assert_eq!(waiting.text(&"2[\"y\"]".into()), Err(DecodeError::UnexpectedText));
    let mut small = Decoder::new(10, 3);
    assert_eq!(small.text(&header), Ok(None));
    assert_eq!(small.binary(Bytes::from_static(b"four")), Err(DecodeError::TooLarge));
}

fn packets() -> impl Strategy<Value = Packet> {
    let json = prop_oneof![
        Just("null".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        ".{0,12}".prop_map(|s| crate::wire::json::quote(&s)),
        Just(r#"{"a":[1,{"b":"]"}]}"#.to_owned()),
    ];
    let list = proptest::collection::vec(json.prop_map(Json::trusted), 0..5);
    let name = "[a-z.]{1,8}!".prop_map(|name| Json::trusted(crate::wire::json::quote(&name)));
    let attachments = proptest::option::of(proptest::collection::vec(any::<Vec<u8>>(), 0..4));
    let content = (list, attachments).prop_map(|(values, attachments)| Content {
        values,
        attachments: attachments.map(|list| list.into_iter().map(Bytes::from).collect()),
    });
    let id = 0..10_u64.pow(16);
    let body = prop_oneof![
        Just(Body::Connect(None)),
        Just(Body::Connect(Some(Json::trusted(r#"{"token":"x"}"#)))),
        Just(Body::Disconnect),
        Just(Body::ConnectError(Json::trusted(r#"{"message":"no"}"#))),
        (id.clone(), content.clone()).prop_map(|(id, content)| Body::Ack { id, content }),
        (proptest::option::of(id), name, content).prop_map(|(id, name, mut content)| {
            content.values.insert(0, name);
            Body::Event { id, content }
        }),
    ];
    (prop_oneof![Just("/".to_owned()), "/[^,\\p{C}]{1,20}"], body)
        .prop_map(|(namespace, body)| Packet::new(namespace, body))
}

proptest! {
    #[test]
    fn packets_round_trip(packet in packets()) {
        let mut decoder = decoder();
        let mut text = String::new();
        packet.write(&mut text);
        let mut decoded = decoder.text(&text.into()).unwrap();
        for bytes in packet.attachments() {
            prop_assert!(decoded.is_none());
            decoded = decoder.binary(bytes.clone()).unwrap();
        }
        prop_assert_eq!(decoded, Some(packet));
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*|[0-6][0-9,/\\[\\]{}\"a-]*") {
        let mut decoder = decoder();
        let _ = decoder.text(&text.into());
        let _ = decoder.binary(Bytes::new());
    }
}

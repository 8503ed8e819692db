//! What npm's parser writes and reads, what the default parser refuses, and round trips.

use super::*;
use crate::wire::json::MAX_DEPTH;
use proptest::prelude::*;
use rmp::encode::{write_array_len, write_bin, write_f64, write_map_len, write_sint, write_str, write_uint};
use std::time::{Duration, Instant};

fn bytes(hex: &str) -> Bytes {
    let digits: String = hex.split_whitespace().collect();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

fn values(list: &[&str]) -> Vec<Json> {
    list.iter().map(|text| Json::trusted(*text)).collect()
}

fn event(id: Option<u64>, list: &[&str], attachments: Option<Vec<Bytes>>) -> Packet {
    Packet::new("/", Body::Event { id, content: Content { values: values(list), attachments } })
}

/// A message of these members, `data` written by the caller.
fn message(kind: i64, namespace: &str, id: Option<i64>, data: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut out = Vec::new();
    write_map_len(&mut out, 3 + u32::from(id.is_some())).unwrap();
    write_str(&mut out, "type").unwrap();
    write_sint(&mut out, kind).unwrap();
    write_str(&mut out, "nsp").unwrap();
    write_str(&mut out, namespace).unwrap();
    if let Some(id) = id {
        write_str(&mut out, "id").unwrap();
        write_sint(&mut out, id).unwrap();
    }
    write_str(&mut out, "data").unwrap();
    data(&mut out);
    out.into()
}

/// An event `x` with one argument, as it stands in the message.
fn with_argument(argument: &[u8]) -> Bytes {
    message(2, "/", None, |out| {
        write_array_len(out, 2).unwrap();
        write_str(out, "x").unwrap();
        out.extend_from_slice(argument);
    })
}

fn one(message: &Bytes) -> Result<Packet, DecodeError> {
    decode(message, 10)
}

/// Printed by `socket.io-client` 4.8.1 with `socket.io-msgpack-parser` 3.0.2: CONNECT without `auth`, and with it and
/// a `pid` that has seen no offset, an event with everything, an acknowledgement, DISCONNECT.
#[test]
fn npms_own_packets() {
    let rows = [
        ("83 a474797065 00 a464617461 d40000 a36e7370 a12f", Packet::new("/", Body::Connect(None))),
        (
            "83 a474797065 00 a464617461 83 a3706964 a170 a66f6666736574 d40000 a5746f6b656e a474657374 \
             a36e7370 a62f61646d696e",
            Packet::new("/admin", Body::Connect(Some(Json::trusted(r#"{"pid":"p","token":"test"}"#)))),
        ),
        (
            "85 a474797065 02 a464617461 97 a178 d40000 cb 402f000000000000 c40201 02 c7 02 00 03 04 \
             d700 0000 018b cfe5 6800 cf 0020000000000000 a76f7074696f6e73 81 a8636f6d7072657373 c3 \
             a26964 07 a36e7370 a12f",
            event(
                Some(7),
                &[
                    r#""x""#,
                    "null",
                    "15.5",
                    r#"{"_placeholder":true,"num":0}"#,
                    r#"{"_placeholder":true,"num":1}"#,
                    r#""2023-11-14T22:13:20.000Z""#,
                    "9007199254740992",
                ],
                Some(vec![Bytes::from_static(&[1, 2]), Bytes::from_static(&[3, 4])]),
            ),
        ),
        (
            "84 a474797065 03 a26964 00 a464617461 91 81 a16b c0 a36e7370 a12f",
            Packet::new("/", Body::Ack { id: 0, content: Content::new(values(&[r#"{"k":null}"#])) }),
        ),
        ("82 a474797065 01 a36e7370 a12f", Packet::new("/", Body::Disconnect)),
    ];
    for (hex, packet) in rows {
        assert_eq!(one(&bytes(hex)), Ok(packet), "{hex}");
    }
}

#[test]
fn what_the_default_parser_refuses_is_refused() {
    let list = |list: &'static [&'static str]| {
        move |out: &mut Vec<u8>| {
            write_array_len(out, list.len() as u32).unwrap();
            list.iter().for_each(|text| write_str(out, text).unwrap());
        }
    };
    let nil = |out: &mut Vec<u8>| out.push(0xc0);
    let rows = [
        (message(2, "/", None, list(&[])), DecodeError::Payload),
        (message(2, "/", None, nil), DecodeError::Payload),
        (message(2, "/", None, |out| out.extend([0x91, 0xc0])), DecodeError::Payload),
        (message(2, "/", None, |out| out.extend([0x91, 0x80])), DecodeError::Payload),
        (message(2, "/", None, list(&["error"])), DecodeError::Reserved),
        (message(2, "/", None, list(&["x"; MAX_VALUES + 1])), DecodeError::Payload),
        (message(2, "/", Some(-1), list(&["x"])), DecodeError::Payload),
        (message(2, "/", Some((1 << 53) + 1), list(&["x"])), DecodeError::AckId),
        (message(3, "/", None, list(&[])), DecodeError::AckId),
        (message(3, "/", Some(1), nil), DecodeError::Payload),
        (message(0, "/", None, list(&[])), DecodeError::Payload),
        (message(0, "/", Some(1), |out| out.push(0x80)), DecodeError::Payload),
        (message(0, "/", None, nil), DecodeError::Payload),
        (message(1, "/", None, nil), DecodeError::Payload),
        (message(5, "/", None, list(&["x"])), DecodeError::UnknownType),
        (message(6, "/", Some(1), list(&["x"])), DecodeError::UnknownType),
        (message(-1, "/", None, list(&["x"])), DecodeError::Payload),
        (message(2, "", None, list(&["x"])), DecodeError::Namespace),
        (message(2, "admin", None, list(&["x"])), DecodeError::Namespace),
        (message(2, "/a,b", None, list(&["x"])), DecodeError::Namespace),
        (message(2, &format!("/{}", "x".repeat(MAX_NAMESPACE)), None, list(&["x"])), DecodeError::Namespace),
    ];
    for (message, error) in rows {
        assert_eq!(one(&message), Err(error), "{message:?}");
    }
    let arguments = [
        "cb 7ff8000000000000",    // NaN
        "cb 7ff0000000000000",    // an infinity
        "ca ff800000",            // another
        "d4 01 00",               // another type of extension
        "d5 00 0000",             // type 0 of a length without a meaning
        "c7 01 05 00",            // as above, written out
        "d7 00 7fffffffffffffff", // a date beyond all dates
        "81 01 02",               // a key that is a number
        "81 c4 01 61 02",         // a key that is bytes
        "a1 ff",                  // not UTF-8
        "c1",                     // never used
        "dd ffffffff",            // four thousand million elements that are not there
        "df ffffffff",            // as above, members
        "c6 ffffffff 00",         // as above, bytes
        "92 c0",                  // one element short
        "c0 c0",                  // one value too many
    ];
    for argument in arguments {
        assert_eq!(one(&with_argument(&bytes(argument))), Err(DecodeError::Payload), "{argument}");
    }
    for hex in ["", "c0", "80", "91 00", "81 a474797065 02", "82 a474797065 02 a474797065 02"] {
        assert_eq!(one(&bytes(hex)), Err(DecodeError::Payload), "{hex}");
    }
}

#[test]
fn depth_and_attachments_are_bounded() {
    // The list of an event's values counts, as it does in JSON.
    let nested = |depth: usize| with_argument(&[vec![0x91; depth - 1], vec![0xc0]].concat());
    assert!(one(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(one(&nested(MAX_DEPTH + 1)), Err(DecodeError::Payload));
    assert_eq!(one(&nested(1_000_000)), Err(DecodeError::Payload));

    let blobs =
        |count: usize| with_argument(&[vec![0x90 + count as u8], [0xc4, 0x01, 0x07].repeat(count)].concat());
    assert!(one(&blobs(10)).is_ok());
    assert_eq!(one(&blobs(11)), Err(DecodeError::Attachments));
    let connect = message(0, "/", None, |out| out.extend([0x81, 0xa1, b'k', 0xc4, 0x01, 0x07]));
    assert_eq!(one(&connect), Err(DecodeError::Payload));
}

/// It would stand for another argument's bytes; alone it is data like any other, as in a text of the default parser.
#[test]
fn a_map_that_looks_like_a_placeholder_is_none() {
    let mut map = vec![0x82];
    write_str(&mut map, "_placeholder").unwrap();
    map.push(0xc3);
    write_str(&mut map, "num").unwrap();
    map.push(0);
    let alone = one(&with_argument(&map)).unwrap();
    assert_eq!(alone, event(None, &[r#""x""#, r#"{"_placeholder":true,"num":0}"#], None));
    assert_eq!(decode(&encode(&alone), 10), Ok(alone));
    let beside = [&[0x92][..], &map, &[0xc4, 1, 7]].concat();
    assert_eq!(one(&with_argument(&beside)), Err(DecodeError::Placeholder));
}

#[test]
fn what_is_undefined_is_left_out_as_json_does() {
    let map = bytes("82 a161 d40000 a162 93 d40000 01 d40000");
    assert_eq!(one(&with_argument(&map)), Ok(event(None, &[r#""x""#, r#"{"b":[null,1,null]}"#], None)));
}

#[test]
fn keys_keep_their_order_and_long_lists_their_length() {
    let wide = format!("[{}]", vec!["0"; 70_000].join(","));
    let deep = r#"{"z":1,"a":{"y":[true,false,null,-1,-200,1.5,"é\n"]}}"#;
    let packet = event(Some(1), &[r#""x""#, &wide, deep], None);
    let message = encode(&packet);
    assert_eq!(decode(&message, 10), Ok(packet));
    let mut expected = Vec::new();
    write_array_len(&mut expected, 70_000).unwrap();
    assert!(message.windows(5).any(|window| window == expected));
}

#[test]
fn time_is_linear() {
    let list = with_argument(&[&[0xdd, 0, 0x20, 0, 0][..], &[0xc0].repeat(0x20_0000)].concat());
    let maps = with_argument(&[&[0xdd, 0, 8, 0, 0][..], &[0x81, 0xa0, 0x90].repeat(0x8_0000)].concat());
    for message in [list, maps] {
        let start = Instant::now();
        let packet = one(&message).unwrap();
        assert_eq!(encode(&packet).len(), message.len());
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        // Fractions of 15 digits: serde_json may read longer ones a last place off.
        (-1e14..1e14_f64).prop_map(|number| serde_json::Value::from(number.trunc() / 1e3)),
        ".{0,40}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 40, 20, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..20).prop_map(Into::into),
            proptest::collection::btree_map(".{0,8}", inner, 0..20)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn packets() -> impl Strategy<Value = Packet> {
    let trusted = |value: serde_json::Value| Json::trusted(value.to_string());
    let content = (
        proptest::collection::vec(json().prop_map(trusted), 0..4),
        proptest::collection::vec(any::<Vec<u8>>(), 0..4),
    );
    let content = content.prop_map(|(mut values, blobs)| {
        let placeholder = |num| Json::trusted(format!(r#"{{"_placeholder":true,"num":{num}}}"#));
        values.extend((0..blobs.len()).map(placeholder));
        let attachments: Vec<Bytes> = blobs.into_iter().map(Into::into).collect();
        Content { values, attachments: (!attachments.is_empty()).then_some(attachments) }
    });
    let content = content.boxed();
    let named = (proptest::option::of(0..MAX_ID), "[a-z]{1,12}é?", content.clone());
    let body = prop_oneof![
        proptest::option::of(Just(r#"{"token":"é"}"#).prop_map(Json::trusted)).prop_map(Body::Connect),
        Just(Body::Disconnect),
        (0..MAX_ID, content).prop_map(|(id, content)| Body::Ack { id, content }),
        named.prop_filter_map("reserved", |(id, name, mut content)| {
            content.values.insert(0, Json::trusted(format!(r#""{name}""#)));
            check_event(&content).is_ok().then_some(Body::Event { id, content })
        }),
    ];
    ("/[a-z]{0,20}", body).prop_map(|(namespace, body)| Packet::new(namespace, body))
}

proptest! {
    #[test]
    fn packets_round_trip(packet in packets()) {
        prop_assert_eq!(decode(&encode(&packet), 10), Ok(packet));
    }

    #[test]
    fn arbitrary_bytes_never_panic(message in any::<Vec<u8>>()) {
        let _ = decode(&message.into(), 10);
    }

    /// Close to what is legal, so that the decoder gets far.
    #[test]
    fn damaged_packets_never_panic(packet in packets(), at in any::<prop::sample::Index>(), byte: u8, cut: bool) {
        let mut message = encode(&packet).to_vec();
        let at = at.index(message.len());
        if cut { message.truncate(at) } else { message[at] = byte }
        if let Ok(packet) = decode(&message.into(), 10) {
            let _ = encode(&packet);
        }
    }
}

#[test]
fn numbers_are_written_as_npm_writes_them() {
    let mut expected = Vec::new();
    write_map_len(&mut expected, 3).unwrap();
    write_str(&mut expected, "type").unwrap();
    write_uint(&mut expected, 2).unwrap();
    write_str(&mut expected, "data").unwrap();
    write_array_len(&mut expected, 6).unwrap();
    write_str(&mut expected, "x").unwrap();
    write_uint(&mut expected, 300).unwrap();
    write_sint(&mut expected, -300).unwrap();
    write_f64(&mut expected, 0.1).unwrap();
    write_uint(&mut expected, u64::MAX).unwrap();
    write_bin(&mut expected, b"ab").unwrap();
    write_str(&mut expected, "nsp").unwrap();
    write_str(&mut expected, "/").unwrap();
    let list = [r#""x""#, "300", "-300", "0.1", "18446744073709551615", r#"{"num":0,"_placeholder":true}"#];
    assert_eq!(encode(&event(None, &list, Some(vec![Bytes::from_static(b"ab")]))), expected);
}

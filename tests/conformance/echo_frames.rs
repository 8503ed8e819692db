//! RFC 6455 on `/echo`: lengths, pings and pongs, reserved bits, reserved opcodes.

use crate::{
    example::Example,
    raw::{BINARY, PING, PONG, Raw, TEXT, frame, handshake},
};
use futures_util::future::join_all;
use std::{sync::Arc, time::Duration};

/// On both sides of each form of a length, and a message that takes many reads.
const LENGTHS: [usize; 9] = [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 1 << 20];
/// The largest message of `/echo`, `protocol_echo`'s own limit.
const LARGEST: u64 = 16 << 20;

/// Text and binary frames of every length come back as they are.
#[tokio::test]
async fn frames_of_all_lengths_come_back() {
    let example = Example::shared();
    for kind in [TEXT, BINARY] {
        let mut raw = example.echo().await;
        for length in LENGTHS {
            let payload = payload(kind, length);
            raw.frames(kind, &payload).await;
            assert!(raw.frame().await == (kind, payload), "{kind:#x} of {length}");
        }
        is_alive(&mut raw).await;
    }
}

/// The same, however the bytes arrive.
#[tokio::test]
async fn frames_may_arrive_in_chops() {
    let example = Example::shared();
    let check = async |(kind, length, chop): (u8, usize, usize)| {
        let mut raw = example.echo().await;
        raw.0.set_nodelay(true).unwrap();
        let payload = payload(kind, length);
        for chop in frame(kind, &payload).chunks(chop) {
            raw.sends(chop).await;
            tokio::task::yield_now().await;
        }
        assert!(raw.frame().await == (kind, payload), "{kind:#x} of {length} in {chop}");
    };
    let rows = [0, 1, 125, 126, 1_000].map(|length| (TEXT, length, 1)).into_iter();
    join_all(rows.chain([(BINARY, 65_536, 997), (BINARY, 1 << 20, 1_460)]).map(check)).await;
}

fn payload(kind: u8, length: usize) -> Vec<u8> {
    let any = (0..length).map(|at| (at * 31 % 251) as u8);
    if kind == TEXT { any.map(|byte| b' ' + byte % 95).collect() } else { any.collect() }
}

/// It still echoes.
async fn is_alive(raw: &mut Raw) {
    raw.frames(TEXT, b"alive").await;
    assert_eq!(raw.frame().await, (TEXT, b"alive".to_vec()));
}

/// A ping's payload comes back in its pong, whatever it is and up to 125 bytes of it.
#[tokio::test]
async fn pings_are_answered_with_what_they_carry() {
    let example = Example::shared();
    let mut raw = example.echo().await;
    let payloads: [&[u8]; 5] = [b"", b"hello", b"\x00\xff\xfe\xfd", &[0xFE; 124], &[0xFF; 125]];
    for payload in payloads {
        raw.frames(PING, payload).await;
        assert_eq!(raw.frame().await, (PONG, payload.to_vec()));
    }
    // Ten at once, in order.
    let ten: Vec<Vec<u8>> = (0..10_u8).map(|n| vec![n]).collect();
    raw.sends(&ten.iter().flat_map(|payload| frame(PING, payload)).collect::<Vec<_>>()).await;
    for payload in ten {
        assert_eq!(raw.frame().await, (PONG, payload));
    }
    // In single bytes.
    for byte in frame(PING, &[7; 125]) {
        raw.sends(&[byte]).await;
    }
    assert_eq!(raw.frame().await, (PONG, vec![7; 125]));
}

/// Pongs that nobody asked for mean nothing.
#[tokio::test]
async fn unsolicited_pongs_are_ignored() {
    let example = Example::shared();
    let mut raw = example.echo().await;
    for payload in [&b""[..], b"unsolicited", &[1; 125]] {
        raw.frames(PONG, payload).await;
        raw.frames(PING, b"after").await;
        assert_eq!(raw.frame().await, (PONG, b"after".to_vec()));
    }
    is_alive(&mut raw).await;
}

/// What is wrong with one frame: what came before it is served, then the connection fails with this code.
async fn fails(example: &Example, name: &str, bytes: &[u8], code: u16) {
    let mut raw = example.echo().await;
    raw.sends(&[&frame(TEXT, b"before"), bytes].concat()).await;
    assert_eq!(raw.frame().await, (TEXT, b"before".to_vec()), "{name}");
    assert_eq!(raw.close_code().await, code, "{name}");
    assert!(raw.is_closed().await, "{name}");
}

async fn all_fail(rows: Vec<(String, Vec<u8>, u16)>) {
    let example: Arc<Example> = Example::shared();
    let check =
        async |(name, bytes, code): (String, Vec<u8>, u16)| fails(&example, &name, &bytes, code).await;
    join_all(rows.into_iter().map(check)).await;
    example.is_well().await;
}

/// No extension is ever negotiated, so each of these bits ends the connection, on every kind of frame.
#[tokio::test]
async fn reserved_bits_fail_the_connection() {
    let bits = (1..8_u8).flat_map(|rsv| [TEXT, BINARY, PING, PONG, 0x88].map(|kind| kind | rsv << 4));
    all_fail(bits.map(|first| (format!("{first:#x}"), frame(first, b"x"), 1002)).collect()).await;
}

#[tokio::test]
async fn reserved_opcodes_fail_the_connection() {
    let opcodes = (3..8_u8).chain(11..16);
    let rows = opcodes.flat_map(|opcode| {
        [&b""[..], b"payload"].map(|payload| (format!("{opcode}"), frame(0x80 | opcode, payload), 1002))
    });
    all_fail(rows.collect()).await;
}

/// Declared lengths that no peer may send: long control frames, the top bit, more than the limit; refused at the header.
#[tokio::test]
async fn impossible_lengths_fail_at_the_header() {
    let declares = |length: u64| [&[BINARY, 0xFF][..], &length.to_be_bytes()].concat();
    all_fail(vec![
        ("a ping of 126".into(), frame(PING, &[0; 126]), 1002),
        ("a pong of 126".into(), frame(PONG, &[0; 126]), 1002),
        ("a close of 126".into(), frame(0x88, &[0; 126]), 1002),
        ("a ping with a long length".into(), vec![PING, 0xFF], 1002),
        ("an unmasked frame".into(), vec![TEXT, 0x01, b'x'], 1002),
        ("the top bit".into(), declares(1 << 63), 1002),
        ("2^63 - 1".into(), declares(u64::MAX >> 1), 1009),
        ("2^40".into(), declares(1 << 40), 1009),
        ("one more than the largest".into(), declares(LARGEST + 1), 1009),
    ])
    .await;
}

/// What is no handshake (RFC 6455 §4.2.1) opens no WebSocket.
#[tokio::test]
async fn a_request_that_is_no_handshake_is_refused() {
    let example = Example::shared();
    let good = handshake("/echo", "");
    let rows = [
        good.replace("GET", "POST"),
        good.replace("Upgrade: websocket\r\n", ""),
        good.replace("Upgrade: websocket", "Upgrade: h2c"),
        good.replace("Connection: Upgrade\r\n", ""),
        good.replace("Version: 13", "Version: 12"),
        good.replace("Sec-WebSocket-Version: 13\r\n", ""),
        good.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""),
    ];
    for request in rows {
        assert_ne!(request, good);
        let mut raw = Raw::connects(example.port).await;
        raw.sends(request.as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 4"), "{request}{head}");
    }
    // The key of the RFC's own example, and no extension or subprotocol that was not asked for, or that we do not have.
    let mut raw = Raw::connects(example.port).await;
    let wishes = "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: chat\r\n";
    raw.sends(handshake("/echo", wishes).as_bytes()).await;
    let head = raw.head().await.to_lowercase();
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
    assert!(!head.contains("-extensions:") && !head.contains("-protocol:"), "{head}");
}

/// One frame of 2^40 bytes made a codec reserve 400 MiB; here a hundred of them cost nothing. A process of its own, so
/// that its memory is this test's.
#[tokio::test]
async fn a_declared_length_of_two_to_the_forty_takes_no_memory() {
    let example = Example::start();
    example.is_well().await;
    let before = example.peak_memory();
    let header = [&[BINARY, 0xFF][..], &(1_u64 << 40).to_be_bytes(), &[0; 1_000]].concat();
    let paths = ["/echo", "/engine.io/?EIO=4&transport=websocket", "/socket.io/?EIO=4&transport=websocket"];
    for path in paths {
        let offend = async |_| {
            let mut raw = Raw::upgrades(example.port, path).await;
            raw.sends(&header).await;
            assert_eq!(raw.close_code().await, 1009, "{path}");
        };
        join_all((0..33).map(offend)).await;
    }
    let grown = example.peak_memory() - before;
    assert!(grown < 32 << 10, "{grown} KiB");
    tokio::time::timeout(Duration::from_secs(10), example.is_well()).await.unwrap();
}

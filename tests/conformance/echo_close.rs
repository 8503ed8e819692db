//! RFC 6455 §5.5.1 and §7 on `/echo`: closing.

use crate::{
    example::Example,
    raw::{BINARY, CLOSE, PING, TEXT, frame},
};
use futures_util::future::join_all;
use std::time::{Duration, Instant};

/// More than the 50 ms for our answer to leave, less than the 2 s after which the server ends what does not end.
const SOON: Duration = Duration::from_millis(1_500);
/// A machine that is busy with something else may be late; a server that waits is late every time.
const TRIES: usize = 3;

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes()[..], reason].concat()
}

/// The peer's own code comes back, without its reason, and the server closes the connection first (§7.1.1).
#[tokio::test]
async fn a_close_is_answered_with_its_own_code() {
    let example = Example::shared();
    let codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
    let codes = codes.into_iter().chain([3000, 3999, 4000, 4999]);
    let reasons: [&[u8]; 4] = [b"", b"good bye", "κόσμε".as_bytes(), &[b'*'; 123]];
    let check = async |(code, reason): (u16, &[u8])| {
        let mut took = Vec::new();
        while took.len() < TRIES {
            let mut raw = example.echo().await;
            raw.frames(CLOSE, &close(code, reason)).await;
            assert_eq!(raw.frame().await, (CLOSE, code.to_be_bytes().to_vec()));
            let answered = Instant::now();
            assert!(raw.rest().await.is_empty(), "{code}");
            took.push(answered.elapsed());
            if answered.elapsed() < SOON {
                return;
            }
        }
        panic!("{code}: {took:?}");
    };
    join_all(codes.flat_map(|code| reasons.map(|reason| (code, reason))).map(check)).await;
}

#[tokio::test]
async fn an_empty_close_is_answered_with_an_empty_one() {
    let example = Example::shared();
    let mut raw = example.echo().await;
    raw.frames(CLOSE, b"").await;
    assert_eq!(raw.frame().await, (CLOSE, vec![]));
    assert!(raw.rest().await.is_empty());
}

/// Codes that nobody may send, a payload of one byte, a reason that is no text.
#[tokio::test]
async fn an_illegal_close_is_a_protocol_error() {
    let example = Example::shared();
    let codes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 9999, 65_535];
    let bad: [Vec<u8>; 3] = [vec![0x03], close(1000, b"\xFF"), close(1000, b"ok, then \xED\xA0\x80")];
    let check = async |payload: Vec<u8>| {
        let mut raw = example.echo().await;
        raw.frames(CLOSE, &payload).await;
        assert_eq!(raw.close_code().await, 1002, "{payload:?}");
        assert!(raw.is_closed().await, "{payload:?}");
    };
    join_all(codes.map(|code| close(code, b"")).into_iter().chain(bad).map(check)).await;
    example.is_well().await;
}

/// What follows a Close is no part of the connection: neither echoed nor complained about.
#[tokio::test]
async fn nothing_is_served_after_a_close() {
    let example = Example::shared();
    let rows: [(&str, Vec<u8>); 6] = [
        ("text", frame(TEXT, b"late")),
        ("ping", frame(PING, b"late")),
        ("another close", frame(CLOSE, &close(1001, b""))),
        ("an illegal frame", vec![0xFF; 100]),
        ("the rest of a message", frame(0x80, b"late")),
        ("very much", frame(BINARY, &[7; 200_000])),
    ];
    let check = async |(name, late): (&str, Vec<u8>)| {
        let mut raw = example.echo().await;
        let message = if name == "the rest of a message" { frame(0x01, b"begun") } else { vec![] };
        raw.sends(&[message, frame(CLOSE, &close(1000, b"")), late].concat()).await;
        assert_eq!(raw.frame().await, (CLOSE, close(1000, b"")), "{name}");
        assert!(raw.rest().await.is_empty(), "{name}");
    };
    join_all(rows.map(check)).await;
    example.is_well().await;
}

/// The answers to what came before a Close come before its answer.
#[tokio::test]
async fn what_came_before_a_close_is_served() {
    let example = Example::shared();
    for length in [5, 20_000] {
        let mut raw = example.echo().await;
        let payload = vec![7; length];
        raw.sends(&[frame(BINARY, &payload), frame(PING, b"?"), frame(CLOSE, b"")].concat()).await;
        assert!(raw.frame().await == (BINARY, payload), "{length}");
        assert_eq!(raw.frame().await, (0x8A, b"?".to_vec()));
        assert_eq!(raw.frame().await, (CLOSE, vec![]));
        assert!(raw.rest().await.is_empty());
    }
}

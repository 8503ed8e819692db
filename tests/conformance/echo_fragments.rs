//! RFC 6455 §5.4 on `/echo`: messages in fragments, in right and in wrong order, control frames between them, how many.

use crate::{
    example::Example,
    raw::{BINARY, PING, PONG, Raw, TEXT, frame},
};
use futures_util::future::join_all;

const FIRST_TEXT: u8 = 0x01;
const FIRST_BINARY: u8 = 0x02;
const MIDDLE: u8 = 0x00;
const LAST: u8 = 0x80;
/// Of one message on `/echo`.
const MAX_FRAGMENTS: usize = 1_000;

type Frames<'a> = &'a [(u8, &'a [u8])];

fn bytes(frames: Frames<'_>) -> Vec<u8> {
    frames.iter().flat_map(|(first, payload)| frame(*first, payload)).collect()
}

/// Sends all at once and frame by frame; both times the same comes back, in this order.
async fn comes_back(example: &Example, sent: Frames<'_>, back: Frames<'_>) {
    for at_once in [true, false] {
        let mut raw = example.echo().await;
        if at_once {
            raw.sends(&bytes(sent)).await;
        } else {
            raw.0.set_nodelay(true).unwrap();
            for one in sent {
                raw.sends(&bytes(&[*one])).await;
                tokio::task::yield_now().await;
            }
        }
        for (first, payload) in back {
            assert_eq!(raw.frame().await, (*first, payload.to_vec()), "{sent:?}");
        }
    }
}

#[tokio::test]
async fn fragments_are_joined_and_control_frames_between_them_answered_first() {
    let example = Example::shared();
    let rows: [(Frames<'_>, Frames<'_>); 9] = [
        (&[(FIRST_TEXT, b"frag"), (LAST, b"ment")], &[(TEXT, b"fragment")]),
        (&[(FIRST_BINARY, b"\xFF"), (MIDDLE, b"\x00"), (LAST, b"\xFE")], &[(BINARY, b"\xFF\x00\xFE")]),
        // Empty fragments are fragments.
        (&[(FIRST_TEXT, b""), (MIDDLE, b""), (LAST, b"")], &[(TEXT, b"")]),
        (&[(FIRST_TEXT, b""), (MIDDLE, b"middle"), (LAST, b"")], &[(TEXT, b"middle")]),
        // A ping within a message is answered before it.
        (&[(FIRST_TEXT, b"a"), (PING, b"ping"), (LAST, b"b")], &[(PONG, b"ping"), (TEXT, b"ab")]),
        (
            &[(FIRST_TEXT, b"a"), (PING, b"1"), (MIDDLE, b"b"), (PING, b"2"), (LAST, b"c")],
            &[(PONG, b"1"), (PONG, b"2"), (TEXT, b"abc")],
        ),
        // So is a pong within a message no part of it.
        (&[(FIRST_TEXT, b"a"), (PONG, b"pong"), (LAST, b"b")], &[(TEXT, b"ab")]),
        // One message after the other, of either kind.
        (
            &[(FIRST_TEXT, b"a"), (LAST, b"b"), (FIRST_BINARY, b"c"), (LAST, b"d"), (TEXT, b"e")],
            &[(TEXT, b"ab"), (BINARY, b"cd"), (TEXT, b"e")],
        ),
        // A character split between fragments, an empty one and a ping in the split.
        (
            &[(FIRST_TEXT, b"\xE2"), (MIDDLE, b""), (PING, b""), (MIDDLE, b"\x82"), (LAST, b"\xAC")],
            &[(PONG, b""), (TEXT, "€".as_bytes())],
        ),
    ];
    join_all(rows.map(|(sent, back)| comes_back(&example, sent, back))).await;
}

#[tokio::test]
async fn fragments_in_wrong_order_fail_the_connection() {
    let example = Example::shared();
    let rows: [Frames<'_>; 11] = [
        &[(LAST, b"of nothing")],
        &[(MIDDLE, b"of nothing")],
        &[(LAST, b"")],
        &[(TEXT, b"whole"), (LAST, b"of nothing")],
        &[(FIRST_TEXT, b"a"), (LAST, b"b"), (MIDDLE, b"of nothing")],
        &[(FIRST_TEXT, b"a"), (TEXT, b"within")],
        &[(FIRST_TEXT, b"a"), (BINARY, b"within")],
        &[(FIRST_BINARY, b"a"), (FIRST_BINARY, b"within")],
        &[(FIRST_TEXT, b"a"), (PING, b""), (MIDDLE, b"b"), (FIRST_TEXT, b"within")],
        // Control frames have no fragments.
        &[(0x09, b"ping"), (LAST, b"")],
        &[(0x08, b"\x03\xE8")],
    ];
    let check = async |sent: Frames<'_>| {
        let mut raw = example.echo().await;
        raw.sends(&bytes(sent)).await;
        assert_eq!(raw.close_code().await, 1002, "{sent:?}");
        assert!(raw.is_closed().await, "{sent:?}");
    };
    join_all(rows.map(check)).await;
    example.is_well().await;
}

/// `count` fragments of `payload` each, the last one last.
fn many(count: usize, payload: &[u8]) -> Vec<u8> {
    let first = |at| match at {
        0 => FIRST_TEXT,
        at if at + 1 == count => LAST,
        _ => MIDDLE,
    };
    (0..count).flat_map(|at| frame(first(at), payload)).collect()
}

#[tokio::test]
async fn a_thousand_fragments_are_a_message_and_one_more_is_none() {
    let example = Example::shared();
    for payload in [&b"x"[..], b""] {
        let mut raw = example.echo().await;
        raw.sends(&many(MAX_FRAGMENTS, payload)).await;
        assert_eq!(raw.frame().await, (TEXT, payload.repeat(MAX_FRAGMENTS)));
        // The count begins anew with each message.
        raw.sends(&many(MAX_FRAGMENTS, payload)).await;
        assert_eq!(raw.frame().await, (TEXT, payload.repeat(MAX_FRAGMENTS)));
        raw.sends(&many(MAX_FRAGMENTS + 1, payload)).await;
        assert_eq!(raw.close_code().await, 1009);
    }
}

/// A message in one-byte fragments costs a codec more than its bytes. Without an end it is refused at the limit, and the
/// million that follow are thrown away; on Engine.IO after the product's 16.
#[tokio::test]
async fn one_byte_fragments_without_end_are_refused() {
    let example = Example::shared();
    let endless = [frame(FIRST_TEXT, b"4"), frame(MIDDLE, b"x").repeat(100_000)].concat();
    let paths = ["/echo", "/engine.io/?EIO=4&transport=websocket", "/socket.io/?EIO=4&transport=websocket"];
    for path in paths {
        let mut raw = Raw::upgrades(example.port, path).await;
        // The server may have cut the connection before it has all of it.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut raw.0, &endless).await;
        assert_eq!(raw.close_code().await, 1009, "{path}");
    }
    example.is_well().await;
}

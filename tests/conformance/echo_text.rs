//! RFC 6455 §8.1 on `/echo`: text is UTF-8, in one frame, in fragments, in chops; anything else ends with 1007.

use crate::{
    example::Example,
    raw::{BINARY, CLOSE, TEXT, frame},
};
use futures_util::future::join_all;

/// The least and the most of each length, what lies beside the surrogates, and characters that are none (which are legal).
const VALID: [&[u8]; 13] = [
    b"",
    b"\x00",
    b"\x7F",
    b"\xC2\x80",
    b"\xDF\xBF",
    b"\xE0\xA0\x80",
    b"\xED\x9F\xBF",
    b"\xEE\x80\x80",
    b"\xEF\xBF\xBE\xEF\xBF\xBF",
    b"\xEF\xBB\xBF",
    b"\xF0\x90\x80\x80",
    b"\xF4\x8F\xBF\xBF",
    "Hello-µ@ßöäüàá-κόσμε-日本語-🍕".as_bytes(),
];

const INVALID: [(&str, &[u8]); 20] = [
    ("a continuation alone", b"\x80"),
    ("another", b"\xBF"),
    ("several", b"\x80\xBF\x80\xBF"),
    ("a two-byte character cut off", b"\xC3"),
    ("a three-byte character cut off", b"\xE2\x82"),
    ("a four-byte character cut off", b"\xF0\x9F\x8D"),
    ("a start after a start", b"\xC3\xC3\xA4"),
    ("a start, then ASCII", b"\xE2\x82x"),
    ("overlong /", b"\xC0\xAF"),
    ("overlong / in three", b"\xE0\x80\xAF"),
    ("overlong / in four", b"\xF0\x80\x80\xAF"),
    ("overlong NUL", b"\xC0\x80"),
    ("the largest overlong", b"\xF0\x8F\xBF\xBF"),
    ("a high surrogate", b"\xED\xA0\x80"),
    ("a low surrogate", b"\xED\xBF\xBF"),
    ("a pair of surrogates", b"\xED\xA0\x80\xED\xB0\x80"),
    ("beyond the last character", b"\xF4\x90\x80\x80"),
    ("five bytes", b"\xF8\x88\x80\x80\x80"),
    ("FE", b"\xFE"),
    ("FF", b"\xFF"),
];

/// A text in fragments of this many bytes.
fn fragments(payload: &[u8], each: usize) -> Vec<u8> {
    let chunks: Vec<_> = payload.chunks(each).collect();
    let mut bytes = frame(0x01, chunks.first().copied().unwrap_or_default());
    for chunk in chunks.iter().skip(1) {
        bytes.extend(frame(0x00, chunk));
    }
    bytes.extend(frame(0x80, b""));
    bytes
}

#[tokio::test]
async fn text_that_is_utf_8_comes_back_however_it_is_split() {
    let example = Example::shared();
    let check = async |text: &[u8]| {
        let mut raw = example.echo().await;
        raw.frames(TEXT, text).await;
        assert_eq!(raw.frame().await, (TEXT, text.to_vec()));
        for each in 1..5 {
            raw.sends(&fragments(text, each)).await;
            assert_eq!(raw.frame().await, (TEXT, text.to_vec()), "in fragments of {each}");
        }
        // In chops: byte by byte, within one frame.
        for byte in frame(TEXT, text) {
            raw.sends(&[byte]).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(raw.frame().await, (TEXT, text.to_vec()), "in chops");
    };
    join_all(VALID.map(check)).await;
}

#[tokio::test]
async fn text_that_is_not_utf_8_ends_with_1007_however_it_is_split() {
    let example = Example::shared();
    let check = async |(name, text): (&str, &[u8])| {
        let surrounded = [b"good so far: ", text, b""].concat();
        for bytes in
            [frame(TEXT, text), frame(TEXT, &surrounded), fragments(text, 1), fragments(&surrounded, 2)]
        {
            let mut raw = example.echo().await;
            raw.sends(&bytes).await;
            assert_eq!(raw.close_code().await, 1007, "{name}");
        }
        // As binary it is as good as anything.
        let mut raw = example.echo().await;
        raw.frames(BINARY, text).await;
        assert_eq!(raw.frame().await, (BINARY, text.to_vec()), "{name}");
    };
    join_all(INVALID.map(check)).await;
    example.is_well().await;
}

/// A peer that sends no end of a text must not be waited for: the first fragment that breaks it ends the connection.
#[tokio::test]
async fn a_broken_text_ends_at_once_and_not_at_its_end() {
    let example = Example::shared();
    // "κόσμε", then a surrogate; "beyond the last character" is known by its second byte.
    let rows: [&[&[u8]]; 4] = [
        &["κόσμε".as_bytes(), b"\xED\xA0\x80"],
        &["κόσμε".as_bytes(), b"\xF4", b"\x90"],
        &[b"\xFF"],
        &[b"\xE2", b"\x82", b"x"],
    ];
    let check = async |parts: &[&[u8]]| {
        let mut raw = example.echo().await;
        for (at, part) in parts.iter().enumerate() {
            raw.frames(if at == 0 { 0x01 } else { 0x00 }, part).await;
        }
        let (first, payload) = raw.frame().await;
        assert_eq!((first, &payload[..2]), (CLOSE, &1007_u16.to_be_bytes()[..]), "{parts:?}");
    };
    join_all(rows.map(check)).await;
}

/// A text that nobody ends is no text yet, and no error.
#[tokio::test]
async fn half_a_character_is_waited_for() {
    let example = Example::shared();
    let mut raw = example.echo().await;
    raw.frames(0x01, b"\xF0\x9F\x8D").await;
    raw.frames(crate::raw::PING, b"?").await;
    assert_eq!(raw.frame().await, (crate::raw::PONG, b"?".to_vec()));
    raw.frames(0x80, b"\x95").await;
    assert_eq!(raw.frame().await, (TEXT, "🍕".as_bytes().to_vec()));
}

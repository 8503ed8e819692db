//! What broke others: packets, however they are malformed or many. Where each line of the list is tested:
//!
//! | what | test |
//! |---|---|
//! | very many tiny packets in one POST | `a_post_of_tiny_packets_is_dealt_with_in_no_time`; `by_hand.rs::many_tiny_packets_in_one_post…` |
//! | long digit runs | `long_runs_of_digits_are_refused_in_no_time`; `decode/tests.rs::refuses_what_broke_others` |
//! | RSV bits | `echo_frames.rs::reserved_bits_fail_the_connection` |
//! | a reset at every byte | `broke_resets.rs` |
//! | doubled, array-style, `__proto__`, 8 KiB parameters | `broke_requests.rs::odd_parameters…`; `by_hand.rs::refusals_are_those…` |
//! | `_placeholder.num`; `42[{}]`, `42[null]`, `42[]`, `42{}`; `42["error"]`; `451000000-[…]` | `packets_that_broke_others_end_the_connection` |
//! | 20,000 headers | `broke_requests.rs::twenty_thousand_headers…` |
//! | `450-["x"]` a hundred thousand times | `a_hundred_thousand_headers_without_attachments_leave_nothing_behind` |
//! | refused binary POSTs that stay open | `broke_requests.rs::a_refused_binary_post…` |
//! | one-byte fragments | `echo_fragments.rs::one_byte_fragments_without_end…` |
//! | a declared length of 2^40 | `echo_frames.rs::a_declared_length_of_two_to_the_forty…` |
//! | a duplicate CONNECT | `a_second_connect_does_not_run_its_handler_again`; `core_tests.rs::a_pending_namespace…` |
//! | rooms left behind by a refused connect | `broke_leftovers.rs` |
//! | timed-out acks that leak | `tests/socketio/acks.rs` |
//! | an abandoned polling session | `by_hand.rs::an_abandoned_session…`, `broke_leftovers.rs` |
//! | an extra pong taken for a timeout | `extra_pongs_are_no_timeout` |

use crate::example::{ENGINE_IO, Example, PING_INTERVAL, SILENT, SOCKET_IO, stands};
use futures_util::future::join_all;
use std::time::{Duration, Instant};

/// Far more than linear time takes on a busy machine in a debug build, far less than quadratic time.
const NO_TIME: Duration = Duration::from_secs(10);
/// As many bytes as a POST may have.
const MAX_PAYLOAD: usize = 1_000_000;

/// Each takes the place of a packet from a client that is in `/`.
const BROKEN: [&str; 26] = [
    r#"451-["message",{"_placeholder":true,"num":"splice"}]"#,
    r#"451-["message",{"_placeholder":true,"num":-1}]"#,
    r#"451-["message",{"_placeholder":true,"num":1e9}]"#,
    r#"451-["message",{"_placeholder":true,"num":0.5}]"#,
    r#"451-["message",{"_placeholder":true,"num":1}]"#,
    r#"451-["message",{"_placeholder":true}]"#,
    r#"451-["message",{"_placeholder":true,"num":{"__proto__":0}}]"#,
    "42[{}]",
    "42[null]",
    "42[]",
    "42{}",
    "42",
    "42[true]",
    r#"42["error"]"#,
    r#"42["connect"]"#,
    r#"42["disconnecting"]"#,
    r#"42["\u0065rror"]"#,
    r#"451000000-["message"]"#,
    r#"4511-["message"]"#,
    r#"45-1-["message"]"#,
    r#"450x["message"]"#,
    r#"42["message""#,
    "43[]",
    "431.5[]",
    "4",
    "47",
];

#[tokio::test]
async fn packets_that_broke_others_end_the_connection() {
    let example = Example::shared();
    let check = async |packet: &str| {
        let mut client = example.client().await;
        client.says(packet).await;
        assert_eq!(client.ends_in_silence().await, Some(1002), "{packet}");
    };
    for some in BROKEN.chunks(4) {
        join_all(some.iter().map(|packet| check(packet))).await;
    }
    example.is_well().await;
}

/// The same in a POST: the session is over, and its poll says so.
#[tokio::test]
async fn packets_that_broke_others_end_a_polled_session() {
    for some in BROKEN.chunks(4) {
        stands(PING_INTERVAL, async |example| {
            let check = async |packet: &str| {
                let session = example.polls(SOCKET_IO).await;
                session.says(&format!("40\x1e{packet}")).await;
                session.is_gone().await;
            };
            join_all(some.iter().map(|packet| check(packet))).await;
        })
        .await;
    }
}

/// A parser that reads such a run digit by digit into a number, or again and again, takes minutes.
#[tokio::test]
async fn long_runs_of_digits_are_refused_in_no_time() {
    let example = Example::shared();
    let run = "1".repeat(MAX_PAYLOAD - 100);
    let packets = [
        format!(r#"45{run}-["message"]"#),
        format!(r#"42{run}["message"]"#),
        format!("43{run}[]"),
        format!("40/{run},"),
        format!(r#"42/{run},1["message"]"#),
    ];
    for packet in packets {
        let start = Instant::now();
        let mut client = example.client().await;
        client.says(packet.as_str()).await;
        assert_eq!(client.ends_in_silence().await, Some(1002));
        assert!(start.elapsed() < NO_TIME, "{}: {:?}", &packet[..10], start.elapsed());
    }
    // A number of any length is one JSON value, and no business of ours.
    let mut client = example.client().await;
    client.says(format!(r#"42["message",{run}]"#)).await;
    assert_eq!(client.packet().await, format!(r#"42["message-back",{run}]"#));
}

/// Splitting a body packet by packet from its beginning takes quadratic time, and blocks a thread for it.
#[tokio::test]
async fn a_post_of_tiny_packets_is_dealt_with_in_no_time() {
    let example = Example::shared();
    for (path, packet) in [(ENGINE_IO, "4\x1e"), (ENGINE_IO, "3\x1e"), (SOCKET_IO, "3\x1e")] {
        let body = packet.repeat(MAX_PAYLOAD / packet.len() - 1) + "3";
        let session = example.polls(path).await;
        let start = Instant::now();
        // What it is answered is not the point: an echo nobody polls, pongs that nobody asked for.
        let (posted, ()) = futures_util::join!(session.post(&body), example.is_well());
        assert!(matches!(posted.0, 200 | 400), "{posted:?}");
        assert!(start.elapsed() < NO_TIME, "{packet:?}: {:?}", start.elapsed());
        let (status, told) = session.get().await;
        // What one POST asks for may wait, however much it is; a flood is told once, so that the client may come back.
        let is_all = || told.len() >= body.len() - 1;
        assert!(status == 400 || told.ends_with('1') || is_all(), "{status} {told:.80}");
        // Where all was told the session lives on, until its pings are not answered.
        let ends = async { while session.get().await.0 != 400 {} };
        tokio::time::timeout(NO_TIME, ends).await.expect("a silent session ends");
    }
}

/// Others keep a header that says "no attachments" for ever, or until the next one.
#[tokio::test]
async fn a_hundred_thousand_headers_without_attachments_leave_nothing_behind() {
    let example = Example::start();
    let body = [r#"450-["x"]"#; 100_000].join("\x1e");
    assert!(body.len() <= MAX_PAYLOAD);
    let post = async || {
        let session = example.polls(SOCKET_IO).await;
        session.says("40").await;
        session.says(&body).await;
    };
    // The first takes what any body of this size takes.
    post().await;
    let before = example.peak_memory();
    let start = Instant::now();
    for _ in 0..3 {
        post().await;
    }
    assert!(start.elapsed() < 3 * NO_TIME, "{:?}", start.elapsed());
    let grown = example.peak_memory() - before;
    assert!(grown < 16 << 10, "{grown} KiB");
    example.is_well().await;
}

/// The handler of CONNECT ran twice, and made two sockets of one client.
#[tokio::test]
async fn a_second_connect_does_not_run_its_handler_again() {
    let example = Example::shared();
    for namespace in ["", "/custom,"] {
        let mut socket = example.socket(SOCKET_IO).await;
        let connect = format!("40{namespace}");
        socket.says(connect.as_str()).await;
        socket.says(connect.as_str()).await;
        assert!(socket.packet().await.starts_with(&format!("{connect}{{")));
        assert_eq!(socket.packet().await, format!(r#"42{namespace}["auth",{{}}]"#));
        assert_eq!(socket.ends_in_silence().await, Some(1002), "{namespace}");
    }
    // In one payload, where no answer lies between.
    for _ in 0..100 {
        let session = example.polls(SOCKET_IO).await;
        let ((status, polled), ()) = futures_util::join!(session.get(), session.says("40\x1e40"));
        session.is_gone().await;
        // Where the POST came first, the session was over for the GET.
        if status == 200 {
            assert_eq!(polled.matches("auth").count(), 1, "{polled}");
            return;
        }
    }
    panic!("no GET ever waited for its POST");
}

/// A pong that nobody asked for re-armed the timer of the last ping, which then fired.
#[tokio::test]
async fn extra_pongs_are_no_timeout() {
    stands(SILENT, async |example| {
        let mut socket = example.socket(ENGINE_IO).await;
        let start = Instant::now();
        for _ in 0..4 {
            for _ in 0..3 {
                socket.says("3").await;
            }
            assert_eq!(socket.hears().await, "2");
            socket.says("3").await;
            socket.says("3").await;
        }
        assert!(start.elapsed() > SILENT, "longer than it would live without pongs");
        socket.says("4alive").await;
        assert_eq!(socket.hears().await, "4alive");
    })
    .await;
    stands(SILENT, async |example| {
        let session = example.polls(ENGINE_IO).await;
        for _ in 0..3 {
            session.says("3\x1e3").await;
            assert_eq!(session.hears().await, "2");
            session.says("3").await;
        }
        session.says("4alive").await;
        assert_eq!(session.hears().await, "4alive");
    })
    .await;
}

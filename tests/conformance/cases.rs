//! The cases of Engine.IO's suite, for whichever path they are run on.

use crate::{
    example::{ENGINE_IO, Example, PING_INTERVAL, SILENT},
    http::{Session, ask},
    socket::Socket,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// Long enough for a request to arrive, and short beside the 300 ms after which the server speaks by itself.
const A_MOMENT: Duration = Duration::from_millis(20);

fn is_handshake(value: &Value, upgrades: &Value) {
    let members: BTreeSet<_> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, ["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"].into());
    assert!(value["sid"].as_str().is_some_and(|sid| !sid.is_empty()));
    assert_eq!(&value["upgrades"], upgrades);
    assert_eq!(
        (&value["pingInterval"], &value["pingTimeout"], &value["maxPayload"]),
        (&json!(300), &json!(200), &json!(1_000_000))
    );
}

async fn refused(example: &Example, method: Method, path: &str, query: &str, code: u8) {
    let (status, body) = ask(method, &example.url(path, query), "").await;
    let error: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &error["code"]), (400, &json!(code)), "{query} {body}");
}

pub async fn polling_opens(example: &Example, path: &str) {
    is_handshake(&example.polls(path).await.handshake, &json!(["websocket"]));
}

pub async fn polling_refuses_other_versions(example: &Example, path: &str) {
    for query in ["transport=polling", "EIO=abc&transport=polling"] {
        refused(example, Method::GET, path, query, 5).await;
    }
}

pub async fn polling_refuses_other_transports(example: &Example, path: &str) {
    for query in ["EIO=4", "EIO=4&transport=abc"] {
        refused(example, Method::GET, path, query, 0).await;
    }
}

pub async fn polling_refuses_other_methods(example: &Example, path: &str) {
    for method in [Method::POST, Method::PUT] {
        refused(example, method, path, "EIO=4&transport=polling", 2).await;
    }
}

pub async fn websocket_opens(example: &Example, path: &str) {
    let mut socket = Socket::open(&example.url(path, "EIO=4&transport=websocket")).await;
    let text = socket.hears().await;
    let handshake = serde_json::from_str(text.strip_prefix('0').expect("an open packet")).unwrap();
    is_handshake(&handshake, &json!([]));
}

pub async fn websocket_refuses_other_versions(example: &Example, path: &str) {
    for query in ["transport=websocket", "EIO=abc&transport=websocket"] {
        assert_eq!(Socket::refused(&example.url(path, query)).await, 400, "{query}");
    }
}

pub async fn websocket_refuses_other_transports(example: &Example, path: &str) {
    for query in ["EIO=4", "EIO=4&transport=abc"] {
        assert_eq!(Socket::refused(&example.url(path, query)).await, 400, "{query}");
    }
}

pub async fn polling_beats(example: &Example, path: &str) {
    let session = example.polls(path).await;
    for _ in 0..3 {
        let start = Instant::now();
        assert_eq!(session.hears().await, "2");
        assert!(start.elapsed() < PING_INTERVAL * 4, "{:?}", start.elapsed());
        session.says("3").await;
    }
}

/// It lives while it may, which is shown by the time of its ping, and not a moment longer.
pub async fn polling_ends_without_pong(example: &Example, path: &str) {
    let start = Instant::now();
    let pinged = example.polls(path).await;
    assert_eq!(pinged.hears().await, "2");
    assert!(start.elapsed() >= PING_INTERVAL);
    // Alive until the end, and told of it.
    let last = pinged.hears().await;
    assert!((SILENT..SILENT * 2).contains(&start.elapsed()), "{:?}", start.elapsed());
    assert_eq!(last, "1");
    pinged.is_gone().await;

    // Nobody polls: the request itself, exactly as long after the handshake, finds the session over.
    let silent = example.polls(path).await;
    let opened = Instant::now();
    tokio::time::sleep(SILENT).await;
    silent.is_gone().await;
    assert!(opened.elapsed() < Duration::from_secs(10));
}

pub async fn websocket_beats(example: &Example, path: &str) {
    let mut socket = example.socket(path).await;
    for _ in 0..3 {
        assert_eq!(socket.hears().await, "2");
        socket.says("3").await;
    }
}

pub async fn websocket_ends_without_pong(example: &Example, path: &str) {
    let start = Instant::now();
    let mut socket = example.socket(path).await;
    assert_eq!(socket.hears().await, "2");
    assert!(start.elapsed() >= PING_INTERVAL);
    socket.ends().await;
    assert!((SILENT..SILENT * 2).contains(&start.elapsed()), "{:?}", start.elapsed());
}

pub async fn polling_closes(example: &Example, path: &str) {
    let session = example.polls(path).await;
    let (polled, posted) = futures_util::join!(session.get(), session.post("1"));
    assert_eq!((polled, posted.0), ((200, "6".to_owned()), 200));
    session.is_gone().await;
}

pub async fn websocket_closes(example: &Example, path: &str) {
    let start = Instant::now();
    let mut socket = example.socket(path).await;
    socket.says("1").await;
    socket.ends().await;
    // By what it said, and not by its ping.
    assert!(start.elapsed() < SILENT, "{:?}", start.elapsed());
}

pub async fn upgrades(example: &Example, path: &str) {
    let session = example.polls(path).await;
    let mut socket = Socket::open(&session.upgrade_url()).await;
    socket.says("2probe").await;
    assert_eq!(socket.hears().await, "3probe");
    // The poll is let go, so that the client can switch.
    assert_eq!(session.hears().await, "6");
    socket.says("5").await;
    is_alive(&mut socket, path).await;
}

pub async fn upgraded_ignores_http(example: &Example, path: &str) {
    let (session, mut socket) = upgraded(example, path).await;
    session.is_gone().await;
    is_alive(&mut socket, path).await;
}

pub async fn upgraded_ignores_a_second_websocket(example: &Example, path: &str) {
    let (session, mut socket) = upgraded(example, path).await;
    let mut second = Socket::open(&session.upgrade_url()).await;
    assert_eq!(second.ends_in_silence().await, Some(1000));
    is_alive(&mut socket, path).await;
}

/// Probe and switch at once, as the suite sends them.
async fn upgraded(example: &Example, path: &str) -> (Session, Socket) {
    let session = example.polls(path).await;
    let mut socket = Socket::open(&session.upgrade_url()).await;
    socket.says("2probe").await;
    socket.says("5").await;
    assert_eq!(socket.hears().await, "3probe");
    (session, socket)
}

/// The session goes on with this socket.
async fn is_alive(socket: &mut Socket, path: &str) {
    if path == ENGINE_IO {
        socket.says("4hello").await;
        assert_eq!(socket.packet().await, "4hello");
    } else {
        socket.says("40").await;
        assert!(socket.packet().await.starts_with("40{"));
    }
}

pub async fn polling_refuses_a_second_poll(example: &Example, path: &str) {
    let session = example.polls(path).await;
    let late = async {
        tokio::time::sleep(A_MOMENT).await;
        session.get().await
    };
    let (one, other) = futures_util::join!(session.get(), late);
    // Which one arrives first is the machine's to say.
    let (served, refused) = if one.0 == 200 { (one, other) } else { (other, one) };
    assert_eq!((served, refused.0), ((200, "1".to_owned()), 400));
    session.is_gone().await;
}

pub async fn polling_ends_with_a_cancelled_poll(example: &Example, path: &str) {
    let session = example.polls(path).await;
    assert!(tokio::time::timeout(A_MOMENT, session.get()).await.is_err(), "nothing to tell yet");
    session.is_gone().await;
}

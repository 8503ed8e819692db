//! npm's client is asked and asks, and repeats what was not answered in time.

use crate::{client::Client, desk::Desk, server::Server};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

const MODES: [&[&str]; 3] = [&["polling"], &["websocket"], &["polling", "websocket"]];
/// The two parsers; the desk speaks both.
const PARSERS: [&str; 2] = ["json", "msgpack"];

async fn open(desk: &Desk) -> Server<Desk> {
    desk.open(|limits| limits.msgpack = true).await
}

async fn client(server: &Server<Desk>, parser: &str, options: Value) -> Client {
    let settings = json!({ "url": server.url, "parser": parser, "options": options });
    let mut client = Client::with(&settings);
    client.connected().await;
    client
}

#[actix_web::test]
async fn the_server_asks_and_hears_or_hears_that_nobody_answered() {
    let bytes = json!({ "type": "Buffer", "data": [0, 1, 254, 255] });
    let server = open(&Desk::default()).await;
    for (mode, parser) in MODES.into_iter().flat_map(|mode| PARSERS.map(|parser| (mode, parser))) {
        let mut client = client(&server, parser, json!({ "transports": mode })).await;
        client.says(&json!({ "emit": ["ask-me", { "n": 1.5 }, bytes] })).await;
        let question = client.until("event").await;
        assert_eq!(question["name"], "question", "{mode:?} {parser}");
        assert_eq!(question["args"], json!([{ "n": 1.5 }, bytes]), "{mode:?} {parser}");
        assert_eq!(question["asks"], true);
        client.says(&json!({ "reply": ["fine", bytes, null] })).await;
        let heard = client.until("event").await;
        assert_eq!(heard["name"], "heard");
        assert_eq!(heard["args"], json!(["fine", bytes, null]), "{mode:?} {parser}");

        client.says(&json!({ "emit": ["ask-me"] })).await;
        assert_eq!(client.until("event").await["name"], "question");
        assert_eq!(client.event("not-heard").await, "not acknowledged in time");
        // Too late, and nobody minds.
        client.says(&json!({ "reply": ["late"] })).await;
        assert_eq!(client.asks(&json!(["echo", bytes])).await, bytes, "{mode:?} {parser}");
        client.says(&json!({ "disconnect": true })).await;
        client.until("disconnect").await;
        server.is_empty().await;
    }
}

#[actix_web::test]
async fn a_clients_own_timeout_is_told_when_nobody_answers() {
    let server = open(&Desk::default()).await;
    let mut client = client(&server, "json", json!({})).await;
    client.says(&json!({ "ask": ["unknown"], "timeout": 300 })).await;
    assert_eq!(client.until("no-ack").await["message"], "operation has timed out");
    client.says(&json!({ "ask": ["echo", 1], "timeout": 20_000 })).await;
    assert_eq!(client.until("ack").await["value"], 1);
}

/// Each try takes longer than the client waits for it: by the third the first one's answer is there.
#[actix_web::test]
async fn retries_of_a_slow_event_apply_it_once() {
    for (mode, parser) in [(MODES[0], "json"), (MODES[1], "msgpack")] {
        let desk = Desk::default();
        let server = open(&desk).await;
        let options = json!({ "transports": mode, "retries": 10, "ackTimeout": 500 });
        let mut client = client(&server, parser, options).await;
        client.says(&json!({ "ask": ["slow", { "item": 1 }, { "key": "k-1" }], "timeout": 500 })).await;
        let ack = client.until("ack").await;
        assert_eq!(ack["value"], 1, "{mode:?}");
        client.says(&json!({ "ask": ["slow", { "item": 2 }, { "key": "k-2" }], "timeout": 500 })).await;
        assert_eq!(client.until("ack").await["value"], 2, "another key is another event");
        assert_eq!(desk.applied.load(Ordering::Relaxed), 2);
        // What was answered is answered again, and another event under its key is refused.
        let again = client.asks(&json!(["slow", { "item": 1 }, { "key": "k-1" }])).await;
        assert_eq!(again, 1);
        let reused = client.asks(&json!(["slow", { "item": 3 }, { "key": "k-1" }])).await;
        assert_eq!(reused["error"]["code"], "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(desk.applied.load(Ordering::Relaxed), 2, "{mode:?}");
    }
}

/// The same without a key: the client's retries do what they say, and it is applied more than once.
#[actix_web::test]
async fn without_a_key_nothing_is_deduplicated() {
    let desk = Desk::default();
    let server = open(&desk).await;
    let options = json!({ "transports": ["websocket"], "retries": 10, "ackTimeout": 500 });
    let mut client = client(&server, "json", options).await;
    client.says(&json!({ "emit": ["slow", { "item": 1 }] })).await;
    crate::server::eventually("repeated", || desk.applied.load(Ordering::Relaxed) >= 2).await;
}

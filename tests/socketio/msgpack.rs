//! npm's client with `socket.io-msgpack-parser`, end to end.

use crate::{client::Client, desk::Desk, server::Server};
use serde_json::json;

const MODES: [&[&str]; 3] = [&["polling"], &["websocket"], &["polling", "websocket"]];

#[actix_web::test]
async fn a_client_of_msgpack_connects_speaks_and_leaves() {
    let server = Desk::default().open(|limits| limits.msgpack = true).await;
    for mode in MODES {
        for namespace in ["/", "/admin"] {
            let mut client = Client::with(&json!({
                "url": server.url, "parser": "msgpack", "namespace": namespace, "auth": { "token": "é" },
                "options": { "transports": mode },
            }));
            client.connected().await;
            client.says(&json!({ "emit": ["deliver"] })).await;
            assert_eq!(client.event("order.new").await, json!({ "seq": 7 }), "{mode:?} {namespace}");
            let everything =
                json!({ "a": [1, -1, 1.5, "é\n", null, true], "big": 9_007_199_254_740_991_u64 });
            assert_eq!(client.asks(&json!(["echo", everything])).await, everything, "{mode:?}");
            client.says(&json!({ "disconnect": true })).await;
            assert_eq!(client.until("disconnect").await["reason"], "io client disconnect");
            server.is_empty().await;
        }
    }
}

#[actix_web::test]
async fn an_unknown_namespace_is_refused_in_msgpack_too() {
    let server = Desk::default().open(|limits| limits.msgpack = true).await;
    let mut client =
        Client::with(&json!({ "url": server.url, "parser": "msgpack", "namespace": "/nowhere" }));
    assert_eq!(client.until("connect_error").await["message"], "Invalid namespace");
}

/// Both parsers at once, on one server.
#[actix_web::test]
async fn each_client_has_its_own_parser() {
    let server = Desk::default().open(|limits| limits.msgpack = true).await;
    for parser in ["json", "msgpack", "json"] {
        let mut client = Client::with(&json!({ "url": server.url, "parser": parser }));
        client.connected().await;
        client.says(&json!({ "emit": ["deliver"] })).await;
        assert_eq!(client.event("order.new").await, json!({ "seq": 7 }), "{parser}");
    }
}

#[actix_web::test]
async fn where_it_is_off_its_first_message_ends_the_connection() {
    let server = Server::start().await;
    let mut client = Client::with(&json!({
        "url": server.url, "parser": "msgpack", "auth": { "token": "good" }, "options": { "reconnection": false },
    }));
    client.until("engine-close").await;
    assert_eq!(server.house.joins(), 0);
    server.is_empty().await;
}

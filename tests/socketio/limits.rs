//! What a connection may do: whoever does more loses the engine, and a stock client comes back.

use crate::{client::Client, desk::Desk, server::Server};
use serde_json::json;

const MODES: [&[&str]; 2] = [&["polling"], &["websocket"]];

#[actix_web::test]
async fn too_many_attachments_end_the_connection_and_the_client_comes_back() {
    let server = Desk::default().open(|limits| limits.max_attachments = 1).await;
    let byte = json!({ "type": "Buffer", "data": [7] });
    for mode in MODES {
        let mut client = Client::with(&json!({ "url": server.url, "options": { "transports": mode } }));
        client.connected().await;
        assert_eq!(client.asks(&json!(["echo", byte])).await, byte);
        client.says(&json!({ "emit": ["echo", byte, byte] })).await;
        assert_eq!(client.until("disconnect").await["active"], true, "{mode:?}");
        client.connected().await;
    }
}

#[actix_web::test]
async fn too_many_namespaces_end_the_connection_not_one_namespace() {
    let server = Desk::default().open(|limits| limits.max_namespaces = 1).await;
    let url = format!("{}/socket.io/?EIO=4&transport=polling", server.url);
    let http = reqwest::Client::new();
    let opened = http.get(&url).send().await.unwrap().text().await.unwrap();
    let handshake: serde_json::Value = serde_json::from_str(&opened[1..]).unwrap();
    let url = format!("{url}&sid={}", handshake["sid"].as_str().unwrap());
    let body = "40\x1e40/admin,";
    assert_eq!(http.post(&url).body(body).send().await.unwrap().text().await.unwrap(), "ok");
    let packets = http.get(&url).send().await.unwrap().text().await.unwrap();
    assert!(packets.starts_with("40{") && packets.ends_with("\x1e1"), "{packets}");
    server.is_empty().await;
}

#[actix_web::test]
async fn a_flood_ends_the_connection_and_the_client_comes_back() {
    let server = Desk::default().open(|limits| limits.events_burst = 5).await;
    for mode in MODES {
        let mut client = Client::with(&json!({ "url": server.url, "options": { "transports": mode } }));
        client.connected().await;
        for _ in 0..40 {
            client.says(&json!({ "emit": ["echo", 1] })).await;
        }
        assert_eq!(client.until("disconnect").await["active"], true, "{mode:?}");
    }
}

/// An order of 300 lines is cancelled, and the evening goes on: whether a GET waits for it or is under way, nobody is cut.
#[actix_web::test]
async fn a_large_commit_cuts_nobody_off() {
    const MANY: u64 = 302;
    for mode in MODES {
        let server = Server::start().await;
        let mut client = Client::start(&server.url, "good", mode);
        client.connected().await;
        let mut last = 0;
        for _ in 0..5 {
            server.house.commit_together(MANY);
            server.house.commit();
            for seq in last + 1..=last + MANY + 1 {
                assert_eq!(client.event("order.new").await["seq"], seq, "{mode:?}");
            }
            last += MANY + 1;
        }
    }
}

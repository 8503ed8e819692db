//! What a stock client sees, whichever way it travels.

use crate::{
    client::Client,
    server::{Server, eventually},
};
use comanda::{code::ErrorCode, session::Delivery};
use serde_json::json;
use std::time::Duration;

const MODES: [&[&str]; 3] = [&["polling"], &["websocket"], &["polling", "websocket"]];

#[actix_web::test]
async fn every_mode_connects_listens_asks_and_leaves() {
    for mode in MODES {
        let server = Server::start().await;
        let mut client = Client::start(&server.url, "good", mode);
        let connect = client.connected().await;
        assert_eq!(connect["id"].as_str().map(str::len), Some(36), "{connect}");
        server.has_members(1).await;
        if mode.len() == 2 {
            client.upgraded().await;
        }
        server.house.commit();
        assert_eq!(client.event("order.new").await, json!({ "seq": 1 }), "{mode:?}");
        assert_eq!(
            client.asks(&json!(["seen", { "seq": 1 }])).await,
            json!({ "event": "seen", "data": { "seq": 1 } })
        );
        let error = json!({ "code": "NOT_FOUND", "message": "unknown event" });
        assert_eq!(client.asks(&json!(["dance"])).await, json!({ "error": error }));
        client.says(&json!({ "emit": ["sing", { "password": "secret" }] })).await;
        // The first one's exception came before or after its acknowledgement.
        let mut exception = client.event("exception").await;
        if exception["cause"]["pattern"] == "dance" {
            exception = client.event("exception").await;
        }
        assert_eq!(exception["cause"], json!({ "pattern": "sing" }));
        let refreshed = client.asks(&json!(["auth-refresh", { "token": "good" }])).await;
        assert_eq!(refreshed["event"], "auth-refresh");
        assert!(refreshed["data"]["expiresAt"].as_str().is_some_and(|at| at.ends_with('Z')), "{refreshed}");
        client.says(&json!({ "disconnect": true })).await;
        server.is_empty().await;
    }
}

#[actix_web::test]
async fn a_token_in_the_header_will_do() {
    // Short pings: whoever is gone in the middle of its upgrade is noticed by them.
    let server = Server::pinging(Duration::from_millis(500), Duration::from_millis(500)).await;
    for mode in MODES {
        let headers = json!({ "Authorization": "Bearer good" });
        let options = json!({ "transports": mode, "extraHeaders": headers });
        let mut client = Client::with(&json!({ "url": server.url, "options": options }));
        client.connected().await;
    }
    server.is_empty().await;
}

#[actix_web::test]
async fn bad_tokens_and_unknown_namespaces_are_refused_for_good() {
    let server = Server::start().await;
    let rows = [("bad", "INVALID_TOKEN"), ("", "INVALID_TOKEN"), ("old", "TOKEN_EXPIRED")];
    for mode in [MODES[0], MODES[1]] {
        for (token, code) in rows {
            let mut client = Client::start(&server.url, token, mode);
            let error = client.until("connect_error").await;
            assert_eq!(error["message"], "Unauthorized");
            assert_eq!(error["data"], json!({ "code": code }));
            assert_eq!(error["active"], false, "a stock client stays away");
        }
    }
    let auth = json!({ "token": "good" });
    let mut client = Client::with(&json!({ "url": server.url, "namespace": "/nowhere", "auth": auth }));
    assert_eq!(client.until("connect_error").await["message"], "Invalid namespace");
    assert_eq!(server.house.joins(), 0);
    drop(client);
    server.is_empty().await;
}

#[actix_web::test]
async fn what_may_pass_brings_the_client_back() {
    for mode in MODES {
        let server = Server::start().await;
        *server.house.verifier_fails.lock().unwrap() = Some(ErrorCode::DatabaseUnavailable);
        let mut client = Client::start(&server.url, "good", mode);
        client.until("reconnect-attempt").await;
        *server.house.verifier_fails.lock().unwrap() = None;
        let first = client.connected().await;
        for code in [ErrorCode::RoomRestarting, ErrorCode::SlowConsumer] {
            server.house.tell(&Delivery::Close(code));
            let disconnect = client.until("disconnect").await;
            assert_eq!(disconnect["active"], true, "{mode:?} {disconnect}");
            let again = client.connected().await;
            assert_ne!(again["id"], first["id"]);
        }
        // A removal is final, and told on whichever transport the client is by now.
        server.has_members(1).await;
        server.house.tell(&Delivery::Close(ErrorCode::Removed));
        assert_eq!(client.until("disconnect").await["reason"], "io server disconnect");
        server.has_members(0).await;
    }
}

#[actix_web::test]
async fn an_expired_token_ends_the_connection() {
    let server = Server::start().await;
    for mode in MODES {
        let mut client = Client::start(&server.url, "short", mode);
        client.connected().await;
        assert_eq!(client.until("disconnect").await["active"], true);
    }
}

#[actix_web::test]
async fn a_flood_ends_the_connection() {
    for mode in MODES {
        let server = Server::start().await;
        let mut client = Client::start(&server.url, "good", mode);
        client.connected().await;
        for seq in 0..100 {
            client.says(&json!({ "emit": ["seen", { "seq": seq }] })).await;
        }
        assert_eq!(client.until("disconnect").await["active"], true, "{mode:?}");
    }
}

#[actix_web::test]
async fn heartbeats_keep_an_idle_client() {
    let server = Server::pinging(Duration::from_millis(200), Duration::from_secs(2)).await;
    let mut clients = MODES.map(|mode| Client::start(&server.url, "good", mode));
    for client in &mut clients {
        client.connected().await;
    }
    // Whoever misses the first ping is out after 2.2 s.
    tokio::time::sleep(Duration::from_secs(3)).await;
    server.house.commit();
    for (client, mode) in clients.iter_mut().zip(MODES) {
        let event = client.next().await;
        let event = if event["what"] == "upgrade" { client.next().await } else { event };
        assert_eq!(event["what"], "event", "{mode:?} {event}");
    }
    drop(clients);
    eventually("nobody", || server.registry.total() == 0).await;
}

#[actix_web::test]
async fn a_stopped_servers_clients_come_back() {
    let server = Server::start().await;
    let mut clients: Vec<_> = MODES.iter().map(|mode| Client::start(&server.url, "good", mode)).collect();
    for client in &mut clients {
        client.connected().await;
    }
    clients[2].upgraded().await;
    eventually("joined", || server.house.joins() == 3).await;
    server.registry.close_all(ErrorCode::ShuttingDown, 10, Duration::ZERO).await;
    for client in &mut clients {
        assert_eq!(client.until("disconnect").await["active"], true);
        client.connected().await;
    }
    server.stop().await;
}

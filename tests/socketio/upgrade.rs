//! The upgrade under load: nothing is lost, doubled or reordered, whatever is under way when it happens.

use crate::{client::Client, house::Server};
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// Commits while clients connect, upgrade and settle; each has every event from its first on.
#[actix_web::test]
async fn events_during_the_upgrade_come_once_and_in_order() {
    const EVENTS: u64 = 400;
    // With slow answers the switch comes while the join, or the read of the log, is still under way.
    for wait in [0, 15] {
        let server = Server::start().await;
        *server.house.answers_after.lock().unwrap() = Duration::from_millis(wait);
        let mut clients: Vec<_> =
            (0..4).map(|_| Client::start(&server.url, "good", &["polling", "websocket"])).collect();
        for client in &mut clients {
            client.connected().await;
        }
        let house = Arc::clone(&server.house);
        let writer = actix_web::rt::spawn(async move {
            for _ in 0..EVENTS {
                house.commit();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        for client in &mut clients {
            let mut last = 0;
            while last < EVENTS || !client.on_websocket {
                let next = client.next().await;
                match next["what"].as_str() {
                    Some("upgrade") => {}
                    Some("event") => {
                        let seq = next["args"][0]["seq"].as_u64().unwrap();
                        assert!(last == 0 || seq == last + 1, "{last} then {seq}");
                        last = seq;
                    }
                    _ => panic!("{next}"),
                }
            }
        }
        writer.await.unwrap();
        assert!(server.house.joins() >= 8, "each client joined again from its WebSocket");
        drop(clients);
        server.is_empty().await;
    }
}

/// A client's requests keep their order, and each has its answer, over the upgrade.
#[actix_web::test]
async fn requests_during_the_upgrade_are_answered_in_order() {
    let server = Server::start().await;
    let mut client = Client::start(&server.url, "good", &["polling", "websocket"]);
    client.connected().await;
    for seq in 0..30 {
        client.says(&json!({ "ask": ["seen", { "seq": seq }] })).await;
    }
    for seq in 0..30 {
        let ack = client.until("ack").await;
        assert_eq!(ack["value"]["data"]["seq"], seq);
    }
}

//! The upgrade under load: nothing is lost, doubled or reordered, whatever is under way when it happens.

use crate::{by_hand::Hand, client::Client, server::Server};
use comanda::{code::ErrorCode, session::Delivery};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

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
        // In its seat: the room was asked for nothing twice.
        assert_eq!((server.house.joins(), server.house.moves()), (4, 4));
        drop(clients);
        server.is_empty().await;
    }
}

/// A client that upgrades by hand, up to its `5`.
async fn probed(hand: &Hand) -> (String, WebSocketStream<MaybeTlsStream<TcpStream>>) {
    let session = hand.open().await;
    assert_eq!(hand.post(&session, r#"40{"token":"good"}"#).await.0, 200);
    assert!(hand.get(&session).await.1.starts_with("40{"));
    let url = hand.url(&session).replace("http:", "ws:").replace("transport=polling", "transport=websocket");
    let (mut websocket, _) = connect_async(url).await.unwrap();
    websocket.send("2probe".into()).await.unwrap();
    assert_eq!(websocket.next().await.unwrap().unwrap().to_text().unwrap(), "3probe");
    (session, websocket)
}

/// A room that was started anew while a client was on its way does not know it: only then it joins again.
#[actix_web::test]
async fn who_lost_its_seat_on_the_way_joins_again_and_misses_nothing() {
    for forgotten in [false, true] {
        let hand = Hand::new().await;
        let house = &hand.server.house;
        let (session, mut websocket) = probed(&hand).await;
        house.commit();
        assert_eq!(hand.get(&session).await.1, r#"42["order.new",{"seq":1}]"#);
        if forgotten {
            house.forget();
        }
        house.commit_together(2);
        websocket.send("5".into()).await.unwrap();
        for seq in 2..=3 {
            let event = websocket.next().await.unwrap().unwrap();
            assert_eq!(event.to_text().unwrap(), format!(r#"42["order.new",{{"seq":{seq}}}]"#));
        }
        assert_eq!((house.joins(), house.moves()), if forgotten { (2, 0) } else { (1, 1) });
        assert_eq!(hand.get(&session).await.0, 400);
        drop(websocket);
        hand.server.is_empty().await;
    }
}

/// What ends a session between the probe and the switch is told to the transport that the client goes over to.
#[actix_web::test]
async fn a_dismissal_on_the_way_reaches_the_client() {
    let hand = Hand::new().await;
    let (session, mut websocket) = probed(&hand).await;
    hand.server.house.tell(&Delivery::Close(ErrorCode::RoomRestarting));
    // Taken up once a POST is refused.
    while hand.post(&session, "6").await.0 == 200 {}
    websocket.send("5".into()).await.unwrap();
    match websocket.next().await.unwrap().unwrap() {
        Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), 4002),
        other => panic!("{other}"),
    }
    hand.server.is_empty().await;
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

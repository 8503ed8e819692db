//! What is stale soon reaches a client that takes it now, or nobody.

use crate::{client::Client, desk::Desk, server::eventually};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

/// By hand, because a stock client has a GET waiting nearly always.
#[actix_web::test]
async fn on_polling_what_is_volatile_goes_to_a_waiting_get_or_nowhere() {
    let server = Desk::default().open(|_| {}).await;
    let http = reqwest::Client::new();
    let url = format!("{}/socket.io/?EIO=4&transport=polling", server.url);
    let opened = http.get(&url).send().await.unwrap().text().await.unwrap();
    let handshake: Value = serde_json::from_str(&opened[1..]).unwrap();
    let url = format!("{url}&sid={}", handshake["sid"].as_str().unwrap());
    let get = || async { http.get(&url).send().await.unwrap().text().await.unwrap() };
    let post = |body: &'static str| {
        let request = http.post(&url).body(body);
        async { request.send().await.unwrap().text().await.unwrap() }
    };
    assert_eq!(post("40").await, "ok");
    assert!(get().await.starts_with("40{"));
    assert_eq!(post("42[\"volatile\",1]").await, "ok");
    assert_eq!(post("420[\"echo\",1]").await, "ok");
    assert_eq!(get().await, "430[1]", "dropped, not queued");
    // Posted until a GET waits for it.
    let waits = get();
    let posts = async {
        loop {
            assert_eq!(post("42[\"volatile\",2]").await, "ok");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::select! {
        packets = waits => assert_eq!(packets, r#"42["stale-soon",2]"#),
        () = posts => unreachable!(),
    }
}

#[actix_web::test]
async fn on_a_websocket_that_takes_it_what_is_volatile_arrives() {
    let server = Desk::default().open(|_| {}).await;
    let mut client = Client::with(&json!({ "url": server.url, "options": { "transports": ["websocket"] } }));
    client.connected().await;
    client.says(&json!({ "emit": ["volatile", { "n": 1 }] })).await;
    assert_eq!(client.event("stale-soon").await, json!({ "n": 1 }));
}

/// A client that does not read is held up with more than its buffers take; what it asked for then is stale when it
/// reads on.
#[actix_web::test]
async fn on_a_websocket_that_was_held_up_what_is_volatile_is_dropped() {
    let desk = Desk::default();
    let server = desk.open(|_| {}).await;
    let url = format!("{}/socket.io/?EIO=4&transport=websocket", server.url.replace("http", "ws"));
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let text = |text: &'static str| Message::text(text);
    socket.send(text("40")).await.unwrap();
    // A timer of its own: whether a ping goes out before it is held up depends on the machine.
    socket.send(text(r#"429["slow"]"#)).await.unwrap();
    socket.send(text(r#"42["fill"]"#)).await.unwrap();
    eventually("held up", || server.registry.late(Instant::now(), Duration::from_secs(1)) == 1).await;
    assert_eq!(desk.applied.load(Ordering::Relaxed), 2, "filled");
    socket.send(text(r#"42["volatile",1]"#)).await.unwrap();
    socket.send(text(r#"420["echo",1]"#)).await.unwrap();
    assert_eq!(next(&mut socket).await, "430[1]", "nothing stale before it");
    socket.send(text(r#"42["volatile",2]"#)).await.unwrap();
    assert_eq!(next(&mut socket).await, r#"42["stale-soon",2]"#);
}

/// The next message that is about neither the connection nor what it was filled with. Answers pings.
async fn next(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> String {
    loop {
        let message = timeout(Duration::from_secs(30), socket.next()).await.expect("it says something");
        let text = message.unwrap().unwrap().into_text().unwrap();
        match text.as_str() {
            "2" => socket.send(Message::text("3")).await.unwrap(),
            text if text.starts_with('0')
                || text.starts_with("40")
                || text.starts_with("439")
                || text.contains("filled") => {}
            text => return text.to_owned(),
        }
    }
}

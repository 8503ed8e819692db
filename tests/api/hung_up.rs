//! A command and the end in one read. It was said, and to a poller even answered `ok`: so it is carried out, as REST's are.
//!
//! The answer's future began it, and the carrier ended before it was ever polled: the order was lost without a word.

use crate::{
    client::Client,
    poller::Poller,
    support::{House, spawn_app},
};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_tungstenite::{connect_async, tungstenite::Message};

const PATIENCE: Duration = Duration::from_secs(30);

fn order(total: usize) -> String {
    format!(r#"42/admin,["new_order",{{"total":{total}}}]"#)
}

/// Waits until the counter's newest order is this one.
async fn stands(house: &House, total: usize) {
    let begun = Instant::now();
    let expected = json!(format!("{total}.00"));
    loop {
        let orders: Value = house.owner.get("/orders?limit=1").await.expect(200);
        if orders[0]["total"] == expected {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "never carried out: {expected}, {orders}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Connects to `/admin` and says all of this in one segment.
async fn says_at_once(who: &Client, messages: Vec<Message>) {
    let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", who.address);
    let (mut socket, _) = connect_async(url).await.expect("a WebSocket");
    let connect = format!("40/admin,{}", json!({ "token": who.token }));
    socket.send(connect.into()).await.unwrap();
    loop {
        let message = timeout(PATIENCE, socket.next()).await.expect("silence").unwrap().unwrap();
        if message.to_text().unwrap().starts_with("40/admin,") {
            break;
        }
    }
    for message in messages {
        socket.feed(message).await.unwrap();
    }
    socket.flush().await.unwrap();
}

#[actix_web::test]
async fn what_is_said_right_before_the_end_is_done() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let ends: [Vec<Message>; 4] = [
        vec![Message::Close(None)],
        vec!["1".into()],
        vec!["41/admin,".into(), Message::Close(None)],
        // What no client says ends it too.
        vec!["4nonsense".into()],
    ];
    for (n, end) in ends.into_iter().enumerate() {
        let said = [Message::from(order(n + 1))].into_iter().chain(end).collect();
        says_at_once(&house.cashier, said).await;
        stands(&house, n + 1).await;
    }
    for (n, end) in ["1", "41/admin,\u{1e}1", "4nonsense"].into_iter().enumerate() {
        let mut poller = Poller::open(&house.cashier).await;
        poller.post(format!("40/admin,{}", json!({ "token": house.cashier.token }))).await;
        assert!(poller.packet().await.starts_with("40/admin,"));
        poller.post(format!("{}\u{1e}{end}", order(n + 11))).await;
        stands(&house, n + 11).await;
    }
}

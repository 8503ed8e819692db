//! `joinRoom` and `leaveRoom`: who does not want production orders does not get them, also after a lost network, on another
//! node, and until it wants them again.

use crate::{
    proxy::Proxy,
    stock_client::Client,
    support::{House, TestApp, database::TestDatabase, production::at, spawn_app},
};
use serde_json::{Value, json};

/// Three production events and one of the kitchen; its `seq`.
async fn busy(house: &House) -> Value {
    let order = house.produce("Cartas").await;
    house.manager.delete(&at(&order)).await;
    house.produce("Carta de vinos").await;
    house.open_table().await;
    house.log().await.last().unwrap()["seq"].clone()
}

/// The next event is the kitchen's with this `seq`.
async fn hears_only(client: &mut Client, seq: &Value) {
    let event = client.until("event").await;
    assert_eq!((&event["name"], &event["args"][0]["seq"]), (&json!("table.session.opened"), seq), "{event}");
}

async fn moves(client: &mut Client, what: &str) {
    let answer = client.asks(&json!([what])).await;
    assert_eq!(answer, json!({ "event": what, "data": { "room": "orders" } }));
}

/// It is in again, with the socket that it had.
async fn recovers(client: &mut Client) {
    client.until("disconnect").await;
    assert_eq!(client.connected().await["recovered"], true);
}

#[actix_web::test]
async fn who_leaves_is_outside_until_it_joins_whatever_happens_in_between() {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let (url, token) = (format!("http://{}", proxy.address), house.kitchen.token.clone().unwrap());
    let mut clients = Vec::new();
    for mode in [&["polling"][..], &["websocket"], &["polling", "websocket"]] {
        let mut client = Client::start(&url, &token, mode);
        client.connected().await;
        // Everyone is in without asking.
        house.produce("Cartas").await;
        client.event("orderCreated").await;
        moves(&mut client, "leaveRoom").await;
        clients.push(client);
    }
    // The first two left before the last order, and heard nothing of it; nor does anyone now.
    let seq = busy(&house).await;
    for client in &mut clients {
        hears_only(client, &seq).await;
    }

    // Away and back: what was missed is there, but for what it does not want.
    proxy.refuse();
    proxy.cut();
    for client in &mut clients {
        client.until("disconnect").await;
    }
    let seq = busy(&house).await;
    proxy.accept();
    for client in &mut clients {
        assert_eq!(client.connected().await["recovered"], true);
        hears_only(client, &seq).await;
    }

    // Cut off with nothing heard since its answer, and taken up by a server that never knew it.
    let mut late = Client::start(&url, &token, &["websocket"]);
    late.connected().await;
    moves(&mut late, "leaveRoom").await;
    clients.push(late);
    let same = TestDatabase { name: app.database.name.clone() };
    let other = TestApp::start_again(same, &[]).await;
    proxy.to(other.address);
    proxy.cut();
    for client in &mut clients {
        recovers(client).await;
    }
    house.moves_to(other.address);
    let seq = busy(&house).await;
    for client in &mut clients {
        hears_only(client, &seq).await;
    }

    // In again, and it stays so.
    for client in &mut clients {
        moves(client, "joinRoom").await;
    }
    proxy.cut();
    for client in &mut clients {
        recovers(client).await;
    }
    house.produce("Delantales").await;
    for client in &mut clients {
        assert_eq!(client.event("orderCreated").await["title"], "Delantales");
    }
}

/// A client that has no use for recovery leaves for as long as it is connected; one that says nothing of an answer gets an
/// event.
#[actix_web::test]
async fn without_recovery_a_new_connection_is_inside() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let settings = json!({
        "url": app.url(""),
        "auth": { "token": house.kitchen.token, "recovery": false },
        "options": { "transports": ["websocket"] },
    });
    let mut client = Client::with(&settings);
    client.connected().await;
    client.says(&json!({ "emit": ["leaveRoom"] })).await;
    assert_eq!(
        client.until("event").await,
        json!({ "what": "event", "name": "leaveRoom", "args": [{ "room": "orders" }] })
    );
    let seq = busy(&house).await;
    hears_only(&mut client, &seq).await;
    client.says(&json!({ "drop": true })).await;
    client.until("disconnect").await;
    assert_ne!(client.connected().await["recovered"], true);
    house.produce("Delantales").await;
    assert_eq!(client.event("orderCreated").await["title"], "Delantales");
}

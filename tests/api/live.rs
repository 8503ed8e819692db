//! `/live`: a manager sees who is connected in the restaurant, by what, and how far behind; of another, nothing.

use crate::support::{Client, Display, Poller, Reader, SocketIo, TestApp, house::id, spawn_app};
use comanda::domain::principal::Role;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const LIVE: &str = "/api/v1/live";
const PATIENCE: Duration = Duration::from_secs(60);

/// What is told once it is so: sockets come and go by themselves.
async fn until(who: &Client, so: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let live = who.get(LIVE).await.expect(200);
        if so(&live) {
            return live;
        }
        assert!(start.elapsed() < PATIENCE, "{live}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn sockets(live: &Value) -> &[Value] {
    live["sockets"].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[actix_web::test]
async fn every_socket_is_told_with_who_it_is_and_what_carries_it() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    assert_eq!(house.manager.get(LIVE).await.expect(200)["sockets"], json!([]));
    let before = jiff::Timestamp::now();
    let mut display = Display::join(&house.kitchen).await;
    let poller = Poller::join(&house.waiter).await;
    let reader = Reader::open(&house.expo).await;
    let _socket = SocketIo::join(&house.owner).await;
    let live = until(&house.manager, |live| sockets(live).len() == 4).await;
    assert_eq!(live["demo"], false);
    // The longest connected first.
    for (socket, (role, transport)) in sockets(&live).iter().zip([
        (Role::Kitchen, "ws"),
        (Role::Waiter, "socketio_polling"),
        (Role::Expo, "sse"),
        (Role::Owner, "socketio_websocket"),
    ]) {
        assert_eq!((&socket["role"], &socket["transport"]), (&json!(role.name()), &json!(transport)));
        assert_eq!(socket["userId"], house.user(role).to_string());
        assert_eq!((&socket["vocabulary"], &socket["device"]), (&json!("restaurant"), &json!(false)));
        assert!(socket["name"].is_string() && socket["lag"].is_null(), "{socket}");
        let since: jiff::Timestamp = socket["since"].as_str().unwrap().parse().unwrap();
        assert!(since >= before - jiff::SignedDuration::from_secs(1) && since <= jiff::Timestamp::now());
    }

    // What goes out is counted once a socket, and a display that tells how far it is has a lag.
    let deliveries = live["room"]["deliveries"].as_u64().unwrap();
    house.confirmed(1).await;
    display.expect("table.session.opened").await;
    display.expect("order.new").await;
    let head = house.log().await.len() as u64;
    display.send("seen", json!({ "seq": head - 1 })).await;
    let live = until(&house.manager, |live| sockets(live)[0]["lag"] == 1).await;
    assert_eq!(live["room"]["seq"], head);
    assert_eq!(live["room"]["deliveries"], deliveries + 4 * head);
    assert!(
        live["room"]["handed"].as_u64() > Some(0) && live["room"]["seconds"].as_f64() > Some(0.0),
        "{live}"
    );

    drop((display, reader));
    poller.leave().await;
    until(&house.manager, |live| sockets(live).len() == 1).await;
}

/// A paired display is one, by the name that the manager gave it.
async fn paired(app: &TestApp, manager: &Client) -> (Value, Client) {
    let anonymous = Client::anonymous(app.address);
    let asked = anonymous.press("/api/v1/devices/pair").await.expect(201);
    let claim = json!({ "code": asked["code"], "name": "Grill 1", "role": "KITCHEN" });
    let device = manager.post("/api/v1/devices/claim", claim).await.expect(201);
    let secret = json!({ "pairingSecret": asked["pairingSecret"] });
    let tokens = anonymous.post("/api/v1/devices/pair/poll", secret).await.expect(200);
    (device, anonymous.with_token(tokens["accessToken"].as_str().unwrap()))
}

#[actix_web::test]
async fn displays_are_told_from_people_and_managers_alone_are_told() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let (device, display) = paired(&app, &house.manager).await;
    let _display = Display::join(&display).await;
    let _theirs = Display::join(&other.kitchen).await;
    other.confirmed(2).await;
    let live = until(&house.manager, |live| !sockets(live).is_empty()).await;
    // The other's socket, its events and what was handed to it are nobody's here.
    assert_eq!(sockets(&live).len(), 1);
    let socket = &sockets(&live)[0];
    assert_eq!((&socket["name"], &socket["device"]), (&json!("Grill 1"), &json!(true)));
    assert_eq!(socket["userId"], id(&device));
    assert_eq!((&live["room"]["seq"], &live["room"]["deliveries"]), (&json!(0), &json!(0)));
    for who in [&house.waiter, &house.cashier, &house.expo, &house.kitchen, &display] {
        who.get(LIVE).await.expect_error(403, "FORBIDDEN");
    }
    Client::anonymous(app.address).get(LIVE).await.expect_error(401, "INVALID_TOKEN");
    house
        .manager
        .get(&format!("{LIVE}?restaurant={}", other.id))
        .await
        .expect_error(400, "VALIDATION_FAILED");
}

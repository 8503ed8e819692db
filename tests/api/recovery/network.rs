//! The network is lost and comes back.

use super::{Listener, goes_away, logged};
use crate::{
    proxy::Proxy,
    stock_client::Client,
    support::{house::token, spawn_app},
};
use comanda::domain::principal::Role;
use jiff::SignedDuration;
use serde_json::json;
use std::time::Duration;

#[actix_web::test]
async fn a_client_that_was_away_has_every_event_once_and_in_order() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    // Before their time.
    house.open_table().await;
    let proxy = Proxy::start(app.address);
    let mut listeners = Listener::each(&proxy, &house).await;
    house.evening().await;
    goes_away(&proxy, &mut listeners).await;
    house.evening().await;
    proxy.accept();
    for listener in &mut listeners {
        listener.recovers().await;
    }
    house.evening().await;
    let log = logged(&house).await;
    for listener in &mut listeners {
        listener.hears(log.len()).await;
        assert_eq!(listener.heard, log[1..]);
        assert!(listener.resyncs.is_empty());
    }
    assert!(app.metric(r#"comanda_replays_total{source="ring"}"#).await >= 3.0);
    assert_eq!(app.metric(r#"comanda_replays_total{source="resync"}"#).await, 0.0);
}

/// Without an event a client has no offset: its pid says where it was.
#[actix_web::test]
async fn a_client_that_had_heard_nothing_misses_nothing() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.evening().await;
    let before = logged(&house).await.len();
    let proxy = Proxy::start(app.address);
    let mut listeners = Listener::each(&proxy, &house).await;
    // Once with nothing to miss, once with an evening.
    for _ in 0..2 {
        goes_away(&proxy, &mut listeners).await;
        proxy.accept();
        for listener in &mut listeners {
            listener.recovers().await;
            assert!(listener.heard.is_empty());
        }
    }
    goes_away(&proxy, &mut listeners).await;
    house.evening().await;
    proxy.accept();
    for listener in &mut listeners {
        listener.recovers().await;
    }
    house.open_table().await;
    let log = logged(&house).await;
    for listener in &mut listeners {
        listener.hears(log.len()).await;
        assert_eq!(listener.heard, log[before..]);
    }
}

#[actix_web::test]
async fn a_client_that_wants_no_recovery_gets_each_event_with_its_own_argument_alone() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let mut client = Client::with(&json!({
        "url": format!("http://{}", proxy.address),
        "auth": { "token": house.kitchen.token, "recovery": false },
    }));
    let mut ids = vec![client.connected().await["id"].clone()];
    for round in 0..2 {
        house.open_table().await;
        let event = client.until("event").await;
        assert_eq!(event["args"].as_array().unwrap().len(), 1, "{event}");
        assert_eq!(event["args"][0]["seq"], 2 * round + 1, "it hears what it is there for, and nothing else");
        proxy.refuse();
        proxy.cut();
        client.until("disconnect").await;
        house.open_table().await;
        proxy.accept();
        let again = client.connected().await;
        assert_ne!(again["recovered"], true);
        assert!(!ids.contains(&again["id"]));
        ids.push(again["id"].clone());
    }
}

/// A token's life: long enough for its client to start and come in on a busy machine.
const SHORT: SignedDuration = SignedDuration::from_secs(20);

/// The pid is no way around the token.
#[actix_web::test]
async fn a_token_that_expired_meanwhile_keeps_its_client_out() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let short = token(house.user(Role::Kitchen), house.id, Role::Kitchen, SHORT);
    let mut listener = Listener::start(&proxy, &short, &["websocket"]).await;
    goes_away(&proxy, std::slice::from_mut(&mut listener)).await;
    house.open_table().await;
    let who = house.kitchen.with_token(short);
    while who.get("/api/v1/auth/me").await.status != 401 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    proxy.accept();
    let error = loop {
        let error = listener.until("connect_error").await;
        // Before, the network was not there.
        if error["message"] == "Unauthorized" {
            break error;
        }
    };
    assert_eq!((&error["data"], &error["active"]), (&json!({ "code": "TOKEN_EXPIRED" }), &json!(false)));
    assert!(listener.heard.is_empty());
}

//! What cannot be recovered: never silence, but a new socket, a resync, and everything from there on.

use super::{Listener, goes_away, logged};
use crate::{
    proxy::Proxy,
    support::{House, TestApp, spawn_app, spawn_app_with},
};
use serde_json::json;

/// Each has another socket and was told once where the log stands; from there on nothing is missed, nor after the next cut.
async fn begin_anew(house: &House, proxy: &Proxy, listeners: &mut [Listener]) {
    let lost = logged(house).await.len();
    let board = house.kitchen.get("/api/v1/board").await.expect(200);
    proxy.accept();
    for listener in &mut *listeners {
        let old = listener.connected["id"].clone();
        let again = listener.until("connect").await;
        assert_eq!(again["recovered"], false, "{again}");
        assert_ne!(again["id"], old);
        listener.until("event").await;
        assert_eq!(listener.resyncs, [json!({ "epoch": board["epoch"], "seq": lost })]);
        assert!(listener.heard.is_empty());
    }
    // Right after: the new pid and the resync's own offset say the same.
    goes_away(proxy, listeners).await;
    house.open_table().await;
    proxy.accept();
    for listener in &mut *listeners {
        listener.recovers().await;
    }
    house.open_table().await;
    let log = logged(house).await;
    assert_eq!(log.len(), lost + 2);
    for listener in listeners {
        listener.hears(log.len()).await;
        assert_eq!(listener.heard, log[lost..]);
        assert_eq!(listener.resyncs.len(), 1);
    }
}

#[actix_web::test]
async fn more_than_the_cap_is_a_resync() {
    let app = spawn_app_with(&[("COMANDA__ROOMS__REPLAY_MAX_EVENTS", "5")]).await;
    let house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let mut listeners = Listener::each(&proxy, &house).await;
    goes_away(&proxy, &mut listeners).await;
    house.evening().await;
    begin_anew(&house, &proxy, &mut listeners).await;
}

#[actix_web::test]
async fn what_is_too_old_is_a_resync() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let mut listeners = Listener::each(&proxy, &house).await;
    goes_away(&proxy, &mut listeners).await;
    house.evening().await;
    // Away for a week, in which the server was started anew.
    let aged = "UPDATE events SET at = at - interval '73 hours'";
    app.database.admin().await.batch_execute(aged).await.unwrap();
    let (_app, house) = moves(app, house, &proxy).await;
    begin_anew(&house, &proxy, &mut listeners).await;
}

#[actix_web::test]
async fn a_restored_log_is_a_resync() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.evening().await;
    let proxy = Proxy::start(app.address);
    let mut listeners = Listener::each(&proxy, &house).await;
    goes_away(&proxy, &mut listeners).await;
    app.database.admin().await.batch_execute("UPDATE streams SET epoch = 'restored'").await.unwrap();
    let (_app, house) = moves(app, house, &proxy).await;
    begin_anew(&house, &proxy, &mut listeners).await;
}

/// The server stops, and another one starts on its database.
async fn moves(app: TestApp, mut house: House, proxy: &Proxy) -> (TestApp, House) {
    let app = TestApp::start_again(app.stop().await, &[]).await;
    proxy.to(app.address);
    house.moves_to(app.address);
    (app, house)
}

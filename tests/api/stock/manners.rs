//! What every real client does besides listening: it is refused, asks, says nonsense, and comes back after a restart.

use super::{
    hears,
    kinds::{KINDS, Kind, NEWEST, PYTHON},
    logged,
};
use crate::{
    proxy::Proxy,
    stock_client::Client as Stock,
    support::{Client, TestApp, spawn_app},
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// How long nobody must knock again; they would after 50 ms.
const SILENCE: Duration = Duration::from_secs(1);

/// The next `exception`, by the event that it is about.
async fn is_told_of(client: &mut Stock, pattern: &str) {
    let exception = client.event("exception").await;
    assert_eq!(exception["code"], "NOT_FOUND", "{exception}");
    assert_eq!(exception["cause"], json!({ "pattern": pattern }));
}

/// A client whose token is none, and what came of it.
async fn is_unauthorized(app: &TestApp, kind: Kind) {
    let mut client = kind.start(&app.url(""), "forged");
    let error = client.until("connect_error").await;
    assert_eq!(error["message"], "Unauthorized", "{kind:?}");
    assert_eq!(error["data"], json!({ "code": "INVALID_TOKEN" }), "{kind:?}");
    match kind.name {
        NEWEST => assert_eq!(error["active"], false, "{kind:?}"),
        PYTHON => drop(client.until("gave-up").await),
        // It keeps its connection until the server ends that.
        _ => {}
    }
    let knocks = timeout(SILENCE, knocks(&mut client)).await;
    assert!(knocks.is_err(), "{kind:?} {knocks:?}");
}

/// The next sign of life that is not the end of the connection.
async fn knocks(client: &mut Stock) -> Value {
    loop {
        let next = client.next().await;
        if next["what"] != "engine-close" {
            return next;
        }
    }
}

#[actix_web::test]
async fn a_bad_token_is_told_with_its_code_and_nobody_knocks_again() {
    let app = spawn_app().await;
    join_all(KINDS.map(|kind| is_unauthorized(&app, kind))).await;
}

async fn is_answered(app: &TestApp, token: &str, kind: Kind) {
    let mut client = kind.start(&app.url(""), token);
    client.connected().await;
    let seen = json!({ "event": "seen", "data": { "seq": 1 } });
    assert_eq!(client.asks(&json!(["seen", { "seq": 1 }])).await, seen, "{kind:?}");
    client.says(&json!({ "emit": ["sing", { "loud": true }] })).await;
    is_told_of(&mut client, "sing").await;
    let bytes = json!({ "type": "Buffer", "data": [0, 1, 2, 255] });
    client.says(&json!({ "emit": ["photo", { "of": 1 }, bytes] })).await;
    is_told_of(&mut client, "photo").await;
    let (answer, told) = client.asks_and_hears(&json!(["dance"])).await;
    assert_eq!(answer, json!({ "error": { "code": "NOT_FOUND", "message": "unknown event" } }), "{kind:?}");
    assert_eq!(told["cause"], json!({ "pattern": "dance" }), "{kind:?}");
    assert_eq!(client.asks(&json!(["seen", { "seq": 1 }])).await, seen, "{kind:?}");
}

#[actix_web::test]
async fn everyone_asks_and_is_answered_and_bytes_hurt_nobody() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let token = house.kitchen.token.as_deref().unwrap();
    join_all(KINDS.map(|kind| is_answered(&app, token, kind))).await;
}

/// Pages of Socket.IO's own server load the client from it. Here it comes from npm, see the README; whoever looks for it is
/// told so plainly, and not that its session is unknown.
#[actix_web::test]
async fn the_client_itself_is_not_here() {
    let app = spawn_app().await;
    for file in ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.js.map"] {
        let path = format!("/socket.io/{file}");
        let error = Client::anonymous(app.address).get(&path).await.expect_error(404, "NOT_FOUND");
        assert_eq!(error["message"], format!("Cannot GET {path}"));
    }
}

/// A restart as an update does it: everyone is told to come back, and does so without being asked.
#[actix_web::test]
async fn after_a_restart_everyone_comes_back_and_goes_on() {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let url = format!("http://{}", proxy.address);
    let mut clients = KINDS.map(|kind| kind.start(&url, house.kitchen.token.as_deref().unwrap()));
    for (client, kind) in clients.iter_mut().zip(KINDS) {
        client.connected().await;
        if kind.upgrades() {
            client.upgraded().await;
        }
    }
    house.open_table().await;
    let database = app.stop().await;
    let app = TestApp::start_again(database, &[]).await;
    proxy.to(app.address);
    house.moves_to(app.address);
    for (client, kind) in clients.iter_mut().zip(KINDS) {
        assert_eq!(hears(client, 1).await[0]["data"]["seq"], 1, "{kind:?}");
        client.until("disconnect").await;
        if kind.comes_back() {
            client.connected().await;
        }
        if kind.upgrades() {
            client.upgraded().await;
        }
    }
    house.open_table().await;
    let last: Vec<Value> = logged(&house).await.split_off(1);
    for (client, kind) in clients.iter_mut().zip(KINDS).filter(|(_, kind)| kind.comes_back()) {
        assert_eq!(hears(client, 1).await, last, "{kind:?}");
    }
}

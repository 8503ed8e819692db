//! The server is killed and started again, or another node takes over: the position is the log's, and nothing is stored.

use super::{Listener, MODES, goes_away, logged};
use crate::{
    client::Client,
    proxy::Proxy,
    server::{Folder, Server},
    support::{TestApp, database::TestDatabase, spawn_app},
};
use serde_json::{Value, json};

/// Opens and closes a table, some times over: two events each.
async fn events(waiter: &Client, count: usize) {
    let table = waiter.get("/api/v1/tables?limit=1").await.expect(200)[0]["id"].clone();
    for _ in 0..count {
        let session = waiter.post("/api/v1/table-sessions", json!({ "tableId": table })).await.expect(201);
        let path = format!("/api/v1/table-sessions/{}/close", session["id"].as_str().unwrap());
        waiter.press(&path).await.expect(200);
    }
}

async fn log(who: &Client) -> Vec<Value> {
    let page = who.get("/api/v1/events?after=0&limit=1000").await.expect(200);
    let events = page["events"].as_array().unwrap();
    assert_eq!(events.len() as u64, page["seq"].as_u64().unwrap());
    events.iter().map(|event| json!({ "event": event["event"], "data": event["data"] })).collect()
}

#[actix_web::test]
async fn after_kill_9_and_a_start_on_the_same_data_nothing_is_missing() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let waiter = server.login("waiter@restaurante.com").await;
    let kitchen = server.login("kitchen@restaurante.com").await;
    let proxy = Proxy::start(server.address);
    let mut listeners = Vec::new();
    for mode in MODES {
        listeners.push(Listener::start(&proxy, kitchen.token.as_deref().unwrap(), mode).await);
    }
    // One of each more, which never hears an event of the first server.
    let mut late = Vec::new();
    events(&waiter, 10).await;
    for mode in MODES {
        late.push(Listener::start(&proxy, kitchen.token.as_deref().unwrap(), mode).await);
    }
    server.kill();

    // More is committed before they are let in.
    let server = Server::start(folder.path(), 0, &[]);
    let waiter = waiter.at(server.address);
    events(&waiter, 10).await;
    proxy.to(server.address);
    for listener in listeners.iter_mut().chain(&mut late) {
        listener.recovers().await;
    }
    events(&waiter, 10).await;
    let log = log(&waiter).await;
    assert_eq!(log.len(), 60);
    for (listeners, from) in [(&mut listeners, 0), (&mut late, 20)] {
        for listener in listeners {
            listener.hears(log.len()).await;
            assert_eq!(listener.heard, log[from..]);
            assert!(listener.resyncs.is_empty());
        }
    }
}

#[actix_web::test]
async fn another_node_on_the_same_database_takes_a_client_over() {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let mut listeners = Listener::each(&proxy, &house).await;
    house.evening().await;
    goes_away(&proxy, &mut listeners).await;
    house.evening().await;
    let same = TestDatabase { name: app.database.name.clone() };
    let other = TestApp::start_again(same, &[]).await;
    proxy.to(other.address);
    proxy.accept();
    for listener in &mut listeners {
        listener.recovers().await;
    }
    house.moves_to(other.address);
    house.evening().await;
    let log = logged(&house).await;
    for listener in &mut listeners {
        listener.hears(log.len()).await;
        assert_eq!(listener.heard, log);
    }
    assert!(
        other.metric(r#"comanda_replays_total{source="log"}"#).await >= 3.0,
        "it had no ring to take it from"
    );
}

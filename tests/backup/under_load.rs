//! Waiters write, somebody backs up, the data folder is lost with all that is in it, the backup is restored.

use crate::{
    display::Display,
    program::{SECRET, run},
    server::{Folder, Server},
    stock_client,
    writers::{Journal, open_table, order, write},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Everything in the log of the client's restaurant.
async fn log(client: &crate::client::Client) -> Vec<Value> {
    let (mut events, mut after) = (Vec::new(), 0);
    loop {
        let page = client.get(&format!("/api/v1/events?after={after}")).await.expect(200);
        let Some(last) = page["events"].as_array().unwrap().last() else { return events };
        after = last["seq"].as_u64().unwrap();
        events.extend(page["events"].as_array().unwrap().clone());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_before_a_backup_outlives_the_data_folder() {
    let (folder, elsewhere) = (Folder::open(), tempfile::tempdir().unwrap());
    let file = elsewhere.path().join("service.backup");
    let file = file.to_str().unwrap();
    let server = Server::start(folder.path(), 0, &[SECRET]);
    let port = server.address.port();
    let waiter = server.login("waiter@restaurante.com").await;
    let kitchen = server.login("kitchen@restaurante.com").await;
    let mut display = Display::join(&kitchen).await;
    let token = kitchen.token.clone().unwrap();
    let mut stock =
        stock_client::Client::start(&format!("http://{}", server.address), &token, &["websocket"]);
    stock.connected().await;
    let journal = Journal::default();
    let mut writers = Vec::new();
    for n in 0..4 {
        let session = open_table(&waiter, n).await;
        writers.push(tokio::spawn(write(waiter.clone(), session, n, journal.clone())));
    }
    display.events(60).await;
    let answered = journal.answered();
    let backup = async { run(folder.path(), &["backup", file], &[]).await };
    display.hears_while(backup).await.0.well();
    // Displays see more than the backup holds.
    display.events(40).await;
    server.kill();
    while display.try_event().await.is_some() {}
    for writer in writers {
        writer.await.unwrap();
    }
    let (epoch, seq) = (display.epoch.clone(), display.seq);
    kill(Pid::from_raw(folder.postmaster().unwrap()), Signal::SIGKILL).unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            std::fs::remove_dir_all(path).unwrap()
        } else {
            std::fs::remove_file(path).unwrap()
        }
    }

    let said = run(folder.path(), &["restore", file], &[]).await.well();
    assert!(said.contains("restored 4 restaurants"), "{said}");
    let server = Server::start(folder.path(), port, &[SECRET]);
    assert_eq!(waiter.get("/api/v1/board").await.status, 401, "a login of before the restore is over");
    let (waiter, kitchen) =
        (server.login("waiter@restaurante.com").await, server.login("kitchen@restaurante.com").await);

    // Nothing that was answered before the backup began is missing; and its moment is one.
    assert!(answered.len() > 5, "only {} orders", answered.len());
    for (id, (number, key)) in &answered {
        let order = kitchen.get(&format!("/api/v1/orders/{id}")).await.expect(200);
        assert_eq!((order["status"].as_str(), order["number"].as_u64()), (Some("CONFIRMED"), Some(*number)));
        let again =
            waiter.key(key).post(&format!("/api/v1/orders/{id}/confirm"), json!({})).await.expect(200);
        assert_eq!(again["number"].as_u64(), Some(*number), "keys are kept");
    }
    let events = log(&kitchen).await;
    let told: BTreeSet<&str> = events
        .iter()
        .filter(|event| event["event"] == "order.new")
        .map(|event| event["data"]["orderId"].as_str().unwrap())
        .collect();
    let board = kitchen.get("/api/v1/board").await.expect(200);
    let shown: BTreeSet<&str> =
        board["orders"].as_array().unwrap().iter().map(|order| order["id"].as_str().unwrap()).collect();
    assert_eq!(told, shown, "the log and the tables are of one moment");
    assert!(answered.keys().all(|id| shown.contains(id.as_str())));
    assert_eq!(events.last().unwrap()["seq"], board["seq"]);
    assert_eq!(events.len() as u64, board["seq"].as_u64().unwrap());
    assert_ne!(board["epoch"], epoch.as_str());

    // Displays come back with positions past the log's end, are told to read the board, and go on from there.
    assert!(seq > board["seq"].as_u64().unwrap());
    let mut display = Display::resume(&kitchen, &epoch, seq).await;
    assert_eq!(
        (&display.ready["recovered"], display.ready["epoch"].as_str()),
        (&json!(false), board["epoch"].as_str())
    );
    display.expect_resync().await;
    // While no server was there it said other things.
    while stock.until("connect_error").await["data"]["code"] != "INVALID_TOKEN" {}
    stock.says(&json!({ "auth": { "token": kitchen.token } })).await;
    stock.says(&json!({ "connect": true })).await;
    assert_eq!(stock.connected().await["recovered"], false);
    let resync = stock.event("resync").await;
    assert_eq!((&resync["epoch"], &resync["seq"]), (&board["epoch"], &board["seq"]));

    let session = open_table(&waiter, 7).await;
    display.expect("table.session.opened").await;
    stock.event("table.session.opened").await;
    let new = order(&waiter, &session, "after").await.unwrap();
    assert_eq!(display.expect("order.new").await["orderId"], new["id"]);
    assert_eq!(stock.event("order.new").await["orderId"], new["id"]);
    assert_eq!(new["number"].as_u64(), Some(told.len() as u64 + 1), "numbers go on where the backup ended");
}

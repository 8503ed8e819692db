//! Real Socket.IO clients against the whole server, whichever way they travel, and the specification's own script.

mod everyone;
mod kinds;
mod manners;

use crate::{
    stock_client::Client,
    support::{House, TestApp, spawn_app},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    time::timeout,
};

const MODES: [&[&str]; 3] = [&["polling"], &["websocket"], &["polling", "websocket"]];

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/test-websocket.cjs");

/// Starting a JavaScript engine on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of the house's kitchen, in its room.
async fn joins(app: &TestApp, house: &House, mode: &[&str]) -> Client {
    let mut client = Client::start(&app.url(""), house.kitchen.token.as_deref().unwrap(), mode);
    client.connected().await;
    client
}

/// The next events, with their names and payloads.
async fn hears(client: &mut Client, count: usize) -> Vec<Value> {
    let mut heard = Vec::new();
    while heard.len() < count {
        let next = client.next().await;
        match next["what"].as_str() {
            Some("event") => heard.push(json!({ "event": next["name"], "data": next["args"][0] })),
            Some("upgrade") => {}
            _ => panic!("{next}"),
        }
    }
    heard
}

/// The same of the log; each payload tells its `seq`.
async fn logged(house: &House) -> Vec<Value> {
    let log = house.log().await;
    for (n, event) in log.iter().enumerate() {
        assert_eq!((&event["seq"], &event["data"]["seq"]), (&json!(n + 1), &json!(n + 1)));
    }
    log.iter().map(|event| json!({ "event": event["event"], "data": event["data"] })).collect()
}

/// An upgrade may come in the middle of the evening.
#[actix_web::test]
async fn a_stock_client_hears_the_log_of_its_restaurant_and_nothing_else() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let (mut clients, mut strangers) = (Vec::new(), Vec::new());
    for mode in MODES {
        clients.push(joins(&app, &house, mode).await);
        strangers.push(joins(&app, &other, mode).await);
    }
    house.evening().await;
    let evening = logged(&house).await;
    assert!(evening.len() >= 10, "{evening:?}");
    for (client, mode) in clients.iter_mut().zip(MODES) {
        assert_eq!(hears(client, evening.len()).await, evening, "{mode:?}");
    }
    // The next thing that each hears is the next of its own house: nothing came twice, or from next door.
    other.open_table().await;
    house.open_table().await;
    let (own, last) = (logged(&other).await, logged(&house).await.split_off(evening.len()));
    assert_eq!((own.len(), last.len()), (1, 1));
    for (stranger, client) in strangers.iter_mut().zip(&mut clients) {
        assert_eq!(hears(stranger, 1).await, own);
        assert_eq!(hears(client, 1).await, last);
    }
    // The third is the default mode: its upgrade is done by now, or will be.
    clients[2].upgraded().await;
}

/// The payload that the script printed behind this heading, once it is whole.
fn printed(output: &str, heading: &str) -> Option<Value> {
    let (_, rest) = output.split_once(heading)?;
    serde_json::Deserializer::from_str(rest).into_iter().next()?.ok()
}

/// Specification 004, "Script Node.js": as printed there, but for the token and the address.
#[actix_web::test]
async fn the_specifications_script_prints_its_three_events() {
    let headings = BTreeMap::from([
        ("order.new", "📦 New order:"),
        ("order.status.changed", "🔄 Order status changed:"),
        ("order.item.status.changed", "🍽️  Item status changed:"),
    ]);
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut script = Command::new("node")
        .arg(SCRIPT)
        .env("TOKEN", house.kitchen.token.as_deref().unwrap())
        .env("WS_URL", app.url(""))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node is installed");
    let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
    let mut line = async || {
        let line = timeout(PATIENCE, lines.next_line()).await.expect("the script says something");
        line.unwrap().expect("the script lives; is `npm ci` done in tests/clients?")
    };
    assert_eq!(line().await, "✅ Connected to WebSocket server");
    assert!(line().await.starts_with("Socket ID: "));
    house.evening().await;
    let log = house.log().await;
    let mut output = String::new();
    while !headings.values().all(|heading| printed(&output, heading).is_some()) {
        output.push_str(&line().await);
        output.push('\n');
    }
    for (name, heading) in headings {
        let first = log.iter().find(|event| event["event"] == name).unwrap();
        assert_eq!(printed(&output, heading).as_ref(), Some(&first["data"]), "{name}");
    }
}

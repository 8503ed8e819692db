//! The five systems side by side on one server: each with its own clients, each hearing the same facts in its own words, and
//! a second restaurant that listens everywhere and hears nothing.

mod ears;
mod flows;

use crate::{
    client::Client as Rest,
    server::{Folder, Server},
};
use ears::{Ear, everywhere, words};
use flows::{Script, admin_orders, donations, dynamic_api, production_orders, restaurant_orders};
use serde_json::{Value, json};

/// In every name and note of Restaurante's: whoever else reads it has read what is not theirs.
const CANARY: &str = "canario-7f3a";

/// The facts of Restaurante's log.
async fn log(who: &Rest) -> Vec<Value> {
    let page = who.get("/api/v1/events?after=0&limit=1000").await.expect(200);
    let events = page["events"].as_array().unwrap();
    events.iter().map(|event| json!({ "event": event["event"], "data": event["data"] })).collect()
}

/// What `/admin` says of them, without the order's own data: the name and its number.
fn for_admins(log: &[Value]) -> Vec<Value> {
    let words = log.iter().filter_map(|event| match event["event"].as_str()? {
        "order.new" => Some(json!(["new_order", event["data"]["number"], event["data"]["seq"]])),
        "order.shipped" => Some(json!(["order_shipped", event["data"]["number"], event["data"]["seq"]])),
        _ => None,
    });
    words.collect()
}

async fn hear(ears: &mut [(String, Ear)], expected: &[Value], as_words: fn(&Value) -> Value) {
    for (name, ear) in ears {
        for expected in expected {
            assert_eq!(as_words(&ear.hears().await), *expected, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_systems_run_side_by_side_and_the_neighbour_hears_nothing() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let [waiter, kitchen, manager] =
        ["waiter", "kitchen", "manager"].map(|role| format!("{role}@restaurante.com"));
    let (waiter, kitchen, manager) =
        tokio::join!(server.login(&waiter), server.login(&kitchen), server.login(&manager));
    let neighbour = server.login("manager@trattoria.com").await;
    let ngo = server.login("ngo@banco.org").await;

    let (mut ours, mut theirs) = (everywhere(&kitchen).await, everywhere(&neighbour).await);
    let (mut admins, mut their_admins) = (ears::admins(&kitchen).await, ears::admins(&neighbour).await);
    let (mut givers, mut their_board) = (ears::board(&waiter).await, ears::board(&neighbour).await);
    let mut takers = ears::board(&ngo).await;
    let (mut api, mut their_api) = (ears::api(&manager).await, ears::api(&neighbour).await);
    let mut script = Script::start(&kitchen).await;

    // Each by its own clients, all at once.
    let (_, _, donation, _, _) = tokio::join!(
        admin_orders(&server, &waiter),
        production_orders(&server, &waiter, &manager),
        donations(&server, &waiter, &ngo),
        dynamic_api(&server, &manager),
        restaurant_orders(&server, &waiter, &kitchen),
    );

    // One log, and every way to follow it has it whole.
    let facts = log(&kitchen).await;
    for name in ["order.new", "order.shipped", "order.item.status.changed", "orderCreated", "orderDeleted"] {
        assert!(facts.iter().any(|event| event["event"] == name), "{name}");
    }
    hear(&mut ours, &facts, Clone::clone).await;
    hear(&mut admins, &for_admins(&facts), words).await;
    for board in [&mut givers, &mut takers, &mut their_board] {
        hear(board, &donation, words).await;
    }
    script.has_printed(&facts).await;

    // The neighbour listened to all of it: what it hears first is its own, and its reads are empty.
    for path in
        ["/orders", "/api/v1/orders", "/api/v1/production-orders", "/products", "/api/v1/table-sessions"]
    {
        assert_eq!(neighbour.get(path).await.expect(200), json!([]), "{path}");
    }
    for path in
        ["/customers", "/users", "/api/v1/board", "/api/v1/menu", "/api/v1/events?after=0", "/metrics"]
    {
        let answer = neighbour.get(path).await;
        assert!(answer.status == 200 && !answer.text.contains(CANARY), "{path} {}", answer.text);
    }
    for (name, ear) in api.iter_mut().chain(&mut their_api) {
        ear.hears_nothing(name).await;
    }
    neighbour.post("/orders", json!({ "total": 1 })).await.expect(201);
    let own = log(&neighbour).await;
    hear(&mut theirs, &own, Clone::clone).await;
    hear(&mut their_admins, &for_admins(&own), words).await;
    // And nothing of it came here.
    waiter.post("/orders", json!({ "total": 2 })).await.expect(201);
    let last = log(&kitchen).await.split_off(facts.len());
    hear(&mut ours, &last, Clone::clone).await;
    hear(&mut admins, &for_admins(&last), words).await;
}

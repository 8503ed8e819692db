//! The five systems side by side on one server: each with its own clients, each hearing the same facts in its own words, and
//! a second restaurant that listens everywhere and hears nothing.

mod ears;
mod flows;

use crate::{
    client::Client as Rest,
    server::{Folder, Server},
};
use ears::{everywhere, hear};
use flows::{
    Script, admin_orders, donations, dynamic_api, printed_orders, production_orders, restaurant_orders,
};
use serde_json::{Map, Value, json};

/// In every name and note of Restaurante's: whoever else reads it has read what is not theirs.
const CANARY: &str = "canario-7f3a";

/// A log as REST has it: `{id, seq, event, data, at}` each.
async fn log(who: &Rest, path: &str) -> Vec<Value> {
    let page = who.get(&format!("{path}?after=0&limit=1000")).await.expect(200);
    page["events"].as_array().unwrap().clone()
}

async fn facts(who: &Rest) -> Vec<Value> {
    log(who, "/api/v1/events").await
}

/// The same as they are heard.
fn heard(log: &[Value]) -> Vec<Value> {
    log.iter().map(|fact| json!({ "event": fact["event"], "data": fact["data"] })).collect()
}

/// What stands in every payload, of whichever vocabulary.
fn numbered(fact: &Value, mut payload: Value) -> Value {
    (payload["eventId"], payload["seq"]) = (fact["id"].clone(), fact["seq"].clone());
    payload
}

/// What `/admin` has to say of these facts, out of what `GET /orders/{id}` says of the orders.
async fn for_admins(log: &[Value], who: &Rest) -> Vec<Value> {
    let mut words = Vec::new();
    for fact in log {
        let name = match fact["event"].as_str().unwrap() {
            "order.new" => "new_order",
            "order.shipped" => "order_shipped",
            _ => continue,
        };
        let order = who.get(&format!("/orders/{}", fact["data"]["number"])).await.expect(200);
        let mut payload = json!({ "orderId": order["id"], "customerId": order["customerId"] });
        if name == "new_order" {
            (payload["total"], payload["createdAt"]) = (order["total"].clone(), order["createdAt"].clone());
        } else {
            payload["shippedAt"] = fact["at"].clone();
        }
        words.push(json!({ "event": name, "data": numbered(fact, payload) }));
    }
    words
}

/// What `/donations` has to say of a donation that was made, claimed, picked up and delivered, out of what REST says of it.
async fn for_the_board(donation: &str, who: &Rest) -> Vec<Value> {
    let one = who.get(&format!("/api/v1/donations/{donation}")).await.expect(200);
    let offered = [
        "id",
        "name",
        "foodType",
        "quantity",
        "unit",
        "description",
        "location",
        "donorName",
        "expiryTime",
        "imageUrls",
        "createdAt",
    ];
    let created: Map<_, _> = offered.iter().map(|&key| (key.to_owned(), one[key].clone())).collect();
    let moved = |status, by: &str, at: &str| json!({ "donationId": one["id"], "status": status, "updatedBy": one[by], "updatedAt": one[at] });
    let claimed = json!({
        "donationId": one["id"], "claimedBy": one["claimedById"], "status": "CLAIMED", "claimedAt": one["claimedAt"],
        "organizationName": one["organizationName"],
    });
    let payloads = [
        ("donation.created", Value::from(created)),
        ("donation.claimed", claimed),
        ("donation.status.updated", moved("PICKED_UP", "pickedUpBy", "pickedUpAt")),
        ("donation.status.updated", moved("DELIVERED", "deliveredBy", "deliveredAt")),
    ];
    let log = log(who, "/api/v1/donations/events").await;
    assert_eq!(log.len(), payloads.len(), "{log:?}");
    let told = log.iter().zip(payloads);
    told.map(|(fact, (name, payload))| json!({ "event": name, "data": numbered(fact, payload) })).collect()
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
    let (_, _, donation, documents, _, _) = tokio::join!(
        admin_orders(&server, &waiter),
        production_orders(&server, &waiter, &manager),
        donations(&server, &waiter, &ngo),
        dynamic_api(&server, &manager),
        restaurant_orders(&server, &waiter, &kitchen),
        printed_orders(&server, &waiter),
    );

    // One log, and every way to follow it has it whole.
    let first = facts(&kitchen).await;
    for name in [
        "order.new",
        "order.shipped",
        "order.item.status.changed",
        "orderCreated",
        "orderDeleted",
        "product-create-one",
    ] {
        assert!(first.iter().any(|fact| fact["event"] == name), "{name}");
    }
    hear(&mut ours, &heard(&first)).await;
    hear(&mut admins, &for_admins(&first, &manager).await).await;
    let of_the_board = for_the_board(&donation, &ngo).await;
    for board in [&mut givers, &mut takers, &mut their_board] {
        hear(board, &of_the_board).await;
    }
    hear(&mut api, &documents).await;
    script.has_printed(&heard(&first)).await;

    // The neighbour listened to all of it: what it hears first is its own, and its reads are empty. A board is for all.
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
    assert!(neighbour.get("/api/v1/donations").await.text.contains(CANARY));
    for path in ["/orders", "/products", "/api/v1/orders", "/api/v1/events?after=0"] {
        let answer = ngo.get(path).await;
        assert!(answer.status == 403 && !answer.text.contains(CANARY), "{path} {}", answer.text);
    }
    for (name, ear) in api.iter_mut().chain(&mut their_api) {
        ear.hears_nothing(name).await;
    }
    neighbour.post("/orders", json!({ "total": 1 })).await.expect(201);
    let own = facts(&neighbour).await;
    hear(&mut theirs, &heard(&own)).await;
    hear(&mut their_admins, &for_admins(&own, &neighbour).await).await;
    // And nothing of it came here.
    waiter.post("/orders", json!({ "total": 2 })).await.expect(201);
    let last = facts(&kitchen).await.split_off(first.len());
    hear(&mut ours, &heard(&last)).await;
    hear(&mut admins, &for_admins(&last, &manager).await).await;
}

//! Many hands at once: of those who want the same thing one gets it, and what all may do, all do.

use crate::support::{Answer, Client, Display, house::id, spawn_app};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Fails unless `winners` of the answers have `status` and all others are 409 with this code.
#[track_caller]
fn split(answers: Vec<Answer>, status: u16, winners: usize, code: &str) -> Vec<Value> {
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == status);
    assert_eq!(won.len(), winners, "{lost:?}");
    for answer in lost {
        answer.expect_error(409, code);
    }
    won.into_iter().map(|answer| answer.body).collect()
}

fn of<'a>(log: &'a [Value], name: &str) -> Vec<&'a Value> {
    log.iter().filter(|event| event["event"] == name).map(|event| &event["data"]).collect()
}

#[actix_web::test]
async fn of_racing_confirmations_one_wins() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.draft(2).await;
    let mut display = Display::join(&house.kitchen).await;
    let waiters = [&house.waiter, &house.manager, &house.owner];
    let path = format!("/api/v1/orders/{order}/confirm");
    let answers = join_all((0..20).map(|n| waiters[n % 3].press(&path))).await;
    let won = split(answers, 200, 1, "INVALID_TRANSITION");
    assert_eq!(won[0]["number"], 1);
    assert_eq!(display.expect("order.new").await["orderId"], order.as_str());
    assert_eq!(display.expect("order.status.changed").await["newStatus"], "CONFIRMED");
    display.expect_nothing().await;
    // The losers took no number.
    assert_eq!(house.confirmed(1).await["number"], 2);
}

#[actix_web::test]
async fn cooks_who_bump_the_same_line_all_succeed_and_it_moves_once() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let item = house.confirmed(1).await["items"][0].clone();
    let cooks = [&house.kitchen, &house.expo, &house.owner];
    for answer in join_all((0..20).map(|n| house.set(cooks[n % 3], &item, "READY"))).await {
        assert_eq!(answer.expect(200)["status"], "READY");
    }
    let log = house.log().await;
    assert_eq!(of(&log, "order.item.status.changed").len(), 1, "{log:?}");
    // From DRAFT to CONFIRMED, and, since it was the only line, to READY.
    assert_eq!(of(&log, "order.status.changed").len(), 2, "{log:?}");
}

#[actix_web::test]
async fn of_racing_session_openings_one_wins() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let body = json!({ "tableId": house.tables[0].id });
    let answers = join_all((0..20).map(|_| house.waiter.post("/api/v1/table-sessions", body.clone()))).await;
    let won = split(answers, 201, 1, "TABLE_OCCUPIED");
    let listed = house.waiter.get("/api/v1/table-sessions").await.expect(200);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["id"], won[0]["id"]);
    assert_eq!(of(&house.log().await, "table.session.opened").len(), 1);
}

/// What races: two waiters sell the last portions of a dish. The menu's count is taken where the order is confirmed,
/// under the lane's lock; a check before it would sell six of five.
#[actix_web::test]
async fn a_counted_dish_is_never_sold_twice() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (admin, dish) = (app.database.admin().await, house.menu[0].id.0);
    admin.execute("UPDATE menu_items SET remaining = 5 WHERE id = $1", &[&dish]).await.unwrap();
    let session = house.open_table().await;
    let mut orders = Vec::new();
    for _ in 0..20 {
        let order = house.open_order(&session).await;
        let line = json!({ "menuItemId": dish, "qty": 1 });
        house.waiter.post(&format!("/api/v1/orders/{order}/items"), line).await.expect(201);
        orders.push(order);
    }
    let answers = join_all(orders.iter().map(|order| house.confirm(order))).await;
    split(answers, 200, 5, "ITEM_UNAVAILABLE");
    let row = admin.query_one("SELECT remaining FROM menu_items WHERE id = $1", &[&dish]).await.unwrap();
    assert_eq!(row.get::<_, Option<i32>>(0), Some(0));
    assert_eq!(of(&house.log().await, "order.new").len(), 5);
}

#[actix_web::test]
async fn ticket_numbers_are_unique_and_without_gaps() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let session = house.open_table().await;
    let mut orders = Vec::new();
    for n in 0..30 {
        let order = house.open_order(&session).await;
        // Every third has no line and must not take a number.
        if n % 3 != 0 {
            house.add_item(&order, "Plato").await;
        }
        orders.push(order);
    }
    let answers = join_all(orders.iter().map(|order| house.confirm(order))).await;
    let numbers = |bodies: Vec<Value>| -> BTreeSet<u64> {
        bodies.iter().map(|order| order["number"].as_u64().unwrap()).collect()
    };
    let won = numbers(split(answers, 200, 20, "ORDER_EMPTY"));
    assert_eq!(won, (1..=20).collect());
    // The kitchen hears of them in the order of their numbers.
    let told = house.log().await;
    let told: Vec<u64> = of(&told, "order.new").iter().map(|new| new["number"].as_u64().unwrap()).collect();
    assert_eq!(told, (1..=20).collect::<Vec<_>>());
}

#[actix_web::test]
async fn late_lines_of_two_waiters_are_both_there() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = id(&house.confirmed(1).await);
    let path = format!("/api/v1/orders/{order}/items");
    let add = |who: Client, name: String| {
        let path = path.clone();
        async move { who.post(&path, json!({ "name": name, "qty": 1, "unitPrice": 2 })).await.expect(201) }
    };
    let adds = (0..10).flat_map(|n| {
        [add(house.waiter.clone(), format!("a{n}")), add(house.manager.clone(), format!("b{n}"))]
    });
    let added: BTreeSet<String> = join_all(adds).await.iter().map(id).collect();
    let read = house.waiter.get(&format!("/api/v1/orders/{order}")).await.expect(200);
    let there: BTreeSet<String> = read["items"].as_array().unwrap().iter().map(id).collect();
    assert!(added.len() == 20 && there.is_superset(&added), "{read}");
    assert_eq!((there.len(), &read["total"]), (21, &"71.00".into()));
    let log = house.log().await;
    let told: BTreeSet<String> = of(&log, "order.items.added")
        .iter()
        .flat_map(|added| added["items"].as_array().unwrap())
        .map(id)
        .collect();
    assert_eq!(told, added, "each late line is told once");
    assert_eq!(of(&log, "order.items.added").len(), 20);
}

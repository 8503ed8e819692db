//! Guests change tables and join others: headers move, lines and numbers do not.

use crate::support::{Answer, Display, House, house::id, spawn_app};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn move_to(house: &House, session: &str, table: &str) -> Answer {
    house.waiter.post(&format!("/api/v1/table-sessions/{session}/move"), json!({ "tableId": table })).await
}

async fn merge(house: &House, session: &str, into: &str) -> Answer {
    house.waiter.post(&format!("/api/v1/table-sessions/{session}/merge"), json!({ "intoId": into })).await
}

fn text<'a>(body: &'a Value, key: &str) -> &'a str {
    body[key].as_str().unwrap()
}

#[actix_web::test]
async fn the_kitchen_sees_another_header_and_no_new_line() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (order, other) = (house.confirmed(2).await, house.confirmed(1).await);
    let (session, joined) = (text(&order, "tableSessionId"), text(&other, "tableSessionId"));
    let draft = house.open_order(session).await;
    let free = house.free_table().await;
    let mut display = Display::join(&house.kitchen).await;

    move_to(&house, session, text(&other, "tableId")).await.expect_error(409, "TABLE_OCCUPIED");
    let moved = move_to(&house, session, &free).await.expect(200);
    assert_eq!((&moved["tableId"], &moved["status"]), (&json!(free), &json!("OPEN")));
    let told = display.expect("table.session.moved").await;
    assert_eq!((&told["tableSessionId"], &told["tableId"]), (&json!(session), &json!(free)));
    assert_eq!((&told["previousTableId"], &told["tableName"]), (&order["tableId"], &moved["tableName"]));
    assert_eq!(told["orders"].as_array().unwrap().len(), 2, "the draft too");
    // There already: nothing happens.
    move_to(&house, session, &free).await.expect(200);
    display.expect_nothing().await;
    let read = house.kitchen.get(&format!("/api/v1/orders/{}", id(&order))).await.expect(200);
    assert_eq!((&read["tableName"], &read["number"]), (&moved["tableName"], &order["number"]));
    assert_eq!(
        (&read["items"], &read["version"]),
        (&order["items"], &json!(order["version"].as_u64().unwrap() + 1))
    );

    let into = merge(&house, session, joined).await.expect(200);
    assert_eq!((id(&into), &into["tableId"]), (joined.to_owned(), &other["tableId"]));
    let told = display.expect("table.session.merged").await;
    assert_eq!((&told["tableSessionId"], &told["tableId"]), (&json!(session), &json!(free)));
    assert_eq!((&told["intoId"], &told["intoTableId"]), (&json!(joined), &other["tableId"]));
    assert_eq!((&told["status"], told["closedAt"].is_string()), (&json!("CLOSED"), true));
    display.expect_nothing().await;
    for order in [&id(&order), &draft] {
        let read = house.waiter.get(&format!("/api/v1/orders/{order}")).await.expect(200);
        assert_eq!((&read["tableSessionId"], &read["tableId"]), (&json!(joined), &other["tableId"]));
    }
    let board = house.kitchen.get("/api/v1/board").await.expect(200);
    assert_eq!(
        (board["sessions"].as_array().unwrap().len(), &board["sessions"][0]["id"]),
        (1, &json!(joined))
    );
    assert_eq!((&board["orders"][0]["number"], &board["orders"][1]["number"]), (&json!(1), &json!(2)));
    // The orders are the other session's: it cannot close over them, and they are ordered at.
    let close = format!("/api/v1/table-sessions/{joined}/close");
    house.waiter.press(&close).await.expect_error(409, "SESSION_HAS_OPEN_ORDERS");
    house.add_item(&draft, "Pan").await;
    merge(&house, session, joined).await.expect_error(409, "TABLE_SESSION_CLOSED");
    merge(&house, joined, session).await.expect_error(409, "TABLE_SESSION_CLOSED");
    move_to(&house, session, &free).await.expect_error(409, "TABLE_SESSION_CLOSED");
    let refused = merge(&house, joined, joined).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(refused["message"], json!(["intoId must be another table session"]));
}

/// What races: three parties want the one free table, and somebody seats a fourth there.
#[actix_web::test]
async fn of_racing_moves_one_gets_the_table() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut sessions = Vec::new();
    for _ in 0..6 {
        sessions.push(house.open_table().await);
    }
    let free = house.free_table().await;
    let seat = house.waiter.post("/api/v1/table-sessions", json!({ "tableId": free }));
    let moves = join_all(sessions.iter().map(|session| move_to(&house, session, &free)));
    let (seated, moved) = futures_util::future::join(seat, moves).await;
    let won = moved.iter().filter(|answer| answer.status == 200).count() + usize::from(seated.status == 201);
    assert_eq!(won, 1);
    for lost in moved.into_iter().chain([seated]).filter(|answer| answer.status >= 400) {
        lost.expect_error(409, "TABLE_OCCUPIED");
    }
}

/// What races: a table is merged while its waiter sends lines and opens orders. Nothing may be left at a closed session.
#[actix_web::test]
async fn nothing_is_left_behind_by_a_merge() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for _ in 0..3 {
        let (from, into) = (house.open_table().await, house.open_table().await);
        let order = house.open_order(&from).await;
        let line = json!({ "name": "Pan", "qty": 1, "unitPrice": 1 });
        let path = format!("/api/v1/orders/{order}/items");
        let lines = join_all((0..10).map(|_| house.waiter.post(&path, line.clone())));
        let body = json!({ "tableSessionId": from });
        let opened = join_all((0..10).map(|_| house.waiter.post("/api/v1/orders", body.clone())));
        let merges = join_all((0..3).map(|_| merge(&house, &from, &into)));
        let (lines, opened, merges) = futures_util::future::join3(lines, opened, merges).await;
        assert!(lines.iter().all(|answer| answer.status == 201), "the order is open throughout: {lines:?}");
        assert_eq!(merges.iter().filter(|answer| answer.status == 200).count(), 1, "{merges:?}");
        for late in opened.iter().filter(|answer| answer.status != 201) {
            late.clone().expect_error(409, "TABLE_SESSION_CLOSED");
        }
        let all = house.waiter.get("/api/v1/orders?limit=100").await.expect(200);
        assert!(
            all.as_array().unwrap().iter().all(|order| order["tableSessionId"] != from.as_str()),
            "{all}"
        );
        let closed = house.waiter.get(&format!("/api/v1/table-sessions/{from}")).await.expect(200);
        assert_eq!(closed["status"], "CLOSED");
    }
}

#[actix_web::test]
async fn waiters_move_guests() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (from, into) = (house.open_table().await, house.open_table().await);
    for role in Role::ALL {
        let who = house.client(role);
        let expected = if role.includes(Role::Waiter) { 200 } else { 403 };
        let path = format!("/api/v1/table-sessions/{from}/move");
        let moved = who.post(&path, json!({ "tableId": house.free_table().await })).await;
        assert_eq!(moved.status, expected, "{role}");
        if expected == 403 {
            let path = format!("/api/v1/table-sessions/{from}/merge");
            who.post(&path, json!({ "intoId": into })).await.expect_error(403, "FORBIDDEN");
        }
    }
    let path = format!("/api/v1/table-sessions/{from}/move");
    let refused =
        house.waiter.post(&path, json!({ "table": 1 })).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(refused["message"], json!(["tableId should not be empty", "property table should not exist"]));
    let who = house.waiter.key("go");
    let body = json!({ "intoId": into });
    let path = format!("/api/v1/table-sessions/{from}/merge");
    let (first, again) = (who.post(&path, body.clone()).await, who.post(&path, body).await);
    assert_eq!((first.status, &first.text), (200, &again.text));
    assert_eq!(again.header("idempotent-replay"), Some("true"));
}

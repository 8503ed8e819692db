//! What the kitchen has seen, and what comes first.

use crate::support::{Display, house::id, spawn_app};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

#[actix_web::test]
async fn the_board_shows_what_nobody_has_seen_yet() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(2).await;
    let path = format!("/api/v1/orders/{}", id(&order));
    let mut display = Display::join(&house.kitchen).await;
    let late = house.add_item(&id(&order), "Flan").await;
    let item = |n: usize| format!("{path}/items/{}", id(&order["items"][n]));
    house.waiter.patch(&item(0), json!({ "notes": "allergy: nuts" })).await.expect(200);
    house.waiter.delete(&item(1)).await.expect(204);
    let unseen = async || {
        let board = house.kitchen.get("/api/v1/board").await.expect(200);
        let items = board["orders"][0]["items"].as_array().unwrap().clone();
        items.into_iter().map(|item| item["attention"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(unseen().await, [json!("CHANGED"), json!("VOIDED"), json!("NEW")]);
    assert_eq!(display.expect("order.items.added").await["items"][0]["attention"], "NEW");
    assert_eq!(display.expect("order.item.updated").await["item"]["attention"], "CHANGED");
    display.expect("order.item.status.changed").await;

    let seen = house.kitchen.post(&format!("{path}/ack"), json!({ "itemId": late["id"] })).await;
    let etag = seen.header("etag").unwrap().to_owned();
    let seen = seen.expect(200);
    assert_eq!(
        (seen["items"][2]["acknowledgedAt"].is_string(), &seen["acknowledgedAt"]),
        (true, &Value::Null)
    );
    let told = display.expect("order.acknowledged").await;
    assert_eq!((&told["itemId"], &told["itemIds"]), (&late["id"], &json!([late["id"]])));
    assert_eq!(format!("\"{}\"", told["orderVersion"]), etag);
    assert_eq!(unseen().await, [json!("CHANGED"), json!("VOIDED"), Value::Null]);

    let all = house.kitchen.press(&format!("{path}/ack")).await.expect(200);
    assert!(all["acknowledgedAt"].is_string());
    let told = display.expect("order.acknowledged").await;
    assert_eq!((&told["itemId"], &told["acknowledgedAt"]), (&Value::Null, &all["acknowledgedAt"]));
    assert_eq!(told["itemIds"], json!([order["items"][0]["id"], order["items"][1]["id"]]));
    assert_eq!(unseen().await, [Value::Null, Value::Null, Value::Null]);
    // Many cooks at once: seen is seen.
    let ack = format!("{path}/ack");
    for answer in join_all((0..10).map(|_| house.expo.press(&ack))).await {
        assert_eq!(answer.expect(200), all);
    }
    display.expect_nothing().await;
    // A bump is taken back though somebody acknowledged in between.
    let bumped = house.kitchen.press(&format!("{path}/bump")).await.expect(200);
    house.kitchen.post(&ack, json!({ "itemId": order["items"][0]["id"] })).await.expect(200);
    house.kitchen.post("/api/v1/undo", json!({ "batchId": bumped["batchId"] })).await.expect(200);
}

#[actix_web::test]
async fn the_pass_says_what_comes_first() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(1).await;
    assert_eq!(order["priority"], 0);
    let path = format!("/api/v1/orders/{}/priority", id(&order));
    let mut display = Display::join(&house.kitchen).await;
    for answer in join_all((0..10).map(|_| house.expo.post(&path, json!({ "priority": 5 })))).await {
        assert_eq!(answer.expect(200)["priority"], 5);
    }
    let told = display.expect("order.priority.changed").await;
    assert_eq!((&told["previousPriority"], &told["priority"]), (&json!(0), &json!(5)));
    display.expect_nothing().await;
    assert_eq!(house.kitchen.get("/api/v1/board").await.expect(200)["orders"][0]["priority"], 5);
    let history = house.kitchen.get(&format!("/api/v1/orders/{}/history", id(&order))).await.expect(200);
    assert!(history[0].to_string().contains("order.priority.changed"), "{history}");
    for (body, message) in [
        (json!({}), "priority should not be empty"),
        (json!({ "priority": -1 }), "priority must not be less than 0"),
        (json!({ "priority": 10 }), "priority must not be greater than 9"),
        (json!({ "priority": true }), "priority must be an integer number"),
    ] {
        let refused = house.expo.post(&path, body).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], json!([message]));
    }
    house
        .expo
        .header("If-Match", "\"1\"")
        .post(&path, json!({ "priority": 6 }))
        .await
        .expect_error(412, "PRECONDITION_FAILED");
}

#[actix_web::test]
async fn who_sees_and_who_says_what_comes_first() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (order, draft) = (id(&house.confirmed(1).await), house.draft(1).await);
    for role in Role::ALL {
        let who = house.client(role);
        let may = |base| if role.includes(base) { 200 } else { 403 };
        assert_eq!(
            who.press(&format!("/api/v1/orders/{order}/ack")).await.status,
            may(Role::Kitchen),
            "{role}"
        );
        let urgent = who.post(&format!("/api/v1/orders/{order}/priority"), json!({ "priority": 1 })).await;
        assert_eq!(urgent.status, may(Role::Expo), "{role}");
    }
    house
        .kitchen
        .press(&format!("/api/v1/orders/{draft}/ack"))
        .await
        .expect_error(409, "ORDER_NOT_CONFIRMED");
    let urgent = json!({ "priority": 1 });
    let refused = house.expo.post(&format!("/api/v1/orders/{draft}/priority"), urgent).await;
    refused.expect_error(409, "ORDER_NOT_CONFIRMED");
}

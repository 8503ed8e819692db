//! The REST calls of specification 000: orders over the counter, read and shipped by their numbers.

use crate::{
    display::Display,
    support::{Answer, Client, spawn_app},
};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub async fn place(who: &Client, body: Value) -> Value {
    who.post("/orders", body).await.expect(201)
}

pub async fn ship(who: &Client, number: u64) -> Answer {
    who.patch(&format!("/orders/{number}/ship"), json!({})).await
}

fn keys(body: &Value) -> BTreeSet<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect()
}

#[actix_web::test]
async fn a_sale_from_the_counter_to_the_customer() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    let placed = house.cashier.post("/orders", json!({ "total": 99.9, "customerId": 2 })).await;
    assert!(
        placed.text.starts_with(r#"{"id":1,"customerId":2,"total":"99.90","createdAt":"2"#),
        "{}",
        placed.text
    );
    let first = placed.expect(201);
    assert_eq!(keys(&first), BTreeSet::from(["id", "customerId", "total", "createdAt"]));
    assert_eq!(
        (&first["id"], &first["customerId"], &first["total"]),
        (&json!(1), &json!(2), &json!("99.90"))
    );
    let second = place(&house.waiter, json!({ "total": 0 })).await;
    assert_eq!(
        (&second["id"], &second["customerId"], &second["total"]),
        (&json!(2), &json!(null), &json!("0.00"))
    );

    // The kitchen hears of it as of any other order.
    let new = display.expect("order.new").await;
    assert_eq!(
        (&new["number"], &new["total"], &new["status"]),
        (&json!(1), &json!("99.90"), &json!("CONFIRMED"))
    );
    assert_eq!((&new["tableSessionId"], &new["createdAt"]), (&json!(null), &first["createdAt"]));
    let line = &new["items"][0];
    assert_eq!(
        (&line["name"], &line["qty"], &line["unitPrice"]),
        (&json!("Counter sale"), &json!(1), &json!("99.90"))
    );
    let moved = display.expect("order.status.changed").await;
    assert_eq!((&moved["previousStatus"], &moved["newStatus"]), (&json!("DRAFT"), &json!("CONFIRMED")));
    display.expect("order.new").await;
    display.expect("order.status.changed").await;

    let listed = house.kitchen.get("/orders").await.expect(200);
    let numbers: Vec<&Value> = listed.as_array().unwrap().iter().map(|order| &order["id"]).collect();
    assert_eq!(numbers, [&json!(2), &json!(1)]);
    let read = house.kitchen.get("/orders/1").await.expect(200);
    assert_eq!(read, listed[1]);
    assert_eq!(keys(&read), BTreeSet::from(["id", "customerId", "total", "createdAt", "customer", "status"]));
    assert_eq!((&read["customer"]["id"], &read["customer"]["name"]), (&json!(2), &json!("Luis")));
    assert_eq!(keys(&read["customer"]), BTreeSet::from(["id", "name", "email", "phone", "createdAt"]));
    assert_eq!((&listed[0]["customer"], &read["status"]), (&json!(null), &json!("CONFIRMED")));

    let shipped = ship(&house.expo, 1).await.expect(200);
    assert_eq!(shipped, first);
    let item = display.expect("order.item.status.changed").await;
    assert_eq!((&item["previousStatus"], &item["newStatus"]), (&json!("PENDING"), &json!("SERVED")));
    let told = display.expect("order.shipped").await;
    assert_eq!(
        keys(&told),
        BTreeSet::from([
            "orderId",
            "restaurantId",
            "shippedAt",
            "updatedAt",
            "number",
            "orderVersion",
            "eventId",
            "seq"
        ])
    );
    assert_eq!((&told["orderId"], &told["shippedAt"]), (&new["orderId"], &told["updatedAt"]));
    assert_eq!(display.expect("order.status.changed").await["newStatus"], "SERVED");
    let again = ship(&house.expo, 1).await.expect_error(409, "INVALID_TRANSITION");
    assert_eq!(again["currentStatus"], "SERVED");
    display.expect_nothing().await;
}

/// Whoever asks in vain is told in NestJS's words.
#[actix_web::test]
async fn refusals_read_as_the_specification_has_them() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let missing = house.owner.get("/orders/7").await;
    assert_eq!(
        missing.text,
        r#"{"statusCode":404,"message":"Order with ID 7 not found","error":"Not Found","code":"NOT_FOUND"}"#
    );
    ship(&house.owner, 7).await.expect_error(404, "NOT_FOUND");
    assert_eq!(house.owner.get("/orders/-1").await.body["message"], "Order with ID -1 not found");
    for id in ["x", "1.5", "", "+1", "01900000-0000-7000-8000-000000000001", "99999999999999999999"] {
        let refused = house.owner.get(&format!("/orders/{id}")).await;
        match id {
            "" => assert_eq!(refused.status, 404, "{}", refused.text),
            _ => assert_eq!(
                refused.expect_error(400, "BAD_REQUEST")["message"],
                "Validation failed (numeric string is expected)",
                "{id}"
            ),
        }
    }
    for (body, message) in [
        (json!({ "total": -5 }), json!(["total must not be less than 0"])),
        (json!({ "total": 1, "foo": 1 }), json!(["property foo should not exist"])),
        (json!({ "total": 1.005 }), json!(["total has more digits after the point than the currency"])),
        (json!({ "total": 1, "customerId": 3 }), json!(["customerId must be an existing customer"])),
    ] {
        let refused = house.owner.post("/orders", body.clone()).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], message, "{body}");
    }
    house.owner.patch("/orders/1/ship", json!({ "x": 1 })).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(house.log().await, [json!(null); 0]);
}

#[actix_web::test]
async fn who_may_sell_and_ship() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for role in Role::ALL {
        let who = house.client(role);
        let sells = role.includes(Role::Waiter) || role.includes(Role::Cashier);
        let placed = who.post("/orders", json!({ "total": 1 })).await;
        let number = match sells {
            true => placed.expect(201)["id"].as_u64().unwrap(),
            false => {
                placed.expect_error(403, "FORBIDDEN");
                place(&house.owner, json!({ "total": 1 })).await["id"].as_u64().unwrap()
            }
        };
        assert_eq!(who.get("/orders").await.status, 200, "{role}");
        let shipped = ship(who, number).await;
        match sells || role.includes(Role::Expo) {
            true => drop(shipped.expect(200)),
            false => drop(shipped.expect_error(403, "FORBIDDEN")),
        }
    }
}

/// An order of a table is listed once it is confirmed, under its ticket number, and can be shipped whole.
#[actix_web::test]
async fn a_tables_order_is_an_admin_order_once_it_is_confirmed() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.draft(1).await;
    let order = house.confirmed(2).await;
    let listed = house.owner.get("/orders").await.expect(200);
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!((&listed[0]["id"], &listed[0]["total"]), (&order["number"], &json!("62.00")));
    let read = house.owner.get("/orders/1").await;
    let unchanged = house.owner.header("If-None-Match", read.header("etag").unwrap());
    assert_eq!(unchanged.get("/orders/1").await.status, 304);
    house
        .owner
        .header("If-Match", "\"1\"")
        .patch("/orders/1/ship", json!({}))
        .await
        .expect_error(412, "PRECONDITION_FAILED");
    ship(&house.waiter, 1).await.expect(200);
    let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
    let after = house.owner.get(&path).await.expect(200);
    assert_eq!(after["status"], "SERVED");
    assert!(after["items"].as_array().unwrap().iter().all(|item| item["status"] == "SERVED"), "{after}");
    let history = house.owner.get(&format!("{path}/history")).await;
    assert!(history.text.contains("order.shipped"), "{}", history.text);
}

#[actix_web::test]
async fn pages_are_cut_like_those_of_every_list() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for total in 1..=5 {
        place(&house.cashier, json!({ "total": total })).await;
    }
    let (mut path, mut seen) = ("/orders?limit=2".to_owned(), Vec::new());
    loop {
        let page = house.kitchen.get(&path).await;
        assert!(page.header("x-stream-seq").is_some());
        seen.extend(page.body.as_array().unwrap().iter().map(|order| order["id"].as_u64().unwrap()));
        let Some(link) = page.header("link") else { break };
        path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    house.kitchen.get("/orders?table=1").await.expect_error(400, "VALIDATION_FAILED");
}

#[actix_web::test]
async fn a_repeated_sale_is_one_sale() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let who = house.cashier.key("sale-1");
    let first = who.post("/orders", json!({ "total": 5 })).await;
    let again = who.post("/orders", json!({ "total": 5 })).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    who.post("/orders", json!({ "total": 6 })).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    let key = house.cashier.key("ship-1");
    let (shipped, again) = (ship(&key, 1).await, ship(&key, 1).await);
    assert_eq!((shipped.status, again.status, &again.text), (200, 200, &shipped.text));
    assert_eq!(house.owner.get("/orders").await.expect(200).as_array().unwrap().len(), 1);
}

/// What races: many hands ship one order, others sell. Of the first one wins; the others all have numbers of their own.
#[actix_web::test]
async fn of_racing_shipments_one_wins_and_no_number_is_given_twice() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    place(&house.owner, json!({ "total": 1 })).await;
    let answers = join_all((0..20).map(|_| ship(&house.cashier, 1))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    lost.into_iter().for_each(|answer| drop(answer.expect_error(409, "INVALID_TRANSITION")));
    let log = house.log().await;
    assert_eq!(log.iter().filter(|event| event["event"] == "order.shipped").count(), 1, "{log:?}");

    let sales = join_all((0..20).map(|_| place(&house.cashier, json!({ "total": 1 })))).await;
    let numbers: BTreeSet<u64> = sales.iter().map(|sale| sale["id"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (2..=21).collect());
}

/// Numbers are a restaurant's own: another's are unknown ones, to the byte.
#[actix_web::test]
async fn anothers_numbers_are_unknown_numbers() {
    let app = spawn_app().await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    place(&ours.owner, json!({ "total": 1 })).await;
    for total in [2, 3] {
        place(&theirs.owner, json!({ "total": total, "customerId": 1 })).await;
    }
    let blank = |answer: Answer, number: &str| (answer.status, answer.text.replace(number, "N"));
    assert_eq!(blank(ours.owner.get("/orders/2").await, "2"), blank(ours.owner.get("/orders/9").await, "9"));
    assert_eq!(blank(ship(&ours.owner, 2).await, "2"), blank(ship(&ours.owner, 9).await, "9"));
    let listed = ours.owner.get("/orders").await.expect(200);
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["total"]), (1, &json!("1.00")));
    assert_eq!(theirs.owner.get("/orders/2").await.expect(200)["status"], "CONFIRMED");
    // Both have a customer 1; each order names its own restaurant's.
    let admin = app.database.admin().await;
    let crossed = "SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id
                   WHERE c.restaurant_id <> o.restaurant_id";
    assert_eq!(admin.query_one(crossed, &[]).await.unwrap().get::<_, i64>(0), 0);
}

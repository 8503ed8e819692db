//! Bump and undo of whole tickets: one batch, however many cooks; exactly what it took comes back.

use crate::support::{Answer, Display, House, house::id, spawn_app};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

fn bump(order: &Value) -> String {
    format!("/api/v1/orders/{}/bump", id(order))
}

async fn undo(house: &House, batch: &Value) -> Answer {
    house.kitchen.post("/api/v1/undo", json!({ "batchId": batch })).await
}

/// What an undo restores of each line.
fn states(order: &Value) -> Vec<Value> {
    let kept = ["id", "status", "sentAt", "startedAt", "readyAt", "servedAt", "batchId"];
    let state = |item: &Value| kept.iter().map(|key| item[*key].clone()).collect();
    order["items"].as_array().unwrap().iter().map(state).collect()
}

#[actix_web::test]
async fn a_ticket_is_bumped_and_taken_back() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(3).await;
    let path = format!("/api/v1/orders/{}", id(&order));
    house.set(&house.kitchen, &order["items"][0], "IN_PROGRESS").await.expect(200);
    let before = house.kitchen.get(&path).await.expect(200);
    let mut display = Display::join(&house.kitchen).await;

    let bumped = house.kitchen.press(&bump(&order)).await;
    assert_eq!(bumped.header("etag"), Some("\"7\""));
    let bumped = bumped.expect(200);
    assert_eq!((bumped["itemIds"].as_array().unwrap().len(), &bumped["undoneAt"]), (3, &Value::Null));
    assert_eq!(bumped["order"]["status"], "READY");
    for (n, item) in order["items"].as_array().unwrap().iter().enumerate() {
        let moved = display.expect("order.item.status.changed").await;
        assert_eq!((&moved["itemId"], &moved["newStatus"]), (&item["id"], &json!("READY")));
        assert_eq!((&moved["batchId"], moved["readyAt"].is_string()), (&bumped["batchId"], true));
        assert_eq!(moved["startedAt"].is_string(), n == 0);
    }
    let derived = display.expect("order.status.changed").await;
    assert_eq!((&derived["previousStatus"], &derived["newStatus"]), (&json!("IN_PROGRESS"), &json!("READY")));

    let undone = undo(&house, &bumped["batchId"]).await.expect(200);
    assert_eq!((&undone["batchId"], undone["undoneAt"].is_string()), (&bumped["batchId"], true));
    assert_eq!(states(&undone["order"]), states(&before));
    for status in ["IN_PROGRESS", "PENDING", "PENDING"] {
        let moved = display.expect("order.item.status.changed").await;
        assert_eq!((&moved["newStatus"], &moved["readyAt"]), (&json!(status), &Value::Null));
    }
    assert_eq!(display.expect("order.status.changed").await["newStatus"], "IN_PROGRESS");
    assert_eq!(undo(&house, &bumped["batchId"]).await.expect(200)["order"], undone["order"]);
    display.expect_nothing().await;
    assert_eq!(house.kitchen.get(&path).await.expect(200), undone["order"]);
}

#[actix_web::test]
async fn a_station_bumps_what_is_its_own() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let make = async |name: &str| {
        house.manager.post("/api/v1/stations", json!({ "name": name })).await.expect(201)["id"].clone()
    };
    let (pass, bar, idle) = (make("pass").await, make("bar").await, make("idle").await);
    let order = house.draft(0).await;
    for (name, station) in [("Pan", json!(null)), ("Vino", json!("bar")), ("Sopa", json!("pass"))] {
        let line = json!({ "name": name, "qty": 1, "unitPrice": 2, "station": station });
        house.waiter.post(&format!("/api/v1/orders/{order}/items"), line).await.expect(201);
    }
    let order = house.confirm(&order).await.expect(200);
    let at = async |station: &Value| {
        house.kitchen.post(&bump(&order), json!({ "stationId": station })).await.expect(200)
    };
    let nothing = at(&idle).await;
    assert_eq!((&nothing["batchId"], &nothing["itemIds"]), (&Value::Null, &json!([])));
    let wine = at(&bar).await;
    assert_eq!(wine["itemIds"], json!([order["items"][1]["id"]]));
    assert_eq!(wine["order"]["status"], "IN_PROGRESS");
    let rest = at(&pass).await;
    assert_eq!(rest["itemIds"], json!([order["items"][0]["id"], order["items"][2]["id"]]));
    // The wine goes out; what came after it can still be taken back, the wine no more.
    house.set(&house.waiter, &order["items"][1], "SERVED").await.expect(200);
    let refused = undo(&house, &wine["batchId"]).await.expect_error(409, "STALE_STATUS");
    assert_eq!(
        (&refused["currentStatus"], &refused["message"]),
        (&json!("SERVED"), &json!("Vino has moved on since"))
    );
    assert_eq!(undo(&house, &rest["batchId"]).await.expect(200)["order"]["status"], "IN_PROGRESS");
    let unknown = json!({ "stationId": uuid::Uuid::now_v7() });
    house.kitchen.post(&bump(&order), unknown).await.expect_error(404, "NOT_FOUND");
}

/// What races: two cooks at two screens tap the same header. One batch must hold all lines, or an undo would bring a part.
#[actix_web::test]
async fn cooks_who_bump_the_same_ticket_make_one_batch() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(5).await;
    let cooks = [&house.kitchen, &house.expo, &house.owner];
    let path = bump(&order);
    let answers = join_all((0..20).map(|n| cooks[n % 3].press(&path))).await;
    let bodies: Vec<Value> = answers.into_iter().map(|answer| answer.expect(200)).collect();
    let batches: Vec<&Value> =
        bodies.iter().map(|body| &body["batchId"]).filter(|id| !id.is_null()).collect();
    assert_eq!(batches.len(), 1, "{bodies:?}");
    let moves =
        async || house.log().await.iter().filter(|e| e["event"] == "order.item.status.changed").count();
    assert_eq!(moves().await, 5);
    // All take it back at once: once is enough.
    for answer in join_all((0..10).map(|_| undo(&house, batches[0]))).await {
        assert_eq!(answer.expect(200)["order"]["status"], "CONFIRMED");
    }
    assert_eq!(moves().await, 10);
    // A lost answer is asked for again.
    let who = house.kitchen.key("tap");
    let (first, again) = (who.press(&path).await, who.press(&path).await);
    assert_eq!((first.status, &first.text), (200, &again.text));
    assert_eq!((again.header("idempotent-replay"), moves().await), (Some("true"), 15));
}

#[actix_web::test]
async fn a_batch_outlives_the_server_and_not_its_time() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (one, two) = (house.confirmed(2).await, house.confirmed(1).await);
    let first = house.kitchen.press(&bump(&one)).await.expect(200);
    let second = house.kitchen.press(&bump(&two)).await.expect(200);
    let app = crate::support::TestApp::start_again(app.stop().await, &[]).await;
    let kitchen = house.kitchen.at(app.address);
    let body = json!({ "batchId": first["batchId"] });
    let undone = kitchen.post("/api/v1/undo", body).await.expect(200);
    assert_eq!(states(&undone["order"]), states(&one));
    let past = "UPDATE batches SET made_at = made_at - interval '15 minutes 1 second'";
    app.database.admin().await.batch_execute(past).await.unwrap();
    let body = json!({ "batchId": second["batchId"] });
    kitchen.post("/api/v1/undo", body).await.expect_error(409, "UNDO_EXPIRED");
}

#[actix_web::test]
async fn cooks_bump_and_bodies_are_strict() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(1).await;
    for role in Role::ALL {
        let who = house.client(role);
        let batch = uuid::Uuid::now_v7();
        let undo = who.post("/api/v1/undo", json!({ "batchId": batch })).await;
        if role.includes(Role::Kitchen) {
            who.press(&bump(&order)).await.expect(200);
            assert_eq!(
                undo.expect_error(404, "NOT_FOUND")["message"],
                format!("Batch with ID {batch} not found")
            );
        } else {
            who.press(&bump(&order)).await.expect_error(403, "FORBIDDEN");
            undo.expect_error(403, "FORBIDDEN");
        }
    }
    for (path, body, message) in [
        (
            bump(&order),
            json!({ "stationId": 7, "all": true }),
            json!(["stationId must be a UUID", "property all should not exist"]),
        ),
        ("/api/v1/undo".into(), json!({}), json!(["batchId should not be empty"])),
    ] {
        let refused = house.kitchen.post(&path, body).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], message);
    }
    let stale = house.kitchen.header("If-Match", "\"1\"");
    stale.press(&bump(&order)).await.expect_error(412, "PRECONDITION_FAILED");
    let draft = house.draft(1).await;
    let path = format!("/api/v1/orders/{draft}/bump");
    house.kitchen.press(&path).await.expect_error(409, "ORDER_NOT_CONFIRMED");
}

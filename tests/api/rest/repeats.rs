//! The same request again: under a key it is answered and not done.

use crate::support::{house::id, spawn_app};
use futures_util::future::join_all;
use serde_json::json;

#[actix_web::test]
async fn a_repeat_gets_the_very_same_answer() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let items = format!("/api/v1/orders/{}/items", house.draft(0).await);
    let body = json!({ "name": "Hamburguesa", "qty": 2, "unitPrice": 15.5 });
    let who = house.waiter.key("k-1");
    let first = who.post(&items, body.clone()).await;
    assert_eq!(first.header("idempotent-replay"), None);
    let again = who.post(&items, body.clone()).await;
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    assert_eq!((first.status, &first.text), (201, &again.text));
    assert_eq!((again.status, first.header("etag")), (201, again.header("etag")));

    let other = json!({ "name": "Hamburguesa", "qty": 3, "unitPrice": 15.5 });
    who.post(&items, other).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    // Another user's keys are others.
    house.manager.key("k-1").post(&items, body.clone()).await.expect(201);

    let item = format!("{items}/{}", id(&first.body));
    let who = house.waiter.key("k-2");
    assert_eq!(who.delete(&item).await.status, 204);
    let again = who.delete(&item).await;
    assert_eq!((again.status, again.header("idempotent-replay")), (204, Some("true")));
    // A final refusal is kept as well.
    let who = house.waiter.key("k-3");
    let gone = who.delete(&item).await;
    let again = who.delete(&item).await;
    assert_eq!(
        (gone.status, gone.text, again.header("idempotent-replay")),
        (404, again.text.clone(), Some("true"))
    );
    // What another body may make good is not.
    let who = house.waiter.key("k-4");
    who.post(&items, json!({})).await.expect_error(400, "VALIDATION_FAILED");
    who.post(&items, body).await.expect(201);
    let long = "k".repeat(256);
    for bad in ["two words", long.as_str()] {
        house.waiter.key(bad).delete(&item).await.expect_error(400, "BAD_REQUEST");
    }
}

#[actix_web::test]
async fn of_fifty_twins_one_acts() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let session = house.open_table().await;
    let who = house.waiter.key("twins");
    let posts = (0..50).map(|_| who.post("/api/v1/orders", json!({ "tableSessionId": session })));
    let answers = join_all(posts).await;
    let made: Vec<String> = answers.iter().filter(|a| a.status == 201).map(|a| id(&a.body)).collect();
    assert!(!made.is_empty() && made.iter().all(|order| *order == made[0]), "{made:?}");
    assert_eq!(
        answers.iter().filter(|a| a.status == 201 && a.header("idempotent-replay").is_none()).count(),
        1
    );
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.expect_error(409, "IDEMPOTENCY_IN_FLIGHT");
    }
    assert_eq!(house.waiter.get("/api/v1/orders").await.expect(200).as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn of_racing_openings_of_a_table_one_wins() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let body = json!({ "tableId": house.tables[0].id });
    let answers = join_all((0..20).map(|_| house.waiter.post("/api/v1/table-sessions", body.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.expect_error(409, "TABLE_OCCUPIED");
    }
}

//! The same request again: under a key it is answered and not done.

use crate::support::{house::id, spawn_app};
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

//! Invites: made and taken back by managers, for roles not above their own; the code is told once.

use crate::support::{house::id, spawn_app};
use serde_json::json;

const INVITES: &str = "/api/v1/invites";

#[actix_web::test]
async fn an_invite_is_made_listed_and_taken_back() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let made = house.manager.post(INVITES, json!({ "role": "WAITER", "note": "Luis, from Monday" })).await;
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let made = made.expect(201);
    let code = made["code"].as_str().unwrap();
    assert!(code.starts_with("ci1_") && code.len() == 47, "{code}");
    assert_eq!((&made["role"], &made["status"]), (&"WAITER".into(), &"PENDING".into()));
    let listed = house.manager.get(INVITES).await;
    assert!(!listed.text.contains(code), "{}", listed.text);
    let listed = listed.expect(200);
    assert_eq!((&listed[0]["id"], &listed[0]["note"]), (&made["id"], &"Luis, from Monday".into()));
    let stored = "SELECT count(*) FROM invites WHERE i::text LIKE '%' || $1 || '%'";
    let stored = stored.replace("invites WHERE", "invites i WHERE");
    let found = app.database.admin().await.query_one(&stored, &[&code]).await.unwrap();
    assert_eq!(found.get::<_, i64>(0), 0, "the code itself is stored");

    let path = format!("{INVITES}/{}", id(&made));
    for _ in 0..2 {
        assert_eq!(house.manager.delete(&path).await.status, 204);
    }
    assert_eq!(house.manager.get(INVITES).await.expect(200)[0]["status"], "REVOKED");
}

#[actix_web::test]
async fn invites_are_managers_and_not_above_their_maker() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    for who in [&house.waiter, &house.cashier, &house.expo, &house.kitchen] {
        who.get(INVITES).await.expect_error(403, "FORBIDDEN");
        who.post(INVITES, json!({ "role": "KITCHEN" })).await.expect_error(403, "FORBIDDEN");
    }
    house.manager.post(INVITES, json!({ "role": "OWNER" })).await.expect_error(403, "FORBIDDEN");
    for bad in [json!({}), json!({ "role": "PUBLIC" }), json!({ "role": "WAITER", "code": "mine" })] {
        house.manager.post(INVITES, bad).await.expect_error(400, "VALIDATION_FAILED");
    }
    let owners = house.owner.post(INVITES, json!({ "role": "OWNER" })).await.expect(201);
    let path = format!("{INVITES}/{}", id(&owners));
    house.manager.delete(&path).await.expect_error(403, "FORBIDDEN");
    house.kitchen.delete(&path).await.expect_error(403, "FORBIDDEN");
    // Another restaurant's is nobody's.
    other.owner.delete(&path).await.expect_error(404, "NOT_FOUND");
    assert_eq!(other.owner.get(INVITES).await.expect(200), json!([]));
    assert_eq!(house.owner.delete(&path).await.status, 204);
}

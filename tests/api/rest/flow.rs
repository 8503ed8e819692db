//! An evening in a restaurant, by every role, with the fields that the specification prints.

use crate::support::{house::id, spawn_app};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[actix_web::test]
async fn an_order_from_the_table_to_the_till() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let session = house.open_table().await;
    let draft =
        house.waiter.post("/api/v1/orders", json!({ "tableSessionId": session, "note": "window" })).await;
    assert_eq!(draft.header("etag"), Some("\"1\""));
    let draft = draft.expect(201);
    assert_eq!(
        (&draft["status"], &draft["number"], &draft["total"]),
        (&"DRAFT".into(), &Value::Null, &"0.00".into())
    );
    let order = id(&draft);

    let item = house.add_item(&order, "Hamburguesa").await;
    assert_eq!(
        (&item["unitPrice"], &item["qty"], &item["status"]),
        (&"15.50".into(), &2.into(), &"PENDING".into())
    );
    let late_keys =
        ["createdAt", "id", "name", "notes", "orderId", "qty", "status", "unitPrice", "updatedAt"];
    assert!(late_keys.iter().all(|key| keys(&item).contains(key)), "{item}");

    let confirmed = house.confirm(&order).await;
    assert_eq!(confirmed.header("etag"), Some("\"3\""));
    let confirmed = confirmed.expect(200);
    assert_eq!((&confirmed["status"], &confirmed["number"]), (&"CONFIRMED".into(), &1.into()));
    assert_eq!(confirmed["total"], "31.00");
    assert_eq!(confirmed["createdAt"].as_str().unwrap().len(), "2024-01-01T00:00:00.000Z".len());

    for (who, status, of_order) in [
        (&house.kitchen, "IN_PROGRESS", "IN_PROGRESS"),
        (&house.kitchen, "READY", "READY"),
        (&house.expo, "SERVED", "SERVED"),
    ] {
        let moved = house.set(who, &item, status).await.expect(200);
        assert_eq!(moved["status"], status);
        let read = house.kitchen.get(&format!("/api/v1/orders/{order}")).await.expect(200);
        assert_eq!(read["status"], of_order);
    }
    let close = format!("/api/v1/table-sessions/{session}/close");
    house.waiter.press(&close).await.expect_error(409, "SESSION_HAS_OPEN_ORDERS");
    let closed = house.cashier.press(&format!("/api/v1/orders/{order}/close")).await.expect(200);
    assert_eq!(closed["status"], "CLOSED");
    let gone = house.waiter.press(&close).await.expect(200);
    assert_eq!((&gone["status"], gone["closedAt"].is_string()), (&"CLOSED".into(), true));
}

#[actix_web::test]
async fn who_may_do_what() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(1).await;
    let path = format!("/api/v1/orders/{}", id(&order));
    let (item, draft) = (&order["items"][0], house.draft(1).await);
    for role in Role::ALL {
        let who = house.client(role);
        let waits = role.includes(Role::Waiter);
        let expected = |may: bool| if may { 200 } else { 403 };
        assert_eq!(who.get("/api/v1/table-sessions").await.status, expected(waits), "{role}");
        for open in ["/api/v1/tables", "/api/v1/orders", "/api/v1/board", "/api/v1/menu", "/api/v1/events"] {
            assert_eq!(who.get(open).await.status, 200, "{role} {open}");
        }
        if !waits {
            who.press(&format!("/api/v1/orders/{draft}/confirm")).await.expect_error(403, "FORBIDDEN");
        }
        if !role.includes(Role::Manager) {
            who.post("/api/v1/tables", json!({ "name": "x" })).await.expect_error(403, "FORBIDDEN");
        }
        // An edge that does not exist does not exist for anyone.
        who.press(&format!("{path}/reopen")).await.expect_error(409, "INVALID_TRANSITION");
        if !role.includes(Role::Kitchen) {
            house.set(who, item, "IN_PROGRESS").await.expect_error(403, "FORBIDDEN");
        }
    }
    let refused = house.set(&house.kitchen, item, "SERVED").await.expect_error(409, "INVALID_TRANSITION");
    assert_eq!(refused["currentStatus"], "PENDING");
}

#[actix_web::test]
async fn taking_back_needs_the_right_words() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(1).await;
    let item = &order["items"][0];
    let path = format!("/api/v1/orders/{}", id(&order));
    house.set(&house.kitchen, item, "IN_PROGRESS").await.expect(200);
    house.waiter.press(&format!("{path}/cancel")).await.expect_error(403, "FORBIDDEN");
    house.manager.press(&format!("{path}/cancel")).await.expect_error(400, "REASON_REQUIRED");
    house.set(&house.manager, item, "VOIDED").await.expect_error(400, "REASON_REQUIRED");
    let cancelled =
        house.manager.post(&format!("{path}/cancel"), json!({ "reason": "burnt" })).await.expect(200);
    assert_eq!(
        (&cancelled["status"], &cancelled["items"][0]["status"]),
        (&"CANCELLED".into(), &"VOIDED".into())
    );

    let empty = house.open_order(&house.open_table().await).await;
    house.confirm(&empty).await.expect_error(409, "ORDER_EMPTY");
}

#[actix_web::test]
async fn lines_change_one_by_one_and_versions_guard_them() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.draft(2).await;
    let path = format!("/api/v1/orders/{order}");
    let whole = house.waiter.get(&path).await;
    let (etag, whole) = (whole.header("etag").unwrap().to_owned(), whole.expect(200));
    let known = house.waiter.header("If-None-Match", &etag).get(&path).await;
    assert_eq!((known.status, known.text.as_str()), (304, ""));
    let item = format!("{path}/items/{}", whole["items"][0]["id"].as_str().unwrap());

    let changed = house.waiter.patch(&item, json!({ "qty": 3, "notes": "no onion", "course": null })).await;
    assert_eq!(changed.header("etag"), Some("\"2\""));
    assert_eq!(changed.expect(200)["notes"], "no onion");
    let stale = house.waiter.header("If-Match", "\"1\"");
    stale.patch(&item, json!({ "qty": 4 })).await.expect_error(412, "PRECONDITION_FAILED");
    stale.press(&format!("{path}/confirm")).await.expect_error(412, "PRECONDITION_FAILED");
    let cleared =
        house.waiter.header("If-Match", "\"2\"").patch(&item, json!({ "notes": "" })).await.expect(200);
    assert_eq!(cleared["notes"], Value::Null);
    house.waiter.header("If-Match", "2").patch(&item, json!({})).await.expect_error(400, "BAD_REQUEST");

    let removed = house.waiter.delete(&item).await;
    assert_eq!((removed.status, removed.text.as_str()), (204, ""));
    house.waiter.delete(&item).await.expect_error(404, "NOT_FOUND");
    assert_eq!(house.waiter.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn the_menu_lends_what_a_line_leaves_out() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let menu = house.kitchen.get("/api/v1/menu").await;
    let etag = menu.header("etag").unwrap().to_owned();
    let menu = menu.expect(200);
    assert_eq!(menu[1]["price"], "15.50");
    assert_eq!(keys(&menu[1]).len(), 12);
    assert_eq!(house.kitchen.header("If-None-Match", &etag).get("/api/v1/menu").await.status, 304);

    let items = format!("/api/v1/orders/{}/items", house.draft(0).await);
    let line = json!({ "menuItemId": menu[1]["id"], "qty": 1 });
    let item = house.waiter.post(&items, line).await.expect(201);
    assert_eq!(
        (&item["name"], &item["unitPrice"], &item["station"]),
        (&menu[1]["name"], &"15.50".into(), &"grill".into())
    );
    let cheaper = json!({ "menuItemId": menu[1]["id"], "qty": 1, "unitPrice": 1 });
    house.waiter.post(&items, cheaper.clone()).await.expect_error(403, "FORBIDDEN");
    assert_eq!(house.manager.post(&items, cheaper).await.expect(201)["unitPrice"], "1.00");
    let precise = json!({ "name": "x", "qty": 1, "unitPrice": 1.005 });
    let refused = house.waiter.post(&items, precise).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(refused["message"], json!(["unitPrice has more digits after the point than the currency"]));
}

//! Two restaurants on one server: on every route the other one's ids are unknown ids, to the byte.

use crate::support::{Answer, Client, house::id, spawn_app};
use reqwest::Method;
use serde_json::{Value, json};

/// What a client can tell of an answer, with the id blanked.
fn seen(answer: &Answer, id: &str) -> (u16, String) {
    (answer.status, answer.text.replace(id, "ID"))
}

#[actix_web::test]
async fn another_restaurants_ids_are_unknown_ids() {
    let app = spawn_app().await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    let order = theirs.confirmed(1).await;
    let (order_id, item) = (id(&order), id(&order["items"][0]));
    let session = order["tableSessionId"].as_str().unwrap().to_owned();
    let table = order["tableId"].as_str().unwrap().to_owned();
    let dish = theirs.menu[0].id.to_string();
    let mine = id(&ours.confirmed(1).await);
    let status = Some(json!({ "status": "READY" }));
    let calls: Vec<(Method, String, Option<Value>, &str)> = vec![
        (Method::GET, "/api/v1/orders/ID".into(), None, &order_id),
        (Method::GET, "/api/v1/orders/ID/history".into(), None, &order_id),
        (Method::POST, "/api/v1/orders/ID/confirm".into(), None, &order_id),
        (Method::POST, "/api/v1/orders/ID/cancel".into(), None, &order_id),
        (Method::POST, "/api/v1/orders/ID/close".into(), None, &order_id),
        (Method::POST, "/api/v1/orders/ID/reopen".into(), None, &order_id),
        (
            Method::POST,
            "/api/v1/orders/ID/items".into(),
            Some(json!({"name":"x","qty":1,"unitPrice":1})),
            &order_id,
        ),
        (Method::POST, format!("/api/v1/orders/ID/items/{item}/status"), status.clone(), &order_id),
        (Method::PATCH, format!("/api/v1/orders/{mine}/items/ID"), Some(json!({"qty":1})), &item),
        (Method::DELETE, format!("/api/v1/orders/{mine}/items/ID"), None, &item),
        (Method::POST, format!("/api/v1/orders/{mine}/items/ID/status"), status, &item),
        (
            Method::POST,
            format!("/api/v1/orders/{mine}/items"),
            Some(json!({"menuItemId":"ID","qty":1})),
            &dish,
        ),
        (Method::GET, "/api/v1/table-sessions/ID".into(), None, &session),
        (Method::POST, "/api/v1/table-sessions/ID/close".into(), None, &session),
        (Method::POST, "/api/v1/orders".into(), Some(json!({"tableSessionId":"ID"})), &session),
        (Method::POST, "/api/v1/table-sessions".into(), Some(json!({"tableId":"ID"})), &table),
    ];
    for (method, path, body, foreign) in calls {
        let unknown = uuid::Uuid::now_v7().to_string();
        let ask = async |id: &str| {
            let body = body.as_ref().map(|body| body.to_string().replace("ID", id).parse().unwrap());
            seen(&ours.owner.send(method.clone(), &path.replace("ID", id), body).await, id)
        };
        let (theirs, nobodys) = (ask(foreign).await, ask(&unknown).await);
        assert_eq!(theirs, nobodys, "{method} {path}");
        assert_eq!(theirs.0, 404, "{method} {path}: {}", theirs.1);
    }
    // Nothing came of it.
    let after = theirs.waiter.get(&format!("/api/v1/orders/{order_id}")).await.expect(200);
    assert_eq!(after["version"], order["version"]);
}

#[actix_web::test]
async fn lists_boards_and_logs_show_ones_own() {
    let app = spawn_app().await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    theirs.confirmed(2).await;
    let lists: [(&Client, &str, usize); 4] = [
        (&ours.owner, "/api/v1/orders", 0),
        (&ours.owner, "/api/v1/table-sessions", 0),
        (&ours.owner, &format!("/api/v1/orders?table={}", theirs.tables[0].id), 0),
        (&theirs.owner, "/api/v1/orders", 1),
    ];
    for (who, path, expected) in lists {
        assert_eq!(who.get(path).await.expect(200).as_array().unwrap().len(), expected, "{path}");
    }
    let board = ours.owner.get("/api/v1/board").await.expect(200);
    assert_eq!((&board["orders"], &board["sessions"], &board["seq"]), (&json!([]), &json!([]), &json!(0)));
    assert_eq!(ours.owner.get("/api/v1/events").await.expect(200)["events"], json!([]));
    let foreign = theirs.id.to_string();
    for path in ["/api/v1/tables", "/api/v1/menu", "/api/v1/board", "/api/v1/events", "/api/v1/auth/me"] {
        assert!(!ours.owner.get(path).await.text.contains(&foreign), "{path}");
    }
}

//! Lists, the board, the log and histories: what is read belongs to one position.

use crate::support::{House, house::id, spawn_app};
use serde_json::{Value, json};

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(id).collect()
}

/// The address in a `Link` header.
fn next(link: Option<&str>) -> Option<String> {
    let (address, relation) = link?.split_once('>')?;
    assert_eq!(relation, "; rel=\"next\"");
    address.strip_prefix('<').map(str::to_owned)
}

#[actix_web::test]
async fn pages_join_without_a_gap_while_orders_come_in() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let session = house.open_table().await;
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(house.open_order(&session).await);
    }
    made.reverse();
    let (mut path, mut seen) = (Some("/api/v1/orders?limit=3&status=DRAFT".to_owned()), Vec::new());
    while let Some(page) = path {
        let answer = house.kitchen.get(&page).await;
        path = next(answer.header("link"));
        assert!(answer.header("x-stream-epoch").is_some() && answer.header("x-stream-seq").is_some());
        seen.extend(ids(&answer.expect(200)));
        // A newer one shifts nothing.
        house.open_order(&session).await;
    }
    assert_eq!(seen, made);
    for path in ["/api/v1/tables?limit=5", "/api/v1/table-sessions"] {
        house.waiter.get(path).await.expect(200);
    }
}

#[actix_web::test]
async fn filters_hold_together() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let draft = house.draft(1).await;
    let confirmed = house.confirmed(1).await;
    let list = |query: String| {
        let who = house.cashier.clone();
        async move { ids(&who.get(&format!("/api/v1/orders?{query}")).await.expect(200)) }
    };
    let (of_order, table) = (id(&confirmed), confirmed["tableId"].as_str().unwrap());
    assert_eq!(list("status=CONFIRMED".into()).await, std::slice::from_ref(&of_order));
    assert_eq!(list("status=DRAFT,CONFIRMED".into()).await, [of_order.clone(), draft.clone()]);
    assert_eq!(list(format!("table={table}")).await, std::slice::from_ref(&of_order));
    assert_eq!(list(format!("table={table}&status=DRAFT")).await, Vec::<String>::new());
    let since = confirmed["createdAt"].as_str().unwrap();
    assert_eq!(list(format!("since={since}")).await, [of_order]);
    assert_eq!(list("since=2999-01-01T00:00:00Z".into()).await, Vec::<String>::new());
}

#[actix_web::test]
async fn the_board_and_the_log_tell_the_same() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(2).await;
    house.draft(1).await;
    house.set(&house.kitchen, &order["items"][0], "IN_PROGRESS").await.expect(200);
    for path in ["/api/v1/board", "/api/v1/kitchen/board"] {
        let board = house.kitchen.get(path).await.expect(200);
        let keys: Vec<&String> = board.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 9, "{keys:?}");
        assert_eq!(board["currency"], "EUR");
        let waiter = &board["orders"][0]["createdBy"];
        let staff = board["staff"].as_array().unwrap();
        assert!(staff.iter().any(|one| one["id"] == *waiter && one["name"].is_string()), "{staff:?}");
        assert_eq!(ids(&board["orders"]), [id(&order)], "drafts are no kitchen's business");
        assert_eq!(board["orders"][0]["status"], "IN_PROGRESS");
        assert_eq!(
            (board["sessions"].as_array().unwrap().len(), board["tables"].as_array().unwrap().len()),
            (2, 12)
        );
        let log = house.kitchen.get("/api/v1/events").await.expect(200);
        assert_eq!((&log["epoch"], &log["seq"]), (&board["epoch"], &board["seq"]));
    }
    let seqs = all_events(&house).await;
    let names: Vec<&str> = seqs.iter().map(|event| event["event"].as_str().unwrap()).collect();
    let expected = [
        "table.session.opened",
        "order.new",
        "order.status.changed",
        "table.session.opened",
        "order.item.status.changed",
        "order.status.changed",
    ];
    assert_eq!(names, expected);
}

/// The whole log in pages of two.
async fn all_events(house: &House) -> Vec<Value> {
    let mut events: Vec<Value> = Vec::new();
    loop {
        let after = events.last().map_or(0, |event| event["seq"].as_u64().unwrap());
        let page = house.kitchen.get(&format!("/api/v1/events?after={after}&limit=2")).await.expect(200);
        let got = page["events"].as_array().unwrap().clone();
        for event in &got {
            assert_eq!(event["seq"], events.len() as u64 + 1);
            assert_eq!((&event["data"]["seq"], &event["data"]["eventId"]), (&event["seq"], &event["id"]));
            events.push(event.clone());
        }
        if got.is_empty() {
            assert_eq!(page["seq"], events.len() as u64);
            return events;
        }
    }
}

#[actix_web::test]
async fn a_history_tells_what_when_and_by_whom() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.draft(2).await;
    house.confirm(&order).await.expect(200);
    let whole = house.waiter.get(&format!("/api/v1/orders/{order}")).await.expect(200);
    house.set(&house.kitchen, &whole["items"][0], "READY").await.expect(200);
    let mut entries = Vec::new();
    let mut path = Some(format!("/api/v1/orders/{order}/history?limit=2"));
    while let Some(page) = path {
        let answer = house.cashier.get(&page).await;
        path = next(answer.header("link"));
        entries.extend(answer.expect(200).as_array().unwrap().clone());
    }
    let told: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (entry["event"].as_str().unwrap(), entry["by"]["name"].as_str().unwrap()))
        .collect();
    let expected = [
        ("order.status.changed", "KITCHEN"),
        ("order.item.status.changed", "KITCHEN"),
        ("order.status.changed", "WAITER"),
        ("order.new", "WAITER"),
        ("order.draft.item.added", "WAITER"),
        ("order.draft.item.added", "WAITER"),
        ("order.draft.opened", "WAITER"),
    ];
    assert_eq!(told, expected);
    assert!(entries.iter().all(|entry| entry["at"].is_string()));
    assert_eq!(entries.iter().filter(|entry| entry["seq"] == json!(null)).count(), 3);
}

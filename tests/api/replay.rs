//! The whole log, read again: it rebuilds the board, one bad event costs itself alone, and no page is too large.

use crate::support::{Display, Reader, TestApp, spawn_app};
use comanda::domain::{
    board::Board,
    ids::{OrderId, TableSessionId},
    stream::Seq,
};
use serde_json::Value;
use uuid::Uuid;

/// Rewrites stored events, which nobody but the database's owner can.
async fn rewrite(app: &TestApp, statement: &str) {
    app.database.admin().await.batch_execute(statement).await.unwrap();
}

fn seqs(events: &[Value]) -> Vec<Seq> {
    events.iter().map(|event| event["seq"].as_u64().unwrap()).collect()
}

#[actix_web::test]
async fn replaying_all_events_rebuilds_the_board() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.evening().await;
    house.confirmed(3).await;
    let draft = house.draft(1).await;

    let (mut board, mut at) = (Board::default(), 0);
    loop {
        let page = app.store.events_after(house.id, at, 7).await.unwrap().unwrap();
        assert!(page.events.len() <= 7);
        for event in &page.events {
            assert_eq!(event.seq, at + 1);
            at = event.seq;
            board.apply(event);
        }
        if at == page.head.seq {
            break;
        }
    }

    let admin = app.database.admin().await;
    let ids = async |table: &str| -> Vec<Uuid> {
        let query = format!("SELECT id FROM {table} WHERE restaurant_id = $1");
        admin.query(&query, &[&house.id.0]).await.unwrap().iter().map(|row| row.get(0)).collect()
    };
    let orders = ids("orders").await;
    assert_eq!((orders.len(), board.orders.len()), (5, 4), "a draft is nobody's business");
    for id in orders {
        let stored = app.store.order(house.id, OrderId(id)).await.unwrap().unwrap();
        let told = board.orders.get(&stored.id);
        assert_eq!(told, Some(&stored).filter(|order| order.id.to_string() != draft));
    }
    let sessions = ids("table_sessions").await;
    assert_eq!((sessions.len(), board.sessions.len()), (4, 4));
    for id in sessions {
        let stored = app.store.table_session(house.id, TableSessionId(id)).await.unwrap().unwrap();
        assert_eq!(board.sessions.get(&stored.id), Some(&stored));
    }
}

#[actix_web::test]
async fn an_event_that_cannot_be_read_costs_itself_alone() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(1).await;
    rewrite(&app, "UPDATE events SET body = '{}' WHERE seq = 2").await;
    let log = house.log().await;
    assert_eq!(seqs(&log), [1, 2, 3]);
    assert_eq!((&log[1]["event"], &log[1]["data"]["seq"]), (&"event.unreadable".into(), &2.into()));

    let mut display = Display::resume(&house.kitchen, "", 0).await;
    let mut reader = Reader::resume(&house.kitchen, "0").await;
    for name in ["table.session.opened", "event.unreadable", "order.status.changed"] {
        display.expect(name).await;
        reader.expect(name).await;
    }
    house.open_table().await;
    display.expect("table.session.opened").await;
    let path = format!("/api/v1/orders/{}/history", order["id"].as_str().unwrap());
    house.waiter.get(&path).await.expect(200);
}

#[actix_web::test]
async fn a_page_ends_with_its_bytes_and_the_next_goes_on() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for _ in 0..12 {
        house.open_table().await;
    }
    // Long names, which compress well: 400 KB each.
    let long = "UPDATE events SET body = jsonb_set(body, '{table_name}', to_jsonb(repeat('x', 400000))) WHERE seq > 1";
    rewrite(&app, long).await;
    let page = async |after: Seq| {
        let page = house.owner.get(&format!("/api/v1/events?after={after}&limit=1000")).await.expect(200);
        assert_eq!(page["seq"], 12);
        seqs(page["events"].as_array().unwrap())
    };
    assert_eq!(page(0).await, [1, 2, 3, 4]);
    assert_eq!(page(4).await, [5, 6, 7]);
    assert_eq!(seqs(&house.log().await), (1..=12).collect::<Vec<_>>());
    let mut display = Display::resume(&house.kitchen, "", 0).await;
    display.events(12).await;
    rewrite(
        &app,
        "UPDATE events SET body = body || jsonb_build_object('pad', repeat('x', 3000000)) WHERE seq > 10",
    )
    .await;
    assert_eq!((page(10).await, page(11).await, page(12).await), (vec![11], vec![12], vec![]));
}

//! Large files: killed in the middle, beside orders that are being confirmed.

use super::{everything, file, program};
use crate::support::{Display, TestApp, spawn_app, spawn_patient_app};
use futures_util::future::join_all;
use serde_json::json;
use std::{
    collections::BTreeSet,
    fmt::Write,
    time::{Duration, Instant},
};

/// For a file that takes seconds, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// So many customers, and an order over the counter for every tenth.
fn large(customers: usize) -> String {
    let mut text = String::new();
    // Numbers that nobody has: they are kept.
    for n in 1_000..1_000 + customers {
        writeln!(text, r#"{{"kind":"customer","externalId":{n},"name":"Guest {n}"}}"#).unwrap();
        if n % 10 == 0 {
            let items = r#"[{"name":"Pan","qty":1,"unitPrice":1.5,"status":"READY"}]"#;
            writeln!(text, r#"{{"kind":"order","externalId":{n},"customer":{n},"items":{items}}}"#).unwrap();
        }
    }
    text
}

/// Waits until some transaction has written a thousand customers that nobody else sees yet: what a table holds on disk
/// grows before anything is committed.
async fn is_midway(app: &TestApp) {
    let admin = app.database.admin().await;
    let pages = "SELECT pg_relation_size('customers') / 8192";
    let asked = Instant::now();
    while admin.query_one(pages, &[]).await.unwrap().get::<_, i64>(0) <= 10 {
        assert!(asked.elapsed() < PATIENCE, "it does not begin");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[actix_web::test]
async fn kill_9_in_the_middle_leaves_nothing() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.draft(1).await;
    let before = everything(&app).await;
    let moving = file(&large(20_000));
    let mut running = program(&app, &moving, &house.id.to_string(), &[]).spawn().unwrap();
    is_midway(&app).await;
    running.kill().await.unwrap();
    assert!(!running.wait().await.unwrap().success(), "it was not done yet");
    // PostgreSQL notices that nobody is there, at the latest at its statement's end; the lane is free again.
    let (confirm, killed) = (format!("/api/v1/orders/{order}/confirm"), Instant::now());
    let mut answer = house.waiter.key("once").press(&confirm).await;
    while matches!(answer.status, 409 | 503) {
        assert!(killed.elapsed() < PATIENCE, "{}", answer.text);
        tokio::time::sleep(Duration::from_millis(100)).await;
        answer = house.waiter.key("once").press(&confirm).await;
    }
    assert_eq!(answer.expect(200)["number"], 1, "no number was given");
    let after = everything(&app).await;
    assert_eq!(
        (after[2], after[5], after[6]),
        (before[2], before[5], before[6]),
        "customers, documents, their audit"
    );
}

/// The counter row is the lane's lock, whoever holds it: of orders that moved in and orders that were confirmed meanwhile
/// each has a number of its own, and a display has heard of all of them in one gap-free order.
#[actix_web::test]
async fn orders_are_confirmed_while_others_move_in() {
    let app = spawn_patient_app(&[]).await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    let drafts = join_all((0..20).map(|_| house.draft(1))).await;
    let moving = file(&large(1_000));
    let running = program(&app, &moving, &house.id.to_string(), &[]).spawn().unwrap();
    let confirmed = async {
        for order in &drafts {
            house.confirm(order).await.expect(200);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let both = async { futures_util::join!(running.wait_with_output(), confirmed) };
    let ((ended, ()), mut told) = display.hears_while(both).await;
    let ended = ended.unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let log = house.log().await;
    let new = log.iter().filter(|event| event["event"] == "order.new");
    let numbers: BTreeSet<u64> = new.map(|event| event["data"]["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=120).collect(), "a hundred moved in, twenty were confirmed");
    while told.len() < log.len() {
        told.push(display.event().await);
    }
    let seqs: Vec<&serde_json::Value> = told.iter().map(|event| &event["data"]["seq"]).collect();
    assert_eq!(seqs, log.iter().map(|event| &event["data"]["seq"]).collect::<Vec<_>>());
    assert!(told.iter().zip(&log).all(|(told, log)| told["data"]["eventId"] == log["data"]["eventId"]));
    assert_eq!(house.waiter.get("/customers?limit=1").await.expect(200)[0]["externalId"], json!("1999"));
}

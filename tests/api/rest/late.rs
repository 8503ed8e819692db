//! What takes too long: bodies that do not come, answers that do not come.

use crate::support::{house::id, spawn_app_with, spawn_patient_app};
use serde_json::json;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[actix_web::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let app = spawn_app_with(&[("COMANDA__HTTP__BODY_WITHIN", "200ms")]).await;
    let house = app.restaurant().await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "POST /api/v1/tables HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{{\"name\"",
        house.manager.token.as_deref().unwrap()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
}

/// The database holds a command up longer than a tablet waits. The tablet is told 503, the command goes on, and the
/// key brings its answer back: were the command stopped with the wait, a retry would be the only copy of the order.
#[actix_web::test]
async fn a_late_command_is_done_all_the_same_and_its_key_tells() {
    let app = spawn_patient_app(&[("COMANDA__HTTP__ANSWER_WITHIN", "3s")]).await;
    let house = app.restaurant().await;
    let session = house.open_table().await;
    let mut admin = app.database.admin().await;
    let blocking = admin.transaction().await.unwrap();
    blocking.execute("SELECT 1 FROM streams WHERE id = $1 FOR UPDATE", &[&house.id.0]).await.unwrap();

    let who = house.waiter.key("late");
    let body = json!({ "tableSessionId": session });
    let late = who.post("/api/v1/orders", body.clone()).await;
    assert_eq!(late.header("retry-after"), Some("1"));
    let told = late.expect_error(503, "OVERLOADED");
    assert_eq!(told["message"], "Service Unavailable");
    // Reading goes past the queue of commands.
    assert_eq!(house.kitchen.get("/api/v1/orders").await.expect(200), json!([]));
    blocking.rollback().await.unwrap();

    let mut answer = who.post("/api/v1/orders", body.clone()).await;
    let let_go = std::time::Instant::now();
    while matches!(answer.status, 409 | 503) {
        assert!(let_go.elapsed() < Duration::from_secs(20), "{}", answer.text);
        answer = who.post("/api/v1/orders", body.clone()).await;
    }
    assert_eq!(answer.header("idempotent-replay"), Some("true"));
    let order = id(&answer.expect(201));
    let orders = house.kitchen.get("/api/v1/orders").await.expect(200);
    assert_eq!((orders.as_array().unwrap().len(), id(&orders[0])), (1, order));
}

/// Reads wait for a lock as they would for a frozen database. None waits longer than its client, and the connections
/// they leave behind are not handed to the next.
#[actix_web::test]
async fn a_read_does_not_outwait_its_client() {
    let app = spawn_patient_app(&[("COMANDA__HTTP__ANSWER_WITHIN", "3s")]).await;
    let house = app.restaurant().await;
    house.kitchen.get("/api/v1/tables").await.expect(200);
    let mut admin = app.database.admin().await;
    let blocking = admin.transaction().await.unwrap();
    blocking.batch_execute("LOCK TABLE tables IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let asked = std::time::Instant::now();
    // More than there are connections.
    let reads = (0..12).map(|_| house.kitchen.get("/api/v1/tables"));
    for late in futures_util::future::join_all(reads).await {
        assert_eq!(late.header("retry-after"), Some("1"));
        late.expect_error(503, "OVERLOADED");
    }
    // Half of what the lock is waited for.
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    blocking.rollback().await.unwrap();
    // New connections are made for those left behind, which may take a moment on a busy machine.
    let mut answer = house.kitchen.get("/api/v1/tables").await;
    while answer.status == 503 && asked.elapsed() < Duration::from_secs(30) {
        answer = house.kitchen.get("/api/v1/tables").await;
    }
    answer.expect(200);
}

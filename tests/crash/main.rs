//! The server as a process: killed in the middle of a hundred posts, stopped by SIGTERM under load, started again; and its
//! private database killed under it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/display.rs"]
mod display;
#[path = "../support/server.rs"]
mod server;

use client::Client;
use display::Display;
use reqwest::Method;
use serde_json::{Value, json};
use server::{Folder, Server};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// `http.answer_within`, and what a busy machine adds.
const ANSWERED: Duration = Duration::from_millis(6_500);
/// For a private database that was killed, on a busy machine.
const REVIVED: Duration = Duration::from_secs(60);

async fn open_table(waiter: &Client, n: usize) -> String {
    let tables = waiter.get("/api/v1/tables?limit=100").await.expect(200);
    let body = json!({ "tableId": tables[n]["id"] });
    waiter.post("/api/v1/table-sessions", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// What a writer knows: what it was answered, and what it never heard of.
#[derive(Default)]
struct Journal {
    /// Order id → ticket number, of confirmations that were answered.
    confirmed: Mutex<BTreeMap<String, u64>>,
    /// Keys of requests that were sent and not answered: (key, path, body).
    unknown: Mutex<Vec<(String, String, Value)>>,
}

/// Draft, line, confirm, over and over, each with a key of its own, until the server is gone.
async fn write(waiter: Client, session: String, writer: usize, journal: Arc<Journal>) {
    for n in 0.. {
        let steps = |order: &str| {
            [
                (
                    format!("/api/v1/orders/{order}/items"),
                    json!({ "name": "Plato", "qty": 1, "unitPrice": 9.5 }),
                ),
                (format!("/api/v1/orders/{order}/confirm"), json!({})),
            ]
        };
        let body = json!({ "tableSessionId": session });
        let Some(order) = post(&waiter, "/api/v1/orders", body, format!("{writer}-{n}-open"), &journal).await
        else {
            return;
        };
        let id = order["id"].as_str().unwrap().to_owned();
        for (step, (path, body)) in steps(&id).into_iter().enumerate() {
            let key = format!("{writer}-{n}-{step}");
            let Some(answer) = post(&waiter, &path, body, key, &journal).await else { return };
            if let Some(number) = answer["number"].as_u64() {
                journal.confirmed.lock().unwrap().insert(id.clone(), number);
            }
        }
    }
}

/// A keyed post; `None` when the server is gone, which the journal then remembers.
async fn post(waiter: &Client, path: &str, body: Value, key: String, journal: &Journal) -> Option<Value> {
    match waiter.key(&key).try_send(Method::POST, path, Some(body.clone())).await {
        Ok(answer) if answer.status < 300 => Some(answer.body),
        _ => {
            journal.unknown.lock().unwrap().push((key, path.to_owned(), body));
            None
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_that_was_answered() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let waiter = server.login("waiter@restaurante.com").await;
    let kitchen = server.login("kitchen@restaurante.com").await;
    let mut display = Display::join(&kitchen).await;
    let journal = Arc::new(Journal::default());
    let mut writers = Vec::new();
    for n in 0..4 {
        let session = open_table(&waiter, n).await;
        writers.push(tokio::spawn(write(waiter.clone(), session, n, journal.clone())));
    }
    // Killed in the middle of the posts: once a hundred events have come, and while more are on their way.
    let mut seen = display.events(100).await;
    server.kill();
    while let Some(event) = display.try_event().await {
        seen.push(event);
    }
    for writer in writers {
        writer.await.unwrap();
    }

    let server = Server::start(folder.path(), 0, &[]);
    let (waiter, kitchen) = (waiter.at(server.address), kitchen.at(server.address));
    let answered = journal.confirmed.lock().unwrap().clone();
    assert!(answered.len() > 10, "only {} orders", answered.len());
    for (id, number) in &answered {
        let order = kitchen.get(&format!("/api/v1/orders/{id}")).await.expect(200);
        assert_eq!((order["status"].as_str(), order["number"].as_u64()), (Some("CONFIRMED"), Some(*number)));
    }
    // What was never answered is settled by its key: done once, whether it had been done or not.
    let unknown = std::mem::take(&mut *journal.unknown.lock().unwrap());
    for (key, path, body) in unknown {
        let first = waiter.key(&key).post(&path, body.clone()).await;
        let again = waiter.key(&key).post(&path, body).await;
        assert!(first.status < 300, "{}", first.text);
        assert_eq!((first.status, &first.text), (again.status, &again.text));
    }
    // The display resumes from its last event and gets exactly the rest.
    let mut display = Display::resume(&kitchen, &display.epoch, display.seq).await;
    assert_eq!(display.ready["recovered"], true, "{}", display.ready);
    let head = kitchen.get("/api/v1/board").await.expect(200)["seq"].as_u64().unwrap();
    while display.seq < head {
        seen.push(display.event().await);
    }
    let ids: BTreeSet<&str> = seen.iter().filter_map(|event| event["data"]["eventId"].as_str()).collect();
    assert_eq!(ids.len(), seen.len(), "an event came twice");
    let told: BTreeSet<&str> = seen
        .iter()
        .filter(|e| e["event"] == "order.new")
        .filter_map(|e| e["data"]["orderId"].as_str())
        .collect();
    assert!(answered.keys().all(|id| told.contains(id.as_str())), "an order never reached the kitchen");
    let numbers: BTreeSet<u64> = seen.iter().filter_map(|event| event["data"]["number"].as_u64()).collect();
    assert_eq!(numbers.len(), told.len(), "a ticket number twice");

    let (code, took) = server.terminate();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "the stop took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_answers_what_is_under_way_and_tells_displays_to_come_back() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let waiter = server.login("waiter@restaurante.com").await;
    let mut display = Display::join(&waiter).await;
    let journal = Arc::new(Journal::default());
    let session = open_table(&waiter, 0).await;
    let writer = tokio::spawn(write(waiter.clone(), session, 0, journal.clone()));
    display.events(20).await;
    let (stopped, closed) =
        tokio::join!(tokio::task::spawn_blocking(move || server.terminate()), display.close_code(),);
    let (code, took) = stopped.unwrap();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "the stop took {took:?}");
    assert_eq!(closed, Some(1012));
    writer.await.unwrap();

    let server = Server::start(folder.path(), 0, &[]);
    let waiter = waiter.at(server.address);
    let confirmed = journal.confirmed.lock().unwrap().clone();
    for (id, number) in &confirmed {
        let order = waiter.get(&format!("/api/v1/orders/{id}")).await.expect(200);
        assert_eq!(order["number"].as_u64(), Some(*number));
    }
}

/// What a memory killer does to the private database under a living server: it comes back by itself, the display's
/// socket stays open, and the next order is served.
#[tokio::test(flavor = "multi_thread")]
async fn a_private_database_that_dies_comes_back() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let waiter = server.login("waiter@restaurante.com").await;
    let session = open_table(&waiter, 0).await;
    let mut display = Display::join(&waiter).await;
    let killed = folder.postmaster().expect("a postmaster");
    let killed_at = Instant::now();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(killed), nix::sys::signal::Signal::SIGKILL).unwrap();

    let body = json!({ "tableSessionId": session });
    let order = loop {
        // Backends that have not noticed yet answer for the one that is dead; their order is under the key as well.
        let (asked, revived) = (Instant::now(), folder.postmaster().is_some_and(|pid| pid != killed));
        let answer = waiter.key("after-the-crash").post("/api/v1/orders", body.clone()).await;
        assert!(asked.elapsed() < ANSWERED, "an answer after {:?}", asked.elapsed());
        if answer.status == 201 && revived {
            break answer.body;
        }
        assert!([201, 503].contains(&answer.status), "{}", answer.text);
        assert!(killed_at.elapsed() < REVIVED, "it does not come back: {}", answer.text);
        // So that the log of a failed run can be read.
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
    let line = json!({ "name": "Plato", "qty": 1, "unitPrice": 9.5 });
    waiter.post(&format!("{path}/items"), line).await.expect(201);
    waiter.press(&format!("{path}/confirm")).await.expect(200);
    display.expect("order.new").await;
    let (code, _) = server.terminate();
    assert_eq!((code, folder.postmaster()), (Some(0), None), "the new one is stopped with the server");
}

//! Writers that repeat what was refused under its key, and displays that must see all of it.

use crate::{
    client::{Answer, Client},
    display::Display,
    server::Server,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// Between a refusal and the next attempt; a tablet waits longer.
const AGAIN: Duration = Duration::from_millis(100);
const DISPLAYS: usize = 3;
/// Longest wait for what the writers are told.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the writers were told.
#[derive(Clone, Default)]
pub struct Report {
    /// Order id → ticket number.
    pub confirmed: BTreeMap<String, u64>,
    pub refused: u64,
    pub slowest: Duration,
}

#[derive(Clone)]
struct Shared {
    report: Arc<Mutex<Report>>,
    stop: Arc<AtomicBool>,
    /// Confirmations and refusals so far.
    counts: Arc<watch::Sender<(usize, u64)>>,
}

/// The load, under way.
pub struct Load {
    pub kitchen: Client,
    shared: Shared,
    writers: Vec<JoinHandle<()>>,
    displays: Vec<JoinHandle<BTreeSet<String>>>,
    head: watch::Sender<Option<u64>>,
}

impl Load {
    /// Starts `count` writers at a table each.
    pub async fn start(server: &Server, count: usize) -> Self {
        let waiter = server.login("waiter@restaurante.com").await;
        let kitchen = server.login("kitchen@restaurante.com").await;
        let tables = waiter.get("/api/v1/tables?limit=100").await.expect(200);
        let (head, end) = watch::channel(None);
        let mut displays = Vec::new();
        for _ in 0..DISPLAYS {
            displays.push(tokio::spawn(watch_board(Display::join(&kitchen).await, end.clone())));
        }
        let counts = Arc::new(watch::Sender::new((0, 0)));
        let shared = Shared { report: Arc::default(), stop: Arc::default(), counts };
        let mut writers = Vec::new();
        for n in 0..count {
            let body = json!({ "tableId": tables[n]["id"] });
            let session = waiter.post("/api/v1/table-sessions", body).await.expect(201);
            let session = session["id"].as_str().unwrap().to_owned();
            writers.push(tokio::spawn(write(waiter.clone(), session, n, shared.clone())));
        }
        Self { kitchen, shared, writers, displays, head }
    }

    /// Returns after this many more orders were confirmed.
    pub async fn confirmations(&self, more: usize) {
        let until = self.shared.counts.borrow().0 + more;
        self.count(|counts| counts.0 >= until).await;
    }

    /// Ready after this many more requests were refused than when it was called.
    pub fn refusals(&self, more: u64) -> impl Future<Output = ()> {
        let until = self.shared.counts.borrow().1 + more;
        self.count(move |counts| counts.1 >= until)
    }

    async fn count(&self, enough: impl Fn(&(usize, u64)) -> bool) {
        let mut counts = self.shared.counts.subscribe();
        timeout(PATIENCE, counts.wait_for(enough)).await.expect("answers in time").unwrap();
    }

    /// Lets every writer finish its order and compares what was answered with what is there and what displays saw.
    pub async fn stop(self) -> Report {
        self.shared.stop.store(true, Ordering::SeqCst);
        for writer in self.writers {
            timeout(PATIENCE, writer).await.expect("an end in time").expect("a writer's answers");
        }
        let report = self.shared.report.lock().unwrap().clone();
        for (order, number) in &report.confirmed {
            let order = self.kitchen.get(&format!("/api/v1/orders/{order}")).await.expect(200);
            assert_eq!(order["number"], *number, "a confirmed order is gone");
        }
        let numbers: BTreeSet<u64> = report.confirmed.values().copied().collect();
        let expected: BTreeSet<u64> = (1..=report.confirmed.len() as u64).collect();
        assert_eq!(numbers, expected, "a ticket number twice, or an order that nobody was told of");
        let board = self.kitchen.get("/api/v1/board").await.expect(200);
        self.head.send(board["seq"].as_u64()).unwrap();
        for display in self.displays {
            let seen = timeout(PATIENCE, display)
                .await
                .expect("an end in time")
                .expect("a display that was never dropped");
            assert!(
                seen.iter().eq(report.confirmed.keys()),
                "a display saw other orders than were confirmed"
            );
        }
        report
    }
}

/// Orders that this display was told of, up to the last event.
async fn watch_board(mut display: Display, mut end: watch::Receiver<Option<u64>>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    loop {
        let head = *end.borrow_and_update();
        if head.is_some_and(|head| display.seq >= head) {
            return seen;
        }
        tokio::select! {
            event = display.event() => note(&mut seen, &event),
            _ = end.changed(), if head.is_none() => {}
        }
    }
}

fn note(seen: &mut BTreeSet<String>, event: &Value) {
    if event["event"] == "order.new" {
        assert!(seen.insert(event["data"]["orderId"].as_str().unwrap().to_owned()), "an order twice");
    }
}

/// Draft, line, confirm, over and over.
async fn write(waiter: Client, session: String, writer: usize, shared: Shared) {
    let mut n = 0;
    while !shared.stop.load(Ordering::SeqCst) {
        n += 1;
        let post = |step: &'static str, path: String, body: Value| {
            insist(waiter.key(&format!("{writer}-{n}-{step}")), path, body, &shared)
        };
        let order = post("open", "/api/v1/orders".into(), json!({ "tableSessionId": session })).await;
        let id = order["id"].as_str().unwrap().to_owned();
        let line = json!({ "name": "Plato", "qty": 1, "unitPrice": 9.5 });
        post("line", format!("/api/v1/orders/{id}/items"), line).await;
        let confirmed = post("confirm", format!("/api/v1/orders/{id}/confirm"), json!({})).await;
        let number = confirmed["number"].as_u64().unwrap();
        assert_eq!(confirmed["items"].as_array().unwrap().len(), 1, "a line twice: {confirmed}");
        shared.report.lock().unwrap().confirmed.insert(id, number);
        shared.counts.send_modify(|counts| counts.0 += 1);
    }
}

/// Repeats a keyed post until it is done.
async fn insist(who: Client, path: String, body: Value, shared: &Shared) -> Value {
    loop {
        let begun = Instant::now();
        let answer: Answer = who.post(&path, body.clone()).await;
        {
            let mut report = shared.report.lock().unwrap();
            report.slowest = report.slowest.max(begun.elapsed());
            report.refused += u64::from(answer.status >= 300);
        }
        match answer.status {
            200 | 201 => return answer.body,
            409 => assert_eq!(answer.body["code"], "IDEMPOTENCY_IN_FLIGHT", "{}", answer.text),
            503 => assert!(answer.header("retry-after").is_some(), "{}", answer.text),
            _ => panic!("{} {}", answer.status, answer.text),
        }
        shared.counts.send_modify(|counts| counts.1 += 1);
        tokio::time::sleep(AGAIN).await;
    }
}

//! Writers that insist: every request has a key and is repeated under it until it is answered.

use crate::{checker::Acknowledged, client::Client};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::{sleep, timeout};

/// A tablet gives up on an answer after this time and asks again.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
const AGAIN: Duration = Duration::from_millis(50);
/// Between two orders of a writer: displays in debug builds on a busy machine are to keep up in the end.
const PAUSE: Duration = Duration::from_millis(100);

/// Waiter and cook of one table.
pub struct Writer {
    pub name: usize,
    pub waiter: Client,
    pub kitchen: Client,
    pub table_session: String,
    pub stop: Arc<AtomicBool>,
    /// Requests that had to be repeated.
    pub repeats: Arc<AtomicUsize>,
}

impl Writer {
    /// Orders from draft to bill until told to stop; what was acknowledged.
    pub async fn run(self) -> Vec<Acknowledged> {
        let mut acknowledged = Vec::new();
        for n in 0.. {
            if self.stop.load(Ordering::SeqCst) {
                break;
            }
            self.order(n, &mut acknowledged).await;
            sleep(PAUSE).await;
        }
        acknowledged
    }

    async fn order(&self, n: usize, acknowledged: &mut Vec<Acknowledged>) {
        let key = |step: &str| format!("{}-{n}-{step}", self.name);
        let (waiter, kitchen) = (&self.waiter, &self.kitchen);
        let body = json!({ "tableSessionId": self.table_session });
        let order = self.insist(waiter, key("open"), "/api/v1/orders", body).await;
        let order = order["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/v1/orders/{order}");
        let line = json!({ "name": "Cañón de lomo", "qty": 1 + n % 3, "unitPrice": 9.5 });
        let item = self.insist(waiter, key("line"), &format!("{path}/items"), line).await;
        let item = item["id"].as_str().expect("an id").to_owned();
        self.insist(waiter, key("confirm"), &format!("{path}/confirm"), json!({})).await;
        acknowledged.push(("order.new", order.clone(), None));
        for (who, status) in [(kitchen, "READY"), (waiter, "SERVED")] {
            let path = format!("{path}/items/{item}/status");
            self.insist(who, key(status), &path, json!({ "status": status })).await;
            acknowledged.push(("order.item.status.changed", item.clone(), Some(status)));
        }
        self.insist(waiter, key("close"), &format!("{path}/close"), json!({})).await;
        acknowledged.push(("order.closed", order, None));
    }

    async fn insist(&self, who: &Client, key: String, path: &str, body: Value) -> Value {
        let who = who.key(&key);
        loop {
            let asked = who.try_send(Method::POST, path, Some(body.clone()));
            if let Ok(Ok(answer)) = timeout(ANSWER_WITHIN, asked).await {
                match answer.status {
                    200 | 201 => return answer.body,
                    409 if answer.body["code"] == "IDEMPOTENCY_IN_FLIGHT" => {}
                    408 | 429 | 503 => {}
                    _ => panic!("{path}: {} {}", answer.status, answer.text),
                }
            }
            self.repeats.fetch_add(1, Ordering::Relaxed);
            sleep(AGAIN).await;
        }
    }
}

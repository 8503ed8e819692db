//! Waiters who write as fast as they are answered, and remember what they were answered.

use crate::client::Client;
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// Confirmed orders that were answered, by id: the ticket number and the key of the confirmation.
#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<BTreeMap<String, (u64, String)>>>);

impl Journal {
    pub fn answered(&self) -> BTreeMap<String, (u64, String)> {
        self.0.lock().unwrap().clone()
    }
}

pub async fn open_table(waiter: &Client, n: usize) -> String {
    let tables = waiter.get("/api/v1/tables?limit=100").await.expect(200);
    let body = json!({ "tableId": tables[n]["id"] });
    waiter.post("/api/v1/table-sessions", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// One order with one line, confirmed; `None` where the server is gone.
pub async fn order(waiter: &Client, session: &str, key: &str) -> Option<Value> {
    let post = async |step: &str, path: &str, body: Value| {
        let answer =
            waiter.key(&format!("{key}-{step}")).try_send(Method::POST, path, Some(body)).await.ok()?;
        (answer.status < 300).then_some(answer.body)
    };
    let order = post("open", "/api/v1/orders", json!({ "tableSessionId": session })).await?;
    let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
    let line = json!({ "name": "Plato", "qty": 1, "unitPrice": 9.5 });
    post("line", &format!("{path}/items"), line).await?;
    post("confirm", &format!("{path}/confirm"), json!({})).await
}

/// Until the server is gone.
pub async fn write(waiter: Client, session: String, writer: usize, journal: Journal) {
    for n in 0.. {
        let key = format!("{writer}-{n}");
        let Some(confirmed) = order(&waiter, &session, &key).await else { return };
        let number = confirmed["number"].as_u64().unwrap();
        let id = confirmed["id"].as_str().unwrap().to_owned();
        journal.0.lock().unwrap().insert(id, (number, format!("{key}-confirm")));
    }
}

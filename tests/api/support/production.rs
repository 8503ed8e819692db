//! The verbs of production orders.

use super::{Answer, Client, House, house::id};
use serde_json::{Value, json};

pub const PATH: &str = "/api/v1/production-orders";

/// The address of one.
pub fn at(order: &Value) -> String {
    format!("{PATH}/{}", id(order))
}

/// The name of the event for those who follow one order.
pub fn update_of(order: &Value) -> String {
    format!("{}/update", id(order))
}

impl House {
    /// A production order in the first stage.
    pub async fn produce(&self, title: &str) -> Value {
        self.waiter.post(PATH, json!({ "title": title })).await.expect(201)
    }

    /// Moves it, as `who`.
    pub async fn stage(&self, who: &Client, order: &Value, status: &str) -> Answer {
        who.patch(&at(order), json!({ "status": status })).await
    }
}

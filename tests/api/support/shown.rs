//! What a display makes of events alone, by nothing but what they say.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a display shows, folded from events alone: orders that are not closed, with their lines, by id.
#[derive(Default)]
pub struct Shown(pub BTreeMap<String, (Value, BTreeMap<String, Value>)>);

fn key(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn lines(items: &Value) -> BTreeMap<String, Value> {
    items.as_array().unwrap().iter().map(|item| (key(&item["id"]), item.clone())).collect()
}

impl Shown {
    pub fn fold(&mut self, frame: &Value) {
        let data = &frame["data"];
        if frame["event"] == "order.new" {
            self.0.insert(key(&data["orderId"]), (data["status"].clone(), lines(&data["items"])));
            return;
        }
        // Production orders have an `orderId` too, and are on no board.
        let is_ours = frame["event"].as_str().is_some_and(|name| name.starts_with("order."));
        let Some(order) = data["orderId"].as_str().filter(|_| is_ours) else { return };
        let (status, items) = self.0.get_mut(order).expect("an order that was shown");
        match frame["event"].as_str().unwrap() {
            "order.status.changed" => *status = data["newStatus"].clone(),
            "order.items.added" => items.extend(lines(&data["items"])),
            "order.item.updated" => _ = items.insert(key(&data["item"]["id"]), data["item"].clone()),
            "order.item.status.changed" => {
                let item = items.get_mut(data["itemId"].as_str().unwrap()).expect("a line that was shown");
                item["status"] = data["newStatus"].clone();
                item["version"] = data["itemVersion"].clone();
                item["updatedAt"] = data["updatedAt"].clone();
                // What the event leaves out is not there any more.
                for time in ["sentAt", "startedAt", "readyAt", "servedAt", "batchId"] {
                    item[time] = data[time].clone();
                }
                if data["newStatus"] == "CANCELLED" || data["newStatus"] == "VOIDED" {
                    (item["attention"], item["acknowledgedAt"]) = (json!("VOIDED"), Value::Null);
                }
            }
            "order.acknowledged" => {
                for id in data["itemIds"].as_array().unwrap() {
                    let item = items.get_mut(id.as_str().unwrap()).expect("a line that was shown");
                    item["version"] = json!(item["version"].as_u64().unwrap() + 1);
                    (item["attention"], item["updatedAt"]) = (Value::Null, data["updatedAt"].clone());
                    item["acknowledgedAt"] = data["acknowledgedAt"].clone();
                }
            }
            _ => {}
        }
    }

    pub fn of(board: &Value) -> Self {
        let orders = board["orders"].as_array().unwrap();
        Self(
            orders
                .iter()
                .map(|order| (key(&order["id"]), (order["status"].clone(), lines(&order["items"]))))
                .collect(),
        )
    }

    pub fn without_closed(mut self) -> Self {
        self.0.retain(|_, (status, _)| status != "CLOSED");
        self
    }
}

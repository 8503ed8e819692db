//! A short evening in which everything happens that a display hears of.

use super::{House, house::id, production::at};
use comanda::vocabulary::restaurant;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every event of the restaurant vocabulary, but the one that stands for what cannot be told.
pub fn every_event() -> BTreeSet<&'static str> {
    restaurant::WORDS.iter().map(|word| word.name).filter(|name| *name != "event.unreadable").collect()
}

/// The name of an event; an id in it is blanked.
pub fn kind(event: &Value) -> &str {
    match event["event"].as_str().unwrap() {
        name if name.ends_with("/update") => "{orderId}/update",
        name => name,
    }
}

impl House {
    /// Brings about every event at least once.
    pub async fn evening(&self) {
        let dish = format!("/api/v1/menu/items/{}/availability", self.menu[0].id);
        self.kitchen.put(&dish, json!({ "state": "sold_out" })).await.expect(200);
        let session = self.open_table().await;
        let order = self.open_order(&session).await;
        let (one, two) = (self.add_item(&order, "Sopa").await, self.add_item(&order, "Pan").await);
        self.confirm(&order).await.expect(200);
        self.set(&self.kitchen, &one, "IN_PROGRESS").await.expect(200);
        let path = format!("/api/v1/orders/{order}/items/{}", id(&two));
        self.waiter.patch(&path, json!({ "notes": "sin sal" })).await.expect(200);
        let late = self.add_item(&order, "Flan").await;
        self.kitchen.press(&format!("/api/v1/orders/{order}/ack")).await.expect(200);
        self.expo
            .post(&format!("/api/v1/orders/{order}/priority"), json!({ "priority": 1 }))
            .await
            .expect(200);
        for item in [&one, &two, &late] {
            self.set(&self.kitchen, item, "READY").await.expect(200);
            self.set(&self.waiter, item, "SERVED").await.expect(200);
        }
        self.manager.press(&format!("/api/v1/orders/{order}/close")).await.expect(200);
        self.manager.press(&format!("/api/v1/orders/{order}/reopen")).await.expect(200);
        self.manager.press(&format!("/api/v1/orders/{order}/close")).await.expect(200);

        let mistake = self.open_order(&session).await;
        self.add_item(&mistake, "Vino").await;
        self.confirm(&mistake).await.expect(200);
        self.waiter.press(&format!("/api/v1/orders/{mistake}/cancel")).await.expect(200);
        let free = json!({ "tableId": self.free_table().await });
        self.waiter.post(&format!("/api/v1/table-sessions/{session}/move"), free).await.expect(200);
        let joined = json!({ "intoId": self.open_table().await });
        self.waiter
            .post(&format!("/api/v1/table-sessions/{session}/merge"), joined.clone())
            .await
            .expect(200);
        let path = format!("/api/v1/table-sessions/{}/close", joined["intoId"].as_str().unwrap());
        self.waiter.press(&path).await.expect(200);

        let sale = self.cashier.post("/orders", json!({ "total": 9.5 })).await.expect(201);
        self.cashier.patch(&format!("/orders/{}/ship", sale["id"]), json!({})).await.expect(200);
        let production = self.produce("Cartas").await;
        self.stage(&self.waiter, &production, "Delivery").await.expect(200);
        self.manager.delete(&at(&production)).await;
        self.produce("Carta de vinos").await;
    }
}

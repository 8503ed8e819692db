//! Somebody's things, and every call with each of them: for tests that try another's.

use super::{Client, House, house::id};
use comanda::domain::principal::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// Every call of the OpenAPI document, which is tested to be all there are.
pub async fn calls(who: &Client) -> Vec<(Method, String)> {
    let document = who.get("/openapi.json").await.expect(200);
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            calls.push((method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    assert!(calls.len() > 25, "{calls:?}");
    calls
}

/// Somebody's things, by the name they have in paths and bodies.
pub struct Things {
    pub order: String,
    pub item: String,
    pub session: String,
    pub table: String,
    pub dish: String,
    pub station: String,
    pub batch: String,
    pub category: String,
    pub production: String,
    pub product: String,
    pub customer: String,
    pub user: String,
    pub invite: String,
}

impl Things {
    pub async fn of(house: &House) -> Self {
        let order = house.confirmed(1).await;
        let station = house.manager.post("/api/v1/stations", json!({ "name": "grill" })).await.expect(201);
        let bump = format!("/api/v1/orders/{}/bump", id(&house.confirmed(1).await));
        let batch = house.kitchen.press(&bump).await.expect(200)["batchId"].as_str().unwrap().to_owned();
        let category =
            house.manager.post("/api/v1/menu/categories", json!({ "name": "Sopas" })).await.expect(201);
        Self {
            category: id(&category),
            production: id(&house.produce("Cartas de otros").await),
            product: house.makes("products", json!({ "name": "Cosa de otros", "price": 1 })).await,
            customer: house.makes("customers", json!({ "name": "Gente de otros" })).await,
            user: house.user(Role::Cashier).to_string(),
            invite: id(&house.owner.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201)),
            batch,
            order: id(&order),
            item: id(&order["items"][0]),
            session: order["tableSessionId"].as_str().unwrap().to_owned(),
            table: order["tableId"].as_str().unwrap().to_owned(),
            dish: house.menu[0].id.to_string(),
            station: id(&station),
        }
    }

    /// Nobody's.
    pub fn unknown() -> Self {
        let new = || uuid::Uuid::now_v7().to_string();
        Self {
            order: new(),
            item: new(),
            session: new(),
            table: new(),
            dish: new(),
            station: new(),
            batch: new(),
            category: new(),
            production: new(),
            product: new(),
            customer: new(),
            user: new(),
            invite: new(),
        }
    }

    pub fn all(&self) -> [&String; 13] {
        [
            &self.order,
            &self.item,
            &self.session,
            &self.table,
            &self.dish,
            &self.station,
            &self.batch,
            &self.category,
            &self.production,
            &self.product,
            &self.customer,
            &self.user,
            &self.invite,
        ]
    }

    /// The id a path's parameter stands for.
    pub fn named(&self, path: &str, parameter: &str) -> &str {
        match (path, parameter) {
            (path, "{id}") if path.starts_with("/api/v1/orders/") => &self.order,
            (path, "{id}") if path.starts_with("/api/v1/table-sessions/") => &self.session,
            (path, "{id}") if path.starts_with("/api/v1/stations/") => &self.station,
            (path, "{id}") if path.starts_with("/api/v1/menu/items/") => &self.dish,
            (path, "{id}") if path.starts_with("/api/v1/menu/categories/") => &self.category,
            (path, "{id}") if path.starts_with("/api/v1/production-orders/") => &self.production,
            (path, _) if path.starts_with("/customers/") => &self.customer,
            // No user is a device: to that call every id of these is unknown.
            (path, "{id}") if ["/users/", "/devices/"].iter().any(|part| path.contains(part)) => &self.user,
            (path, "{id}") if path.starts_with("/api/v1/invites/") => &self.invite,
            (_, "{itemId}") => &self.item,
            (path, _) if path.starts_with("/products/") => &self.product,
            _ => panic!("say whose id {parameter} of {path} is"),
        }
    }

    /// Bodies good for a call, each with at most one id in it. A new call that takes a body must be added here.
    pub fn bodies(&self, method: &Method, path: &str) -> Vec<Option<Value>> {
        let ending = path.rsplit('/').next().unwrap();
        match (method.as_str(), ending) {
            ("POST", "items") if path.starts_with("/api/v1/menu") => {
                vec![Some(json!({ "name": "x", "category": "Sopas", "price": 1 }))]
            }
            ("PUT", "availability") => vec![Some(json!({ "state": "sold_out" }))],
            ("POST", "items") => vec![
                Some(json!({ "name": "x", "qty": 1, "unitPrice": 1 })),
                Some(json!({ "menuItemId": self.dish, "qty": 1 })),
            ],
            // Their ids stand in the query: `resources::isolation` asks for those.
            (_, "products" | "customers" | "many" | "duplicate") => vec![],
            (_, "users") if !path.starts_with("/api") => vec![],
            ("PATCH" | "POST", "{id}") if !path.starts_with("/api") => vec![Some(json!({}))],
            ("PUT", "{id}") if path.starts_with("/customers") => vec![Some(json!({ "name": "x" }))],
            ("PUT", "{id}") if path.starts_with("/users") => {
                vec![Some(json!({ "name": "x", "email": "nobody@has.it" }))]
            }
            ("PUT", "{id}") if path.starts_with("/products") => {
                vec![Some(json!({ "name": "x", "price": 1 }))]
            }
            ("POST", "lunch") => vec![Some(json!({}))],
            ("POST", "production-orders") => vec![Some(json!({ "title": "x" }))],
            ("PATCH", "{id}") if path.contains("production") => vec![Some(json!({ "title": "x" }))],
            ("POST", "status") => vec![Some(json!({ "status": "READY" }))],
            ("PATCH", "{itemId}") => vec![Some(json!({ "qty": 3 }))],
            ("POST", "bump") => vec![None, Some(json!({ "stationId": self.station }))],
            ("POST", "ack") => vec![None, Some(json!({ "itemId": self.item }))],
            ("POST", "priority") => vec![Some(json!({ "priority": 1 }))],
            ("POST", "move") => vec![Some(json!({ "tableId": self.table }))],
            ("POST", "merge") => vec![Some(json!({ "intoId": self.session }))],
            ("POST", "undo") => vec![Some(json!({ "batchId": self.batch }))],
            ("POST", "stations" | "categories") | ("PATCH", "{id}") => vec![Some(json!({ "name": "bar" }))],
            ("POST", "orders") => vec![Some(json!({ "tableSessionId": self.session }))],
            ("POST", "table-sessions") => vec![Some(json!({ "tableId": self.table }))],
            ("POST", "users" | "invites" | "pair" | "poll" | "claim") => vec![None],
            ("GET" | "DELETE", _) | ("POST", "confirm" | "cancel" | "close" | "reopen" | "ticket") => {
                vec![None]
            }
            _ => panic!("say what {method} {path} takes"),
        }
    }
}

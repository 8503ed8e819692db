//! Things of one restaurant by their ids, and the calls that name them.

use crate::support::{House, house::id};
use comanda::domain::principal::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// Somebody's things, by the name they have in paths and bodies.
pub struct Things {
    pub order: String,
    pub item: String,
    pub session: String,
    pub table: String,
    pub dish: String,
    pub production: String,
    pub user: String,
    pub invite: String,
}

impl Things {
    pub async fn of(house: &House) -> Self {
        let order = house.confirmed(1).await;
        Self {
            order: id(&order),
            item: id(&order["items"][0]),
            session: order["tableSessionId"].as_str().unwrap().to_owned(),
            table: order["tableId"].as_str().unwrap().to_owned(),
            dish: house.menu[0].id.to_string(),
            production: id(&house.produce("Cartas de otros").await),
            user: house.user(Role::Cashier).to_string(),
            invite: id(&house.owner.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201)),
        }
    }

    /// Nobody's.
    pub fn unknown() -> Self {
        let new = || uuid::Uuid::now_v7().to_string();
        let (order, item, session, table, dish) = (new(), new(), new(), new(), new());
        Self { order, item, session, table, dish, production: new(), user: new(), invite: new() }
    }

    pub fn all(&self) -> [&String; 8] {
        let Self { order, item, session, table, dish, production, user, invite } = self;
        [order, item, session, table, dish, production, user, invite]
    }

    /// The id a path's parameter stands for.
    pub fn named(&self, path: &str, parameter: &str) -> &str {
        match (path, parameter) {
            (path, "{id}") if path.starts_with("/api/v1/orders/") => &self.order,
            (path, "{id}") if path.starts_with("/api/v1/table-sessions/") => &self.session,
            (path, "{id}") if path.starts_with("/api/v1/production-orders/") => &self.production,
            // No user is a device: to that call every id of these is unknown.
            (path, "{id}") if ["/users/", "/devices/"].iter().any(|part| path.contains(part)) => &self.user,
            (path, "{id}") if path.starts_with("/api/v1/invites/") => &self.invite,
            (_, "{itemId}") => &self.item,
            _ => panic!("say whose id {parameter} of {path} is"),
        }
    }

    /// Bodies good for a call, each with at most one id in it. A new call that takes a body must be added here.
    pub fn bodies(&self, method: &Method, path: &str) -> Vec<Option<Value>> {
        let ending = path.rsplit('/').next().unwrap();
        match (method.as_str(), ending) {
            ("POST", "items") => vec![
                Some(json!({ "name": "x", "qty": 1, "unitPrice": 1 })),
                Some(json!({ "menuItemId": self.dish, "qty": 1 })),
            ],
            ("POST", "status") => vec![Some(json!({ "status": "READY" }))],
            ("POST", "production-orders") => vec![Some(json!({ "title": "x" }))],
            ("PATCH", "{id}") if path.starts_with("/api/v1/users") => vec![Some(json!({ "name": "x" }))],
            ("PATCH", "{id}") => vec![Some(json!({ "title": "x" }))],
            ("PATCH", "{itemId}") => vec![Some(json!({ "qty": 3 }))],
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

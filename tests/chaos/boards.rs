//! Each restaurant's board against the database: what is to be done there, and nothing of another's.

use crate::{
    trial::Trial,
    world::{HOUSES, World},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a kitchen has to do. What was served or cancelled a moment ago is on the board too.
const OPEN: [&str; 3] = ["CONFIRMED", "IN_PROGRESS", "READY"];

/// Compares once; nothing may be written meanwhile.
pub async fn check(trial: &Trial, world: &World) {
    let sql = world.sql().await;
    for (house, (name, _)) in world.houses.iter().zip(HOUSES) {
        let orders = "SELECT o.id::text, status FROM orders o JOIN restaurants r ON r.id = restaurant_id \
                      WHERE r.name = $1";
        let rows = sql.query(orders, &[&name]).await.expect("orders");
        let stored: BTreeMap<&str, &str> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let board = house.kitchen.get("/api/v1/board").await.expect(200);
        let shown = of(&board);
        for (order, status) in &shown {
            match stored.get(order) {
                Some(known) if known == status => {}
                Some(known) => trial.fail(format!("{name}: {order} is {status} on the board, and {known}")),
                None => trial.fail(format!("{name}: {order}, on the board, is foreign")),
            }
        }
        for (order, status) in stored.iter().filter(|(_, status)| OPEN.contains(status)) {
            if !shown.contains_key(order) {
                trial.fail(format!("{name}: {order} is {status}, and not on the board"));
            }
        }
        trial.count("tickets on boards", shown.len() as u64);
    }
}

fn of(board: &Value) -> BTreeMap<&str, &str> {
    let orders = board["orders"].as_array().expect("orders");
    orders.iter().map(|order| (text_of(order, "id"), text_of(order, "status"))).collect()
}

fn text_of<'a>(order: &'a Value, field: &str) -> &'a str {
    order[field].as_str().unwrap_or_else(|| panic!("no {field} in {order}"))
}

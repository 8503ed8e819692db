//! Each restaurant's board against the database: what is to be done there, and nothing of another's.

use crate::{
    trial::Trial,
    world::{HOUSES, World},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is on the board, by ticket, with the order's id.
type Board = BTreeMap<i64, (String, String)>;

/// Compares once; nothing may be written meanwhile.
pub async fn check(trial: &Trial, world: &World) {
    let sql = world.sql().await;
    for (house, (name, _)) in world.houses.iter().zip(HOUSES) {
        let open = "SELECT number, o.id::text, status FROM orders o JOIN restaurants r ON r.id = restaurant_id \
                    WHERE r.name = $1 AND status IN ('CONFIRMED', 'IN_PROGRESS', 'READY')";
        let rows = sql.query(open, &[&name]).await.expect("open orders");
        let stored: Board = rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
        let shown = of(&house.kitchen.get("/api/v1/board").await.expect(200));
        for (number, order) in &shown {
            match stored.get(number) {
                Some(known) if known == order => {}
                known => {
                    trial.fail(format!("{name}: ticket {number} is {order:?} on the board, stored {known:?}"))
                }
            }
        }
        for number in stored.keys().filter(|number| !shown.contains_key(number)) {
            trial.fail(format!("{name}: ticket {number} is not on the board"));
        }
        trial.count("tickets on boards", shown.len() as u64);
    }
}

/// What is to be done; what was served or cancelled a moment ago is shown too.
fn of(board: &Value) -> Board {
    let orders = board["orders"].as_array().expect("orders");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let open = orders
        .iter()
        .filter(|order| ["CONFIRMED", "IN_PROGRESS", "READY"].iter().any(|s| order["status"] == *s));
    open.map(|order| {
        (order["number"].as_i64().expect("a number"), (text(&order["id"]), text(&order["status"])))
    })
    .collect()
}

//! The clock of dishes, of all restaurants at once.

use crate::support::{Display, Hold, spawn_app};
use serde_json::json;
use std::time::{Duration, Instant};

/// What happened: a restaurant's stream was held by an import, and its dishes, the longest overdue of all, were tried one
/// after another, each until its patience ended. Nobody else's got their turn for minutes.
#[actix_web::test]
async fn a_busy_restaurant_holds_up_no_other_ones_dishes() {
    const DUE: i64 = 30;
    let app = spawn_app().await;
    let (busy, house) = (app.restaurant().await, app.restaurant().await);
    let mut display = Display::join(&house.waiter).await;
    let hold = Hold::stream(&app, &busy).await;
    let admin = app.database.admin().await;
    let many = "INSERT INTO menu_items (restaurant_id, id, name, category, price, course, available, until)
        SELECT restaurant_id, gen_random_uuid(), 'Due ' || n, category, price, course, false, now() - interval '1 hour'
        FROM menu_items, generate_series(1, $2::bigint) AS n WHERE id = $1";
    admin.execute(many, &[&busy.menu[0].id.0, &DUE]).await.unwrap();
    hold.is_waited_for().await;
    let dish = house.menu[0].id;
    let path = format!("/api/v1/menu/items/{dish}/availability");
    house.kitchen.put(&path, json!({ "state": "sold_out" })).await.expect(200);
    display.expect("menu.item.availability.changed").await;
    let begun = Instant::now();
    let past = "UPDATE menu_items SET until = now() - interval '1 millisecond' WHERE id = $1";
    admin.execute(past, &[&dish.0]).await.unwrap();
    assert_eq!(display.expect("menu.item.availability.changed").await["state"], "available");
    // One after another they take two seconds each.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    hold.release().await;
}

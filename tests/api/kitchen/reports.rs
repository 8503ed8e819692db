//! Preparation times: percentiles over stored times, within the days asked for.

use crate::support::{House, TestApp, house::id, spawn_app};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

const REPORT: &str = "/api/v1/reports/prep-times";

/// Lines that took these seconds, ready at `ready`.
async fn lines(app: &TestApp, house: &House, dish: Option<usize>, took: &[i32], ready: &str) -> Vec<Value> {
    let order = house.draft(0).await;
    for n in 0..took.len() {
        let line = match dish {
            Some(dish) => json!({ "menuItemId": house.menu[dish].id, "qty": 1 }),
            None => json!({ "name": "Pan", "qty": 1, "unitPrice": 1, "notes": n.to_string() }),
        };
        house.waiter.post(&format!("/api/v1/orders/{order}/items"), line).await.expect(201);
    }
    house.confirm(&order).await.expect(200);
    let bumped = house.kitchen.press(&format!("/api/v1/orders/{order}/bump")).await.expect(200);
    let items = bumped["order"]["items"].as_array().unwrap().clone();
    let admin = app.database.admin().await;
    for (item, took) in items.iter().zip(took) {
        let set = format!(
            "UPDATE order_items SET ready_at = '{ready}', sent_at = '{ready}'::timestamptz - interval '{took} seconds' \
             WHERE id = '{}'",
            id(item)
        );
        admin.batch_execute(&set).await.unwrap();
    }
    items
}

#[actix_web::test]
async fn percentiles_by_station_and_dish_within_the_days() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    // 100 to 1,000 in steps of 100: the median lies between 500 and 600, nine of ten below 910.
    let took: Vec<i32> = (1..=10).map(|n| n * 100).collect();
    lines(&app, &house, Some(0), &took, "2026-03-02T00:00:00Z").await;
    lines(&app, &house, Some(1), &[60], "2026-03-02T23:59:59.999Z").await;
    lines(&app, &house, None, &[30, 50], "2026-03-02T12:00:00Z").await;
    // The day before, the day after, another restaurant's, one that was recalled, one that was voided.
    lines(&app, &house, Some(0), &[9_999], "2026-03-01T23:59:59.999Z").await;
    lines(&app, &house, Some(0), &[9_999], "2026-03-03T00:00:00Z").await;
    lines(&app, &other, Some(0), &[9_999], "2026-03-02T12:00:00Z").await;
    let recalled = lines(&app, &house, None, &[9_999], "2026-03-02T12:00:00Z").await;
    house.set(&house.kitchen, &recalled[0], "IN_PROGRESS").await.expect(200);
    let voided = lines(&app, &house, None, &[9_999], "2026-03-02T12:00:00Z").await;
    let path =
        format!("/api/v1/orders/{}/items/{}/status", voided[0]["orderId"].as_str().unwrap(), id(&voided[0]));
    house.manager.post(&path, json!({ "status": "VOIDED", "reason": "burnt" })).await.expect(200);

    let report = house.manager.get(&format!("{REPORT}?from=2026-03-02&to=2026-03-02")).await.expect(200);
    assert_eq!(
        (&report["from"], &report["to"]),
        (&json!("2026-03-02T00:00:00.000Z"), &json!("2026-03-03T00:00:00.000Z"))
    );
    assert_eq!(report["timeZone"], "UTC");
    assert_eq!(
        report["stations"],
        json!([
            { "station": "grill", "lines": 11, "p50S": 500.0, "p90S": 900.0 },
            { "station": null, "lines": 2, "p50S": 40.0, "p90S": 48.0 },
        ])
    );
    assert_eq!(
        report["items"],
        json!([
            { "station": "grill", "menuItemId": house.menu[0].id, "name": "Hamburguesa", "lines": 10, "p50S": 550.0, "p90S": 910.0 },
            { "station": "grill", "menuItemId": house.menu[1].id, "name": "Entrecot", "lines": 1, "p50S": 60.0, "p90S": 60.0 },
            { "station": null, "menuItemId": null, "name": "Pan", "lines": 2, "p50S": 40.0, "p90S": 48.0 },
        ])
    );
    // A business day that begins at six in the morning in Madrid.
    let night = format!("{REPORT}?from=2026-03-02T06:00:00%2B01:00&to=2026-03-03T06:00:00%2B01:00");
    let report = house.manager.get(&night).await.expect(200);
    assert_eq!(report["stations"][0]["lines"], 2, "{report}");
    let never = house.manager.get(&format!("{REPORT}?from=2020-01-01&to=2020-01-01")).await.expect(200);
    assert_eq!((&never["stations"], &never["items"]), (&json!([]), &json!([])));
}

#[actix_web::test]
async fn ranges_are_bounded_and_managers_read() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for role in Role::ALL {
        let status = house.client(role).get(&format!("{REPORT}?from=2026-03-02&to=2026-03-02")).await.status;
        assert_eq!(status, if role.includes(Role::Manager) { 200 } else { 403 }, "{role}");
    }
    for (query, message) in [
        ("", json!(["from should not be empty", "to should not be empty"])),
        ("from=2026-03-02&to=2026-03-01", json!(["to must be after from"])),
        ("from=2026-01-01&to=2026-04-03", json!(["to must be at most 92 days after from"])),
        ("from=yesterday&to=2026-03-01", json!(["from must be a valid ISO 8601 date string"])),
        ("from=2026-03-01&to=2026-03-01&station=x", json!(["property station should not exist"])),
    ] {
        let refused =
            house.manager.get(&format!("{REPORT}?{query}")).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], message, "{query}");
    }
    house.manager.get(&format!("{REPORT}?from=2026-01-01&to=2026-04-02")).await.expect(200);
}

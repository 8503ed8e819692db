//! The main job, as specification 004 tells it: a table, an order, the kitchen, to the end.

use crate::{
    display::Display,
    support::{house::id, spawn_app},
};
use serde_json::json;

#[actix_web::test]
async fn a_service_from_the_table_to_the_bill() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;

    let session = house.open_table().await;
    assert_eq!(display.expect("table.session.opened").await["tableSessionId"], session.as_str());
    let order = house.open_order(&session).await;
    let burger = house.add_item(&order, "Hamburguesa").await;
    display.expect_nothing().await;

    let confirmed = house.confirm(&order).await.expect(200);
    assert_eq!((&confirmed["status"], &confirmed["number"]), (&json!("CONFIRMED"), &json!(1)));
    let new = display.expect("order.new").await;
    assert_eq!(new["orderId"], order.as_str());
    assert_eq!(new["items"][0]["unitPrice"], "15.50");
    assert_eq!(new["createdAt"], confirmed["createdAt"]);
    let changed = display.expect("order.status.changed").await;
    assert_eq!((&changed["previousStatus"], &changed["newStatus"]), (&json!("DRAFT"), &json!("CONFIRMED")));

    for (who, status, order_status) in [
        (&house.kitchen, "IN_PROGRESS", "IN_PROGRESS"),
        (&house.kitchen, "READY", "READY"),
        (&house.waiter, "SERVED", "SERVED"),
    ] {
        house.set(who, &burger, status).await.expect(200);
        let item = display.expect("order.item.status.changed").await;
        assert_eq!((&item["itemId"], &item["newStatus"]), (&burger["id"], &json!(status)));
        assert_eq!(display.expect("order.status.changed").await["newStatus"], order_status);
    }
    house.cashier.press(&format!("/api/v1/orders/{order}/close")).await.expect(200);
    display.expect("order.closed").await;
    assert_eq!(display.expect("order.status.changed").await["newStatus"], "CLOSED");
    let closed = house.waiter.press(&format!("/api/v1/table-sessions/{session}/close")).await.expect(200);
    assert_eq!((id(&closed), &closed["status"]), (session, &json!("CLOSED")));
    display.expect("table.session.closed").await;
    display.expect_nothing().await;
}

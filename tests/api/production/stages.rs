//! The stages are a setting, and it may change under orders that are there.

use crate::support::{
    TestApp,
    production::{PATH, at},
    spawn_app_with,
};
use serde_json::json;

const STAGES: &str = "COMANDA__PRODUCTION__STAGES";

#[actix_web::test]
async fn an_order_in_a_stage_that_is_gone_is_read_and_moved() {
    let app = spawn_app_with(&[(STAGES, "Cut, Sew, Iron")]).await;
    let house = app.restaurant().await;
    let order = house.produce("Delantales").await;
    assert_eq!(order["status"], "Cut");
    house.stage(&house.waiter, &order, "In Printing").await.expect_error(400, "VALIDATION_FAILED");
    let order = house.stage(&house.waiter, &order, "Iron").await.expect(200);

    let app = TestApp::start_again(app.stop().await, &[(STAGES, "Sew,Cut")]).await;
    let (waiter, manager) = (house.waiter.at(app.address), house.manager.at(app.address));
    assert_eq!(waiter.get(&at(&order)).await.expect(200), order);
    assert_eq!(waiter.get(PATH).await.expect(200), json!([order]));
    // It is changed where it stands, also by a client that sends all it has read.
    let mut whole =
        json!({ "title": "Delantales, 40", "status": order["status"], "dateIssued": order["dateIssued"] });
    let changed = waiter.patch(&at(&order), whole.clone()).await.expect(200);
    assert_eq!((&changed["status"], &changed["version"]), (&json!("Iron"), &json!(3)));
    // Out of it into any stage, by whoever moves orders; not in again.
    whole["status"] = json!("Cut");
    assert_eq!(waiter.patch(&at(&order), whole.clone()).await.expect(200)["status"], "Cut");
    let back = |status: &str| json!({ "status": status, "message": "as it was" });
    manager.patch(&at(&order), back("Iron")).await.expect_error(400, "VALIDATION_FAILED");
    // What comes before is what the setting says now.
    waiter.patch(&at(&order), back("Sew")).await.expect_error(403, "FORBIDDEN");
    assert_eq!(manager.patch(&at(&order), back("Sew")).await.expect(200)["status"], "Sew");
    assert_eq!(waiter.post(PATH, json!({ "title": "x" })).await.expect(201)["status"], "Sew");
}

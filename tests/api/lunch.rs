//! The demo's lunch hour: guests come, order, eat and go, in the restaurant of whoever asked for it and in no other.

use crate::support::{Client, Display, spawn_app, spawn_demo};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const LUNCH: &str = "/api/v1/demo/lunch";
/// At 60 times the clock's pace the first guests order within three seconds.
const PATIENCE: Duration = Duration::from_secs(60);

async fn log_in(address: std::net::SocketAddr, email: &str) -> Client {
    let anonymous = Client::anonymous(address);
    let body = json!({ "email": email, "password": "password123" });
    let answer = anonymous.post("/api/v1/auth/login", body).await.expect(200);
    anonymous.with_token(answer["accessToken"].as_str().unwrap())
}

/// As `comanda demo` does it: guests who are still on their way out are asked again.
async fn ends(manager: &Client) {
    let asked = Instant::now();
    loop {
        let answer = manager.delete(LUNCH).await;
        if answer.status == 204 {
            return;
        }
        answer.expect_error(503, "OVERLOADED");
        assert!(asked.elapsed() < PATIENCE, "they stay");
    }
}

#[actix_web::test]
async fn a_lunch_hour_is_played_by_the_house_and_leaves_nobody_behind() {
    let app = spawn_demo().await;
    let manager = log_in(app.address, "manager@restaurante.com").await;
    let other = log_in(app.address, "manager@trattoria.com").await;
    let kitchen = log_in(app.address, "kitchen@restaurante.com").await;
    assert_eq!(manager.get(LUNCH).await.expect(200)["playing"], false);
    let mut display = Display::join(&kitchen).await;
    let asked = json!({ "speed": 60, "minutes": 30, "seed": 7 });
    let playing = manager.post(LUNCH, asked.clone()).await.expect(201);
    assert_eq!(
        (&playing["playing"], &playing["speed"], &playing["seed"]),
        (&json!(true), &json!(60), &json!(7))
    );
    manager.post(LUNCH, asked).await.expect_error(409, "RESOURCE_IN_USE");
    assert_eq!(other.get(LUNCH).await.expect(200)["playing"], false, "another restaurant's is its own");

    // As the people of the house do it: a waiter's order, a cook's first line, ready, carried.
    let start = Instant::now();
    let mut seen = std::collections::BTreeSet::new();
    while !(seen.contains("order.new") && seen.contains("READY") && seen.contains("SERVED")) {
        assert!(start.elapsed() < PATIENCE, "{seen:?}");
        let event = display.event().await;
        if event["event"] == "order.new" {
            let me = manager.get("/api/v1/users").await.expect(200);
            let waiter = me.as_array().unwrap().iter().find(|one| one["role"] == "WAITER").unwrap();
            assert_eq!(event["data"]["createdBy"], waiter["id"]);
        }
        seen.insert(event["event"].as_str().unwrap().to_owned());
        seen.extend(event["data"]["newStatus"].as_str().map(str::to_owned));
    }
    assert!(manager.get(LUNCH).await.expect(200)["orders"].as_u64() > Some(0));

    ends(&manager).await;
    let board = manager.get("/api/v1/board").await.expect(200);
    assert_eq!(board["sessions"], json!([]), "guests were left behind");
    let open =
        |order: &&Value| !["SERVED", "CANCELLED", "CLOSED"].contains(&order["status"].as_str().unwrap());
    assert_eq!(board["orders"].as_array().unwrap().iter().find(open), None);
    assert_eq!(manager.get(LUNCH).await.expect(200)["playing"], false);
    assert_eq!(other.get("/api/v1/events").await.expect(200)["seq"], 0, "another restaurant heard of it");
    // Nobody is there to be sent away, and a new one may begin.
    assert_eq!(manager.delete(LUNCH).await.status, 204);
    manager.post(LUNCH, json!({})).await.expect(201);
    ends(&manager).await;
}

#[actix_web::test]
async fn only_managers_of_a_demo_have_one() {
    let demo = spawn_demo().await;
    let waiter = log_in(demo.address, "waiter@restaurante.com").await;
    let manager = log_in(demo.address, "manager@restaurante.com").await;
    waiter.get(LUNCH).await.expect_error(403, "FORBIDDEN");
    waiter.post(LUNCH, json!({})).await.expect_error(403, "FORBIDDEN");
    waiter.delete(LUNCH).await.expect_error(403, "FORBIDDEN");
    for body in
        [json!({ "speed": 0 }), json!({ "speed": 61 }), json!({ "minutes": 241 }), json!({ "seed": -1 })]
    {
        manager.post(LUNCH, body).await.expect_error(400, "VALIDATION_FAILED");
    }
    assert_eq!(manager.get("/api/v1/live").await.expect(200)["demo"], true);

    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.owner.get(LUNCH).await.expect_error(404, "NOT_FOUND");
    house.owner.post(LUNCH, json!({})).await.expect_error(404, "NOT_FOUND");
    house.owner.delete(LUNCH).await.expect_error(404, "NOT_FOUND");
}

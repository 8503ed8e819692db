//! A donation whose time comes while the server lies killed.

use crate::server::{Folder, Server};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::Duration;

/// Long enough to be made and for the server to be killed before it is over: on most machines, on busy ones, on any.
const LIVES: [i64; 4] = [4, 8, 16, 32];
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_donation_that_came_due_while_the_server_lay_killed_expires_once() {
    for lives in LIVES.map(SignedDuration::from_secs) {
        if expires_once(lives).await {
            return;
        }
    }
    panic!("it was never killed before");
}

/// False where it was killed too late to show anything.
async fn expires_once(lives: SignedDuration) -> bool {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let donor = server.login("waiter@restaurante.com").await;
    let until = Timestamp::now() + lives;
    let offer = json!({
        "name": "Pan", "foodType": "Bakery", "quantity": "5", "unit": "kg",
        "location": { "lat": 40.4, "lng": -3.7, "address": "Sol 1" }, "expiryTime": until.to_string(),
    });
    let answer = donor.post("/api/v1/donations", offer).await;
    if Timestamp::now() >= until {
        return false;
    }
    let path = format!("/api/v1/donations/{}", answer.expect(201)["id"].as_str().unwrap());
    server.kill();
    let Some(left) =
        Duration::try_from(until.duration_since(Timestamp::now())).ok().filter(|left| !left.is_zero())
    else {
        return false;
    };
    tokio::time::sleep(left).await;

    let server = Server::start(folder.path(), 0, &[]);
    let donor = donor.at(server.address);
    let expired = async {
        while donor.get(&path).await.expect(200)["status"] != "EXPIRED" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, expired).await.expect("the clock strikes");
    let ngo = server.login("ngo@banco.org").await;
    ngo.press(&format!("{path}/claim")).await.expect_error(409, "DONATION_UNAVAILABLE");
    let log = ngo.get("/api/v1/donations/events").await.expect(200);
    let told: Vec<_> =
        log["events"].as_array().unwrap().iter().map(|event| &event["data"]["status"]).collect();
    assert_eq!(told, [&json!(null), &json!("EXPIRED")], "{log}");
    true
}

//! Displays: paired by a short code, claimed by managers, seen, and put out again.

use crate::support::{
    Answer, Client, Display, Hold, House, TestApp,
    house::id,
    promise::{OUT_WITHIN, keeps},
    spawn_app, spawn_app_with, spawn_patient_app,
};
use comanda::domain::principal::Role;
use futures_util::{future::join_all, join};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PAIR: &str = "/api/v1/devices/pair";
const POLL: &str = "/api/v1/devices/pair/poll";
const CLAIM: &str = "/api/v1/devices/claim";
const DEVICES: &str = "/api/v1/devices";

async fn ask(app: &TestApp) -> Value {
    Client::anonymous(app.address).press(PAIR).await.expect(201)
}

async fn poll(app: &TestApp, asked: &Value) -> Answer {
    let body = json!({ "pairingSecret": asked["pairingSecret"] });
    Client::anonymous(app.address).post(POLL, body).await
}

fn claim_of(code: &str, role: &str) -> Value {
    json!({ "code": code, "name": "Grill 1", "station": "grill", "role": role })
}

/// A display on a wall, in the house.
async fn paired(app: &TestApp, house: &House, role: &str) -> (Value, Client, Value) {
    let asked = ask(app).await;
    let device = house.manager.post(CLAIM, claim_of(asked["code"].as_str().unwrap(), role)).await.expect(201);
    let tokens = poll(app, &asked).await.expect(200);
    let client = Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap());
    (device, client, tokens)
}

#[actix_web::test]
async fn a_display_is_paired_claimed_seen_and_removed() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let house = app.restaurant().await;
        let asked = ask(&app).await;
        let code = asked["code"].as_str().unwrap();
        assert_eq!((code.len(), &asked["expiresIn"]), (8, &600.into()));
        assert_eq!(poll(&app, &asked).await.expect(200), json!({ "status": "PENDING" }));
        let typed = format!("{}-{} ", code[..4].to_lowercase(), &code[4..]);
        let device = house.manager.post(CLAIM, claim_of(&typed, "KITCHEN")).await.expect(201);
        assert_eq!((&device["name"], &device["station"]), (&"Grill 1".into(), &"grill".into()));
        assert_eq!((&device["connected"], &device["lastSeenAt"]), (&false.into(), &Value::Null));

        let answer = poll(&app, &asked).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let tokens = answer.expect(200);
        assert_eq!((&tokens["status"], &tokens["device"]["id"]), (&"PAIRED".into(), &device["id"]));
        assert_eq!((&tokens["user"]["role"], &tokens["user"]["email"]), (&"KITCHEN".into(), &Value::Null));
        let display = Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap());
        assert_eq!(display.get("/api/v1/auth/me").await.expect(200)["id"], device["id"]);

        // It cooks, and does nothing else.
        let mut socket = Display::join(&display).await;
        let order = house.confirmed(1).await;
        socket.expect("table.session.opened").await;
        socket.expect("order.new").await;
        house.set(&display, &order["items"][0], "IN_PROGRESS").await.expect(200);
        display.get("/api/v1/users").await.expect_error(403, "FORBIDDEN");
        display.post("/api/v1/tables", json!({ "name": "x" })).await.expect_error(403, "FORBIDDEN");
        let own = json!({ "name": "mine" });
        display.patch("/api/v1/auth/me", own).await.expect_error(404, "NOT_FOUND");
        // Nor is it among the people.
        let people = house.manager.get("/api/v1/users?limit=100").await.expect(200);
        assert_eq!(people.as_array().unwrap().len(), Role::ALL.len());
        let as_user = format!("/api/v1/users/{}", id(&device));
        house.owner.patch(&as_user, json!({ "role": "OWNER" })).await.expect_error(404, "NOT_FOUND");

        // Seen: how far behind it is, as it tells.
        let head = house.log().await.len() as u64;
        socket.send("seen", json!({ "seq": head - 1 })).await;
        let start = Instant::now();
        loop {
            let listed = house.manager.get(DEVICES).await.expect(200);
            assert_eq!((&listed[0]["id"], &listed[0]["connected"]), (&device["id"], &true.into()));
            if listed[0]["lag"] == 1 {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{listed}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let next = json!({ "refreshToken": tokens["refreshToken"] });
        let next = display.post("/api/v1/auth/refresh", next).await.expect(200);
        assert_eq!(next["user"]["email"], Value::Null);

        let start = Instant::now();
        let path = format!("{DEVICES}/{}", id(&device));
        assert_eq!(house.manager.delete(&path).await.status, 204);
        assert_eq!(socket.close_code().await, Some(4502));
        let took = start.elapsed();
        display.get("/api/v1/auth/me").await.expect_error(401, "INVALID_TOKEN");
        let dead = json!({ "refreshToken": next["refreshToken"] });
        display.post("/api/v1/auth/refresh", dead).await.expect_error(401, "INVALID_TOKEN");
        poll(&app, &asked).await.expect_error(400, "INVALID_CODE");
        assert_eq!(house.manager.get(DEVICES).await.expect(200), json!([]));
        house.manager.delete(&path).await.expect_error(404, "NOT_FOUND");
        took
    })
    .await;
}

#[actix_web::test]
async fn only_managers_claim_and_nobody_sees_anothers_devices() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let asked = ask(&app).await;
    let code = asked["code"].as_str().unwrap();
    for who in [&house.waiter, &house.cashier, &house.expo, &house.kitchen] {
        who.post(CLAIM, claim_of(code, "KITCHEN")).await.expect_error(403, "FORBIDDEN");
        who.get(DEVICES).await.expect_error(403, "FORBIDDEN");
    }
    for role in ["MANAGER", "OWNER", "WAITER", "DEVICE"] {
        house.owner.post(CLAIM, claim_of(code, role)).await.expect_error(400, "VALIDATION_FAILED");
    }
    let device = other.manager.post(CLAIM, claim_of(code, "EXPO")).await.expect(201);
    // The display is the other's now.
    house.manager.post(CLAIM, claim_of(code, "EXPO")).await.expect_error(400, "INVALID_CODE");
    assert_eq!(house.manager.get(DEVICES).await.expect(200), json!([]));
    let path = format!("{DEVICES}/{}", id(&device));
    house.owner.delete(&path).await.expect_error(404, "NOT_FOUND");
    let tokens = poll(&app, &asked).await.expect(200);
    assert_eq!(tokens["user"]["restaurantId"], other.id.to_string());
}

/// What raced: the code on the wall is read by two managers, of two restaurants even.
#[actix_web::test]
async fn of_many_who_claim_one_display_one_gets_it() {
    let app = spawn_app_with(&[("COMANDA__AUTH__WRONG_CODES_PER_HOUR", "100")]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let asked = ask(&app).await;
    let code = asked["code"].as_str().unwrap();
    let answers = join_all((0..10).map(|n| {
        let who = if n % 2 == 0 { house.manager.clone() } else { other.manager.clone() };
        async move { who.post(CLAIM, claim_of(code, "KITCHEN")).await }
    }))
    .await;
    let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(won.len(), 1);
    let tokens = poll(&app, &asked).await.expect(200);
    assert_eq!(tokens["device"]["id"], won[0].body["id"]);
    for lost in answers.iter().filter(|answer| answer.status != 201) {
        lost.clone().expect_error(400, "INVALID_CODE");
    }
    // Whoever lost has no device left behind.
    let listed = [house.manager.get(DEVICES).await.expect(200), other.manager.get(DEVICES).await.expect(200)];
    assert_eq!(listed.iter().map(|list| list.as_array().unwrap().len()).sum::<usize>(), 1);
}

#[actix_web::test]
async fn codes_are_not_guessed_and_do_not_last() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let asked = ask(&app).await;
    let code = asked["code"].as_str().unwrap();
    for n in 0..5 {
        let wrong = claim_of(&format!("WRXNG00{n}"), "KITCHEN");
        house.manager.post(CLAIM, wrong).await.expect_error(400, "INVALID_CODE");
    }
    let refused = house.manager.post(CLAIM, claim_of(code, "KITCHEN")).await;
    let after: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((3500..=3600).contains(&after), "{after}");
    refused.expect_error(429, "TOO_MANY_REQUESTS");
    poll(&app, &asked).await.expect(200);
    app.database.admin().await.execute("UPDATE pairings SET expires_at = now()", &[]).await.unwrap();
    poll(&app, &asked).await.expect_error(400, "INVALID_CODE");
    for secret in ["", "cd1_nonsense", code] {
        let body = json!({ "pairingSecret": secret });
        let answer = Client::anonymous(app.address).post(POLL, body).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
}

/// What raced: both polls ended the logins that there were, none, and each then opened one.
#[actix_web::test]
async fn of_two_polls_at_once_one_is_in() {
    let app = spawn_patient_app(&[]).await;
    let house = app.restaurant().await;
    let asked = ask(&app).await;
    let claim = claim_of(asked["code"].as_str().unwrap(), "KITCHEN");
    let device = id(&house.manager.post(CLAIM, claim).await.expect(201));
    let hold = Hold::of(&app, &format!("SELECT FROM users WHERE id = '{device}' FOR UPDATE")).await;
    let watch = Hold::of(&app, "SELECT 1").await;
    let release = async {
        watch.is_waited_for_by(2).await;
        hold.release().await;
    };
    let (one, two, ()) = join!(poll(&app, &asked), poll(&app, &asked), release);
    let live = "SELECT count(*) FROM logins WHERE user_id = $1::text::uuid AND revoked_at IS NULL";
    let live: i64 = app.database.admin().await.query_one(live, &[&device]).await.unwrap().get(0);
    assert_eq!(live, 1);
    let mut heard = Vec::new();
    for tokens in [one.expect(200), two.expect(200)] {
        let holder = Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap());
        heard.push(holder.get("/api/v1/auth/me").await.status);
    }
    heard.sort_unstable();
    assert_eq!(heard, [200, 401]);
}

/// As the lines of orders: where the house has stations it is one of them, else it is free text.
#[actix_web::test]
async fn a_display_is_at_a_station_of_the_house() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    house.manager.post("/api/v1/stations", json!({ "name": "cold" })).await.expect(201);
    let asked = ask(&app).await;
    let code = asked["code"].as_str().unwrap();
    let refused = house.manager.post(CLAIM, claim_of(code, "KITCHEN")).await;
    assert!(refused.text.contains("station must be one of the following values: cold"), "{}", refused.text);
    refused.expect_error(400, "VALIDATION_FAILED");
    // The code was not spent for that, nor is anything left of the attempt.
    assert_eq!(house.manager.get(DEVICES).await.expect(200), json!([]));
    let mut claim = claim_of(code, "KITCHEN");
    claim["station"] = json!("cold");
    assert_eq!(house.manager.post(CLAIM, claim).await.expect(201)["station"], "cold");
    let free = ask(&app).await;
    let claim = claim_of(free["code"].as_str().unwrap(), "EXPO");
    assert_eq!(other.manager.post(CLAIM, claim).await.expect(201)["station"], "grill");
}

/// A display whose answer was lost asks again; whoever got the first one, if it was not the display, is out.
#[actix_web::test]
async fn a_lost_answer_is_asked_for_again_and_only_the_newest_tokens_count() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (device, first, _) = paired(&app, &house, "EXPO").await;
    first.get("/api/v1/auth/me").await.expect(200);
    let asked = ask(&app).await;
    house.manager.post(CLAIM, claim_of(asked["code"].as_str().unwrap(), "EXPO")).await.expect(201);
    let lost = poll(&app, &asked).await.expect(200);
    let again = poll(&app, &asked).await.expect(200);
    let holder = |tokens: &Value| first.with_token(tokens["accessToken"].as_str().unwrap());
    holder(&again).get("/api/v1/auth/me").await.expect(200);
    holder(&lost).get("/api/v1/auth/me").await.expect_error(401, "INVALID_TOKEN");
    // Another device is none of this.
    assert_eq!(first.get("/api/v1/auth/me").await.expect(200)["id"], device["id"]);
}

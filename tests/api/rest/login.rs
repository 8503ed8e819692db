//! Logging in, staying in and leaving, over the wire.

use crate::support::{Client, Hold, House, TestApp, house::PASSWORD, spawn_app, spawn_patient_app};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{sync::watch, time::timeout};

/// Of two hundred strangers, all but those who are being looked up or wait for it.
const MOST: usize = 200 - 68;
/// Less than a row is waited for: whoever is sent away by then found no place.
const PATIENCE: Duration = Duration::from_secs(10);

async fn login(app: &TestApp, house: &House, role: Role) -> Value {
    let body = json!({ "email": house.email(role), "password": PASSWORD });
    let answer = Client::anonymous(app.address).post("/api/v1/auth/login", body).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.expect(200)
}

#[actix_web::test]
async fn a_login_is_what_the_contract_prints() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let tokens = login(&app, &house, Role::Waiter).await;
    assert_eq!((&tokens["tokenType"], &tokens["expiresIn"]), (&"Bearer".into(), &(12 * 3600).into()));
    let user = &tokens["user"];
    assert_eq!((&user["role"], &user["email"]), (&"WAITER".into(), &house.email(Role::Waiter).into()));
    assert_eq!(user["restaurantId"], house.id.to_string());
    let who = Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap());
    assert_eq!(who.get("/api/v1/auth/me").await.expect(200), *user);

    let anyone = Client::anonymous(app.address);
    for (body, status, code) in [
        (
            json!({ "email": house.email(Role::Waiter), "password": "wrong password" }),
            401,
            "INVALID_CREDENTIALS",
        ),
        (json!({ "email": "nobody@nowhere.example", "password": PASSWORD }), 401, "INVALID_CREDENTIALS"),
        (json!({ "email": house.email(Role::Waiter) }), 400, "VALIDATION_FAILED"),
        (json!({ "email": "", "password": 7, "role": "OWNER" }), 400, "VALIDATION_FAILED"),
        (
            json!({ "email": house.email(Role::Waiter), "password": PASSWORD, "ttl": 999_999 }),
            400,
            "VALIDATION_FAILED",
        ),
    ] {
        anyone.post("/api/v1/auth/login", body).await.expect_error(status, code);
    }
}

#[actix_web::test]
async fn a_refresh_token_is_good_once_and_its_reuse_ends_the_login() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let anyone = Client::anonymous(app.address);
    let first = login(&app, &house, Role::Kitchen).await;
    let body = json!({ "refreshToken": first["refreshToken"] });
    let second = anyone.key("lost").post("/api/v1/auth/refresh", body.clone()).await.expect(200);
    let repeated = anyone.key("lost").post("/api/v1/auth/refresh", body.clone()).await.expect(200);
    assert_eq!(repeated["refreshToken"], second["refreshToken"], "a lost answer is repeated");
    anyone.post("/api/v1/auth/refresh", body).await.expect_error(401, "INVALID_TOKEN");
    let who = anyone.with_token(second["accessToken"].as_str().unwrap());
    who.get("/api/v1/auth/me").await.expect_error(401, "INVALID_TOKEN");
}

#[actix_web::test]
async fn after_logout_the_tokens_are_dead() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let anyone = Client::anonymous(app.address);
    let tokens = login(&app, &house, Role::Cashier).await;
    let body = json!({ "refreshToken": tokens["refreshToken"] });
    assert_eq!(anyone.post("/api/v1/auth/logout", body.clone()).await.status, 204);
    assert_eq!(anyone.post("/api/v1/auth/logout", body.clone()).await.status, 204);
    anyone.post("/api/v1/auth/refresh", body).await.expect_error(401, "INVALID_TOKEN");
    let who = anyone.with_token(tokens["accessToken"].as_str().unwrap());
    who.get("/api/v1/auth/me").await.expect_error(401, "INVALID_TOKEN");
}

#[actix_web::test]
async fn a_ticket_opens_the_stream_once() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let ticket = house.kitchen.press("/api/v1/events/ticket").await.expect(201);
    assert_eq!(ticket["expiresIn"], 30);
    let url = app.url(&format!("/api/v1/events/stream?ticket={}", ticket["ticket"].as_str().unwrap()));
    let stream = reqwest::get(&url).await.unwrap();
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 401);
}

/// Two hundred strangers took every connection to the database with tokens that nobody had issued.
#[actix_web::test]
async fn strangers_with_made_up_tokens_take_no_turn_from_those_who_work() {
    let app = spawn_patient_app(&[]).await;
    let house = app.restaurant().await;
    let hold = Hold::of(&app, "LOCK TABLE refresh_tokens").await;
    let (restaurant, login) = (house.id, comanda::domain::ids::LoginId::generate());
    let secret = [restaurant.0.as_bytes().as_slice(), login.0.as_bytes(), &[7; 32]].concat();
    let body = json!({ "refreshToken": format!("cr1_{}", URL_SAFE_NO_PAD.encode(secret)) });
    let sent_away = watch::Sender::new(0);
    let strangers = join_all((0..200).map(|n| {
        let path = if n % 2 == 0 { "/api/v1/auth/refresh" } else { "/api/v1/auth/logout" };
        let (anyone, body) = (Client::anonymous(app.address), body.clone());
        let sent_away = &sent_away;
        async move {
            let answer = anyone.post(path, body).await;
            if answer.status == 503 {
                sent_away.send_modify(|count| *count += 1);
            }
            answer
        }
    }));
    let work = async {
        hold.is_waited_for().await;
        // The pool of the tests has eight; the strangers wait behind four.
        for _ in 0..20 {
            house.waiter.get("/api/v1/orders").await.expect(200);
        }
        // Let go before that, the strangers would be served one after the other.
        let mut count = sent_away.subscribe();
        let enough = count.wait_for(|count| *count >= MOST);
        drop(timeout(PATIENCE, enough).await.expect("strangers sent away at once").unwrap());
        hold.release().await;
    };
    let (answers, ()) = tokio::join!(strangers, work);
    for answer in answers {
        match answer.status {
            503 => assert_eq!(answer.header("retry-after"), Some("1"), "{}", answer.text),
            status => assert!(matches!(status, 204 | 401), "{}", answer.text),
        }
    }
}

//! The README's sample moves in as printed, and its people log in.

use super::{everything, import, printed};
use crate::support::{Answer, Client, Display, TestApp, house::id, spawn_app};
use serde_json::{Value, json};

async fn login(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    Client::anonymous(app.address).post("/api/v1/auth/login", body).await
}

#[actix_web::test]
async fn the_readmes_sample_moves_in_as_printed() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.confirmed(1).await;
    let mut display = Display::join(&house.kitchen).await;
    assert_eq!(import(&app, &house, printed("jsonl"), &[]).await, (0, printed("text").into(), String::new()));

    // The display that was connected hears of it, under the next ticket number.
    display.expect("table.session.opened").await;
    let new = display.expect("order.new").await;
    assert_eq!((&new["number"], &new["tableName"], &new["total"]), (&json!(2), &json!("4"), &json!("91.40")));
    let board = house.kitchen.get("/api/v1/board").await.expect(200);
    let orders = board["orders"].as_array().unwrap();
    let moved = orders.iter().find(|order| order["externalId"] == "o-981").unwrap();
    assert_eq!((&moved["id"], &moved["status"]), (&new["orderId"], &json!("IN_PROGRESS")));
    assert_eq!(moved["createdAt"], "2026-11-20T13:05:00.000Z");
    let lines: Vec<(&Value, &Value)> =
        moved["items"].as_array().unwrap().iter().map(|item| (&item["name"], &item["status"])).collect();
    let expected = [("Chuletón", "IN_PROGRESS"), ("Vino de la casa", "SERVED"), ("Pan", "PENDING")];
    assert_eq!(
        lines,
        expected.map(|(name, status)| (json!(name), json!(status))).each_ref().map(|(a, b)| (a, b))
    );

    // The old ids are told wherever those things are shown.
    let path = format!("/api/v1/orders/{}", id(moved));
    let order = house.waiter.get(&path).await.expect(200);
    let users = house.manager.get("/api/v1/users?limit=100").await.expect(200);
    let named = |list: &Value, external_id: &str| {
        list.as_array().unwrap().iter().find(|one| one["externalId"] == external_id).cloned().unwrap()
    };
    assert_eq!(order["externalId"], "o-981");
    assert_eq!(order["createdBy"], named(&users, "7")["id"]);
    assert_eq!(named(&house.waiter.get("/api/v1/tables").await.expect(200), "mesa-4")["name"], "4");
    assert_eq!(named(&house.waiter.get("/api/v1/menu").await.expect(200), "m-12")["price"], "38.50");
    let products = house.waiter.get("/products").await.expect(200);
    let product = house.waiter.get(&format!("/products/{}", id(&products[0]))).await.expect(200);
    assert_eq!((&product["externalId"], &product["price"]), (&json!("p-3"), &json!(12.9)));
    let production = named(&house.waiter.get("/api/v1/production-orders").await.expect(200), "w-5");
    assert_eq!(production["status"], "In Binding");
    let customer = named(&house.waiter.get("/customers").await.expect(200), "c-1");
    let admin = house.waiter.get("/orders").await.expect(200);
    let admin = admin.as_array().unwrap().iter().find(|order| order["id"] == 2).unwrap();
    assert_eq!(
        (&admin["customer"]["externalId"], &admin["customerId"]),
        (&json!("c-1"), &customer["number"])
    );
    assert!(
        house.waiter.get("/api/v1/menu").await.text.matches("externalId").count() == 1,
        "none where there is none"
    );

    // It is an order like any other.
    let pan = &moved["items"][2];
    house.set(&house.kitchen, pan, "READY").await.expect(200);

    // Twice is harmless.
    let before = everything(&app).await;
    let (code, counted, told) = import(&app, &house, printed("jsonl"), &[]).await;
    assert_eq!((code, told.as_str()), (0, ""));
    assert!(
        counted.lines().all(|line| line.contains(": 0 created,") && line.ends_with(" 0 refused")),
        "{counted}"
    );
    assert_eq!(everything(&app).await, before);
}

#[actix_web::test]
async fn passwords_go_on_working_and_become_ours() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    assert_eq!(import(&app, &house, printed("jsonl"), &[]).await.0, 0);
    let stored = async |email: &str| -> String {
        let sql = "SELECT password_hash FROM users WHERE email = $1";
        app.database.admin().await.query_one(sql, &[&email]).await.unwrap().get(0)
    };
    for (email, password, hash) in [
        ("luis@casa.example", "ana-2024", "$2b$10$"),
        ("eva@casa.example", "luis-2024", "$argon2id$v=19$m=65536,"),
    ] {
        assert!(stored(email).await.starts_with(hash));
        login(&app, email, "not the password").await.expect_error(401, "INVALID_CREDENTIALS");
        assert!(stored(email).await.starts_with(hash), "a failure changes nothing");
        // Two tablets, at the same moment, for the first time.
        let (one, two) = futures_util::join!(login(&app, email, password), login(&app, email, password));
        let answers = [one.expect(200), two.expect(200)];
        let ours = stored(email).await;
        assert!(ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{ours}");
        for answer in answers {
            let who = Client::anonymous(app.address).with_token(answer["accessToken"].as_str().unwrap());
            assert_eq!(who.get("/api/v1/auth/me").await.expect(200)["email"], email);
        }
        login(&app, email, "not the password").await.expect_error(401, "INVALID_CREDENTIALS");
        login(&app, email, password).await.expect(200);
        assert_eq!(stored(email).await, ours, "once");
    }
}

//! What the house declares of its people (`auth.additional_fields`), where they are documents.

use crate::support::{
    Client, Display, House, TestApp,
    house::{PASSWORD, id},
    spawn_app, spawn_app_with,
};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

const DECLARED: [(&str, &str); 2] = [
    ("COMANDA__AUTH__ADDITIONAL_FIELDS", "username:string!,points:integer,phone:string"),
    ("COMANDA__AUTH__LOGIN_FIELD", "username"),
];

fn path(user: &Value) -> String {
    format!("/users/{}", id(user))
}

fn new(house: &House, name: &str, more: Value) -> Value {
    let mut body = json!({ "name": name, "email": format!("{name}@{}", house.domain) });
    for (field, value) in more.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

/// Logs in by the name, with a password that a manager gives.
async fn logs_in(app: &TestApp, house: &House, user: &Value, username: &str) -> Value {
    let own = format!("/api/v1/users/{}", id(user));
    house.manager.patch(&own, json!({ "password": PASSWORD })).await.expect(200);
    let body = json!({ "username": username, "password": PASSWORD });
    Client::anonymous(app.address).post("/api/v1/auth/login", body).await.expect(200)
}

#[actix_web::test]
async fn declared_fields_are_written_shown_and_found() {
    let app = spawn_app_with(&DECLARED).await;
    let house = app.restaurant().await;
    let body = new(&house, "ana", json!({ "username": "Ana", "points": 3 }));
    let ana = house.manager.post("/users", body.clone()).await.expect(201);
    assert_eq!(
        (&ana["email"], &ana["username"], &ana["points"], ana.get("phone")),
        (&body["email"], &json!("Ana"), &json!(3), None)
    );
    let answer = house.waiter.get(&path(&ana)).await;
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(answer.expect(200), ana);
    let tokens = logs_in(&app, &house, &ana, "ana").await;
    assert_eq!((&tokens["user"]["id"], &tokens["user"]["points"]), (&ana["id"], &json!(3)));
    // Who is made here need not have them, nor has who was here before.
    let eva = house.manager.post("/users", new(&house, "eva", json!({ "points": 3 }))).await.expect(201);
    assert_eq!(eva.get("username"), None);

    // A change of theirs alone is a version more, for whoever reads and for whoever writes.
    let tag = house.manager.header("if-match", "\"1\"");
    let changed = tag.patch(&path(&ana), json!({ "points": 4, "phone": "7" })).await;
    assert_eq!(changed.header("etag"), Some("\"2\""));
    let changed = changed.expect(200);
    assert_eq!(
        (&changed["username"], &changed["points"], &changed["phone"]),
        (&json!("Ana"), &json!(4), &json!("7"))
    );
    tag.patch(&path(&ana), json!({ "points": 5 })).await.expect_error(412, "PRECONDITION_FAILED");
    let same = house.manager.patch(&path(&ana), json!({ "points": 4 })).await;
    assert_eq!(same.header("etag"), Some("\"2\""), "nothing changed");
    let mine = Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap());
    mine.patch("/api/v1/auth/me", json!({ "points": 6 })).await.expect(200);
    let shown = house.waiter.get(&path(&ana)).await;
    assert_eq!(shown.header("etag"), Some("\"3\""));
    assert_eq!(shown.expect(200)["points"], 6);
    // The whole of it: what it leaves out of these stays.
    let whole = json!({ "name": "Anna", "email": ana["email"] });
    let put = house.manager.put(&path(&ana), whole).await.expect(200);
    assert_eq!((&put["name"], &put["username"], &put["points"]), (&json!("Anna"), &json!("Ana"), &json!(6)));

    for (query, names) in [
        ("points=3", vec!["eva"]),
        ("username=Ana", vec!["Anna"]),
        ("username=Ana&points=6&name=Anna&role=KITCHEN", vec!["Anna"]),
        ("username=ana", vec![]),
        ("points=6&name=eva", vec![]),
    ] {
        let found = house.waiter.get(&format!("/users?{query}")).await.expect(200);
        let found: Vec<&str> =
            found.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{query}");
    }
    let document = Client::anonymous(app.address).get("/openapi.json").await.expect(200);
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["User.Document"]["properties"]["points"]["type"], "integer");
    assert_eq!(schemas["User.Body"]["required"], json!(["email", "name"]));
    // What was done to whom names the fields, and no value.
    let log = house.manager.get(&format!("/api/v1/people/log?subject={}", id(&ana))).await.expect(200);
    let told: Vec<&Value> = log.as_array().unwrap().iter().map(|one| &one["fields"]).collect();
    assert!(told.contains(&&json!(["points", "phone"])), "{log}");
}

#[actix_web::test]
async fn a_name_to_log_in_by_is_one_persons() {
    let app = spawn_app_with(&DECLARED).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let ana = house
        .manager
        .post("/users", new(&house, "ana", json!({ "username": "Ana", "points": 3 })))
        .await
        .expect(201);
    for restaurant in [&house, &other] {
        let twin = new(restaurant, "twin", json!({ "username": "ANA" }));
        restaurant.manager.post("/users", twin).await.expect_error(409, "VALUE_TAKEN");
    }
    let eva = house.manager.post("/users", new(&house, "eva", json!({}))).await.expect(201);
    house.manager.patch(&path(&eva), json!({ "username": " ana " })).await.expect_error(409, "VALUE_TAKEN");
    for bad in [
        json!({ "username": "  " }),
        json!({ "points": "3" }),
        json!({ "vip": true }),
        json!({ "username": 7 }),
    ] {
        house.manager.patch(&path(&eva), bad).await.expect_error(400, "VALIDATION_FAILED");
    }
    house.manager.patch(&path(&eva), json!({ "username": "Eva" })).await.expect(200);
    logs_in(&app, &house, &eva, "eva").await;
    // A copy has all but the name, which is somebody's.
    let email = format!("copy@{}", house.domain);
    let copy = house
        .manager
        .post(&format!("/users/duplicate/{}", id(&ana)), json!({ "email": email }))
        .await
        .expect(201);
    assert_eq!((&copy["points"], copy.get("username")), (&json!(3), None));
    // One's own asks for the password, as one's own address does; managers give others theirs.
    let own = format!("/users/{}", house.user(Role::Manager));
    house.manager.patch(&own, json!({ "username": "boss" })).await.expect_error(403, "FORBIDDEN");
    assert_eq!(house.manager.patch(&own, json!({ "points": 1 })).await.expect(200)["points"], 1);
    house.owner.patch(&own, json!({ "username": "boss" })).await.expect(200);
    house.manager.patch(&own, json!({ "username": "BOSS", "points": 2 })).await.expect(200);
}

#[actix_web::test]
async fn they_are_told_over_sockets_and_are_unknown_where_nobody_declares_them() {
    let told = "webSocket = true\nbroadcast = true\n[[entities]]\nname = \"User\"\npath = \"users\"";
    let app = crate::support::app::spawn_app_declaring_with(told, &DECLARED).await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    let ana =
        house.manager.post("/users", new(&house, "ana", json!({ "username": "Ana" }))).await.expect(201);
    let made = display.expect("create-one-user").await;
    assert_eq!(made["items"], json!([ana]));
    house.manager.patch(&path(&ana), json!({ "points": 9 })).await.expect(200);
    assert_eq!(display.expect("update-one-user").await["items"][0]["points"], 9);

    let app = spawn_app().await;
    let house = app.restaurant().await;
    let refused = house.manager.post("/users", new(&house, "ana", json!({ "username": "Ana" }))).await;
    assert!(refused.text.contains("property username should not exist"), "{}", refused.text);
    refused.expect_error(400, "VALIDATION_FAILED");
}

//! Users by way of the dynamic API: written with their address and name, and with all that managers' own calls see to.

use crate::{
    display::Display,
    people::{
        reset::{self, with_mail},
        smtp::MailServer,
    },
    stock_client::Client,
    support::{House, TestApp, house::id, spawn_app, spawn_app_declaring, spawn_app_with},
};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

fn new(house: &House, name: &str) -> Value {
    json!({ "name": name, "email": format!("{name}@{}", house.domain) })
}

fn path(user: &Value) -> String {
    format!("/users/{}", id(user))
}

async fn deeds(app: &TestApp, user: &str) -> Vec<String> {
    let admin = app.database.admin().await;
    let sql = "SELECT action FROM people_log WHERE subject_id = $1::text::uuid ORDER BY id";
    admin.query(sql, &[&user]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// `socket.emit('create-one-user', { name, email })` of the React sample: no password, no role. The new user sets a password
/// by mail, and is what the setting says.
#[actix_web::test]
async fn who_is_made_has_no_password_until_a_mail_sets_one() {
    let mut mail = MailServer::start().await;
    let app = with_mail(&mail, &[]).await;
    let house = app.restaurant().await;
    let auth = json!({ "token": house.manager.token });
    let mut socket = Client::with(&json!({ "url": app.url(""), "namespace": "/api", "auth": auth }));
    socket.connected().await;
    let body = json!({ "name": "New User", "email": "NewUser@Example.com" });
    let made = socket.asks(&json!(["create-one-user", body, { "key": "k" }])).await;
    let user = &made["data"];
    assert_eq!(
        (&user["name"], &user["email"], &user["role"]),
        (&json!("New User"), &json!("newuser@example.com"), &json!("KITCHEN")),
        "{made}"
    );
    let mut members: Vec<&String> = user.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["createdAt", "email", "id", "name", "role", "updatedAt"]);
    // The key answers again, and nobody is written to twice.
    assert_eq!(socket.asks(&json!(["create-one-user", body, { "key": "k" }])).await, made);
    let letter = mail.letter().await;
    assert_eq!(letter.to, "newuser@example.com");
    assert!(letter.text.contains("New User") && letter.text.contains("7days"), "{}", letter.text);
    for guess in ["", "password123", "null"] {
        let refused = reset::log_in(&app, "newuser@example.com", guess).await;
        assert!([400, 401].contains(&refused.status), "{}", refused.text);
    }
    let token = reset::token(&letter.text);
    reset::change(&app, &token, "a password of mine").await.expect(200);
    reset::log_in(&app, "newuser@example.com", "a password of mine").await.expect(200);
    assert_eq!(deeds(&app, &id(user)).await, ["user.made", "user.password_reset"]);
    assert!(mail.is_empty());
}

#[actix_web::test]
async fn the_eleven_routes_keep_the_rules_of_people() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let who = &house.manager;
    let ana = who.post("/users", new(&house, "ana")).await.expect(201);
    assert_eq!(house.kitchen.get(&path(&ana)).await.expect(200), ana);
    // Nothing of it is a waiter's, and nothing of an owner is a manager's.
    house.waiter.post("/users", new(&house, "x")).await.expect_error(403, "FORBIDDEN");
    let owner = house.kitchen.get("/users?role=OWNER").await.expect(200)[0].clone();
    who.patch(&path(&owner), json!({ "name": "x" })).await.expect_error(403, "FORBIDDEN");
    who.delete(&path(&owner)).await.expect_error(403, "FORBIDDEN");
    house.owner.delete(&path(&owner)).await.expect_error(409, "LAST_OWNER");
    for (member, value) in
        [("role", json!("OWNER")), ("password", json!("hunter22")), ("restaurantId", json!("x"))]
    {
        let refused =
            who.patch(&path(&ana), json!({ (member): value })).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], json!([format!("property {member} should not exist")]));
    }
    let refused = who.post("/users", json!({ "name": "x", "email": "nonsense" })).await;
    assert!(
        refused.expect_error(400, "VALIDATION_FAILED")["message"][0].as_str().unwrap().starts_with("email")
    );
    who.post("/users", new(&house, "ana")).await.expect_error(409, "EMAIL_TAKEN");
    // One's own address asks for the password, as everywhere.
    let me = format!("/users/{}", house.user(Role::Manager));
    who.patch(&me, json!({ "email": "else@where.org" })).await.expect_error(403, "FORBIDDEN");
    assert_eq!(who.patch(&me, json!({ "name": "Jefa" })).await.expect(200)["name"], "Jefa");

    let changed = who.patch(&path(&ana), json!({ "name": "Ana Ruiz" })).await;
    assert_eq!(changed.header("etag"), Some("\"2\""));
    assert_eq!(changed.expect(200)["name"], "Ana Ruiz");
    let stale = who.header("if-match", "\"1\"");
    stale.patch(&path(&ana), json!({ "name": "x" })).await.expect_error(412, "PRECONDITION_FAILED");
    let whole = json!({ "name": "Ana", "email": format!("ana2@{}", house.domain) });
    assert_eq!(who.put(&path(&ana), whole.clone()).await.expect(200)["email"], whole["email"]);
    who.put(&path(&ana), json!({ "name": "Ana" })).await.expect_error(400, "VALIDATION_FAILED");

    // All of many, or nothing: the second address is somebody's.
    let list = json!({ "list": [new(&house, "b"), new(&house, "b")] });
    who.post("/users/many", list).await.expect_error(409, "EMAIL_TAKEN");
    let list = json!({ "list": [new(&house, "b"), new(&house, "c")] });
    let many = who.post("/users/many", list).await.expect(201);
    let ids = format!("{},{}", id(&many[0]), id(&many[1]));
    let named = who.patch(&format!("/users?ids={ids}"), json!({ "name": "Both" })).await.expect(200);
    assert_eq!((&named[0]["id"], &named[1]["name"]), (&many[0]["id"], &json!("Both")));
    who.patch(&format!("/users?ids={ids}"), json!({ "email": "one@x.org" }))
        .await
        .expect_error(409, "EMAIL_TAKEN");
    let copy = format!("/users/duplicate/{}", id(&owner));
    house.owner.press(&copy).await.expect_error(409, "EMAIL_TAKEN");
    let copied = house.owner.post(&copy, json!({ "email": format!("d@{}", house.domain) })).await.expect(201);
    assert_eq!(
        (&copied["name"], &copied["role"]),
        (&owner["name"], &json!("KITCHEN")),
        "no owner by the back door"
    );
    let with_owner = format!("/users?ids={ids},{}", id(&owner));
    who.delete(&with_owner).await.expect_error(403, "FORBIDDEN");
    assert_eq!(who.delete(&format!("/users?ids={ids}")).await.expect(200), json!({ "deletedCount": 2 }));
    who.get(&path(&many[0])).await.expect_error(404, "NOT_FOUND");
    assert_eq!(deeds(&app, &id(&many[0])).await, ["user.made", "user.changed", "user.removed"]);
}

#[actix_web::test]
async fn who_is_deleted_loses_sockets_and_tokens_at_once() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let login = house.log_in(Role::Waiter).await;
    let mut display = Display::join(&login.client).await;
    let auth = json!({ "token": house.manager.token });
    let mut socket = Client::with(&json!({ "url": app.url(""), "auth": auth }));
    socket.connected().await;
    let waiter = house.user(Role::Waiter).to_string();
    let gone = socket.asks(&json!(["delete-one-user", { "id": waiter }])).await;
    assert_eq!(gone["data"], json!({ "deletedCount": 1 }), "{gone}");
    assert_eq!(display.close_code().await, Some(4502));
    login.client.get("/products").await.expect_error(401, "INVALID_TOKEN");
    login.refresh().await.expect_error(401, "INVALID_TOKEN");
    // A tombstone: its address is free, its id nobody's.
    let again = json!({ "name": "w", "email": house.email(Role::Waiter) });
    assert_ne!(house.manager.post("/users", again).await.expect(201)["id"], waiter);
}

/// Two managers who change the same people in opposite order take turns; none is answered 5xx.
#[actix_web::test]
async fn crossing_changes_of_many_do_not_lock_each_other_out() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let list: Vec<Value> = (0..5).map(|n| new(&house, &format!("u{n}"))).collect();
    let made = house.manager.post("/users/many", json!({ "list": list })).await.expect(201);
    let ids: Vec<String> = made.as_array().unwrap().iter().map(id).collect();
    let (there, back) = (ids.join(","), ids.iter().rev().cloned().collect::<Vec<_>>().join(","));
    let asks = (0..20).map(|n| {
        let (who, ids) = (house.manager.clone(), if n % 2 == 0 { there.clone() } else { back.clone() });
        async move { who.patch(&format!("/users?ids={ids}"), json!({ "name": format!("n{n}") })).await }
    });
    for answer in futures_util::future::join_all(asks).await {
        answer.expect(200);
    }
}

/// The Vue sample: `newSocket.on('user-create-one', (user) => …)`, with the row and its event in one transaction.
#[actix_web::test]
async fn what_is_broadcast_of_people_is_in_the_log() {
    let app = spawn_app_declaring(
        "webSocket = true\nbroadcast = \"legacy\"\n[[entities]]\nname = \"User\"\npath = \"users\"",
    )
    .await;
    let house = app.restaurant().await;
    let auth = json!({ "token": house.kitchen.token });
    let mut vue = Client::with(&json!({ "url": app.url(""), "auth": auth }));
    vue.connected().await;
    let ana = house.manager.post("/users", new(&house, "ana")).await.expect(201);
    assert_eq!(vue.event("user-create-one").await, ana);
    // Nothing changes: nothing is told.
    house.manager.patch(&path(&ana), json!({ "name": "ana" })).await.expect(200);
    let changed = house.manager.patch(&path(&ana), json!({ "name": "Ana" })).await.expect(200);
    assert_eq!(vue.event("user-update-one").await, changed);
    // A dish of the lane and a user of the people: one order, no gap.
    house.evening().await;
    house.manager.delete(&path(&ana)).await.expect(200);
    while vue.until("event").await["name"] != "user-delete-one" {}
    let log = house.log().await;
    let seqs: Vec<u64> = log.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=log.len() as u64).collect::<Vec<_>>());
    assert_eq!(log[0]["event"], "user-create-one");
    // A refused one leaves no event behind.
    house
        .manager
        .post("/users/many", json!({ "list": [new(&house, "x"), new(&house, "x")] }))
        .await
        .expect_error(409, "EMAIL_TAKEN");
    assert_eq!(house.log().await.len(), log.len());
}

/// A paired display is a user without an address: it stood in this list as a row that could not be read.
#[actix_web::test]
async fn displays_are_no_users_here_and_strangers_are_not_written_to_without_end() {
    let app = spawn_app_with(&[("COMANDA__AUTH__WELCOMES_PER_HOUR", "2")]).await;
    let house = app.restaurant().await;
    let asked = crate::client::Client::anonymous(app.address).press("/api/v1/devices/pair").await;
    let code = asked.expect(201)["code"].clone();
    let claim = json!({ "code": code, "name": "Pase", "role": "KITCHEN" });
    let device = house.manager.post("/api/v1/devices/claim", claim).await.expect(201);
    let users = house.manager.get("/users").await.expect(200);
    assert_eq!(users.as_array().unwrap().len(), 6);
    house.manager.get(&path(&device)).await.expect_error(404, "NOT_FOUND");
    house.manager.delete(&path(&device)).await.expect_error(404, "NOT_FOUND");
    for name in ["a", "b"] {
        house.manager.post("/users", new(&house, name)).await.expect(201);
    }
    house.manager.post("/users", new(&house, "c")).await.expect_error(429, "TOO_MANY_REQUESTS");
    let other = app.restaurant().await;
    other.manager.post("/users", new(&other, "c")).await.expect(201);
}

//! Registration: open or by invite, one invite for one of many, throttled; and what one changes of one's own account.

use crate::support::{
    Answer, Client, Display, House, TestApp,
    house::{PASSWORD, id},
    spawn_app, spawn_app_with, spawn_demo,
};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

const REGISTER: &str = "/api/v1/auth/register";
const ME: &str = "/api/v1/auth/me";
const MANY: (&str, &str) = ("COMANDA__AUTH__REGISTRATIONS_PER_HOUR", "1000");

async fn register(app: &TestApp, body: Value) -> Answer {
    Client::anonymous(app.address).post(REGISTER, body).await
}

fn somebody(house: &House, name: &str, code: &Value) -> Value {
    json!({ "email": format!("{name}@new.{}", house.domain), "password": PASSWORD, "name": name, "inviteCode": code })
}

async fn invited(house: &House, role: &str) -> Value {
    house.manager.post("/api/v1/invites", json!({ "role": role })).await.expect(201)
}

fn holder(app: &TestApp, tokens: &Value) -> Client {
    Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap())
}

#[actix_web::test]
async fn an_invite_lets_one_person_into_its_restaurant_in_its_role() {
    let app = spawn_app_with(&[MANY]).await;
    let house = app.restaurant().await;
    let invite = invited(&house, "KITCHEN").await;
    let made = register(&app, somebody(&house, "ana", &invite["code"])).await;
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let tokens = made.expect(201);
    assert_eq!((&tokens["user"]["role"], &tokens["tokenType"]), (&"KITCHEN".into(), &"Bearer".into()));
    assert_eq!(tokens["user"]["restaurantId"], house.id.to_string());
    let who = holder(&app, &tokens);
    who.post("/api/v1/tables", json!({ "name": "x" })).await.expect_error(403, "FORBIDDEN");
    let mut display = Display::join(&who).await;
    house.open_table().await;
    display.expect("table.session.opened").await;
    let listed = house.manager.get("/api/v1/invites").await.expect(200);
    assert_eq!((&listed[0]["status"], &listed[0]["usedBy"]), (&"USED".into(), &tokens["user"]["id"]));
    let path = format!("/api/v1/invites/{}", id(&invite));
    house.manager.delete(&path).await.expect_error(409, "INVALID_TRANSITION");
    // Once.
    register(&app, somebody(&house, "bea", &invite["code"])).await.expect_error(400, "INVALID_CODE");
}

#[actix_web::test]
async fn a_client_chooses_no_role_and_no_restaurant() {
    let app = spawn_app_with(&[MANY, ("COMANDA__AUTH__REGISTER", "open")]).await;
    let house = app.restaurant().await;
    for (field, value) in
        [("role", json!("OWNER")), ("restaurantId", json!(house.id.to_string())), ("id", json!("x"))]
    {
        let mut body = somebody(&house, "ana", &Value::Null);
        body[field] = value;
        register(&app, body).await.expect_error(400, "VALIDATION_FAILED");
    }
    for (field, value) in [("password", "seven77"), ("email", "nobody"), ("name", ""), ("currency", "XXZ")] {
        let mut body = somebody(&house, "ana", &Value::Null);
        body[field] = value.into();
        register(&app, body).await.expect_error(400, "VALIDATION_FAILED");
    }
}

/// What raced: a code passed round in a chat, and everyone taps at once.
#[actix_web::test]
async fn of_many_who_use_one_invite_at_once_one_comes_in() {
    let app = spawn_app_with(&[MANY]).await;
    let house = app.restaurant().await;
    let invite = invited(&house, "WAITER").await;
    let bodies = (0..10).map(|n| somebody(&house, &format!("ana{n}"), &invite["code"]));
    let answers = join_all(bodies.map(|body| register(&app, body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for refused in answers.into_iter().filter(|answer| answer.status != 201) {
        refused.expect_error(400, "INVALID_CODE");
    }
    let users = house.manager.get("/api/v1/users?limit=100").await.expect(200);
    assert_eq!(users.as_array().unwrap().len(), Role::ALL.len() + 1);
}

#[actix_web::test]
async fn invites_that_are_over_let_nobody_in() {
    let app = spawn_app_with(&[MANY]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let refused = async |house: &House, name: &str, code: &Value| {
        register(&app, somebody(house, name, code)).await.expect_error(400, "INVALID_CODE");
    };
    let revoked = invited(&house, "WAITER").await;
    house.manager.delete(&format!("/api/v1/invites/{}", id(&revoked))).await.expect(204);
    refused(&house, "ana", &revoked["code"]).await;
    let old = invited(&house, "WAITER").await;
    let admin = app.database.admin().await;
    admin.execute("UPDATE invites SET expires_at = now() WHERE used_at IS NULL", &[]).await.unwrap();
    refused(&house, "ana", &old["code"]).await;
    refused(&house, "ana", &json!("ci1_nonsense")).await;
    refused(&house, "ana", &json!("x")).await;
    // Its maker was put out: so is what they left behind.
    let second = json!({ "email": format!("m2@{}", house.domain), "name": "m", "role": "MANAGER", "password": PASSWORD });
    let second = house.owner.post("/api/v1/users", second).await.expect(201);
    let login = json!({ "email": second["email"], "password": PASSWORD });
    let tokens = Client::anonymous(app.address).post("/api/v1/auth/login", login).await.expect(200);
    let invite = json!({ "role": "MANAGER" });
    let left = holder(&app, &tokens).post("/api/v1/invites", invite).await.expect(201);
    house.owner.delete(&format!("/api/v1/users/{}", id(&second))).await.expect(204);
    refused(&house, "ana", &left["code"]).await;
    // Without one nobody comes in.
    register(&app, somebody(&house, "ana", &Value::Null)).await.expect_error(403, "FORBIDDEN");
    // A taken address is told to whoever has a good code, and the code stays good.
    let good = invited(&house, "WAITER").await;
    let mut taken = somebody(&house, "ana", &good["code"]);
    taken["email"] = other.email(Role::Waiter).into();
    register(&app, taken).await.expect_error(409, "EMAIL_TAKEN");
    register(&app, somebody(&house, "ana", &good["code"])).await.expect(201);
}

#[actix_web::test]
async fn where_registration_is_open_one_gets_a_restaurant_of_ones_own() {
    let app = spawn_demo().await;
    let owner = json!({ "email": "Nora@nuevo.example", "password": PASSWORD, "name": "Nora" });
    let tokens = register(&app, owner.clone()).await.expect(201);
    assert_eq!(
        (&tokens["user"]["role"], &tokens["user"]["email"]),
        (&"OWNER".into(), &"nora@nuevo.example".into())
    );
    let nora = holder(&app, &tokens);
    let table = nora.post("/api/v1/tables", json!({ "name": "1" })).await.expect(201);
    assert_eq!(nora.get("/api/v1/tables").await.expect(200), json!([table]));
    let name = "SELECT name, currency FROM restaurants WHERE id = $1::text::uuid";
    let restaurant = tokens["user"]["restaurantId"].as_str().unwrap();
    let row = app.database.admin().await.query_one(name, &[&restaurant]).await.unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, &str>(1)), ("Nora's restaurant", "EUR"));
    register(&app, owner).await.expect_error(409, "EMAIL_TAKEN");
    let named = json!({ "email": "o@otro.example", "password": PASSWORD, "name": "O", "restaurantName": "Otro",
        "currency": "JPY" });
    let named = register(&app, named).await.expect(201);
    let restaurant = named["user"]["restaurantId"].as_str().unwrap();
    let row = app
        .database
        .admin()
        .await
        .query_one("SELECT name, currency FROM restaurants WHERE id = $1::text::uuid", &[&restaurant])
        .await
        .unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, &str>(1)), ("Otro", "JPY"));
}

#[actix_web::test]
async fn registration_can_be_closed_or_be_a_managers() {
    let app = spawn_app_with(&[MANY, ("COMANDA__AUTH__REGISTER", "off")]).await;
    let house = app.restaurant().await;
    let invite = invited(&house, "WAITER").await;
    register(&app, somebody(&house, "ana", &invite["code"])).await.expect_error(403, "FORBIDDEN");

    let app = spawn_app_with(&[MANY, ("COMANDA__AUTH__REGISTER", "protected")]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let invite = invited(&house, "WAITER").await;
    let body = somebody(&house, "ana", &invite["code"]);
    register(&app, body.clone()).await.expect_error(403, "FORBIDDEN");
    for who in [&house.waiter, &other.owner] {
        who.post(REGISTER, body.clone()).await.expect_error(403, "FORBIDDEN");
    }
    house
        .manager
        .with_token("nonsense")
        .post(REGISTER, body.clone())
        .await
        .expect_error(401, "INVALID_TOKEN");
    let made = house.manager.post(REGISTER, body).await.expect(201);
    assert_eq!(made["user"]["role"], "WAITER");
}

#[actix_web::test]
async fn an_address_registers_five_times_an_hour() {
    let app = spawn_app_with(&[("COMANDA__AUTH__REGISTER", "open")]).await;
    let house = app.restaurant().await;
    let taken = json!({ "email": house.email(Role::Waiter), "password": PASSWORD, "name": "x" });
    let answers = join_all((0..12).map(|_| register(&app, taken.clone()))).await;
    let counted = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((counted(409), counted(429)), (5, 7));
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    let after: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((3500..=3600).contains(&after), "{after}");
    // Logging in is counted apart.
    house.log_in(Role::Waiter).await;
}

#[actix_web::test]
async fn ones_own_account_changes_with_the_current_password() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let (here, there) = (house.log_in(Role::Waiter).await, house.log_in(Role::Waiter).await);
    let me = here.client.patch(ME, json!({ "name": "Ana" })).await.expect(200);
    assert_eq!((&me["name"], &me["role"]), (&"Ana".into(), &"WAITER".into()));
    assert_eq!(here.client.get(ME).await.expect(200), me);
    for bad in [
        json!({ "role": "OWNER" }),
        json!({ "password": "another password" }),
        json!({ "email": "x@y.example" }),
        json!({ "password": "short", "currentPassword": PASSWORD }),
    ] {
        here.client.patch(ME, bad).await.expect_error(400, "VALIDATION_FAILED");
    }
    let wrong = json!({ "email": "x@y.example", "currentPassword": "not the password" });
    here.client.patch(ME, wrong.clone()).await.expect_error(401, "INVALID_CREDENTIALS");
    let taken = json!({ "email": other.email(Role::Owner), "currentPassword": PASSWORD });
    here.client.patch(ME, taken).await.expect_error(409, "EMAIL_TAKEN");

    let mut display = Display::join(&there.client).await;
    let mut mine = Display::join(&here.client).await;
    let new = json!({ "password": "another password", "email": format!("Ana@new.{}", house.domain), "currentPassword": PASSWORD });
    let me = here.client.patch(ME, new).await.expect(200);
    assert_eq!(me["email"], format!("ana@new.{}", house.domain));
    assert_eq!(display.close_code().await, Some(4502));
    there.refresh().await.expect_error(401, "INVALID_TOKEN");
    house.open_table().await;
    mine.expect("table.session.opened").await;
    here.refresh().await.expect(200);
    let body = json!({ "email": me["email"], "password": "another password" });
    Client::anonymous(app.address).post("/api/v1/auth/login", body).await.expect(200);
    // Whoever holds a stolen token guesses no more often than a stranger.
    for _ in 0..5 {
        let answer = house.kitchen.patch(ME, wrong.clone()).await;
        assert!(matches!(answer.status, 401 | 429), "{}", answer.text);
    }
    house.kitchen.patch(ME, wrong).await.expect_error(429, "TOO_MANY_REQUESTS");
}

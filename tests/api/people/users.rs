//! Managers make, change and remove users: roles, tenants, races, and what live sockets feel of it.

use crate::support::{
    Client, Display, House, TestApp,
    house::{PASSWORD, id},
    promise::{OUT_WITHIN, keeps},
    spawn_app, spawn_app_with,
};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const USERS: &str = "/api/v1/users";
const ME: &str = "/api/v1/auth/me";

fn one(user: &Value) -> String {
    format!("{USERS}/{}", id(user))
}

fn body(house: &House, name: &str, role: &str) -> Value {
    json!({ "email": format!("{name}@{}", house.domain), "name": name, "role": role, "password": PASSWORD })
}

async fn make(house: &House, name: &str, role: &str) -> Value {
    house.owner.post(USERS, body(house, name, role)).await.expect(201)
}

async fn log_in(app: &TestApp, user: &Value, password: &str) -> crate::support::Answer {
    let body = json!({ "email": user["email"], "password": password });
    Client::anonymous(app.address).post("/api/v1/auth/login", body).await
}

async fn logged_in(app: &TestApp, user: &Value) -> Client {
    let tokens = log_in(app, user, PASSWORD).await.expect(200);
    Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap())
}

#[actix_web::test]
async fn a_user_is_made_found_changed_and_removed() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let upper = json!({ "email": format!("Ana@{}", house.domain.to_uppercase()), "name": " Ana ", "role": "WAITER",
        "password": PASSWORD });
    let ana = house.manager.post(USERS, upper).await.expect(201);
    assert_eq!(ana["email"], format!("ana@{}", house.domain));
    assert_eq!((&ana["name"], &ana["role"]), (&"Ana".into(), &"WAITER".into()));
    assert_eq!(ana["restaurantId"], house.id.to_string());
    assert!(!ana.to_string().contains("argon2"), "{ana}");
    assert_eq!(house.manager.get(&one(&ana)).await.expect(200), ana);
    let page = house.manager.get(&format!("{USERS}?limit=2")).await;
    let next = page.header("link").unwrap().split(['<', '>']).nth(1).unwrap().to_owned();
    assert_eq!(page.expect(200)[0], ana);
    let rest = house.manager.get(&next).await.expect(200);
    assert!(rest.as_array().unwrap().iter().all(|user| user["id"] != ana["id"]), "{rest}");

    let changed = house.manager.patch(&one(&ana), json!({ "name": "Ana Ruiz" })).await.expect(200);
    assert_eq!(changed["name"], "Ana Ruiz");
    assert_eq!(house.manager.patch(&one(&ana), json!({})).await.expect(200), changed);
    logged_in(&app, &ana).await.get(ME).await.expect(200);

    assert_eq!(house.manager.delete(&one(&ana)).await.status, 204);
    for gone in [house.manager.get(&one(&ana)).await, house.manager.delete(&one(&ana)).await] {
        gone.expect_error(404, "NOT_FOUND");
    }
    log_in(&app, &ana, PASSWORD).await.expect_error(401, "INVALID_CREDENTIALS");
    // The address is free again, for another person.
    let again = make(&house, "ana", "KITCHEN").await;
    assert_ne!(again["id"], ana["id"]);
    let log = "SELECT action FROM people_log WHERE subject_id = $1 ORDER BY id";
    let subject: uuid::Uuid = id(&ana).parse().unwrap();
    let rows = app.database.admin().await.query(log, &[&subject]).await.unwrap();
    let actions: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    // What changed nothing is no deed.
    assert_eq!(actions, ["user.made", "user.changed", "user.removed"]);
}

#[actix_web::test]
async fn nobody_gives_or_takes_a_role_above_their_own() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let roles = [&house.waiter, &house.cashier, &house.expo, &house.kitchen];
    for who in roles {
        who.get(USERS).await.expect_error(403, "FORBIDDEN");
        who.post(USERS, body(&house, "x", "KITCHEN")).await.expect_error(403, "FORBIDDEN");
        let self_made = format!("{USERS}/{}", house.user(Role::Waiter));
        who.patch(&self_made, json!({ "role": "MANAGER" })).await.expect_error(403, "FORBIDDEN");
        who.delete(&self_made).await.expect_error(403, "FORBIDDEN");
    }
    house.manager.post(USERS, body(&house, "x", "OWNER")).await.expect_error(403, "FORBIDDEN");
    let (owner, manager) = (house.user(Role::Owner), house.user(Role::Manager));
    for change in
        [json!({ "role": "WAITER" }), json!({ "password": "another password" }), json!({ "name": "x" })]
    {
        house.manager.patch(&format!("{USERS}/{owner}"), change).await.expect_error(403, "FORBIDDEN");
    }
    house.manager.delete(&format!("{USERS}/{owner}")).await.expect_error(403, "FORBIDDEN");
    let promoted = json!({ "role": "OWNER" });
    house.manager.patch(&format!("{USERS}/{manager}"), promoted).await.expect_error(403, "FORBIDDEN");
    // A stolen token does not become an account.
    for own in [json!({ "password": "another password" }), json!({ "email": "thief@x.example" })] {
        house.manager.patch(&format!("{USERS}/{manager}"), own).await.expect_error(403, "FORBIDDEN");
    }
    // No role but those of staff, and nothing beside what may be set.
    for (field, value) in [("role", json!("PUBLIC")), ("role", json!("DEVICE")), ("restaurantId", json!("x"))]
    {
        let mut new = body(&house, "x", "WAITER");
        new[field] = value;
        house.owner.post(USERS, new).await.expect_error(400, "VALIDATION_FAILED");
    }
    let mut short = body(&house, "x", "WAITER");
    short["password"] = "seven77".into();
    house.owner.post(USERS, short).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(make(&house, "second", "OWNER").await["role"], "OWNER");
}

#[actix_web::test]
async fn an_address_is_one_persons_everywhere() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    for taken in [house.email(Role::Waiter), other.email(Role::Waiter).to_uppercase()] {
        let new = json!({ "email": taken, "name": "x", "role": "WAITER", "password": PASSWORD });
        house.owner.post(USERS, new).await.expect_error(409, "EMAIL_TAKEN");
        let path = format!("{USERS}/{}", house.user(Role::Kitchen));
        house.owner.patch(&path, json!({ "email": taken })).await.expect_error(409, "EMAIL_TAKEN");
    }
}

/// What raced: two owners who put each other out left a restaurant that nobody could manage.
#[actix_web::test]
async fn of_owners_who_remove_each_other_one_stays() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let owner = format!("{USERS}/{}", house.user(Role::Owner));
    let alone = house.owner.delete(&owner).await;
    alone.expect_error(409, "LAST_OWNER");
    house.owner.patch(&owner, json!({ "role": "MANAGER" })).await.expect_error(409, "LAST_OWNER");
    for n in 0..5 {
        let second = make(&house, &format!("second{n}"), "OWNER").await;
        let other = logged_in(&app, &second).await;
        let demote = json!({ "role": "MANAGER" });
        let (path, first) = (one(&second), demote.clone());
        let (one, two) = tokio::join!(house.owner.patch(&path, first), other.patch(&owner, demote));
        let owners = house.manager.get(&format!("{USERS}?limit=100")).await.expect(200);
        let owners = owners.as_array().unwrap().iter().filter(|user| user["role"] == "OWNER").count();
        assert_eq!(owners, 1, "{} {}", one.text, two.text);
        // Whoever is left puts the first one back for the next round.
        let promoted = json!({ "role": "OWNER" });
        if one.status != 200 {
            assert_eq!(two.status, 200, "{}", two.text);
            other.patch(&owner, promoted).await.expect(200);
            other.patch(&path, json!({ "role": "WAITER" })).await.expect(200);
        }
    }
}

#[actix_web::test]
async fn another_restaurants_user_is_nobody() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let theirs = format!("{USERS}/{}", other.user(Role::Waiter));
    let unknown = format!("{USERS}/{}", uuid::Uuid::now_v7());
    for (path, what) in
        [(&theirs, other.user(Role::Waiter).to_string()), (&unknown, unknown[14..].to_owned())]
    {
        for answer in [
            house.owner.get(path).await,
            house.owner.patch(path, json!({ "role": "KITCHEN" })).await,
            house.owner.delete(path).await,
        ] {
            let told = answer.expect_error(404, "NOT_FOUND");
            assert_eq!(told["message"], format!("User with ID {what} not found"));
        }
    }
    let ours = house.owner.get(&format!("{USERS}?limit=100")).await.expect(200);
    assert_eq!(ours.as_array().unwrap().len(), Role::ALL.len());
    other.waiter.get(ME).await.expect(200);
}

#[actix_web::test]
async fn a_keyed_request_is_done_once() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let new = body(&house, "ana", "WAITER");
    let first = house.owner.key("k").post(USERS, new.clone()).await;
    assert_eq!(first.header("idempotent-replay"), None);
    let first = first.expect(201);
    let again = house.owner.key("k").post(USERS, new.clone()).await;
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    assert_eq!(again.expect(201), first);
    let mut other = new.clone();
    other["password"] = "another password".into();
    house.owner.key("k").post(USERS, other).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    // A final refusal is kept too.
    house.owner.key("taken").post(USERS, new.clone()).await.expect_error(409, "EMAIL_TAKEN");
    assert_eq!(house.owner.key("gone").delete(&one(&first)).await.status, 204);
    house.owner.key("taken").post(USERS, new).await.expect_error(409, "EMAIL_TAKEN");
    let gone = house.owner.key("gone").delete(&one(&first)).await;
    assert_eq!((gone.status, gone.header("idempotent-replay")), (204, Some("true")));
    // At once: one is made, the others hear of it or that it is under way.
    let racing = body(&house, "bea", "WAITER");
    let answers = join_all((0..8).map(|_| {
        let (who, body) = (house.owner.key("race"), racing.clone());
        async move { who.post(USERS, body).await }
    }))
    .await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(!made.is_empty() && made.iter().all(|answer| answer.body == made[0].body));
    assert_eq!(made.iter().filter(|answer| answer.header("idempotent-replay").is_none()).count(), 1);
    // 503: too many passwords at once for a busy machine.
    for refused in answers.iter().filter(|answer| ![201, 503].contains(&answer.status)) {
        refused.clone().expect_error(409, "IDEMPOTENCY_IN_FLIGHT");
    }
}

#[actix_web::test]
async fn live_sockets_feel_a_new_role_a_new_password_and_a_removal() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let house = app.restaurant().await;
        let (user, stays) = (make(&house, "ana", "EXPO").await, make(&house, "bea", "EXPO").await);
        let (who, other) = (logged_in(&app, &user).await, logged_in(&app, &stays).await);
        let mut untouched = Display::join(&other).await;

        let mut slowest = Duration::ZERO;
        // Another role: the socket ends and comes back as what the user is now.
        let mut display = Display::join(&who).await;
        let start = Instant::now();
        house.manager.patch(&one(&user), json!({ "role": "KITCHEN" })).await.expect(200);
        assert_eq!(who.get(ME).await.expect(200)["role"], "KITCHEN");
        assert_eq!(display.close_code().await, Some(4003));
        slowest = slowest.max(start.elapsed());

        let mut display = Display::join(&who).await;
        let start = Instant::now();
        house.manager.patch(&one(&user), json!({ "password": "another password" })).await.expect(200);
        assert_eq!(display.close_code().await, Some(4502));
        slowest = slowest.max(start.elapsed());
        who.get(ME).await.expect_error(401, "INVALID_TOKEN");
        log_in(&app, &user, PASSWORD).await.expect_error(401, "INVALID_CREDENTIALS");
        let tokens = log_in(&app, &user, "another password").await.expect(200);

        let who = who.with_token(tokens["accessToken"].as_str().unwrap());
        let mut display = Display::join(&who).await;
        let start = Instant::now();
        assert_eq!(house.manager.delete(&one(&user)).await.status, 204);
        assert_eq!(display.close_code().await, Some(4502));
        slowest = slowest.max(start.elapsed());
        who.get(ME).await.expect_error(401, "INVALID_TOKEN");
        let refresh = json!({ "refreshToken": tokens["refreshToken"] });
        who.post("/api/v1/auth/refresh", refresh).await.expect_error(401, "INVALID_TOKEN");

        house.open_table().await;
        untouched.expect("table.session.opened").await;
        slowest
    })
    .await;
}

/// Where anyone may own a restaurant, an owner could ask for one address after the other whether somebody has it.
#[actix_web::test]
async fn whose_addresses_are_here_cannot_be_tried_out() {
    let app = spawn_app_with(&[("COMANDA__AUTH__TAKEN_PER_HOUR", "3")]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let try_one = async |n: usize, email: String| match n {
        0 => {
            house
                .owner
                .post(USERS, json!({ "email": email, "name": "x", "role": "WAITER", "password": PASSWORD }))
                .await
        }
        1 => {
            house
                .owner
                .patch(&format!("{USERS}/{}", house.user(Role::Waiter)), json!({ "email": email }))
                .await
        }
        _ => {
            house
                .cashier
                .patch("/api/v1/auth/me", json!({ "email": email, "currentPassword": PASSWORD }))
                .await
        }
    };
    // What is free is no news.
    for n in 0..3 {
        assert!(try_one(n, format!("free{n}@new.{}", house.domain)).await.status < 300);
    }
    for n in 0..3 {
        try_one(n, other.email(Role::Owner)).await.expect_error(409, "EMAIL_TAKEN");
    }
    for n in 0..3 {
        try_one(n, other.email(Role::Owner)).await.expect_error(429, "TOO_MANY_REQUESTS");
        try_one(n, format!("more{n}@new.{}", house.domain)).await.expect_error(429, "TOO_MANY_REQUESTS");
    }
    other.owner.get(USERS).await.expect(200);
    let taken = json!({ "email": house.email(Role::Owner) });
    let path = format!("{USERS}/{}", other.user(Role::Waiter));
    other.owner.patch(&path, taken).await.expect_error(409, "EMAIL_TAKEN");
}

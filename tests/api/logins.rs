//! Who is let in, over the wire: passwords, refresh tokens, tokens of others, and what the log
//! must never hold.

use crate::{
    server::Server,
    support::{
        Answer, Client, Display, House, TestApp,
        app::SECRET,
        database::TestDatabase,
        house::{PASSWORD, id, token},
        promise::{OUT_WITHIN, keeps},
        spawn_app, spawn_app_with,
    },
};
use comanda::domain::{
    ids::{RestaurantId, UserId},
    principal::Role,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

const LOGIN: &str = "/api/v1/auth/login";
const REFRESH: &str = "/api/v1/auth/refresh";
const ME: &str = "/api/v1/auth/me";

async fn try_login(app: &TestApp, email: &str, password: &str) -> Answer {
    Client::anonymous(app.address).post(LOGIN, json!({ "email": email, "password": password })).await
}

async fn login(app: &TestApp, house: &House, role: Role) -> Value {
    try_login(app, &house.email(role), PASSWORD).await.expect(200)
}

async fn refresh(app: &TestApp, tokens: &Value, key: Option<&str>) -> Answer {
    let anyone = Client::anonymous(app.address);
    let who = key.map_or_else(|| anyone.clone(), |key| anyone.key(key));
    who.post(REFRESH, json!({ "refreshToken": tokens["refreshToken"] })).await
}

fn holder(app: &TestApp, tokens: &Value) -> Client {
    Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap())
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let wrong = try_login(&app, &house.email(Role::Waiter), "not the password").await;
    for unknown in ["nobody@nowhere.example", "no address at all"] {
        let unknown = try_login(&app, unknown, "not the password").await;
        assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
        let names = |answer: &Answer| -> BTreeSet<String> {
            answer.headers.keys().map(ToString::to_string).collect()
        };
        assert_eq!(names(&wrong), names(&unknown));
    }
    wrong.expect_error(401, "INVALID_CREDENTIALS");
}

#[actix_web::test]
async fn five_failures_are_enough_for_a_while() {
    let app = spawn_app_with(&[("COMANDA__AUTH__FAILURE_WINDOW", "10s")]).await;
    let house = app.restaurant().await;
    let email = house.email(Role::Waiter);
    for _ in 0..5 {
        try_login(&app, &email, "wrong password").await.expect_error(401, "INVALID_CREDENTIALS");
    }
    // Not even the right password, nor another spelling of the address.
    let refused = try_login(&app, &email.to_uppercase(), PASSWORD).await;
    let after: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&after), "{after}");
    refused.expect_error(429, "TOO_MANY_REQUESTS");
    // Another account from the same address is none of this, and a session lives on.
    login(&app, &house, Role::Kitchen).await;
    house.waiter.get(ME).await.expect(200);
    tokio::time::sleep(Duration::from_secs(after)).await;
    login(&app, &house, Role::Waiter).await;
}

#[actix_web::test]
async fn an_access_token_lives_as_long_as_was_asked() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let body = json!({ "email": house.email(Role::Waiter), "password": PASSWORD, "ttl": 1 });
    let tokens = Client::anonymous(app.address).post(LOGIN, body).await.expect(200);
    assert_eq!(tokens["expiresIn"], 1);
    let who = holder(&app, &tokens);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    who.get(ME).await.expect_error(401, "TOKEN_EXPIRED");
    // The next pair has the lifetime of the login.
    let next = refresh(&app, &tokens, None).await;
    assert_eq!(next.header("cache-control"), Some("no-store"));
    let next = next.expect(200);
    assert_eq!((&next["expiresIn"], &next["user"]), (&1.into(), &tokens["user"]));
    assert_eq!(next["tokenType"], "Bearer");
}

#[actix_web::test]
async fn a_lost_answer_is_repeated_only_while_its_successor_is_unused() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let first = login(&app, &house, Role::Waiter).await;
    let second = refresh(&app, &first, Some("a")).await.expect(200);
    let repeated = refresh(&app, &first, Some("a")).await.expect(200);
    assert_eq!(repeated["refreshToken"], second["refreshToken"]);
    assert_ne!(second["refreshToken"], first["refreshToken"]);
    let third = refresh(&app, &second, Some("b")).await.expect(200);
    // The successor was used, so whoever comes with the first one now is a thief, or was robbed.
    refresh(&app, &first, Some("a")).await.expect_error(401, "INVALID_TOKEN");
    for dead in [&first, &second, &third] {
        refresh(&app, dead, Some("c")).await.expect_error(401, "INVALID_TOKEN");
        holder(&app, dead).get(ME).await.expect_error(401, "INVALID_TOKEN");
    }
}

#[actix_web::test]
async fn a_stolen_refresh_token_ends_the_login_and_its_sockets() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let house = app.restaurant().await;
        let (mine, stays) =
            (login(&app, &house, Role::Kitchen).await, login(&app, &house, Role::Kitchen).await);
        let mut display = Display::join(&holder(&app, &mine)).await;
        refresh(&app, &mine, Some("thief")).await.expect(200);
        refresh(&app, &mine, Some("me")).await.expect_error(401, "INVALID_TOKEN");
        // Nothing of that family opens anything from here on; its sockets end soon.
        let begun = std::time::Instant::now();
        holder(&app, &mine).get(ME).await.expect_error(401, "INVALID_TOKEN");
        assert_eq!(display.close_code().await, Some(4502));
        let took = begun.elapsed();
        // The same user's other login is another family.
        holder(&app, &stays).get(ME).await.expect(200);
        took
    })
    .await;
}

/// What raced: a page that reloads in two tabs refreshes twice at once.
#[actix_web::test]
async fn refreshes_at_once_with_one_key_have_one_successor() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let first = login(&app, &house, Role::Waiter).await;
    let answers = futures_util::future::join_all((0..10).map(|_| refresh(&app, &first, Some("tabs")))).await;
    let next: Vec<Value> = answers.into_iter().map(|answer| answer.expect(200)).collect();
    assert!(next.iter().all(|tokens| tokens["refreshToken"] == next[0]["refreshToken"]));
    refresh(&app, &next[0], None).await.expect(200);
}

#[actix_web::test]
async fn tokens_that_are_not_ours_open_nothing() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let good = house.waiter.token.clone().unwrap();
    let me: Value = house.waiter.get(ME).await.expect(200);
    let me = UserId(id(&me).parse().unwrap());
    let (head, rest) = good.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let mut other = signature.to_owned();
    let last = if other.starts_with('A') { "B" } else { "A" };
    other.replace_range(..1, last);
    for (what, forged) in [
        ("another signature", format!("{head}.{claims}.{other}")),
        ("no signature", format!("{head}.{claims}.")),
        ("no algorithm", format!("eyJhbGciOiJub25lIn0.{claims}.")),
        ("a tail", format!("{good}x")),
        ("not a token", "abc".to_owned()),
        (
            "another restaurant",
            token(me, RestaurantId::generate(), Role::Waiter, SignedDuration::from_hours(1)),
        ),
    ] {
        let answer = house.waiter.with_token(forged).get(ME).await;
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
        answer.expect_error(401, "INVALID_TOKEN");
    }
    let expired = token(me, house.id, Role::Waiter, SignedDuration::from_secs(-1));
    house.waiter.with_token(expired).get(ME).await.expect_error(401, "TOKEN_EXPIRED");
    let anyone = Client::anonymous(app.address);
    for header in ["", "Bearer", "Bearer ", "Basic YTpi", good.as_str(), &format!("Token {good}")] {
        anyone.header("Authorization", header).get(ME).await.expect_error(401, "INVALID_TOKEN");
    }
    // Never from a URL.
    anyone.get(&format!("{ME}?token={good}")).await.expect_error(401, "INVALID_TOKEN");
    anyone.get(&format!("{ME}?access_token={good}")).await.expect_error(401, "INVALID_TOKEN");
    // The role is what the database says, not what the token does.
    let promoted = house.waiter.with_token(token(me, house.id, Role::Owner, SignedDuration::from_hours(1)));
    assert_eq!(promoted.get(ME).await.expect(200)["role"], "WAITER");
    promoted.post("/api/v1/tables", json!({ "name": "x" })).await.expect_error(403, "FORBIDDEN");
}

#[actix_web::test]
async fn users_of_another_service_come_in_where_that_is_allowed() {
    let foreign = |app: &TestApp, house: &House, role| {
        let token = token(UserId::generate(), house.id, role, SignedDuration::from_hours(1));
        Client::anonymous(app.address).with_token(token)
    };
    let app = spawn_app().await;
    let house = app.restaurant().await;
    foreign(&app, &house, Role::Waiter).get(ME).await.expect_error(401, "INVALID_TOKEN");

    let app = spawn_app_with(&[("COMANDA__AUTH__FOREIGN_USERS", "true")]).await;
    let house = app.restaurant().await;
    foreign(&app, &house, Role::Owner).get(ME).await.expect_error(401, "INVALID_TOKEN");
    let manager = foreign(&app, &house, Role::Manager);
    let table = manager.post("/api/v1/tables", json!({ "name": "Patio" })).await.expect(201);
    let waiter = foreign(&app, &house, Role::Waiter);
    let me = waiter.get(ME).await.expect(200);
    assert_eq!((&me["role"], &me["email"], &me["name"]), (&"WAITER".into(), &Value::Null, &Value::Null));
    let session = waiter.post("/api/v1/table-sessions", json!({ "tableId": table["id"] })).await.expect(201);
    let order = waiter.post("/api/v1/orders", json!({ "tableSessionId": session["id"] })).await.expect(201);
    assert_eq!(order["createdBy"], me["id"]);
    house.add_item(&id(&order), "Plato").await;
    let path = format!("/api/v1/orders/{}", id(&order));
    waiter.press(&format!("{path}/confirm")).await.expect(200);
    // History names users of ours only.
    waiter.get(&format!("{path}/history")).await.expect(200);
    let mut display = Display::join(&foreign(&app, &house, Role::Kitchen)).await;
    waiter.press(&format!("{path}/cancel")).await.expect(200);
    display.events(1).await;
    // One of ours elsewhere is nobody here.
    let other = app.restaurant().await;
    let elsewhere = UserId(id(&other.waiter.get(ME).await.expect(200)).parse().unwrap());
    let stray = token(elsewhere, house.id, Role::Waiter, SignedDuration::from_hours(1));
    house.waiter.with_token(stray).get(ME).await.expect_error(401, "INVALID_TOKEN");
}

/// Everything that is secret goes through a server that logs all it can; none of it may be in the log.
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_ever_logged() {
    let database = TestDatabase::create().await;
    let (folder, url) = (tempfile::tempdir().unwrap(), database.url());
    let path = folder.path().join("log");
    let log = std::fs::File::create(&path).unwrap();
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("COMANDA__DATABASE__ALLOW_ASYNC_COMMIT", "true"),
        ("JWT_SECRET", SECRET),
        ("RUST_LOG", "trace"),
    ];
    let server = Server::start_logged(folder.path(), 0, &settings, log);
    let anyone = Client::anonymous(server.address);
    let login = |email: &str, password: &str| {
        let (anyone, body) = (anyone.clone(), json!({ "email": email, "password": password }));
        async move { anyone.post(LOGIN, body).await }
    };
    login("waiter@restaurante.com", "a-canary-in-a-password").await.expect_error(401, "INVALID_CREDENTIALS");
    let tokens = login("waiter@restaurante.com", PASSWORD).await.expect(200);
    let refreshed = anyone.post(REFRESH, json!({ "refreshToken": tokens["refreshToken"] })).await.expect(200);
    let access = refreshed["accessToken"].as_str().unwrap();
    let waiter = anyone.with_token(access);
    waiter.unheard().get(&format!("{ME}?token={access}")).await;
    let ticket = waiter.press("/api/v1/events/ticket").await.expect(201);
    let ticket = ticket["ticket"].as_str().unwrap();
    let stream =
        reqwest::get(format!("http://{}/api/v1/events/stream?ticket={ticket}", server.address)).await;
    assert_eq!(stream.unwrap().status(), 200);
    waiter.with_token("a-canary-in-a-token").get(ME).await.expect_error(401, "INVALID_TOKEN");
    anyone
        .post(REFRESH, json!({ "refreshToken": "a-canary-in-a-refresh-token" }))
        .await
        .expect_error(401, "INVALID_TOKEN");
    let mut display = Display::join(&waiter).await;
    display.send("auth-refresh", json!({ "token": access })).await;
    display.next().await;
    display.send_text(r#"{"event":"nonsense","data":"a-canary-in-a-frame"}"#.into()).await;
    display.next().await;
    let text = |tokens: &Value, name: &str| tokens[name].as_str().unwrap().to_owned();
    let database_password =
        url.split_once("://").unwrap().1.split_once('@').unwrap().0.split_once(':').unwrap().1;
    let managers = login("manager@restaurante.com", PASSWORD).await.expect(200);
    let manager = anyone.with_token(managers["accessToken"].as_str().unwrap());
    let mut secrets = crate::people::secrets::whisper(&anyone, &waiter, &manager).await;
    secrets.extend([
        PASSWORD.to_owned(),
        "a-canary".to_owned(),
        text(&tokens, "accessToken"),
        text(&tokens, "refreshToken"),
        access.to_owned(),
        text(&refreshed, "refreshToken"),
        ticket.to_owned(),
        SECRET.to_owned(),
        database_password.to_owned(),
        "$argon2id$".to_owned(),
    ]);
    drop(display);
    server.terminate();
    let log = std::fs::read_to_string(path).unwrap();
    assert!(
        log.contains("TRACE") && log.contains("/api/v1/auth/login"),
        "the log is not what this test needs"
    );
    for secret in secrets {
        if let Some(line) = log.lines().find(|line| line.contains(&secret)) {
            panic!("{secret} is in the log: {line}");
        }
    }
}

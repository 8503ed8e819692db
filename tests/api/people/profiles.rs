//! Fields that a house declares for its people, and logging in by one of them.

use crate::support::{
    Client, House, Poller, TestApp,
    house::{PASSWORD, id},
    spawn_app, spawn_app_with,
};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

const REGISTER: &str = "/api/v1/auth/register";
const LOGIN: &str = "/api/v1/auth/login";
const ME: &str = "/api/v1/auth/me";
const DECLARED: [(&str, &str); 3] = [
    (
        "COMANDA__AUTH__ADDITIONAL_FIELDS",
        "username:string!,points:integer,ratio:number,vip:boolean,born:date",
    ),
    ("COMANDA__AUTH__LOGIN_FIELD", "username"),
    ("COMANDA__AUTH__REGISTRATIONS_PER_HOUR", "1000"),
];

async fn app_with(more: &[(&str, &str)]) -> TestApp {
    spawn_app_with(&[&DECLARED[..], more].concat()).await
}

async fn invited(house: &House, name: &str) -> Value {
    let invite = house.manager.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201);
    json!({ "email": format!("{name}@new.{}", house.domain), "password": PASSWORD, "name": name,
        "inviteCode": invite["code"] })
}

fn holder(app: &TestApp, tokens: &Value) -> Client {
    Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap())
}

#[actix_web::test]
async fn declared_fields_are_kept_shown_and_logged_in_by() {
    let app = app_with(&[]).await;
    let house = app.restaurant().await;
    let anyone = Client::anonymous(app.address);
    let ana = invited(&house, "ana").await;
    anyone.post(REGISTER, ana.clone()).await.expect_error(400, "VALIDATION_FAILED");
    for (field, value) in [
        ("username", json!("  ")),
        ("username", json!(7)),
        ("points", json!(1.5)),
        ("vip", json!("yes")),
        ("born", json!("soon")),
        ("role", json!("OWNER")),
        ("restaurantId", json!(house.id.to_string())),
        ("phone", json!("1")),
    ] {
        let mut bad = ana.clone();
        bad["username"] = "ana".into();
        bad[field] = value;
        anyone.post(REGISTER, bad).await.expect_error(400, "VALIDATION_FAILED");
    }
    let mut good = ana;
    for (field, value) in
        [("username", json!("Ana Ruiz")), ("points", json!(3)), ("ratio", json!(0.5)), ("vip", json!(true))]
    {
        good[field] = value;
    }
    good["born"] = "1990-05-17".into();
    let tokens = anyone.post(REGISTER, good).await.expect(201);
    let user = &tokens["user"];
    assert_eq!(
        [&user["username"], &user["points"], &user["ratio"], &user["vip"], &user["born"]],
        [&json!("Ana Ruiz"), &json!(3), &json!(0.5), &json!(true), &json!("1990-05-17T00:00:00.000Z")]
    );
    assert_eq!(&holder(&app, &tokens).get(ME).await.expect(200), user);
    // By the name, however it is written, and by the address, which everybody has.
    let email = user["email"].clone();
    let mut last = Value::Null;
    for who in
        [json!({ "username": "ana ruiz" }), json!({ "username": " ANA RUIZ " }), json!({ "email": email })]
    {
        let mut login = who;
        login["password"] = PASSWORD.into();
        last = anyone.post(LOGIN, login).await.expect(200);
        assert_eq!(&last["user"], user);
    }
    let refreshed = json!({ "refreshToken": last["refreshToken"] });
    assert_eq!(&anyone.post("/api/v1/auth/refresh", refreshed).await.expect(200)["user"], user);
    for bad in [
        json!({ "password": PASSWORD }),
        json!({ "username": "ana ruiz", "email": email, "password": PASSWORD }),
        json!({ "username": "", "password": PASSWORD }),
    ] {
        anyone.post(LOGIN, bad).await.expect_error(400, "VALIDATION_FAILED");
    }
    // Somebody else's word of the same kind is not hers, nor is a wrong password told from a wrong name.
    for (name, password) in
        [("ana ruiz", "not the password"), ("nobody at all", PASSWORD), ("a\0b", PASSWORD)]
    {
        let login = json!({ "username": name, "password": password });
        anyone.post(LOGIN, login).await.expect_error(401, "INVALID_CREDENTIALS");
    }
}

#[actix_web::test]
async fn a_name_is_one_persons_everywhere_and_changes_with_the_password() {
    let app = app_with(&[("COMANDA__AUTH__REGISTER", "open")]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let anyone = Client::anonymous(app.address);
    let mut ana = invited(&house, "ana").await;
    ana["username"] = "Ana".into();
    let tokens = anyone.post(REGISTER, ana).await.expect(201);
    let mut twin = invited(&other, "twin").await;
    twin["username"] = "ANA".into();
    anyone.post(REGISTER, twin.clone()).await.expect_error(409, "VALUE_TAKEN");
    // Nothing is left of a registration that was refused, also of one that would make a restaurant.
    twin["inviteCode"] = Value::Null;
    let restaurants = async || {
        let admin = app.database.admin().await;
        admin.query_one("SELECT count(*) FROM restaurants", &[]).await.unwrap().get::<_, i64>(0)
    };
    let before = restaurants().await;
    anyone.post(REGISTER, twin.clone()).await.expect_error(409, "VALUE_TAKEN");
    assert_eq!(restaurants().await, before);
    twin["username"] = "Twin".into();
    let twin = anyone.post(REGISTER, twin).await.expect(201);
    assert_eq!((&twin["user"]["role"], &twin["user"]["username"]), (&"OWNER".into(), &"Twin".into()));

    let who = holder(&app, &tokens);
    let me = who.patch(ME, json!({ "points": 8 })).await.expect(200);
    assert_eq!((&me["points"], &me["username"]), (&json!(8), &json!("Ana")));
    who.patch(ME, json!({ "username": "anna" })).await.expect_error(400, "VALIDATION_FAILED");
    let taken = json!({ "username": "twin", "currentPassword": PASSWORD });
    who.patch(ME, taken).await.expect_error(409, "VALUE_TAKEN");
    let wrong = json!({ "username": "anna", "currentPassword": "not the password" });
    who.patch(ME, wrong).await.expect_error(401, "INVALID_CREDENTIALS");
    let good = json!({ "username": "anna", "currentPassword": PASSWORD });
    assert_eq!(who.patch(ME, good).await.expect(200)["points"], 8);
    let login = |name: &str| json!({ "username": name, "password": PASSWORD });
    anyone.post(LOGIN, login("ana")).await.expect_error(401, "INVALID_CREDENTIALS");
    anyone.post(LOGIN, login("anna")).await.expect(200);
    let noted = house.manager.get(&format!("/api/v1/people/log?subject={}", id(&me))).await.expect(200);
    assert_eq!(noted[0]["fields"], json!(["username"]));

    // Whoever is removed leaves the name, and nothing of what was kept.
    house.owner.delete(&format!("/api/v1/users/{}", id(&me))).await.expect(204);
    anyone.post(LOGIN, login("anna")).await.expect_error(401, "INVALID_CREDENTIALS");
    let kept = "SELECT count(*) FROM user_profiles WHERE user_id = $1::text::uuid";
    let kept = app.database.admin().await.query_one(kept, &[&id(&me)]).await.unwrap();
    assert_eq!(kept.get::<_, i64>(0), 0);
    let mut next = invited(&other, "next").await;
    next["username"] = "Anna".into();
    anyone.post(REGISTER, next).await.expect(201);
}

#[actix_web::test]
async fn guesses_at_a_name_are_counted_and_it_works_over_a_socket() {
    let app = app_with(&[("COMANDA__AUTH__ANONYMOUS_NAMESPACES", "/")]).await;
    let house = app.restaurant().await;
    let (mut poller, _) = Poller::enter(&Client::anonymous(app.address), &json!({})).await;
    let mut ana = invited(&house, "ana").await;
    let refused = poller.ask("auth-register", ana.clone()).await;
    assert_eq!(refused["error"]["details"], json!(["username should not be empty"]));
    poller.expect("exception").await;
    ana["username"] = "ana".into();
    let made = poller.ask("auth-register", ana).await;
    assert_eq!(made["data"]["user"]["username"], "ana", "{made}");
    let mine = poller.ask("auth-get-account", json!({})).await;
    assert_eq!(mine["data"], made["data"]["user"]);
    let changed = poller.ask("auth-update-account", json!({ "vip": false })).await;
    assert_eq!((&changed["data"]["vip"], &changed["data"]["username"]), (&json!(false), &json!("ana")));
    let (mut second, _) = Poller::enter(&Client::anonymous(app.address), &json!({})).await;
    let login = json!({ "username": "ANA", "password": PASSWORD });
    assert_eq!(second.ask("auth-login", login.clone()).await["data"]["user"], changed["data"]);
    let anyone = Client::anonymous(app.address);
    let wrong = json!({ "username": "ana", "password": "not the password" });
    for _ in 0..5 {
        anyone.post(LOGIN, wrong.clone()).await.expect_error(401, "INVALID_CREDENTIALS");
    }
    anyone.post(LOGIN, login).await.expect_error(429, "TOO_MANY_REQUESTS");
}

/// Where nothing is declared nothing can be given, and people log in by their address alone.
#[actix_web::test]
async fn without_a_declaration_there_are_no_more_fields() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut ana = invited(&house, "ana").await;
    ana["username"] = "ana".into();
    Client::anonymous(app.address).post(REGISTER, ana).await.expect_error(400, "VALIDATION_FAILED");
    house.waiter.patch(ME, json!({ "username": "ana" })).await.expect_error(400, "VALIDATION_FAILED");
    let login = json!({ "username": house.email(Role::Waiter), "password": PASSWORD });
    Client::anonymous(app.address).post(LOGIN, login).await.expect_error(400, "VALIDATION_FAILED");
}

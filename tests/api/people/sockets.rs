//! The same over Socket.IO (specification 003): logging in authenticates a socket, logging out ends it.

use crate::support::{
    Client, Display, House, Poller, TestApp,
    house::{PASSWORD, id},
    spawn_app, spawn_app_with,
};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

const ANYONE: (&str, &str) = ("COMANDA__AUTH__ANONYMOUS_NAMESPACES", "/");
const ME: &str = "/api/v1/auth/me";

async fn anonymous(app: &TestApp) -> Poller {
    let (poller, connected) = Poller::enter(&Client::anonymous(app.address), &json!({})).await;
    assert!(connected.starts_with("40{") && !connected.contains("pid"), "{connected}");
    poller
}

/// Fails unless the answer is a refusal with this code, and the exception that goes with it.
async fn refused(poller: &mut Poller, event: &str, data: Value, code: &str) {
    let answer = poller.ask(event, data.clone()).await;
    assert_eq!((&answer["error"]["code"], answer.get("event")), (&code.into(), None), "{answer}");
    let exception = poller.expect("exception").await;
    assert_eq!((&exception["code"], &exception["cause"]["pattern"]), (&code.into(), &event.into()));
    for sent in data.as_object().unwrap().values().filter_map(Value::as_str) {
        assert!(!format!("{answer}{exception}").contains(sent), "{sent} is echoed: {answer} {exception}");
    }
}

fn credentials(house: &House, role: Role) -> Value {
    json!({ "email": house.email(role), "password": PASSWORD })
}

/// Over a socket as over REST: who has another password ends the other logins, and no poller need come by for that.
#[actix_web::test]
async fn another_password_over_a_socket_ends_the_other_logins_at_once() {
    let app = spawn_app_with(&[ANYONE]).await;
    let house = app.restaurant().await;
    let (mine, other) = (house.log_in(Role::Waiter).await, house.log_in(Role::Waiter).await);
    let mut display = Display::join(&other.client).await;
    // The poller looks in vain.
    let blind = "ALTER FUNCTION comanda_auth_changes(timestamptz) RENAME TO comanda_auth_changes_of_another";
    app.database.admin().await.batch_execute(blind).await.unwrap();
    let mut poller = Poller::join(&mine.client).await;
    let to = json!({ "password": "another password", "currentPassword": PASSWORD });
    assert_eq!(poller.ask("auth-update-account", to).await["event"], "auth-update-account");
    assert_eq!(display.close_code().await, Some(4502));
}

#[actix_web::test]
async fn logging_in_authenticates_a_socket_and_logging_out_ends_it() {
    let app = spawn_app_with(&[ANYONE]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let mut poller = anonymous(&app).await;
    for event in
        ["auth-get-account", "auth-update-account", "auth-logout", "auth-refresh", "new_order", "seen"]
    {
        refused(&mut poller, event, json!({}), "INVALID_TOKEN").await;
    }
    let wrong = json!({ "email": house.email(Role::Waiter), "password": "not the password" });
    refused(&mut poller, "auth-login", wrong, "INVALID_CREDENTIALS").await;
    // Nobody is in no room.
    house.open_table().await;
    let answer = poller.ask("auth-login", credentials(&house, Role::Waiter)).await;
    assert_eq!(answer["event"], "auth-login", "{answer}");
    let data = &answer["data"];
    assert_eq!(data["user"]["restaurantId"], house.id.to_string());
    assert!(data["expiresIn"].is_u64() && data["refreshToken"].is_string(), "{data}");
    let who = Client::anonymous(app.address).with_token(data["accessToken"].as_str().unwrap());
    assert_eq!(who.get(ME).await.expect(200), data["user"]);
    let mine = poller.ask("auth-get-account", json!({})).await;
    assert_eq!(mine, json!({ "event": "auth-get-account", "data": data["user"] }));
    // From here on it hears its restaurant, and no other.
    other.open_table().await;
    let session = house.open_table().await;
    assert_eq!(poller.expect("table.session.opened").await["tableSessionId"], session);

    let renamed = poller.ask("auth-update-account", json!({ "name": "Ana" })).await;
    assert_eq!(renamed["data"]["name"], "Ana", "{renamed}");
    let bare = json!({ "password": "another password" });
    refused(&mut poller, "auth-update-account", bare, "VALIDATION_FAILED").await;
    refused(&mut poller, "auth-update-account", json!({ "role": "OWNER" }), "VALIDATION_FAILED").await;
    let next = json!({ "refreshToken": data["refreshToken"] });
    let next = poller.ask("auth-refresh-token", next).await;
    assert_eq!(
        (&next["event"], &next["data"]["user"]["id"]),
        (&"auth-refresh-token".into(), &data["user"]["id"])
    );

    assert_eq!(poller.ask("auth-logout", json!({})).await["event"], "auth-logout");
    poller.expect_disconnect().await;
    who.get(ME).await.expect_error(401, "INVALID_TOKEN");
    let dead = json!({ "refreshToken": next["data"]["refreshToken"] });
    who.post("/api/v1/auth/refresh", dead).await.expect_error(401, "INVALID_TOKEN");
}

/// What a handshake refuses does not come in by a login after it.
#[actix_web::test]
async fn an_ngo_gets_into_no_restaurants_namespace() {
    let app = spawn_app_with(&[ANYONE]).await;
    let ngo = app.ngo().await;
    let mut poller = anonymous(&app).await;
    let credentials = json!({ "email": ngo.email, "password": PASSWORD });
    refused(&mut poller, "auth-login", credentials, "FORBIDDEN").await;
    refused(&mut poller, "auth-get-account", json!({}), "INVALID_TOKEN").await;
}

/// A room's events that are on their way to one user must never reach the next on the same socket.
#[actix_web::test]
async fn a_socket_stays_its_users() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let mut poller = Poller::join(&house.kitchen).await;
    for stranger in [credentials(&other, Role::Owner), credentials(&house, Role::Owner)] {
        refused(&mut poller, "auth-login", stranger, "FORBIDDEN").await;
    }
    let me = poller.ask("auth-get-account", json!({})).await;
    assert_eq!(me["data"]["role"], "KITCHEN");
    other.open_table().await;
    let session = house.open_table().await;
    assert_eq!(poller.expect("table.session.opened").await["tableSessionId"], session);
    let own = poller.ask("auth-login", credentials(&house, Role::Kitchen)).await;
    assert_eq!(own["data"]["user"], me["data"]);
    house.open_table().await;
    poller.expect("table.session.opened").await;
}

#[actix_web::test]
async fn registering_and_resetting_work_without_a_token() {
    let app = spawn_app_with(&[ANYONE]).await;
    let house = app.restaurant().await;
    let invite = house.manager.post("/api/v1/invites", json!({ "role": "EXPO" })).await.expect(201);
    let mut poller = anonymous(&app).await;
    let nobodys = json!({ "email": "ana@new.example", "password": PASSWORD, "name": "Ana" });
    refused(&mut poller, "auth-register", nobodys.clone(), "FORBIDDEN").await;
    let mut chosen = nobodys.clone();
    chosen["role"] = "OWNER".into();
    refused(&mut poller, "auth-register", chosen, "VALIDATION_FAILED").await;
    let mut invited = nobodys;
    invited["inviteCode"] = invite["code"].clone();
    let made = poller.ask("auth-register", invited).await;
    assert_eq!((&made["event"], &made["data"]["user"]["role"]), (&"auth-register".into(), &"EXPO".into()));
    house.open_table().await;
    poller.expect("table.session.opened").await;

    let mut poller = anonymous(&app).await;
    for email in [house.email(Role::Waiter), "nobody@nowhere.example".into()] {
        let sent = poller.ask("auth-reset-password", json!({ "email": email })).await;
        assert_eq!(sent, json!({ "event": "auth-reset-password", "data": { "sent": true } }));
    }
    let change = json!({ "resetPasswordToken": "cp1_nonsense", "newPassword": "another password" });
    refused(&mut poller, "auth-change-password", change, "INVALID_CODE").await;
}

#[actix_web::test]
async fn only_named_namespaces_answer_and_let_anyone_in() {
    let app = spawn_app_with(&[("COMANDA__AUTH__NAMESPACES", "/elsewhere")]).await;
    let house = app.restaurant().await;
    let mut poller = Poller::join(&house.waiter).await;
    refused(&mut poller, "auth-get-account", json!({}), "NOT_FOUND").await;
    let (_, answer) = Poller::enter(&Client::anonymous(app.address), &json!({})).await;
    assert!(answer.starts_with("44{"), "{answer}");
    let me = house.waiter.get(ME).await.expect(200);
    assert_eq!(id(&me), house.user(Role::Waiter).to_string());
}

/// Whoever lets somebody in keeps the socket: the answer with the other's tokens must not be taken for a login on it.
#[actix_web::test]
async fn a_manager_registers_somebody_and_stays_who_it_is() {
    let app = spawn_app_with(&[("COMANDA__AUTH__REGISTER", "protected")]).await;
    let house = app.restaurant().await;
    let invite = house.manager.post("/api/v1/invites", json!({ "role": "EXPO" })).await.expect(201);
    let ana = json!({ "email": format!("ana@new.{}", house.domain), "password": PASSWORD, "name": "Ana",
        "inviteCode": invite["code"] });
    let mut waiter = Poller::join(&house.waiter).await;
    refused(&mut waiter, "auth-register", ana.clone(), "FORBIDDEN").await;
    let mut poller = Poller::join(&house.manager).await;
    let made = poller.ask("auth-register", ana).await;
    assert_eq!(made["data"]["user"]["role"], "EXPO", "{made}");
    let me = poller.ask("auth-get-account", json!({})).await;
    assert_eq!(me["data"]["role"], "MANAGER", "{me}");
    house.open_table().await;
    poller.expect("table.session.opened").await;
}

/// The answer with the next tokens is lost with the connection. Asked again under its key it comes again; without one it
/// would pass for a stolen token, and end the login.
#[actix_web::test]
async fn a_lost_refresh_is_asked_again_under_its_key_on_another_socket() {
    let app = spawn_app_with(&[ANYONE]).await;
    let house = app.restaurant().await;
    let login = house.log_in(Role::Waiter).await;
    let refresh = json!({ "refreshToken": login.refresh_token });
    let mut answers = Vec::new();
    for _ in 0..2 {
        let mut poller = anonymous(&app).await;
        answers.push(poller.ask_under("key-1", "auth-refresh-token", refresh.clone()).await);
    }
    assert!(answers[0]["data"]["refreshToken"].is_string(), "{}", answers[0]);
    assert_eq!(answers[0]["data"]["refreshToken"], answers[1]["data"]["refreshToken"]);
    let mut poller = anonymous(&app).await;
    let answer = poller.ask_under("key-2", "auth-refresh-token", refresh).await;
    assert_eq!(answer["error"]["code"], "INVALID_TOKEN", "{answer}");
}

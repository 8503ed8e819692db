//! Forgotten passwords: the token by mail, once, for a while; nobody learns whose address is known.

use super::smtp::{Letter, MailServer};
use crate::support::{Answer, Client, Display, TestApp, spawn_app_with};
use base64::Engine;
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::json;
use std::{collections::BTreeSet, os::unix::fs::PermissionsExt, time::Duration};

const ASK: &str = "/api/v1/auth/reset-password";
const CHANGE: &str = "/api/v1/auth/change-password";
const NEW: &str = "another password";

pub async fn with_mail(mail: &MailServer, more: &[(&str, &str)]) -> TestApp {
    let url = mail.url();
    let mut settings = vec![
        ("COMANDA__MAIL__SMTP", url.as_str()),
        ("COMANDA__MAIL__FROM", "Comanda <orders@example.com>"),
        ("COMANDA__MAIL__RESET_PAGE", "https://orders.example.com/reset"),
    ];
    settings.extend_from_slice(more);
    spawn_app_with(&settings).await
}

pub async fn ask(app: &TestApp, email: &str) -> Answer {
    Client::anonymous(app.address).post(ASK, json!({ "email": email })).await
}

pub async fn change(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({ "resetPasswordToken": token, "newPassword": password });
    Client::anonymous(app.address).post(CHANGE, body).await
}

pub async fn log_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    Client::anonymous(app.address).post("/api/v1/auth/login", body).await
}

pub fn token(text: &str) -> String {
    // Long lines are folded on the way (RFC 2045 §6.7).
    let text = text.replace("=\r\n", "").replace("=\n", "");
    text.lines().find(|line| line.starts_with("cp1_")).unwrap_or_else(|| panic!("{text}")).trim().to_owned()
}

#[actix_web::test]
async fn a_token_comes_by_mail_and_sets_another_password_once() {
    let mut mail = MailServer::start().await;
    let app = with_mail(&mail, &[]).await;
    let house = app.restaurant().await;
    let (email, login) = (house.email(Role::Waiter), house.log_in(Role::Waiter).await);
    let mut display = Display::join(&login.client).await;
    assert_eq!(ask(&app, &email.to_uppercase()).await.expect(200), json!({ "sent": true }));
    let Letter { from, to, text } = mail.letter().await;
    assert_eq!((from.as_str(), &to), ("orders@example.com", &email));
    let token = token(&text);
    assert!(text.contains("Subject: ") && text.contains("30m") && text.contains("WAITER"), "{text}");
    // The old password is good until there is another one.
    log_in(&app, &email, crate::support::house::PASSWORD).await.expect(200);
    change(&app, &token, "seven77").await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(change(&app, &token, NEW).await.expect(200), json!({ "changed": true }));
    assert_eq!(display.close_code().await, Some(4502));
    login.refresh().await.expect_error(401, "INVALID_TOKEN");
    log_in(&app, &email, NEW).await.expect(200);
    change(&app, &token, "a third password").await.expect_error(400, "INVALID_CODE");
}

#[actix_web::test]
async fn an_unknown_address_gets_the_same_answer_and_no_mail() {
    let mut mail = MailServer::start().await;
    let app = with_mail(&mail, &[]).await;
    let house = app.restaurant().await;
    let (unknown, nonsense) = (ask(&app, "nobody@nowhere.example").await, ask(&app, "no address").await);
    assert!(mail.is_empty());
    let known = ask(&app, &house.email(Role::Owner)).await;
    let names =
        |answer: &Answer| -> BTreeSet<String> { answer.headers.keys().map(ToString::to_string).collect() };
    for other in [&unknown, &nonsense] {
        assert_eq!((known.status, &known.text, names(&known)), (other.status, &other.text, names(other)));
    }
    // The first letter that comes is the known one's.
    assert_eq!(mail.letter().await.to, house.email(Role::Owner));
    assert!(mail.is_empty());
}

/// What told: the answer waited for the mail server. It must not, whatever that does.
#[actix_web::test]
async fn the_answer_does_not_wait_for_the_mail_server() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let settings = [("COMANDA__MAIL__SMTP", url.as_str()), ("COMANDA__MAIL__FROM", "orders@example.com")];
    let app = spawn_app_with(&settings).await;
    let house = app.restaurant().await;
    let email = house.email(Role::Waiter);
    let answer = ask(&app, &email);
    let answer = tokio::time::timeout(Duration::from_secs(10), answer).await.expect("an answer");
    assert_eq!(answer.expect(200), json!({ "sent": true }));
    // It was really asked: somebody waits there.
    tokio::time::timeout(Duration::from_secs(20), silent.accept()).await.expect("a connection").unwrap();
}

#[actix_web::test]
async fn of_two_who_use_a_token_at_once_one_does_and_old_ones_are_dead() {
    let mut mail = MailServer::start().await;
    let app = with_mail(&mail, &[("COMANDA__AUTH__WRONG_CODES_PER_HOUR", "100")]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let email = house.email(Role::Manager);
    let mut tokens = Vec::new();
    for _ in 0..2 {
        ask(&app, &email).await.expect(200);
        tokens.push(token(&mail.letter().await.text));
    }
    let answers = join_all((0..6).map(|n| {
        let (app, token) = (&app, &tokens[0]);
        async move { change(app, token, &format!("password number {n}")).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    // With the password set, the other token of the same user is over too.
    change(&app, &tokens[1], NEW).await.expect_error(400, "INVALID_CODE");
    ask(&app, &other.email(Role::Manager)).await.expect(200);
    let late = token(&mail.letter().await.text);
    let admin = app.database.admin().await;
    admin.execute("UPDATE password_resets SET expires_at = now()", &[]).await.unwrap();
    change(&app, &late, NEW).await.expect_error(400, "INVALID_CODE");
    log_in(&app, &other.email(Role::Manager), crate::support::house::PASSWORD).await.expect(200);
}

#[actix_web::test]
async fn mailboxes_are_not_filled_and_tokens_not_guessed() {
    let mut mail = MailServer::start().await;
    let app = with_mail(&mail, &[]).await;
    let house = app.restaurant().await;
    let email = house.email(Role::Waiter);
    for _ in 0..3 {
        ask(&app, &email).await.expect(200);
        mail.letter().await;
    }
    let refused = ask(&app, &email).await;
    assert!(refused.header("retry-after").is_some());
    refused.expect_error(429, "TOO_MANY_REQUESTS");
    ask(&app, &house.email(Role::Kitchen)).await.expect(200);
    let good = token(&mail.letter().await.text);
    for n in 0..5 {
        change(&app, &format!("cp1_{n}"), NEW).await.expect_error(400, "INVALID_CODE");
    }
    change(&app, &good, NEW).await.expect_error(429, "TOO_MANY_REQUESTS");
}

/// What it cost: a password's hash, 35 ms of a core, for whoever made a token up.
#[actix_web::test]
async fn a_made_up_token_does_not_get_as_far_as_the_password() {
    let app = spawn_app_with(&[]).await;
    let house = app.restaurant().await;
    // Well formed, of a restaurant that is there. The password is one that is refused where it is looked at.
    let bytes = [house.id.0.as_bytes().as_slice(), &[7; 32]].concat();
    let token = format!("cp1_{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes));
    change(&app, &token, "seven77").await.expect_error(400, "INVALID_CODE");
}

/// What happened: the count was by account and address together, and who has a thousand addresses sent a mailbox thousands
/// of letters.
#[actix_web::test]
async fn a_mailbox_is_not_filled_from_many_addresses_either() {
    let mut mail = MailServer::start().await;
    let trusting = ("COMANDA__SERVER__TRUSTED_PROXIES", "127.0.0.1/32");
    let app = with_mail(&mail, &[trusting, ("COMANDA__AUTH__RESETS_PER_MAILBOX", "2")]).await;
    let house = app.restaurant().await;
    let anyone = Client::anonymous(app.address);
    let (mut sent, other) = (Vec::new(), house.email(Role::Waiter));
    for from in 1..=6 {
        let stranger = anyone.header("x-forwarded-for", &format!("192.0.2.{from}"));
        let body = json!({ "email": house.email(Role::Owner) });
        // To all the same answer.
        assert_eq!(stranger.post(ASK, body).await.expect(200), json!({ "sent": true }));
        if from <= 2 {
            sent.push(mail.letter().await.to);
        }
    }
    ask(&app, &other).await.expect(200);
    while sent.last() != Some(&other) {
        sent.push(mail.letter().await.to);
    }
    assert_eq!(sent.iter().filter(|to| **to == house.email(Role::Owner)).count(), 2, "{sent:?}");
    assert!(mail.is_empty());
}

#[actix_web::test]
async fn without_a_mail_server_letters_are_private_files() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = ("COMANDA_DATA_DIR", folder.path().to_str().unwrap());
    let app = spawn_app_with(&[data_dir, ("COMANDA__DATABASE__UPKEEP_EVERY", "200ms")]).await;
    let house = app.restaurant().await;
    ask(&app, &house.email(Role::Waiter)).await.expect(200);
    let start = std::time::Instant::now();
    let letter = loop {
        let files = std::fs::read_dir(folder.path().join("mail")).into_iter().flatten();
        let mut files = files.map(|file| file.unwrap().path());
        if let Some(letter) = files.find(|path| path.extension().is_some_and(|ending| ending == "eml")) {
            break letter;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "no letter");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(std::fs::metadata(&letter).unwrap().permissions().mode() & 0o777, 0o600);
    let token = token(&std::fs::read_to_string(&letter).unwrap());
    change(&app, &token, NEW).await.expect(200);
    log_in(&app, &house.email(Role::Waiter), NEW).await.expect(200);
    // Eight days later nothing in it is good for anything.
    let file = std::fs::File::options().write(true).open(&letter).unwrap();
    file.set_modified(std::time::SystemTime::now() - Duration::from_secs(8 * 86_400)).unwrap();
    while letter.exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "the letter stays");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What was sent for before the address or the password changed must not have the last word: an old mailbox may be
/// somebody else's by now.
#[actix_web::test]
async fn another_address_or_password_makes_tokens_that_were_sent_worthless() {
    let mut mail = MailServer::start().await;
    let app = with_mail(&mail, &[("COMANDA__AUTH__WRONG_CODES_PER_HOUR", "100")]).await;
    let house = app.restaurant().await;
    let old = house.email(Role::Waiter);
    let id = house.user(Role::Waiter);
    let own = |body: serde_json::Value| async {
        house.log_in(Role::Cashier).await.client.patch("/api/v1/auth/me", body).await
    };
    ask(&app, &house.email(Role::Cashier)).await.expect(200);
    let sent = token(&mail.letter().await.text);
    let password = crate::support::house::PASSWORD;
    own(json!({ "email": format!("c@new.{}", house.domain), "currentPassword": password })).await.expect(200);
    change(&app, &sent, NEW).await.expect_error(400, "INVALID_CODE");
    for to in
        [json!({ "password": "a manager's choice" }), json!({ "email": format!("w@new.{}", house.domain) })]
    {
        ask(&app, &old).await.expect(200);
        let sent = token(&mail.letter().await.text);
        house
            .manager
            .patch(&format!("/api/v1/users/{id}"), json!({ "name": "Same mailbox" }))
            .await
            .expect(200);
        house.manager.patch(&format!("/api/v1/users/{id}"), to).await.expect(200);
        change(&app, &sent, NEW).await.expect_error(400, "INVALID_CODE");
    }
}

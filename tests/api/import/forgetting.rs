//! Passwords that moved in and were never used: until they are forgotten every failed login pays for them. Time is moved in
//! the database.

use super::{BCRYPT, file, import, printed, program};
use crate::{
    people::{
        reset::{ask, change, log_in, token, with_mail},
        smtp::MailServer,
    },
    support::{Answer, TestApp, house::id, spawn_app},
};
use serde_json::json;
use std::time::{Duration, Instant};

const OFTEN: (&str, &str) = ("COMANDA__DATABASE__UPKEEP_EVERY", "200ms");
const OURS: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

async fn stored(app: &TestApp, email: &str) -> String {
    let sql = "SELECT password_hash FROM users WHERE email = $1";
    app.database.admin().await.query_one(sql, &[&email]).await.unwrap().get(0)
}

/// A busy machine may answer that it is busy: then it is asked again, as clients do.
async fn login(app: &TestApp, email: &str, password: &str) -> Answer {
    for _ in 0..20 {
        let answer = log_in(app, email, password).await;
        if answer.status != 503 {
            return answer;
        }
    }
    panic!("busy twenty times")
}

#[actix_web::test]
async fn who_never_came_asks_for_another_password() {
    let mut mail = MailServer::start().await;
    let app = with_mail(&mail, &[OFTEN]).await;
    let house = app.restaurant().await;
    let user = |name: &str| {
        format!(
            r#"{{"kind":"user","externalId":"{name}","email":"{name}@casa.example","name":"P","role":"WAITER","passwordHash":"{BCRYPT}"}}"#
        )
    };
    let text = format!("{}{}\n{}\n", printed("jsonl"), user("came"), user("never"));
    assert_eq!(import(&app, &house, &text, &[]).await.0, 0);
    let [luis, eva, came, never] =
        ["luis", "eva", "came", "never"].map(|name| format!("{name}@casa.example"));
    login(&app, &came, "ana-2024").await.expect(200);
    let known = stored(&app, &came).await;
    assert!(known.starts_with(OURS));
    let passed = format!(
        "UPDATE users SET created_at = now() - interval '90 days' WHERE email IN ('{luis}', '{came}', '{never}');
         UPDATE users SET created_at = now() - interval '89 days' WHERE email = '{eva}'"
    );
    let admin = app.database.admin().await;
    admin.batch_execute(&passed).await.unwrap();
    let start = Instant::now();
    while !stored(&app, &luis).await.starts_with(OURS) || !stored(&app, &never).await.starts_with(OURS) {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing is forgotten");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_ne!(stored(&app, &luis).await, stored(&app, &never).await, "each has one of their own");
    assert_eq!(stored(&app, &came).await, known, "who came has the password they know");
    assert!(stored(&app, &eva).await.starts_with("$argon2id$v=19$m=65536,"), "a day is left");
    let kinds = "SELECT count(*) FROM comanda_foreign_hash_kinds()";
    assert_eq!(admin.query_one(kinds, &[]).await.unwrap().get::<_, i64>(0), 1, "hers alone is paid for");

    for gone in [&luis, &never] {
        login(&app, gone, "ana-2024").await.expect_error(401, "INVALID_CREDENTIALS");
    }
    login(&app, &came, "ana-2024").await.expect(200);
    login(&app, &eva, "luis-2024").await.expect(200);
    // By mail, or by a manager.
    ask(&app, &luis).await.expect(200);
    change(&app, &token(&mail.letter().await.text), "another password").await.expect(200);
    let users = house.manager.get("/api/v1/users?externalId=never").await.expect(200);
    let path = format!("/api/v1/users/{}", id(&users[0]));
    house.manager.patch(&path, json!({ "password": "another password" })).await.expect(200);
    for back in [&luis, &never] {
        login(&app, back, "another password").await.expect(200);
    }
}

#[actix_web::test]
async fn the_report_says_how_long_they_are_kept() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let moving = file(printed("jsonl"));
    let mut program = program(&app, &moving, &house.id.to_string(), &["--dry-run"]);
    let output = program.env("COMANDA__AUTH__FOREIGN_HASHES_KEPT", "30days").output().await.unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("such have logged in, or 30 days are over and theirs are forgotten\n"), "{told}");
}

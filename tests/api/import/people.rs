//! People who move in: by which name they log in, what their hashes cost, and who was removed here.

use super::{BCRYPT, file, import, printed, program};
use crate::support::{Client, TestApp, house::id, spawn_app, spawn_app_with};
use serde_json::json;
use std::process::Output;

const LOGIN: &str = "/api/v1/auth/login";
const DECLARED: [(&str, &str); 2] = [
    ("COMANDA__AUTH__ADDITIONAL_FIELDS", "username:string!,points:integer"),
    ("COMANDA__AUTH__LOGIN_FIELD", "username"),
];

fn user(n: u32, more: &str) -> String {
    format!(
        r#"{{"kind":"user","externalId":{n},"email":"p{n}@casa.example","name":"P","role":"WAITER","passwordHash":"{BCRYPT}"{more}}}"#
    )
}

async fn declaring(app: &TestApp, restaurant: &str, lines: &[String]) -> (i32, String) {
    let moving = file(&lines.join("\n"));
    let Output { status, stderr, .. } =
        program(app, &moving, restaurant, &[]).envs(DECLARED).output().await.unwrap();
    let told = String::from_utf8(stderr).unwrap().replace(moving.path().to_str().unwrap(), "F");
    (status.code().unwrap(), told)
}

#[actix_web::test]
async fn people_go_on_logging_in_by_their_name() {
    let app = spawn_app_with(&DECLARED).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let (here, there) = (house.id.to_string(), other.id.to_string());
    let luis = user(1, r#","username":"Luis","points":7"#);
    assert_eq!(declaring(&app, &here, std::slice::from_ref(&luis)).await, (0, String::new()));
    let anyone = Client::anonymous(app.address);
    let login = async |name: &str, password: &str| {
        anyone.post(LOGIN, json!({ "username": name, "password": password })).await
    };
    login("luis", "not the password").await.expect_error(401, "INVALID_CREDENTIALS");
    let tokens = login(" LUIS ", "ana-2024").await.expect(200);
    let me = anyone.clone().with_token(tokens["accessToken"].as_str().unwrap());
    let me = me.get("/api/v1/auth/me").await.expect(200);
    assert_eq!(
        (&me["email"], &me["username"], &me["points"]),
        (&json!("p1@casa.example"), &json!("Luis"), &json!(7))
    );

    // A name is one person's everywhere, also within a file; who must have one has one.
    let bad = [
        user(2, r#","username":"LUIS""#),
        user(3, r#","username":"eva""#),
        user(4, r#","username":"Eva""#),
        user(5, ""),
        user(6, r#","username":"leo","points":"7""#),
    ];
    let expected = "F:1: username is somebody's already\nF:3: username is somebody's already\n\
                    F:4: username should not be empty\nF:5: points must be an integer number\n\
                    comanda: F: 4 lines are refused, nothing was imported\n";
    for restaurant in [&here, &there] {
        assert_eq!(declaring(&app, restaurant, &bad).await, (2, expected.to_owned()));
    }
    login("eva", "ana-2024").await.expect_error(401, "INVALID_CREDENTIALS");
    assert_eq!(declaring(&app, &here, &[luis]).await, (0, String::new()), "twice is harmless");
}

#[actix_web::test]
async fn nobody_moves_in_whose_hash_makes_everybody_wait() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    assert_eq!(import(&app, &house, printed("jsonl"), &[]).await.0, 0);
    // What another restaurant's people have counts too.
    let dear = user(1, "").replace("$2b$10$", "$2b$12$");
    let (code, _, told) = import(&app, &other, &dear, &[]).await;
    let expected = "F:1: passwordHash is too costly: with it every failed login would take about 432 ms longer, \
                    where 300 ms is the most without --slow-hashes\n";
    assert!(code == 2 && told.starts_with(expected), "{told}");
    let (code, counted, _) = import(&app, &other, &dear, &["--slow-hashes"]).await;
    let expected =
        "passwords: 3 kinds of hashes are other systems'; a failed login takes about 432 ms longer until";
    assert!(code == 0 && counted.contains(expected), "{counted}");
    // A kind that is there costs nothing more.
    assert_eq!(import(&app, &house, &dear.replace("p1@", "p2@"), &[]).await.0, 0);
}

#[actix_web::test]
async fn who_was_removed_does_not_come_back_unasked() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let line = user(1, "");
    assert_eq!(import(&app, &house, &line, &[]).await.0, 0);
    let users = house.manager.get("/api/v1/users?limit=100").await.expect(200);
    let gone = users.as_array().unwrap().iter().find(|user| user["externalId"] == "1").unwrap();
    house.owner.delete(&format!("/api/v1/users/{}", id(gone))).await.expect(204);
    let (code, counted, told) = import(&app, &house, &line, &[]).await;
    assert_eq!((code, counted.as_str()), (2, "user: 0 created, 0 already there, 1 refused\n"));
    assert!(
        told.starts_with("F:1: user 1 was removed here; leave the line out, or give it another"),
        "{told}"
    );
    let again = line.replace(r#""externalId":1"#, r#""externalId":"1 again""#);
    assert_eq!(import(&app, &house, &again, &[]).await.0, 0);
    let body = json!({ "email": "p1@casa.example", "password": "ana-2024" });
    Client::anonymous(app.address).post(LOGIN, body).await.expect(200);
}

//! The check sees a document that is wrong: a renamed member, one that is missing, an event, a status, a query parameter.

use crate::support::{
    Answer, Client,
    contract::{self, Contract},
    house::PASSWORD,
    spawn_app,
};
use comanda::domain::principal::Role;
use reqwest::Method;
use serde_json::{Value, json};

fn renamed(document: &Value, from: &str, to: &str) -> Value {
    let text = document.to_string();
    let planted = text.replace(&format!("\"{from}\""), &format!("\"{to}\""));
    assert_ne!(planted, text, "{from} is in the document");
    serde_json::from_str(&planted).unwrap()
}

#[actix_web::test]
async fn a_document_that_is_wrong_about_events_is_found_out() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.confirmed(1).await;
    let log = house.log().await;
    let moved = log.iter().find(|event| event["event"] == "order.status.changed").unwrap();
    let told = json!({ "event": moved["event"], "data": moved["data"] });
    let right = contract::own(app.address).await;
    let frame = json!({ "event": moved["event"], "data": moved["data"], "seq": moved["seq"] });
    for (channel, heard) in [("main", &told), ("events", &told), ("ws", &frame)] {
        right.heard(channel, heard).unwrap();
        for (from, to) in [
            ("newStatus", "nextStatus"),
            ("order.status.changed", "order.status.moved"),
            ("CONFIRMED", "SENT"),
            ("eventId", "id"),
        ] {
            let wrong = Contract::new(right.openapi.clone(), renamed(&right.asyncapi, from, to));
            assert!(wrong.heard(channel, heard).is_err(), "{from} on {channel}");
        }
        let mut more = heard.clone();
        more["data"]["secret"] = json!(1);
        assert!(right.heard(channel, &more).is_err(), "a member that nobody knows, on {channel}");
        let mut less = heard.clone();
        less["data"].as_object_mut().unwrap().remove("orderVersion");
        assert!(right.heard(channel, &less).is_err(), "a member is missing, on {channel}");
    }
    assert!(right.heard("admin", &told).is_err(), "an event of another namespace");
    assert!(right.heard("main", &json!({ "ack": { "event": "seen", "data": { "at": 1 } } })).is_err());
}

#[actix_web::test]
async fn a_document_that_is_wrong_about_calls_is_found_out() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let right = contract::own(app.address).await;
    let sent = json!({ "email": house.email(Role::Waiter), "password": PASSWORD });
    let path = "/api/v1/auth/login";
    let answer = Client::anonymous(app.address).post(path, sent.clone()).await;
    let judge = |contract: &Contract, path: &str, sent: &Value, answer: &Answer| {
        contract.exchange(&Method::POST, path, Some(sent), answer).is_err()
    };
    assert!(!judge(&right, path, &sent, &answer));
    for (from, to) in [("accessToken", "token"), ("password", "secret"), (path, "/api/v1/login")] {
        let wrong = Contract::new(renamed(&right.openapi, from, to), right.asyncapi.clone());
        assert!(judge(&wrong, path, &sent, &answer), "{from}");
    }
    assert!(judge(&right, "/api/v1/auth/login?by=mail", &sent, &answer), "a query parameter");
    for (status, what) in [(202, "a status"), (418, "an error that is none")] {
        assert!(judge(&right, path, &sent, &Answer { status, ..answer.clone() }), "{what}");
    }
    let mut more = answer.clone();
    more.body["user"]["passwordHash"] = json!("x");
    assert!(judge(&right, path, &sent, &more), "a member that nobody knows");
    let mut typed = answer.clone();
    typed.headers.insert("content-type", "text/plain".parse().unwrap());
    assert!(judge(&right, path, &sent, &typed), "a content type");
}

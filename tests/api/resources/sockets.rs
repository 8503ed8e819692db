//! The same routes over sockets: npm's client with the specification's own snippets, and plain frames.

use crate::{
    display::Display,
    stock_client::Client,
    support::{spawn_app, spawn_demo},
};
use serde_json::{Value, json};

async fn joins(url: &str, namespace: &str, token: Option<&str>) -> Client {
    let auth = token.map(|token| json!({ "token": token }));
    let mut client = Client::with(&json!({ "url": url, "namespace": namespace, "auth": auth }));
    client.connected().await;
    client
}

/// `socket.emit('create-one-product', …, (response) => …)` and its sisters, on both namespaces.
#[actix_web::test]
async fn every_route_is_an_event_with_an_acknowledgement() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for namespace in ["/", "/api"] {
        let mut socket = joins(&app.url(""), namespace, house.manager.token.as_deref()).await;
        let mut call = async |event: &str, data: Value| {
            let answer = socket.asks(&json!([event, data])).await;
            assert_eq!(answer["event"], event, "{answer}");
            answer["data"].clone()
        };
        let made = call("create-one-product", json!({ "name": "Laptop", "price": 999.99 })).await;
        let id = &made["id"];
        assert_eq!(call("get-one-product", json!({ "id": id })).await, made);
        let changed = call("update-one-product", json!({ "id": id, "name": "Tablet" })).await;
        assert_eq!((&changed["name"], &changed["price"]), (&json!("Tablet"), &json!(999.99)));
        let replaced = call("replace-one-product", json!({ "id": id, "name": "Phone", "price": 1 })).await;
        assert_eq!(replaced["name"], "Phone");
        let copy = call("duplicate-one-product", json!({ "id": id, "price": 2 })).await;
        let list = json!({ "list": [{ "name": "A", "price": 3 }, { "name": "B", "price": 4 }] });
        let many = call("create-many-product", list).await;
        let ids = json!([many[0]["id"], many[1]["id"]]);
        let dear = call("update-many-product", json!({ "ids": ids, "price": 9 })).await;
        assert_eq!((&dear[0]["price"], &dear[1]["price"]), (&json!(9), &json!(9)));
        let twins = call("duplicate-many-product", json!({ "ids": ids })).await;
        let page = call("get-many-product", json!({ "page": 1, "limit": 10 })).await;
        assert_eq!(page.as_array().unwrap().len(), 6);
        assert_eq!(call("get-many-product", json!({ "price": 2 })).await, json!([copy]));
        assert_eq!(call("delete-one-product", json!({ "id": id })).await, json!({ "deletedCount": 1 }));
        let all = json!([copy["id"], many[0]["id"], many[1]["id"], twins[0]["id"], twins[1]["id"]]);
        assert_eq!(call("delete-many-product", json!({ "ids": all })).await, json!({ "deletedCount": 5 }));
        let users = call("get-many-user", json!({ "page": 1, "limit": 10 })).await;
        assert_eq!(users.as_array().unwrap().len(), 6);
    }
}

/// Without an acknowledgement the event itself comes to the caller, with the data.
#[actix_web::test]
async fn without_an_acknowledgement_the_event_comes_back() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut socket = joins(&app.url(""), "/", house.manager.token.as_deref()).await;
    socket.says(&json!({ "emit": ["create-one-product", { "name": "Laptop", "price": 1 }] })).await;
    let made = socket.event("create-one-product").await;
    assert_eq!(made["name"], "Laptop");
    socket.says(&json!({ "emit": ["get-many-product", {}] })).await;
    assert_eq!(socket.event("get-many-product").await, json!([made]));
}

/// `reject` of the specification's clients: no `event`, and `exception` beside it. What was sent is not told back.
#[actix_web::test]
async fn a_refusal_has_no_event_and_an_exception() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut manager = joins(&app.url(""), "/", house.manager.token.as_deref()).await;
    let mut waiter = joins(&app.url(""), "/api", house.waiter.token.as_deref()).await;
    let unknown = uuid::Uuid::now_v7();
    for (waits, event, code, details) in [
        (
            false,
            json!(["create-one-product", { "name": "hunter2", "price": -1 }]),
            "VALIDATION_FAILED",
            json!(["price must not be less than 0"]),
        ),
        (false, json!(["get-one-product", { "id": unknown }]), "NOT_FOUND", json!(null)),
        (false, json!(["create-one-product", "hunter2"]), "BAD_REQUEST", json!(null)),
        (
            false,
            json!(["create-one-user", { "name": "a", "email": "a@x.org", "role": "OWNER", "password": "hunter2" }]),
            "VALIDATION_FAILED",
            json!(["property password should not exist", "property role should not exist"]),
        ),
        (false, json!(["auth-dance", { "name": "hunter2" }]), "NOT_FOUND", json!(null)),
        (true, json!(["create-one-product", { "name": "hunter2", "price": 1 }]), "FORBIDDEN", json!(null)),
        (true, json!(["new_order", { "total": 1 }]), "NOT_FOUND", json!(null)),
    ] {
        let client = if waits { &mut waiter } else { &mut manager };
        let (answer, exception) = client.asks_and_hears(&event).await;
        assert_eq!(answer.as_object().unwrap().len(), 1, "no event: {answer}");
        assert_eq!(
            (&answer["error"]["code"], &answer["error"]["details"]),
            (&json!(code), &details),
            "{event}"
        );
        assert_eq!(exception["status"], "error");
        assert_eq!((&exception["code"], &exception["cause"]["pattern"]), (&json!(code), &event[0]));
        assert!(!format!("{answer}{exception}").contains("hunter2"));
    }
    // A key, as everywhere on sockets.
    let keyed = json!(["create-one-product", { "name": "A", "price": 1 }, { "key": "k" }]);
    let first = manager.asks(&keyed).await;
    let mut again = joins(&app.url(""), "/", house.manager.token.as_deref()).await;
    assert_eq!(again.asks(&keyed).await, first);
    assert_eq!(house.manager.get("/products").await.expect(200).as_array().unwrap().len(), 1);
}

/// `io('http://localhost:3000/api')` without a token: the one word that the specification's anonymous snippets change.
#[actix_web::test]
async fn without_a_token_one_comes_in_on_api_and_may_only_log_in() {
    let app = spawn_demo().await;
    let mut guest = joins(&app.url(""), "/api", None).await;
    for event in ["get-many-product", "create-one-product", "seen", "joinRoom", "dance"] {
        let (answer, exception) = guest.asks_and_hears(&json!([event, {}])).await;
        assert_eq!(answer["error"]["code"], "INVALID_TOKEN", "{event}: {answer}");
        assert_eq!(exception["cause"]["pattern"], event);
    }
    let login =
        |password: &str| json!(["auth-login", { "email": "manager@restaurante.com", "password": password }]);
    assert_eq!(guest.asks(&login("nonsense")).await["error"]["code"], "INVALID_CREDENTIALS");
    let answer = guest.asks(&login("password123")).await;
    assert!(answer["data"]["accessToken"].is_string(), "{answer}");
    let made = guest.asks(&json!(["create-one-product", { "name": "A", "price": 1 }])).await;
    assert_eq!(made["data"]["name"], "A", "{made}");
}

#[actix_web::test]
async fn plain_frames_ask_the_same_and_are_answered_by_their_id() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.manager).await;
    let made = display.ask("create-one-product", json!({ "name": "A", "price": 1.5 })).await;
    assert_eq!((&made["id"], &made["event"]), (&json!(1), &json!("create-one-product")));
    assert_eq!(made["data"]["price"], 1.5);
    let found = display.ask("get-many-product", json!({ "limit": 5 })).await;
    assert_eq!(found["data"], json!([made["data"]]));
    let refused = display.ask("create-one-product", json!({})).await;
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(1), &json!("VALIDATION_FAILED")));
    let unknown = display.ask("dance", json!({})).await;
    assert_eq!(unknown["error"]["code"], "NOT_FOUND");
    let keyed =
        json!({ "event": "create-one-product", "data": { "name": "B", "price": 1 }, "id": 7, "key": "k" });
    display.send_text(keyed.to_string()).await;
    let first = display.said().await;
    display.send_text(keyed.to_string()).await;
    assert_eq!(display.said().await, first);
}

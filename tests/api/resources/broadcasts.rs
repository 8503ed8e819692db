//! Who hears of what was written, and in which words.

use crate::{
    display::Display,
    stock_client::Client,
    support::{House, TestApp, spawn_app_declaring},
};
use serde_json::{Value, json};

const CHATS: &str = r#"
    webSocket = true
    [[entities]]
    name = "Chat"
    path = "chats"
    broadcast = BROADCAST
    write = ["KITCHEN", "WAITER"]
    fields = [{ name = "text", type = "string", required = true }]
"#;

pub async fn chats(broadcast: &str) -> (TestApp, House) {
    let app = spawn_app_declaring(&CHATS.replace("BROADCAST", broadcast)).await;
    let house = app.restaurant().await;
    (app, house)
}

async fn joins(app: &TestApp, namespace: &str, who: &crate::client::Client) -> Client {
    let auth = json!({ "token": who.token });
    let mut client = Client::with(&json!({ "url": app.url(""), "namespace": namespace, "auth": auth }));
    client.connected().await;
    client.upgraded().await;
    client
}

#[actix_web::test]
async fn everyone_hears_but_the_caller_and_the_stranger() {
    let (app, house) = chats("true").await;
    let other = app.restaurant().await;
    let mut caller = joins(&app, "/", &house.waiter).await;
    let mut main = joins(&app, "/", &house.kitchen).await;
    let mut api = joins(&app, "/api", &house.kitchen).await;
    let mut stranger = joins(&app, "/", &other.kitchen).await;
    let mut display = Display::join(&house.kitchen).await;

    let made = caller.asks(&json!(["create-one-chat", { "text": "hola" }])).await["data"].clone();
    assert_eq!(main.event("create-one-chat").await, json!([made]));
    assert_eq!(api.event("create-one-chat").await, json!([made]));
    let told = display.expect("create-one-chat").await;
    assert_eq!((&told["items"], &told["seq"]), (&json!([made]), &json!(1)));
    let log = house.log().await;
    assert_eq!((&log[0]["event"], &log[0]["data"]), (&json!("create-one-chat"), &told));

    // What changes nothing is no event; what the caller hears next is somebody else's.
    let same = json!(["update-one-chat", { "id": made["id"], "text": "hola" }]);
    assert_eq!(caller.asks(&same).await["data"], made);
    house.kitchen.delete(&format!("/chats/{}", made["id"].as_str().unwrap())).await.expect(200);
    for client in [&mut caller, &mut main, &mut api] {
        assert_eq!(client.event("delete-one-chat").await, json!([{ "id": made["id"] }]));
    }
    assert_eq!(display.expect("delete-one-chat").await["items"], json!([{ "id": made["id"] }]));
    other.kitchen.post("/chats", json!({ "text": "nuestro" })).await.expect(201);
    assert_eq!(stranger.event("create-one-chat").await[0]["text"], "nuestro");
}

/// `socket.on('user-create-one', (user) => …)`, `socket.on('user-delete-one', (userId) => …)` of the Vue sample.
#[actix_web::test]
async fn the_older_form_tells_of_one_entity_at_a_time() {
    let (app, house) = chats("\"legacy\"").await;
    let mut vue = joins(&app, "/", &house.kitchen).await;
    let mut display = Display::join(&house.kitchen).await;
    let list = json!({ "list": [{ "text": "a" }, { "text": "b" }] });
    let made = house.waiter.post("/chats/many", list).await.expect(201);
    for n in 0..2 {
        assert_eq!(vue.event("chat-create-many").await, made[n]);
        let told = display.expect("chat-create-many").await;
        assert_eq!((&told["items"], &told["seq"]), (&json!([made[n]]), &json!(n + 1)));
    }
    let id = made[0]["id"].as_str().unwrap();
    house.waiter.delete(&format!("/chats/{id}")).await.expect(200);
    let gone: Value = vue.event("chat-delete-one").await;
    assert_eq!(gone, id);
}

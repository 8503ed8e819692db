//! `/api` recovers as `/` does: who was away is told what was written meanwhile, once, and never of its own.

use super::broadcasts::chats;
use crate::{proxy::Proxy, stock_client::Client, support::contract};
use serde_json::{Value, json};

/// npm's client behind a network that can go.
async fn joins(proxy: &Proxy, namespace: &str, who: &crate::client::Client) -> Client {
    let mut client = Client::with(&json!({
        "url": format!("http://{}", proxy.address), "namespace": namespace, "auth": { "token": who.token },
        "options": { "transports": ["websocket"] },
    }));
    assert_ne!(client.connected().await["recovered"], true);
    client
}

async fn goes(proxy: &Proxy, clients: &mut [&mut Client]) {
    proxy.refuse();
    proxy.cut();
    for client in clients {
        client.until("disconnect").await;
    }
}

async fn comes_back(proxy: &Proxy, clients: &mut [&mut Client]) {
    proxy.accept();
    for client in clients {
        let again = client.connected().await;
        assert_eq!(again["recovered"], true, "{again}");
    }
}

#[actix_web::test]
async fn broadcasts_that_were_missed_are_told_once_and_in_order() {
    let (app, house) = chats("true").await;
    let proxy = Proxy::start(app.address);
    contract::also_at(proxy.address, app.address).await;
    let mut api = joins(&proxy, "/api", &house.kitchen).await;
    let mut main = joins(&proxy, "/", &house.kitchen).await;
    let mut writer = joins(&proxy, "/api", &house.waiter).await;
    let say = |text: &str| json!(["create-one-chat", { "text": text }]);
    let own = writer.asks(&say("own")).await["data"].clone();
    for client in [&mut api, &mut main] {
        assert_eq!(client.event("create-one-chat").await, json!([own]));
    }
    for round in 0..2 {
        goes(&proxy, &mut [&mut api, &mut main, &mut writer]).await;
        let mut missed = Vec::new();
        for n in 0..3 {
            let text = json!({ "text": format!("{round}-{n}") });
            missed.push(house.manager.post("/chats", text).await.expect(201));
        }
        // What no one on /api hears of stands between two that are told there.
        house.evening().await;
        let id = own["id"].as_str().unwrap();
        let text = json!({ "text": format!("changed {round}") });
        let changed = house.manager.patch(&format!("/chats/{id}"), text).await.expect(200);
        comes_back(&proxy, &mut [&mut api, &mut main, &mut writer]).await;
        // The writer had its answer; of what it wrote itself it is told neither then nor now.
        for client in [&mut api, &mut writer] {
            for one in &missed {
                assert_eq!(client.event("create-one-chat").await, json!([one]));
            }
            assert_eq!(client.event("update-one-chat").await, json!([changed]));
        }
        // It writes again, as the socket that it was: only the others hear of it.
        let mine = writer.asks(&say("again")).await["data"].clone();
        assert_eq!(api.event("create-one-chat").await, json!([mine]));
        while main.until("event").await["args"][0] != json!([mine]) {}
    }
}

/// The older form tells of a deletion by a bare text, which no client must take for its position.
#[actix_web::test]
async fn an_id_as_last_word_is_no_position() {
    let (app, house) = chats("\"legacy\"").await;
    let proxy = Proxy::start(app.address);
    contract::also_at(proxy.address, app.address).await;
    let mut vue = joins(&proxy, "/api", &house.kitchen).await;
    let path = |chat: &Value| format!("/chats/{}", chat["id"].as_str().unwrap());
    let [one, two] = [
        house.waiter.post("/chats", json!({ "text": "a" })).await.expect(201),
        house.waiter.post("/chats", json!({ "text": "b" })).await.expect(201),
    ];
    assert_eq!(vue.event("chat-create-one").await, one);
    assert_eq!(vue.event("chat-create-one").await, two);
    house.waiter.delete(&path(&one)).await.expect(200);
    assert_eq!(vue.event("chat-delete-one").await, one["id"]);
    goes(&proxy, &mut [&mut vue]).await;
    house.waiter.delete(&path(&two)).await.expect(200);
    comes_back(&proxy, &mut [&mut vue]).await;
    assert_eq!(vue.event("chat-delete-one").await, two["id"]);
}

//! One entity's documents by several declarations: other paths, other routes, other roles. And who may use which route.

use crate::{
    client::Client,
    stock_client,
    support::{house::id, spawn_app_declaring, spawn_app_with},
};
use serde_json::json;

const SHOP: &str = r#"
    webSocket = true
    [[entities]]
    name = "Dish"
    path = "dishes"
    routes = [{ type = "DeleteOne", roles = ["OWNER"] }, { type = "CreateOne", roles = ["WAITER"] }]
    fields = [{ name = "name", type = "string", required = true, unique = true }]
    [[entities]]
    name = "Dish"
    path = "dishes"
    subPath = "shop"
    read = ["CASHIER"]
    only = ["GetMany", "UpdateOne"]
"#;

#[actix_web::test]
async fn two_declarations_show_the_same_documents_to_others() {
    let app = spawn_app_declaring(SHOP).await;
    let house = app.restaurant().await;
    let cashier = house.cashier.clone();
    let made = house.waiter.post("/dishes", json!({ "name": "Sopa" })).await.expect(201);
    assert_eq!(cashier.get("/dishes/shop").await.expect(200), json!([made]));
    house.kitchen.get("/dishes/shop").await.expect_error(403, "FORBIDDEN");
    house.kitchen.get("/dishes").await.expect(200);
    // A value is taken in both; what the second one leaves out is not there.
    let one = format!("/dishes/shop/{}", id(&made));
    house.manager.patch(&one, json!({ "name": "Crema" })).await.expect(200);
    house.waiter.post("/dishes", json!({ "name": "Crema" })).await.expect_error(409, "VALUE_TAKEN");
    house.manager.delete(&one).await.expect_error(405, "METHOD_NOT_ALLOWED");
    house.manager.post("/dishes/shop", json!({ "name": "x" })).await.expect_error(405, "METHOD_NOT_ALLOWED");
    let auth = json!({ "token": house.manager.token });
    let mut socket = stock_client::Client::with(&json!({ "url": app.url(""), "auth": auth }));
    socket.connected().await;
    let shop = socket.asks(&json!(["get-many-shop-dish", {}])).await;
    assert_eq!(shop["data"][0]["name"], "Crema", "{shop}");
    assert_eq!(socket.asks(&json!(["get-many-dish", null])).await["data"], shop["data"]);
    let left_out = socket.asks(&json!(["delete-one-shop-dish", { "id": made["id"] }])).await;
    assert_eq!(left_out["error"]["code"], "NOT_FOUND");
    // By route: a waiter may make one and not change it, a manager not delete it.
    house.waiter.patch(&format!("/dishes/{}", id(&made)), json!({})).await.expect_error(403, "FORBIDDEN");
    house.manager.delete(&format!("/dishes/{}", id(&made))).await.expect_error(403, "FORBIDDEN");
    let refused = socket.asks(&json!(["delete-one-dish", { "id": made["id"] }])).await;
    assert_eq!(refused["error"]["code"], "FORBIDDEN");
    house.owner.delete(&format!("/dishes/{}", id(&made))).await.expect(200);
}

/// All guests are one user to the server, so a short key of theirs could bring another one's answer. Entities have no guests:
/// neither a key nor a namespace lets one in.
#[actix_web::test]
async fn guests_with_a_short_key_do_nothing_to_an_entity() {
    let app = spawn_app_with(&[]).await;
    let house = app.restaurant().await;
    let restaurant = house.id.to_string();
    let settings = [
        ("COMANDA__ORDERS__PUBLIC_ORDERS", restaurant.as_str()),
        ("COMANDA__ORDERS__PUBLIC_ORDERS_READ", "true"),
    ];
    let app = crate::support::TestApp::start_again(app.stop().await, &settings).await;
    let guest = Client::anonymous(app.address);
    let product = json!({ "name": "A", "price": 1 });
    // The door is open for orders, with a key that nobody else comes upon.
    guest.key("k").post("/orders", json!({ "total": 1 })).await.expect_error(400, "BAD_REQUEST");
    for key in ["k", "8d9ff2a0-6a0b-4d0c-8f3c-2f6f0f0f0f0f"] {
        guest.key(key).post("/products", product.clone()).await.expect_error(401, "INVALID_TOKEN");
        for namespace in ["/admin", "/api"] {
            let settings = json!({ "url": app.url(""), "namespace": namespace, "auth": {} });
            let mut socket = stock_client::Client::with(&settings);
            socket.connected().await;
            let answer = socket.asks(&json!(["create-one-product", product, { "key": key }])).await;
            let code = &answer["error"]["code"];
            assert!([json!("NOT_FOUND"), json!("INVALID_TOKEN")].contains(code), "{namespace}: {answer}");
        }
    }
    assert_eq!(house.manager.at(app.address).get("/products").await.expect(200), json!([]));
}

//! An NGO on `/api`: its account, and nothing of any restaurant.

use super::{Client, joins, starts};
use crate::support::{Client as Rest, house::PASSWORD, spawn_app};
use serde_json::json;

const API: &str = "/api";

#[actix_web::test]
async fn an_ngo_has_its_account_on_api_and_nothing_else() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let product = json!({ "name": "Flan", "price": 3 });
    let made = house.manager.post("/products", product.clone()).await.expect(201);
    let mut client = starts(&app.url(""), API, ngo.client.token.as_deref());
    client.connected().await;
    let account = client.asks(&json!(["auth-get-account", {}])).await;
    assert_eq!((&account["data"]["role"], &account["data"]["email"]), (&json!("NGO"), &json!(ngo.email)));
    assert_eq!(account["data"]["organizationId"], ngo.id.to_string());
    let renamed = client.asks(&json!(["auth-update-account", { "name": "Marta" }])).await;
    assert_eq!(renamed["data"]["name"], "Marta");
    for (event, data) in [
        ("get-many-product", json!({})),
        ("get-one-product", json!({ "id": made["id"] })),
        ("create-one-product", product),
        ("delete-one-product", json!({ "id": made["id"] })),
        ("get-many-user", json!({})),
    ] {
        let answer = client.asks(&json!([event, data])).await;
        assert_eq!(answer["error"]["code"], "FORBIDDEN", "{event}: {answer}");
    }
    assert_eq!(client.asks(&json!(["new_order", { "total": 5 }])).await["error"]["code"], "NOT_FOUND");

    // The room is its board's, of which nothing is said here.
    let mut taker = joins(&app, &ngo.client).await;
    house.donate("Pan").await;
    taker.event("donation.created").await;
    let account = client.asks_in_silence(&json!(["auth-get-account", {}])).await;
    assert_eq!(account["data"]["name"], "Marta");
    assert_eq!(client.asks(&json!(["auth-logout", {}])).await["data"], json!({ "loggedOut": true }));
}

/// As the specification's client does it: nobody comes in, and is the NGO from its login on.
#[actix_web::test]
async fn an_ngo_logs_in_on_the_socket() {
    let app = spawn_app().await;
    let ngo = app.ngo().await;
    let mut client: Client = starts(&app.url(""), API, None);
    client.connected().await;
    assert_eq!(client.asks(&json!(["auth-get-account", {}])).await["error"]["code"], "INVALID_TOKEN");
    let login = json!(["auth-login", { "email": ngo.email, "password": PASSWORD }]);
    let answer = client.asks(&login).await;
    assert_eq!(answer["data"]["user"]["organizationId"], ngo.id.to_string(), "{answer}");
    assert_eq!(client.asks(&json!(["auth-get-account", {}])).await["data"]["email"], json!(ngo.email));
    let token = answer["data"]["accessToken"].as_str().unwrap();
    Rest::anonymous(app.address).with_token(token).get("/api/v1/donations").await.expect(200);
}

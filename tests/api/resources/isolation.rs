//! Ids in queries and in sockets' bodies: another restaurant's are unknown ones.

use crate::{stock_client::Client, support::spawn_app};
use serde_json::json;

#[actix_web::test]
async fn anothers_ids_are_unknown_ids_in_queries_and_events() {
    let app = spawn_app().await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    let product = json!({ "name": "Suyo", "price": 1, "sku": "s" });
    let (mine, foreign) =
        (ours.makes("products", product.clone()).await, theirs.makes("products", product).await);
    let unknown = uuid::Uuid::now_v7().to_string();
    let who = &ours.manager;
    let mut socket = Client::with(&json!({ "url": app.url(""), "auth": { "token": who.token } }));
    socket.connected().await;
    let blank = |text: String, id: &str| text.replace(id, "ID");
    for ids in ["ID", "MINE,ID"] {
        let ids = ids.replace("MINE", &mine);
        let mut told = Vec::new();
        for id in [&foreign, &unknown] {
            let query = ids.replace("ID", id);
            let answers = [
                who.patch(&format!("/products?ids={query}"), json!({ "price": 2 })).await,
                who.delete(&format!("/products?ids={query}")).await,
                who.press(&format!("/products/duplicate?ids={query}")).await,
            ];
            assert!(answers.iter().all(|answer| answer.status == 404));
            told.push(answers.map(|answer| blank(answer.text, id)));
        }
        assert_eq!(told[0], told[1]);
    }
    for event in ["get-one", "update-one", "replace-one", "delete-one", "duplicate-one"] {
        let mut told = Vec::new();
        for id in [&foreign, &unknown] {
            let mut data = json!({ "id": id });
            if event == "replace-one" {
                data = json!({ "id": id, "name": "x", "price": 1 });
            }
            let answer = socket.asks(&json!([format!("{event}-product"), data])).await;
            assert_eq!(answer["error"]["code"], "NOT_FOUND", "{event}: {answer}");
            told.push(blank(answer.to_string(), id));
        }
        assert_eq!(told[0], told[1]);
    }
    for event in ["update-many", "delete-many", "duplicate-many"] {
        let answer = socket.asks(&json!([format!("{event}-product"), { "ids": [mine, foreign] }])).await;
        assert_eq!(answer["error"]["code"], "NOT_FOUND", "{event}: {answer}");
    }
    // Nothing was done by halves, and a value taken there is free here.
    assert_eq!(ours.manager.get("/products").await.expect(200)[0]["price"], 1);
    assert_eq!(theirs.manager.get("/products").await.expect(200)[0]["price"], 1);
}

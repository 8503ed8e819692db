//! Entity tags of documents, and how much one may hold.

use crate::support::{house::id, spawn_app, spawn_app_declaring};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

#[actix_web::test]
async fn a_stale_writer_is_told_and_of_racing_ones_one_wins() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let made = house.manager.post("/products", json!({ "name": "A", "price": 1 })).await;
    assert_eq!(made.header("etag"), Some("\"1\""));
    let one = format!("/products/{}", id(&made.expect(201)));
    let read = house.waiter.get(&one).await;
    assert_eq!(read.header("etag"), Some("\"1\""));
    let known = house.waiter.header("if-none-match", "\"1\"").get(&one).await;
    assert_eq!((known.status, known.text.as_str()), (304, ""));

    let racing = join_all((0..20).map(|n| {
        let who = house.manager.header("if-match", "\"1\"");
        let one = one.clone();
        async move { who.patch(&one, json!({ "price": n + 2 })).await.status }
    }))
    .await;
    assert_eq!(racing.iter().filter(|status| **status == 200).count(), 1, "{racing:?}");
    assert!(racing.iter().all(|status| [200, 412].contains(status)), "{racing:?}");
    let stale = house.manager.header("if-match", "\"1\"");
    stale.put(&one, json!({ "name": "B", "price": 1 })).await.expect_error(412, "PRECONDITION_FAILED");
    stale.delete(&one).await.expect_error(412, "PRECONDITION_FAILED");
    stale
        .press(&format!("/products/duplicate/{}", &one[10..]))
        .await
        .expect_error(412, "PRECONDITION_FAILED");
    stale.delete(&format!("/products?ids={}", &one[10..])).await.expect_error(412, "PRECONDITION_FAILED");
    // What changes nothing leaves the version.
    let same = house.manager.patch(&one, json!({})).await;
    assert_eq!(same.header("etag"), Some("\"2\""));
    house.manager.header("if-match", "\"2\"").delete(&one).await.expect(200);
    // A customer's is its row's.
    let eva = house.manager.post("/customers", json!({ "name": "Eva" })).await;
    assert_eq!(eva.header("etag"), Some("\"1\""));
    let eva = format!("/customers/{}", id(&eva.expect(201)));
    house.manager.patch(&eva, json!({ "phone": "1" })).await.expect(200);
    let stale = house.manager.header("if-match", "\"1\"").send(Method::DELETE, &eva, None).await;
    stale.expect_error(412, "PRECONDITION_FAILED");
}

/// Added to piece by piece, a document would outgrow every body, and a list of such every answer.
#[actix_web::test]
async fn a_document_and_a_command_have_an_end() {
    let fields: Vec<String> =
        (0..20).map(|n| format!("{{ name = \"f{n}\", type = \"string\", maxLength = 10000 }}")).collect();
    let app = spawn_app_declaring(&format!(
        "webSocket = true\nbroadcast = true\n[[entities]]\nname = \"Big\"\npath = \"bigs\"\nfields = [{}]",
        fields.join(",")
    ))
    .await;
    let house = app.restaurant().await;
    let made = house.makes("bigs", json!({ "f0": "a" })).await;
    let one = format!("/bigs/{made}");
    let text = "x".repeat(10_000);
    for n in 0..6 {
        house.manager.patch(&one, json!({ (format!("f{n}")): text })).await.expect(200);
    }
    let refused =
        house.manager.patch(&one, json!({ "f6": text })).await.expect_error(413, "PAYLOAD_TOO_LARGE");
    assert_eq!(refused["message"], "a document holds at most 64 KiB");
    let copy = id(&house.manager.press(&format!("/bigs/duplicate/{made}")).await.expect(201));
    let both = format!("/bigs/duplicate?ids={made},{copy}");
    let refused = house.manager.press(&both).await.expect_error(413, "PAYLOAD_TOO_LARGE");
    assert_eq!(refused["message"], "these are more than 96 KiB together; ask for fewer");
    // Nothing was done by halves; REST reads it all, a socket is told to ask for less.
    for _ in 0..2 {
        house.manager.press(&format!("/bigs/duplicate/{made}")).await.expect(201);
    }
    assert_eq!(house.manager.get("/bigs").await.expect(200).as_array().unwrap().len(), 4);
    let mut display = crate::display::Display::join(&house.manager).await;
    let refused = display.ask("get-many-big", json!({})).await;
    assert_eq!(refused["error"]["message"], "this page has more than 192 KiB; lower its limit");
    assert_eq!(display.ask("get-many-big", json!({ "limit": 3 })).await["data"].as_array().unwrap().len(), 3);
}

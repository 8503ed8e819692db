//! The eleven routes over REST.

use crate::support::{house::id, spawn_app};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn laptop() -> Value {
    json!({ "name": "Laptop", "price": 999.99 })
}

#[actix_web::test]
async fn each_route_does_what_its_name_says() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let who = &house.manager;
    let made = who.post("/products", laptop()).await.expect(201);
    let one = format!("/products/{}", id(&made));
    let expected = json!({ "id": made["id"], "name": "Laptop", "price": 999.99,
        "createdAt": made["createdAt"], "updatedAt": made["createdAt"] });
    assert_eq!(made, expected);
    assert_eq!(house.kitchen.get(&one).await.expect(200), made);

    let changed = who.patch(&one, json!({ "price": 5, "sku": "a" })).await.expect(200);
    assert_eq!(
        (&changed["name"], &changed["price"], &changed["sku"]),
        (&json!("Laptop"), &json!(5), &json!("a"))
    );
    let replaced = who.put(&one, json!({ "name": "Phone", "price": 0.1 })).await.expect(200);
    assert_eq!(
        (&replaced["name"], &replaced["price"], &replaced["sku"]),
        (&json!("Phone"), &json!(0.1), &json!(null))
    );
    assert_eq!(replaced["createdAt"], made["createdAt"]);

    let copy =
        who.post(&format!("/products/duplicate/{}", id(&made)), json!({ "price": 7 })).await.expect(201);
    assert_eq!((&copy["name"], &copy["price"]), (&json!("Phone"), &json!(7)));
    assert_ne!(copy["id"], made["id"]);
    let list = json!({ "list": [{ "name": "A", "price": 1 }, { "name": "B", "price": 2 }] });
    let many = who.post("/products/many", list).await.expect(201);
    let ids = format!("{},{}", id(&many[0]), id(&many[1]));
    let dear = who.patch(&format!("/products?ids={ids}"), json!({ "price": 100 })).await.expect(200);
    assert_eq!(
        (&dear[0]["name"], &dear[0]["price"], &dear[1]["price"]),
        (&json!("A"), &json!(100), &json!(100))
    );
    let twins = who.press(&format!("/products/duplicate?ids={ids}")).await.expect(201);
    assert_eq!((&twins[0]["name"], &twins[1]["name"]), (&json!("A"), &json!("B")));

    let gone = who.delete(&one).await.expect(200);
    assert_eq!(gone, json!({ "deletedCount": 1 }));
    assert_eq!(who.delete(&format!("/products?ids={ids}")).await.expect(200), json!({ "deletedCount": 2 }));
    let missing = who.get(&one).await.expect_error(404, "NOT_FOUND");
    assert_eq!(missing["message"], format!("Product with ID {} not found", id(&made)));
    let left = who.get("/products").await.expect(200);
    let left: Vec<&Value> = left.as_array().unwrap().iter().map(|product| &product["name"]).collect();
    assert_eq!(left, ["B", "A", "Phone"]);
    // None of it was an event: nothing here is broadcast.
    assert!(house.log().await.is_empty());
    let admin = app.database.admin().await;
    let steps = "SELECT count(*) FROM document_audit WHERE kind = $1 AND actor_id = $2";
    let actor = house.user(comanda::domain::principal::Role::Manager).0;
    for (kind, count) in [("created", 6_i64), ("changed", 4), ("deleted", 3)] {
        let row = admin.query_one(steps, &[&kind, &actor]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), count, "{kind}");
    }
}

#[actix_web::test]
async fn lists_are_paged_and_filtered_by_what_is_declared() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let list: Vec<Value> = (0..25).map(|n| json!({ "name": format!("P{n}"), "price": n % 5 })).collect();
    house.manager.post("/products/many", json!({ "list": list })).await.expect(201);
    let names = async |query: &str| {
        let page = house.waiter.get(&format!("/products{query}")).await.expect(200);
        let names = page.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names("").await.len(), 20);
    assert_eq!(names("?page=2").await, ["P4", "P3", "P2", "P1", "P0"]);
    assert_eq!(names("?page=2&limit=3").await, ["P21", "P20", "P19"]);
    assert!(names("?page=9").await.is_empty());
    assert_eq!(names("?price=4&limit=2").await, ["P24", "P19"]);
    assert_eq!(names("?name=P7").await, ["P7"]);
    assert_eq!(names("?name=P7&price=3").await, [""; 0]);
    for (query, fault) in [
        ("?colour=red", "property colour should not exist"),
        ("?limit=101", "limit must not be greater than 100"),
        ("?page=0", "page must not be less than 1"),
        ("?price=dear", "price must be a number conforming to the specified constraints"),
        ("?name=%00", "name must not contain control characters"),
    ] {
        let refused =
            house.waiter.get(&format!("/products{query}")).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], json!([fault]), "{query}");
    }
}

#[actix_web::test]
async fn of_a_hundred_who_want_one_value_one_has_it() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let ask = |n: usize| {
        let body = json!({ "name": format!("P{n}"), "price": 1, "sku": "the only one" });
        let who = house.manager.clone();
        async move { who.post("/products", body).await }
    };
    let answers = join_all((0..100).map(ask)).await;
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(won, 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        let refused = answer.expect_error(409, "VALUE_TAKEN");
        assert_eq!(refused["message"], "sku must be unique");
    }
    // It is free again when its owner gives it up, in whichever way.
    let first = house.manager.get("/products").await.expect(200)[0].clone();
    let other = house.makes("products", json!({ "name": "B", "price": 1, "sku": "b" })).await;
    let takes = json!({ "sku": "the only one" });
    house.manager.patch(&format!("/products/{other}"), takes.clone()).await.expect_error(409, "VALUE_TAKEN");
    house.manager.press(&format!("/products/duplicate/{other}")).await.expect_error(409, "VALUE_TAKEN");
    house.manager.put(&format!("/products/{}", id(&first)), laptop()).await.expect(200);
    house.manager.patch(&format!("/products/{other}"), takes.clone()).await.expect(200);
    house.manager.delete(&format!("/products/{other}")).await.expect(200);
    house.manager.patch(&format!("/products/{}", id(&first)), takes).await.expect(200);
}

#[actix_web::test]
async fn who_may_not_and_what_is_wrong_is_told_as_everywhere() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.waiter.post("/products", laptop()).await.expect_error(403, "FORBIDDEN");
    house.waiter.get("/products").await.expect(200);
    crate::client::Client::anonymous(app.address).get("/products").await.expect_error(401, "INVALID_TOKEN");
    let refused = house.manager.post("/products", json!({ "price": -1, "id": 5 })).await;
    let refused = refused.expect_error(400, "VALIDATION_FAILED");
    let faults =
        ["name should not be empty", "price must not be less than 0", "property id should not exist"];
    assert_eq!(refused["message"], json!(faults));
    house.manager.get("/products/5").await.expect_error(400, "BAD_REQUEST");
    house.manager.delete("/products").await.expect_error(400, "VALIDATION_FAILED");
    let refused = house.manager.press("/products/123").await;
    assert_eq!(refused.header("allow"), Some("GET, PATCH, PUT, DELETE, HEAD"));
    refused.expect_error(405, "METHOD_NOT_ALLOWED");

    // A key is of one entity's route: repeated, it is answered again.
    let keyed = house.manager.key("k");
    let first = keyed.post("/products", laptop()).await;
    let again = keyed.post("/products", laptop()).await;
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    assert_eq!(first.expect(201), again.expect(201));
    keyed
        .post("/products", json!({ "name": "x", "price": 1 }))
        .await
        .expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    keyed.post("/customers", json!({ "name": "x" })).await.expect(201);
    assert_eq!(house.manager.get("/products").await.expect(200).as_array().unwrap().len(), 1);
}

/// The customers of specification 000, by their numbers; those who have ordered stay.
#[actix_web::test]
async fn customers_are_those_that_orders_are_for() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let made =
        house.manager.post("/customers", json!({ "name": "Eva", "email": "eva@x.org" })).await.expect(201);
    let number = made["number"].as_u64().unwrap();
    let next = house.manager.post("/customers", json!({ "name": "Leo" })).await.expect(201);
    assert_eq!(next["number"], number + 1);
    let order = house.cashier.post("/orders", json!({ "total": 5, "customerId": number })).await.expect(201);
    let order = house.cashier.get(&format!("/orders/{}", order["id"])).await.expect(200);
    assert_eq!(
        (&order["customer"]["name"], &order["customer"]["email"]),
        (&json!("Eva"), &json!("eva@x.org"))
    );
    let path = format!("/customers/{}", id(&made));
    let refused = house.manager.delete(&path).await.expect_error(409, "RESOURCE_IN_USE");
    assert_eq!(refused["message"], format!("Customer with ID {} has orders", id(&made)));
    let renamed = house.manager.patch(&path, json!({ "name": "Eva M." })).await.expect(200);
    assert_eq!((&renamed["number"], &renamed["email"]), (&json!(number), &json!("eva@x.org")));
    assert_eq!(house.manager.get("/customers?name=Eva%20M.").await.expect(200)[0], renamed);
    house.manager.delete(&format!("/customers/{}", id(&next))).await.expect(200);
    let later = house.manager.post("/customers", json!({ "name": "Ana" })).await.expect(201);
    assert_eq!(later["number"], number + 2, "never given twice");
}

#[actix_web::test]
async fn the_document_has_the_declared_routes() {
    let app = spawn_app().await;
    let document = crate::client::Client::anonymous(app.address).get("/openapi.json").await.expect(200);
    let methods = |path: &str| {
        let item = document["paths"][path].as_object().unwrap_or_else(|| panic!("no {path}"));
        item.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(methods("/products"), ["delete", "get", "patch", "post"]);
    assert_eq!(methods("/products/{id}"), ["delete", "get", "patch", "put"]);
    assert_eq!(methods("/users"), ["delete", "get", "patch", "post"]);
    let user = &document["components"]["schemas"]["User.Body"];
    assert_eq!(user["properties"].as_object().unwrap().keys().collect::<Vec<_>>(), ["email", "name"]);
    let body = &document["components"]["schemas"]["Product.Body"];
    assert_eq!(body["required"], json!(["name", "price"]));
    assert_eq!(body["properties"]["price"]["minimum"], 0.0);
    let text = document.to_string();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
    }
}

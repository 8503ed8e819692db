//! What moved in is found by its old id, wherever that is kept, and by nobody else's restaurant.

use super::{BCRYPT, import, printed};
use crate::support::{Client, Display, House, house::id, spawn_app};
use serde_json::{Value, json};
use std::fmt::Write;

/// A list, the old id of one in it of the README's sample, and a member by which that one is known.
const LISTS: [(&str, &str, &str, &str); 8] = [
    ("/api/v1/tables", "mesa-4", "name", "4"),
    ("/api/v1/users", "7", "email", "luis@casa.example"),
    ("/users", "7", "email", "luis@casa.example"),
    ("/customers", "c-1", "name", "Marta Gil"),
    ("/api/v1/menu/items", "m-12", "name", "Chuletón"),
    ("/products", "p-3", "name", "Vino de la casa"),
    ("/api/v1/orders", "o-981", "externalId", "o-981"),
    ("/api/v1/production-orders", "w-5", "title", "Carta de vinos"),
];

async fn found(client: &Client, path: &str, query: &str) -> Vec<Value> {
    let list = client.get(&format!("{path}?{query}")).await.expect(200);
    list.as_array().unwrap().clone()
}

/// Beside what is called otherwise, or nothing at all.
async fn beside(house: &House) {
    house.open_table().await;
    house.confirmed(1).await;
    house.produce("Menú").await;
    for (path, body) in [
        ("/customers", json!({ "name": "Luis" })),
        ("/products", json!({ "name": "Pan", "price": 1.5 })),
        ("/api/v1/menu/categories", json!({ "name": "Postres" })),
        ("/api/v1/menu/items", json!({ "name": "Flan", "category": "Postres", "price": 4.5 })),
    ] {
        house.manager.post(path, body).await.expect(201);
    }
}

#[actix_web::test]
async fn an_old_id_finds_its_one_and_no_other() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    beside(&house).await;
    assert_eq!(import(&app, &house, printed("jsonl"), &[]).await.0, 0);
    for (path, old, member, value) in LISTS {
        let whole = found(&house.manager, path, "externalId=").await;
        assert!(whole.len() > 1, "{path}: an empty one asks for nothing");
        let one = found(&house.manager, path, &format!("externalId={old}")).await;
        let [one] = &one[..] else { panic!("{path}: {one:?}") };
        assert_eq!((&one["externalId"], &one[member]), (&json!(old), &json!(value)), "{path}");
        assert!(whole.contains(one), "{path}");
        for nobody in [format!("externalId={old}x"), format!("externalId={}", id(one))] {
            assert_eq!(found(&house.manager, path, &nobody).await, [] as [Value; 0], "{path}");
        }
        // Another restaurant's name is as unknown as any.
        assert_eq!(
            found(&other.manager, path, &format!("externalId={old}")).await,
            [] as [Value; 0],
            "{path}"
        );
        let long = format!("{path}?externalId={}", "x".repeat(201));
        house.manager.get(&long).await.expect_error(400, "VALIDATION_FAILED");
    }
    // Documents also where they are asked for over a socket.
    let mut display = Display::join(&house.manager).await;
    for (old, names) in [("p-3", json!(["Vino de la casa"])), ("p-4", json!([]))] {
        let answer = display.ask("get-many-product", json!({ "externalId": old })).await;
        let told: Vec<&Value> = answer["data"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(json!(told), names, "{answer}");
    }
    // Two that are called alike, each in its own.
    let table = r#"{"kind":"table","externalId":"mesa-4","name":"30"}"#;
    assert_eq!(import(&app, &other, table, &[]).await.0, 0);
    for (restaurant, name) in [(&house, "4"), (&other, "30")] {
        let tables = found(&restaurant.waiter, "/api/v1/tables", "externalId=mesa-4").await;
        assert_eq!((tables.len(), &tables[0]["name"]), (1, &json!(name)));
    }
}

/// All that is asked for must hold.
#[actix_web::test]
async fn an_old_id_stands_beside_the_other_filters() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    assert_eq!(import(&app, &house, printed("jsonl"), &[]).await.0, 0);
    let order = &found(&house.waiter, "/api/v1/orders", "externalId=o-981").await[0];
    let elsewhere = house.free_table().await;
    for (path, query, count) in [
        ("/api/v1/orders", "status=IN_PROGRESS", 1),
        ("/api/v1/orders", "status=SERVED,READY", 0),
        ("/api/v1/orders", &format!("table={}", order["tableId"].as_str().unwrap()), 1),
        ("/api/v1/orders", &format!("table={elsewhere}"), 0),
        ("/api/v1/orders", "since=2026-11-20T13:05:00Z&limit=1", 1),
        ("/api/v1/orders", "since=2100-01-01T00:00:00Z", 0),
        ("/products", "sku=V-3&price=12.9&limit=1", 1),
        ("/products", "sku=V-4", 0),
        ("/products", "page=2", 0),
        ("/customers", "name=Marta%20Gil", 1),
        ("/customers", "name=Marta", 0),
        ("/users", "role=WAITER", 1),
        ("/users", "role=KITCHEN", 0),
    ] {
        let old = LISTS.iter().find(|(list, ..)| *list == path).unwrap().1;
        let list = found(&house.manager, path, &format!("externalId={old}&{query}")).await;
        assert_eq!(list.len(), count, "{path}?{query}: {list:?}");
    }
}

/// As the role that serves, whom row-level security lets look up only what cannot leak: the unique index is asked.
#[actix_web::test]
async fn an_old_id_is_looked_up_in_its_index() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    // So many that another index would cost more.
    let mut text = String::new();
    for n in 0..300 {
        for (kind, members) in [
            ("table", format!(r#""name":"T{n}""#)),
            (
                "user",
                format!(
                    r#""email":"p{n}@casa.example","name":"P","role":"WAITER","passwordHash":"{BCRYPT}""#
                ),
            ),
            ("customer", r#""name":"Luis""#.to_owned()),
            ("dish", format!(r#""name":"Flan {n}","category":"Postres","price":4.5"#)),
            ("document", r#""entity":"Product","fields":{"name":"Pan","price":1.5}"#.to_owned()),
            ("order", r#""items":[{"name":"Pan","qty":1,"unitPrice":1.5}]"#.to_owned()),
            ("production", r#""title":"Carta""#.to_owned()),
        ] {
            writeln!(text, r#"{{"kind":"{kind}","externalId":"{n}",{members}}}"#).unwrap();
        }
    }
    let (code, _, told) = import(&app, &house, &text, &[]).await;
    assert_eq!((code, told.as_str()), (0, ""));
    let admin = app.database.admin().await;
    let tenant = house.id;
    let session = format!(
        "ANALYZE; SET ROLE comanda_app; SELECT set_config('app.restaurant', '{tenant}', false);
         SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;"
    );
    admin.batch_execute(&session).await.unwrap();
    let start = format!("'{tenant}', 'infinity', '{}'", uuid::Uuid::max());
    let of_documents = format!("'{tenant}', 'Product', 'infinity', '{}', 21, 0, '{{}}'", uuid::Uuid::max());
    macro_rules! sql {
        ($path:literal) => {
            include_str!(concat!("../../../sql/queries/", $path, ".sql"))
        };
    }
    for (n, (index, sql, given)) in [
        ("tables_external_id", sql!("tables/called"), format!("{start}, 51")),
        ("users_external_id", sql!("people/called"), format!("{start}, 51")),
        ("menu_items_external_id", sql!("menu/called"), format!("{start}, 51")),
        ("production_orders_external_id", sql!("production_orders/called"), format!("{start}, 51")),
        ("orders_external_id", sql!("orders/called"), format!("{start}, NULL, NULL, '-infinity', true, 51")),
        (
            "customers_external_id",
            sql!("resources/customers_called"),
            format!("{start}, 21, 0, NULL, NULL, NULL"),
        ),
        ("users_external_id", sql!("resources/users_called"), format!("{start}, 21, 0, '{{}}'")),
        ("documents_external_id", sql!("resources/called"), of_documents),
    ]
    .into_iter()
    .enumerate()
    {
        admin.batch_execute(&format!("PREPARE called{n} AS {sql}")).await.unwrap();
        let rows = admin.query(&format!("EXPLAIN EXECUTE called{n}({given}, 'x')"), &[]).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert!(plan.iter().any(|line| line.contains(index)), "{index}\n{}", plan.join("\n"));
        let condition = |line: &String| line.contains("Index Cond") && line.contains("external_id = ");
        assert!(plan.iter().any(condition), "{index}\n{}", plan.join("\n"));
    }
}

#[actix_web::test]
async fn the_documents_say_that_it_can_be_asked_for() {
    let app = spawn_app().await;
    let document = Client::anonymous(app.address).get("/openapi.json").await.expect(200);
    for (path, ..) in LISTS {
        let parameters = document["paths"][path]["get"]["parameters"].as_array().unwrap();
        let named = parameters.iter().find(|one| one["name"] == "externalId").expect(path);
        assert_eq!((&named["in"], &named["required"]), (&json!("query"), &json!(false)), "{path}");
        assert_eq!(named["schema"]["maxLength"], 200, "{path}");
    }
}

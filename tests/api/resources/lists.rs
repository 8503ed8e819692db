//! Lists that stay quick: cursors, filters by an index, pages that end somewhere.

use crate::stock_client::Client;
use crate::support::{spawn_app, spawn_app_declaring};
use serde_json::{Value, json};

const NEWEST: &str = include_str!("../../../sql/queries/resources/newest.sql");
const HAVING: &str = include_str!("../../../sql/queries/resources/having.sql");

fn names(page: &Value) -> Vec<String> {
    page.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn cursors_lead_to_the_end_whatever_comes_in_between() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let list: Vec<Value> = (0..25).map(|n| json!({ "name": format!("P{n}"), "price": n % 2 })).collect();
    house.manager.post("/products/many", json!({ "list": list })).await.expect(201);
    for (query, expected) in [
        ("?limit=10", (0..25).rev().map(|n| format!("P{n}")).collect::<Vec<_>>()),
        ("?price=1&limit=5", (0..25).rev().filter(|n| n % 2 == 1).map(|n| format!("P{n}")).collect()),
    ] {
        let (mut next, mut seen) = (format!("/products{query}"), Vec::new());
        loop {
            let page = house.waiter.get(&next).await;
            let link = page.header("link").map(|link| link.split(['<', '>']).nth(1).unwrap().to_owned());
            seen.extend(names(&page.expect(200)));
            let Some(link) = link else { break };
            // A page's number would show one again.
            house.makes("products", json!({ "name": "new", "price": 1 })).await;
            next = link;
        }
        assert_eq!(seen, expected, "{query}");
        let all = house.manager.get("/products?name=new&limit=100").await.expect(200);
        let ids: Vec<&str> = all.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        house.manager.delete(&format!("/products?ids={}", ids.join(","))).await.expect(200);
    }
    for (query, fault) in [
        ("?page=501", "page must not be greater than 500; go on with cursor"),
        ("?page=101&limit=100", "page must not be greater than 100; go on with cursor"),
        ("?cursor=nonsense", "cursor must be one that a Link header gave"),
    ] {
        let refused =
            house.waiter.get(&format!("/products{query}")).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], json!([fault]), "{query}");
    }
    assert_eq!(house.waiter.get("/products?page=500").await.expect(200), json!([]));
    // The same over a socket: the acknowledgement has the cursor, where there is a next page.
    let auth = json!({ "token": house.waiter.token });
    let mut socket = Client::with(&json!({ "url": app.url(""), "namespace": "/api", "auth": auth }));
    socket.connected().await;
    let first = socket.asks(&json!(["get-many-product", { "limit": 24 }])).await;
    let more = json!({ "limit": 24, "cursor": first["cursor"] });
    let last = socket.asks(&json!(["get-many-product", more])).await;
    assert_eq!((names(&last["data"]), last.get("cursor")), (vec!["P0".to_owned()], None), "{last}");
    let both = json!(["get-many-product", { "page": 2, "cursor": first["cursor"] }]);
    assert_eq!(socket.asks(&both).await["error"]["details"], json!(["page should not exist beside cursor"]));
}

/// What filters find is what they should, also beside values that look alike, and after changes.
#[actix_web::test]
async fn filters_find_exactly_what_has_the_value() {
    let app = spawn_app_declaring(
        r#"
        [[entities]]
        name = "Thing"
        path = "things"
        fields = [
            { name = "name", type = "string", maxLength = 10000 },
            { name = "price", type = "number" },
            { name = "sold", type = "boolean" },
            { name = "until", type = "date" },
        ]"#,
    )
    .await;
    let house = app.restaurant().await;
    let other = app.restaurant().await;
    let long = "x".repeat(9_000);
    let day = "2026-11-20T00:00:00.000Z";
    for body in [
        json!({ "name": "5", "price": 5 }),
        json!({ "name": "true", "sold": true }),
        json!({ "name": long, "price": 0.1 }),
        json!({ "name": "d", "until": day, "price": 1e300 }),
    ] {
        house.makes("things", body.clone()).await;
        other.makes("things", body).await;
    }
    let found = async |query: &str| {
        let page = house.manager.get(&format!("/things?{query}")).await.expect(200);
        names(&page).iter().map(|name| name.chars().take(4).collect::<String>()).collect::<Vec<_>>().join(" ")
    };
    for (query, expected) in [
        ("price=5", "5"),
        ("price=5.0", "5"),
        ("name=5", "5"),
        ("sold=true", "true"),
        ("price=0.1", "xxxx"),
        (&format!("name={long}"), "xxxx"),
        ("price=1e300", "d"),
        ("until=2026-11-20", "d"),
        ("sold=false", ""),
        ("price=5&name=5", "5"),
        ("price=5&name=d", ""),
    ] {
        assert_eq!(found(query).await, expected, "{}", &query[..query.len().min(20)]);
    }
    let one = house.manager.get("/things?name=5").await.expect(200)[0]["id"].as_str().unwrap().to_owned();
    house.manager.patch(&format!("/things/{one}"), json!({ "price": 6 })).await.expect(200);
    assert_eq!((found("price=5").await.as_str(), found("price=6").await.as_str()), ("", "5"));
    house.manager.delete(&format!("/things/{one}")).await.expect(200);
    assert_eq!((found("price=6").await.as_str(), found("name=5").await.as_str()), ("", ""));
}

/// With row-level security on, by the role that serves: no operator that may not be looked up before the tenant is known.
#[actix_web::test]
async fn a_filter_reads_an_index_of_a_hundred_thousand_documents_and_no_more() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let admin = app.database.admin().await;
    let id = house.id.to_string();
    // As migrations fill the index; the trigger is for one at a time.
    let fill = format!(
        "ALTER TABLE documents DISABLE TRIGGER documents_indexed;
         INSERT INTO documents (restaurant_id, id, entity, body, version, created_at, updated_at)
         SELECT '{id}', gen_random_uuid(), 'Product',
                jsonb_build_object('name', 'P' || n, 'price', n % 5, 'sku', 's' || n), 1,
                now() - (n || ' seconds')::interval, now()
         FROM generate_series(1, 100000) AS n;
         INSERT INTO document_filters (restaurant_id, entity, field, value, created_at, document_id)
         SELECT d.restaurant_id, d.entity, m.key, hashtextextended(comanda_value_text(m.value), 0), d.created_at, d.id
         FROM documents d, jsonb_each(d.body) AS m;
         ALTER TABLE documents ENABLE TRIGGER documents_indexed;
         ANALYZE documents; ANALYZE document_filters;"
    );
    admin.batch_execute(&fill).await.unwrap();
    let explain = format!(
        "SET ROLE comanda_app; SELECT set_config('app.restaurant', '{id}', false);
         PREPARE newest(uuid, text, timestamptz, uuid, bigint, bigint) AS {NEWEST};
         PREPARE having(uuid, text, timestamptz, uuid, bigint, bigint, jsonb) AS {HAVING};"
    )
    .replace("having(", "found(");
    admin.batch_execute(&explain).await.unwrap();
    let start = format!("'{id}', 'Product', 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 21, 0");
    let plan = async |call: &str| {
        let rows =
            admin.simple_query(&format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE {call}")).await;
        let lines = rows.unwrap().into_iter().filter_map(|row| match row {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    for filter in
        [r#"{"sku":"s77777"}"#, r#"{"price":4}"#, r#"{"price":4,"sku":"s4"}"#, r#"{"name":"nobody"}"#]
    {
        let plan = plan(&format!("found({start}, '{filter}')")).await;
        let reads = "Index Only Scan Backward using document_filters_pkey on document_filters f ";
        assert!(plan.contains(reads) && !plan.contains("Seq Scan"), "{filter}\n{plan}");
        // A page's documents, and not all that cost 4.
        assert!(!plan.contains("rows=20000"), "{filter}\n{plan}");
    }
    let plan = plan(&format!("newest({start})")).await;
    assert!(plan.contains("Index Scan using documents_newest") && !plan.contains("Sort"), "{plan}");
    assert_eq!(names(&house.waiter.get("/products?price=4&limit=2").await.expect(200)), ["P4", "P9"]);
    assert_eq!(names(&house.waiter.get("/products?sku=s77777&price=2").await.expect(200)), ["P77777"]);
}

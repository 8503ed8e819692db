//! What the declared schema accepts is stored, and read back equal.

use crate::support::{spawn_app, spawn_app_declaring};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

const THINGS: &str = r#"
    [[entities]]
    name = "Thing"
    path = "things"
    fields = [
        { name = "name", type = "string", required = true, unique = true, maxLength = 200 },
        { name = "price", type = "number" },
        { name = "count", type = "integer" },
        { name = "sold", type = "boolean", default = false },
        { name = "until", type = "date" },
    ]
"#;

/// A body: every field, but for what is optional and left out.
fn thing() -> impl Strategy<Value = Value> {
    let time = (0_i64..4_000_000_000_000).prop_map(|ms| jiff::Timestamp::from_millisecond(ms).unwrap());
    let time = time.prop_map(|time| format!("{time:.3}"));
    let price = any::<f64>().prop_filter("JSON has no other", |price| price.is_finite());
    let count = -9_007_199_254_740_991_i64..=9_007_199_254_740_991;
    let name = "[^\\x00-\\x1f\\x7f-\u{9f} ]{8,50}".prop_filter("blank", |name| !name.trim().is_empty());
    (name, prop::option::of(price), prop::option::of(count), any::<bool>(), prop::option::of(time)).prop_map(
        |(name, price, count, sold, until)| {
            let mut body = json!({ "name": name, "sold": sold });
            let optional = [
                ("price", price.map(Value::from)),
                ("count", count.map(Value::from)),
                ("until", until.map(Value::from)),
            ];
            for (member, value) in optional {
                if let Some(value) = value {
                    body[member] = value;
                }
            }
            body
        },
    )
}

/// A number as both ends of the way have it: `5.0` and `5` are one.
fn same(sent: &Value, read: &Value) -> bool {
    match (sent.as_f64(), read.as_f64()) {
        (Some(sent), Some(read)) => sent.to_string() == read.to_string(),
        _ => sent == read,
    }
}

/// The exact number of a member's text: a reader of JSON may be off by its last bit.
fn number(text: &str, member: &str) -> Option<f64> {
    let (_, rest) = text.split_once(&format!("\"{member}\":"))?;
    rest.split([',', '}']).next()?.parse().ok()
}

#[actix_web::test]
async fn whatever_is_accepted_is_read_back_equal() {
    let app = spawn_app_declaring(THINGS).await;
    let house = app.restaurant().await;
    let (mut runner, strategy) = (TestRunner::deterministic(), thing());
    for _ in 0..150 {
        let sent = strategy.new_tree(&mut runner).unwrap().current();
        let made = house.manager.post("/things", sent.clone()).await;
        let path =
            format!("/things/{}", made.body["id"].as_str().unwrap_or_else(|| panic!("{sent} {}", made.text)));
        let read = house.waiter.get(&path).await;
        assert_eq!(made.text, read.text);
        for (member, value) in sent.as_object().unwrap() {
            let exact = value.as_f64().zip(number(&read.text, member));
            let is_same = match exact {
                Some((sent, read)) => sent + 0.0 == read && sent.to_string().parse() == Ok(read),
                None => same(value, &read.body[member]),
            };
            assert!(is_same, "{member}: {sent} {}", read.text);
        }
        let absent = sent.as_object().unwrap().len() + ["id", "createdAt", "updatedAt"].len();
        assert_eq!(read.body.as_object().unwrap().len(), absent, "{}", read.text);
    }
}

/// Numbers come back to the last digit, texts to the last character.
#[actix_web::test]
async fn what_is_stored_is_what_was_sent() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for (name, price) in [
        ("Ñandú \"a\\b\" 🦤\nline", 0.1),
        ("\u{2028}</script>", 1e300),
        ("x", 5e-324),
        ("y", 123_456_789.123_456_79),
        ("z", 9_007_199_254_740_993.0),
    ] {
        let path =
            format!("/products/{}", house.makes("products", json!({ "name": name, "price": price })).await);
        let read = house.waiter.get(&path).await;
        assert!(read.text.contains(&format!(r#""price":{price}"#)), "{}", read.text);
        assert_eq!(read.expect(200)["name"], name);
    }
}

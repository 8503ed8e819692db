//! Customers keep the numbers by which clients of the other system know them.

use super::import;
use crate::support::spawn_app;
use serde_json::{Value, json};

/// Old id, number and name of all customers, by number.
fn shown(list: &Value) -> Vec<(Value, u64, String)> {
    let one = |customer: &Value| {
        let name = customer["name"].as_str().unwrap().to_owned();
        (customer["externalId"].clone(), customer["number"].as_u64().unwrap(), name)
    };
    let mut all: Vec<(Value, u64, String)> = list.as_array().unwrap().iter().map(one).collect();
    all.sort_by_key(|(_, number, _)| *number);
    all
}

#[actix_web::test]
async fn customers_keep_their_numbers() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    // Two are there, as in every house of the tests.
    let before = shown(&house.manager.get("/customers").await.expect(200));
    assert_eq!(before.iter().map(|(_, number, _)| *number).collect::<Vec<_>>(), [1, 2]);
    // With gaps, in no order; two whose number is somebody's here, and two that are nobody's number.
    let text = r#"{"kind":"customer","externalId":2,"name":"B"}
{"kind":"customer","externalId":"c-9","name":"C"}
{"kind":"customer","externalId":58,"name":"D"}
{"kind":"customer","externalId":"3","name":"E"}
{"kind":"customer","externalId":34600000004,"name":"F"}
{"kind":"order","externalId":1,"customer":58,"items":[{"name":"Pan","qty":1,"unitPrice":1.5}]}
{"kind":"customer","externalId":57,"name":"G"}
"#;
    let (code, counted, told) = import(&app, &house, text, &[]).await;
    assert_eq!((code, told.as_str()), (0, ""));
    let expected = "customer: 6 created, 0 already there, 0 refused\norder: 1 created, 0 already there, 0 refused\n\
                    customer: 2 not numbered as their externalId says\n";
    assert_eq!(counted, expected);
    let one = |id: Value, number: u64, name: &str| (id, number, name.to_owned());
    let moved = [
        one(json!("3"), 3, "E"),
        one(json!("57"), 57, "G"),
        one(json!("58"), 58, "D"),
        one(json!("2"), 59, "B"),
        one(json!("c-9"), 60, "C"),
        one(json!("34600000004"), 61, "F"),
    ];
    let after = shown(&house.manager.get("/customers").await.expect(200));
    assert_eq!(after, [&before[..], &moved].concat());

    // Who remembers a customer's number orders for that customer, and the next is new.
    let orders = house.waiter.get("/orders").await.expect(200);
    assert_eq!((&orders[0]["customerId"], &orders[0]["customer"]["name"]), (&json!(58), &json!("D")));
    let made = house.manager.post("/customers", json!({ "name": "Eva" })).await.expect(201);
    assert_eq!(made["number"], 62);
    let (code, counted, _) = import(&app, &house, text, &[]).await;
    assert_eq!((code, counted.lines().next()), (0, Some("customer: 0 created, 6 already there, 0 refused")));
    assert_eq!(counted.lines().count(), 2, "{counted}");
}

//! The menu as people edit it, and what there is to be had of it.

use crate::support::{Client, Display, House, TestApp, house::id, spawn_app, spawn_patient_app};
use comanda::domain::principal::Role;
use futures_util::{StreamExt, future::join_all, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const ITEMS: &str = "/api/v1/menu/items";
const CATEGORIES: &str = "/api/v1/menu/categories";
/// Waiters that race for a dish, and portions there are of it.
const WAITERS: usize = 1_000;
const PORTIONS: usize = 37;

fn availability(house: &House) -> String {
    format!("{ITEMS}/{}/availability", house.menu[0].id)
}

/// A confirmed order of one portion of the first dish, as a status.
async fn order_one(house: &House) -> u16 {
    let order = house.draft(0).await;
    let line = json!({ "menuItemId": house.menu[0].id, "qty": 1 });
    house.waiter.post(&format!("/api/v1/orders/{order}/items"), line).await.expect(201);
    house.confirm(&order).await.status
}

#[actix_web::test]
async fn a_dish_and_its_category_from_the_first_to_the_last_day() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let soups = house.manager.post(CATEGORIES, json!({ "name": "Sopas", "position": 0 })).await.expect(201);
    let new = json!({ "name": "Gazpacho", "category": "Sopas", "price": 6.5, "course": "starter" });
    let made = house.manager.post(ITEMS, new).await;
    assert_eq!(made.header("etag"), Some("\"1\""));
    let dish = made.expect(201);
    assert_eq!((&dish["price"], &dish["available"]), (&json!("6.50"), &json!(true)));
    let path = format!("{ITEMS}/{}", id(&dish));
    assert_eq!(house.kitchen.get(&path).await.expect(200), dish);
    assert_eq!(house.kitchen.header("If-None-Match", "\"1\"").get(&path).await.status, 304);
    let menu = house.kitchen.get("/api/v1/menu").await.expect(200);
    let names: Vec<_> = menu.as_array().unwrap().iter().map(|dish| dish["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Gazpacho", "Entrecot", "Hamburguesa"], "by the place of the category, then by name");
    assert_eq!(house.kitchen.get(&format!("{ITEMS}?limit=1")).await.expect(200), json!([dish]));
    assert_eq!(house.kitchen.get(CATEGORIES).await.expect(200)[0], soups);

    let changed =
        house.manager.header("If-Match", "\"1\"").patch(&path, json!({ "price": 7, "course": "" })).await;
    let changed = changed.expect(200);
    assert_eq!(
        (&changed["price"], &changed["course"], &changed["version"]),
        (&json!("7.00"), &Value::Null, &json!(2))
    );
    let stale = house.manager.header("If-Match", "\"1\"");
    stale.patch(&path, json!({ "price": 8 })).await.expect_error(412, "PRECONDITION_FAILED");
    // Under another name the category keeps its dishes and its station.
    let station = json!({ "name": "cold", "categories": ["Sopas"] });
    let station = house.manager.post("/api/v1/stations", station).await.expect(201);
    let category = format!("{CATEGORIES}/{}", id(&soups));
    house.manager.patch(&category, json!({ "name": "Cremas" })).await.expect(200);
    assert_eq!(house.kitchen.get(&path).await.expect(200)["category"], "Cremas");
    let station = house.kitchen.get(&format!("/api/v1/stations/{}", id(&station))).await.expect(200);
    assert_eq!(station["categories"], json!(["Cremas"]));
    let order = house.draft(0).await;
    let line = json!({ "menuItemId": dish["id"], "qty": 1 });
    let lines = format!("/api/v1/orders/{order}/items");
    assert_eq!(house.waiter.post(&lines, line.clone()).await.expect(201)["station"], "cold");

    house.manager.delete(&category).await.expect_error(409, "CATEGORY_IN_USE");
    house.manager.delete(&path).await.expect(204);
    house.manager.delete(&path).await.expect_error(404, "NOT_FOUND");
    house.kitchen.get(&path).await.expect_error(404, "NOT_FOUND");
    house.waiter.post(&lines, line).await.expect_error(404, "NOT_FOUND");
    assert_eq!(house.kitchen.get("/api/v1/menu").await.expect(200).as_array().unwrap().len(), 2);
    // What was ordered before is refused where it is sent.
    house.confirm(&order).await.expect_error(409, "ITEM_UNAVAILABLE");
    house.manager.delete(&category).await.expect(204);
    house.kitchen.get(&category).await.expect_error(404, "NOT_FOUND");
}

#[actix_web::test]
async fn managers_edit_and_cooks_say_what_is_sold_out() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let categories = house.kitchen.get(CATEGORIES).await.expect(200);
    let (dish, category) =
        (format!("{ITEMS}/{}", house.menu[0].id), format!("{CATEGORIES}/{}", id(&categories[0])));
    for role in Role::ALL {
        let who = house.client(role);
        let may = |base, status| if role.includes(base) { status } else { 403 };
        let new = json!({ "name": "x", "category": "Carnes", "price": 1 });
        assert_eq!(who.post(ITEMS, new).await.status, may(Role::Manager, 201), "{role}");
        assert_eq!(who.patch(&dish, json!({ "price": 9 })).await.status, may(Role::Manager, 200), "{role}");
        let name = json!({ "name": format!("of {role}") });
        assert_eq!(who.post(CATEGORIES, name).await.status, may(Role::Manager, 201), "{role}");
        assert_eq!(
            who.patch(&category, json!({ "position": 3 })).await.status,
            may(Role::Manager, 200),
            "{role}"
        );
        let sold_out = who.put(&availability(&house), json!({ "state": "sold_out" })).await;
        assert_eq!(sold_out.status, may(Role::Kitchen, 200), "{role}");
        for read in [ITEMS, CATEGORIES, dish.as_str(), category.as_str()] {
            assert_eq!(who.get(read).await.status, 200, "{role} {read}");
        }
        if !role.includes(Role::Manager) {
            who.delete(&dish).await.expect_error(403, "FORBIDDEN");
            who.delete(&category).await.expect_error(403, "FORBIDDEN");
        }
    }
    house.manager.post(CATEGORIES, json!({ "name": "Carnes" })).await.expect_error(409, "NAME_TAKEN");
    let past = (Timestamp::now() - SignedDuration::from_secs(1)).to_string();
    for (path, body, message) in [
        (
            ITEMS,
            json!({}),
            json!(["name should not be empty", "category should not be empty", "price should not be empty"]),
        ),
        (
            ITEMS,
            json!({ "name": "x", "category": "y", "price": 1 }),
            json!(["category must be the name of a category of the menu"]),
        ),
        (
            ITEMS,
            json!({ "name": "x", "category": "Carnes", "price": 1.005 }),
            json!(["price has more digits after the point than the currency"]),
        ),
        (CATEGORIES, json!({ "name": "x", "position": -1 }), json!(["position must not be less than 0"])),
        (
            "",
            json!({ "state": "gone" }),
            json!(["state must be one of the following values: available, sold_out"]),
        ),
        ("", json!({ "state": "available", "remaining": 0 }), json!(["remaining must not be less than 1"])),
        ("", json!({ "state": "sold_out", "remaining": 2 }), json!(["property remaining should not exist"])),
        (
            "",
            json!({ "state": "sold_out", "until": "tomorrow" }),
            json!(["until must be a valid ISO 8601 date string"]),
        ),
        ("", json!({ "state": "sold_out", "until": past }), json!(["until must be in the future"])),
    ] {
        let answer = match path {
            "" => house.manager.put(&availability(&house), body.clone()).await,
            path => house.manager.post(path, body.clone()).await,
        };
        assert_eq!(answer.expect_error(400, "VALIDATION_FAILED")["message"], message, "{body}");
    }
}

#[actix_web::test]
async fn what_is_sold_out_cannot_be_sent_and_everyone_hears_it_once() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.waiter).await;
    let set = async |body: Value| house.kitchen.put(&availability(&house), body).await.expect(200);
    let gone = set(json!({ "state": "sold_out" })).await;
    assert_eq!((&gone["available"], &gone["remaining"]), (&json!(false), &Value::Null));
    let told = display.expect("menu.item.availability.changed").await;
    assert_eq!((&told["menuItemId"], &told["state"]), (&gone["id"], &json!("sold_out")));
    assert_eq!((&told["name"], &told["menuItemVersion"]), (&json!("Hamburguesa"), &json!(2)));
    // The same again is no news.
    assert_eq!(set(json!({ "state": "sold_out" })).await, gone);
    display.expect_nothing().await;
    assert_eq!(order_one(&house).await, 409);
    display.expect("table.session.opened").await;

    set(json!({ "state": "available", "remaining": 2 })).await;
    let told = display.expect("menu.item.availability.changed").await;
    assert_eq!((&told["state"], &told["remaining"]), (&json!("available"), &json!(2)));
    let mut heard = Vec::new();
    for status in [200, 200, 409] {
        assert_eq!(order_one(&house).await, status);
    }
    while heard.len() < 8 {
        heard.push(display.event().await);
    }
    let names: Vec<&str> = heard.iter().map(|event| event["event"].as_str().unwrap()).collect();
    let order = ["table.session.opened", "order.new", "order.status.changed"];
    let last = ["menu.item.availability.changed", "table.session.opened"];
    assert_eq!(names, [&order[..], &order[..], &last[..]].concat(), "the last portion, and only it, is news");
    assert_eq!((&heard[6]["data"]["state"], &heard[6]["data"]["remaining"]), (&json!("sold_out"), &json!(0)));
    display.expect_nothing().await;
}

/// What races: a full house orders the dish of the day. Portions are taken at the confirmation, under the lane's lock.
#[actix_web::test]
async fn a_thousand_waiters_never_sell_what_is_not_there() {
    let settings = [("COMANDA__REGISTRY__LANE_QUEUE", "2000")];
    let app = spawn_patient_app(&settings).await;
    let house = app.restaurant().await;
    let session = house.open_table().await;
    let body = json!({ "tableSessionId": session });
    let line = json!({ "menuItemId": house.menu[0].id, "qty": 1 });
    let draft = async || {
        let order = id(&house.waiter.post("/api/v1/orders", body.clone()).await.expect(201));
        house.waiter.post(&format!("/api/v1/orders/{order}/items"), line.clone()).await.expect(201);
        order
    };
    let orders: Vec<String> =
        stream::iter((0..WAITERS).map(|_| draft())).buffer_unordered(32).collect().await;
    let counted = json!({ "state": "available", "remaining": PORTIONS });
    house.kitchen.put(&availability(&house), counted).await.expect(200);
    let before = house.log().await.len();
    let answers = join_all(orders.iter().map(|order| house.confirm(order))).await;
    let (sold, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((sold.len(), refused.len()), (PORTIONS, WAITERS - PORTIONS));
    refused.into_iter().for_each(|answer| drop(answer.expect_error(409, "ITEM_UNAVAILABLE")));
    let dish = house.kitchen.get(&format!("{ITEMS}/{}", house.menu[0].id)).await.expect(200);
    assert_eq!((&dish["remaining"], &dish["available"]), (&json!(0), &json!(false)));
    let log = house.log().await;
    let of = |name: &str| log[before..].iter().filter(|event| event["event"] == name).count();
    assert_eq!((of("order.new"), of("menu.item.availability.changed")), (PORTIONS, 1));
}

async fn due(app: &TestApp, house: &House) {
    let past = "UPDATE menu_items SET until = now() - interval '1 millisecond' WHERE id = $1";
    app.database.admin().await.execute(past, &[&house.menu[0].id.0]).await.unwrap();
}

#[actix_web::test]
async fn the_clock_brings_a_dish_back_also_over_a_restart() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let tomorrow = (Timestamp::now() + SignedDuration::from_hours(24)).to_string();
    let mut display = Display::join(&house.waiter).await;
    let sold_out = json!({ "state": "sold_out", "until": tomorrow });
    let set = house.kitchen.put(&availability(&house), sold_out.clone()).await.expect(200);
    assert!(set["until"].is_string());
    assert_eq!(display.expect("menu.item.availability.changed").await["until"], set["until"]);
    due(&app, &house).await;
    // Read at once it is back, told within a second or two.
    let menu = house.kitchen.get("/api/v1/menu").await.expect(200);
    let dish = menu.as_array().unwrap().iter().find(|dish| dish["id"] == set["id"]).unwrap();
    assert_eq!((&dish["available"], &dish["until"]), (&json!(true), &Value::Null));
    let told = display.expect("menu.item.availability.changed").await;
    assert_eq!((&told["state"], &told["until"]), (&json!("available"), &Value::Null));

    // It falls due while no server runs.
    house.kitchen.put(&availability(&house), sold_out).await.expect(200);
    let seq = display.expect("menu.item.availability.changed").await["seq"].as_u64().unwrap();
    let epoch = display.epoch.clone();
    let database = app.stop().await;
    let past = "UPDATE menu_items SET until = now() - interval '1 millisecond' WHERE until IS NOT NULL";
    database.admin().await.batch_execute(past).await.unwrap();
    let app = TestApp::start_again(database, &[]).await;
    let waiter: Client = house.waiter.at(app.address);
    let mut display = Display::resume(&waiter, &epoch, seq).await;
    assert_eq!(display.expect("menu.item.availability.changed").await["state"], "available");
    let log = waiter.get(&format!("/api/v1/events?after={seq}")).await.expect(200);
    assert_eq!(log["events"].as_array().unwrap().len(), 1, "{log}");
}

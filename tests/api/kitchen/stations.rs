//! Stations: who may have them, what they are told, where lines go.

use crate::support::{Display, House, house::id, spawn_app};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

const STATIONS: &str = "/api/v1/stations";

async fn station(house: &House, body: Value) -> Value {
    house.manager.post(STATIONS, body).await.expect(201)
}

#[actix_web::test]
async fn a_station_from_its_making_to_its_end() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let grill = station(&house, json!({ "name": "grill", "categories": ["Carnes"] })).await;
    assert_eq!((&grill["warnAfterS"], &grill["lateAfterS"]), (&json!(300), &json!(480)));
    assert_eq!((&grill["isDefault"], &grill["version"]), (&json!(true), &json!(1)));
    let ages = json!({ "name": "bar", "warnAfterS": 60, "lateAfterS": 90, "isDefault": true });
    let bar = station(&house, ages).await;
    let path = format!("{STATIONS}/{}", id(&bar));

    let read = house.kitchen.get(&path).await;
    let etag = read.header("etag").unwrap().to_owned();
    assert_eq!(read.expect(200), bar);
    assert_eq!(house.kitchen.header("If-None-Match", &etag).get(&path).await.status, 304);
    let listed = house.kitchen.get(STATIONS).await.expect(200);
    let names: Vec<_> =
        listed.as_array().unwrap().iter().map(|one| (&one["name"], &one["isDefault"])).collect();
    assert_eq!(names, [(&json!("bar"), &json!(true)), (&json!("grill"), &json!(false))]);
    let first = house.kitchen.get(&format!("{STATIONS}?limit=1")).await;
    assert!(first.header("link").is_some() && first.header("x-stream-seq").is_some());
    let board = house.kitchen.get("/api/v1/board").await.expect(200);
    assert_eq!(board["stations"], json!([listed[1], listed[0]]));

    let changed = house.manager.header("If-Match", &etag).patch(&path, json!({ "lateAfterS": 120 })).await;
    assert_eq!(changed.expect(200)["lateAfterS"], 120);
    let stale = house.manager.header("If-Match", &etag);
    stale.patch(&path, json!({ "lateAfterS": 121 })).await.expect_error(412, "PRECONDITION_FAILED");
    stale.delete(&path).await.expect_error(412, "PRECONDITION_FAILED");
    assert_eq!(house.manager.delete(&path).await.status, 204);
    house.manager.delete(&path).await.expect_error(404, "NOT_FOUND");
    house.kitchen.get(&path).await.expect_error(404, "NOT_FOUND");
    let left = house.kitchen.get(STATIONS).await.expect(200);
    assert_eq!((left.as_array().unwrap().len(), &left[0]["isDefault"]), (1, &json!(true)));
}

#[actix_web::test]
async fn managers_make_them_and_everyone_sees_them() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let path = format!("{STATIONS}/{}", id(&station(&house, json!({ "name": "grill" })).await));
    for role in Role::ALL {
        let who = house.client(role);
        let status = |may: u16| if role.includes(Role::Manager) { may } else { 403 };
        assert_eq!(who.get(STATIONS).await.status, 200, "{role}");
        let name = json!({ "name": format!("of {role}") });
        assert_eq!(who.post(STATIONS, name.clone()).await.status, status(201), "{role}");
        assert_eq!(who.patch(&path, json!({ "warnAfterS": 30 })).await.status, status(200), "{role}");
        if status(204) == 403 {
            who.delete(&path).await.expect_error(403, "FORBIDDEN");
        }
    }
    for (body, message) in [
        (json!({}), json!(["name should not be empty"])),
        (json!({ "name": "" }), json!(["name should not be empty"])),
        (
            json!({ "name": "x", "warnAfterS": 0, "isDefault": 1, "categories": "y", "colour": 1 }),
            json!([
                "warnAfterS must not be less than 1",
                "categories must be an array",
                "isDefault must be a boolean value",
                "property colour should not exist"
            ]),
        ),
        (json!({ "name": "x", "warnAfterS": 500 }), json!(["lateAfterS must be greater than warnAfterS"])),
    ] {
        let refused = house.manager.post(STATIONS, body).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], message);
    }
    house.manager.post(STATIONS, json!({ "name": "grill" })).await.expect_error(409, "NAME_TAKEN");
}

#[actix_web::test]
async fn lines_go_where_dish_category_or_default_say() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let default = station(&house, json!({ "name": "pass" })).await;
    let meat = station(&house, json!({ "name": "meat", "categories": ["Carnes"] })).await;
    let grill = station(&house, json!({ "name": "grill" })).await;
    let order = house.draft(0).await;
    let path = format!("/api/v1/orders/{order}/items");
    let add = async |mut line: Value| {
        line["qty"] = json!(1);
        house.waiter.post(&path, line).await
    };
    let typed = json!({ "name": "Pan", "unitPrice": 1 });
    let of_menu = json!({ "menuItemId": house.menu[0].id });
    assert_eq!(add(typed.clone()).await.expect(201)["station"], "pass");
    assert_eq!(add(of_menu.clone()).await.expect(201)["station"], "grill");
    let mut strange = typed.clone();
    strange["station"] = json!("nowhere");
    let refused = add(strange).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(refused["message"], json!(["station must be one of the following values: pass, meat, grill"]));

    house.confirm(&order).await.expect(200);
    let mut display = Display::join(&house.kitchen).await;
    let rename = json!({ "name": "parrilla" });
    house.manager.patch(&format!("{STATIONS}/{}", id(&grill)), rename).await.expect(200);
    assert_eq!(display.expect("order.item.updated").await["item"]["station"], "parrilla");
    assert_eq!(add(of_menu.clone()).await.expect(201)["station"], "parrilla");
    assert_eq!(display.expect("order.items.added").await["items"][0]["station"], "parrilla");
    house.manager.delete(&format!("{STATIONS}/{}", id(&default))).await.expect(204);
    // The oldest of the others gets what was the default's.
    assert_eq!(display.expect("order.item.updated").await["item"]["station"], meat["name"]);
    house.manager.delete(&format!("{STATIONS}/{}", id(&grill))).await.expect(204);
    for _ in 0..2 {
        assert_eq!(display.expect("order.item.updated").await["item"]["station"], meat["name"]);
    }
    assert_eq!(add(of_menu).await.expect(201)["station"], meat["name"]);
    let read = house.kitchen.get(&format!("/api/v1/orders/{order}")).await.expect(200);
    let board = house.kitchen.get("/api/v1/board").await.expect(200);
    assert_eq!(board["orders"][0]["items"], read["items"]);
}

#[actix_web::test]
async fn of_racing_makers_one_gets_the_name_and_keys_repeat() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let body = json!({ "name": "grill" });
    let answers = join_all((0..20).map(|_| house.manager.post(STATIONS, body.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    answers.into_iter().filter(|answer| answer.status != 201).for_each(|lost| {
        lost.expect_error(409, "NAME_TAKEN");
    });
    let who = house.manager.key("bar");
    let made = who.post(STATIONS, json!({ "name": "bar" })).await;
    let again = who.post(STATIONS, json!({ "name": "bar" })).await;
    assert_eq!((made.status, &made.text), (again.status, &again.text));
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    // Many flags at once: one stays up.
    let flag = json!({ "isDefault": true });
    let paths: Vec<String> = join_all((0..8).map(|n| station(&house, json!({ "name": format!("s{n}") }))))
        .await
        .iter()
        .map(|made| format!("{STATIONS}/{}", id(made)))
        .collect();
    for answer in join_all(paths.iter().map(|path| house.manager.patch(path, flag.clone()))).await {
        answer.expect(200);
    }
    let listed = house.kitchen.get(STATIONS).await.expect(200);
    let defaults = listed.as_array().unwrap().iter().filter(|one| one["isDefault"] == true).count();
    assert_eq!((listed.as_array().unwrap().len(), defaults), (10, 1));
}

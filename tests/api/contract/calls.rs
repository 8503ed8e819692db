//! Every operation of the OpenAPI document, done and refused.

use crate::{
    people::{
        reset::{token, with_mail},
        smtp::MailServer,
    },
    stream::Reader,
    support::{
        Client, House, TestApp, contract,
        house::{PASSWORD, id},
        ngo::{offer, set},
        production::at,
        spawn_demo,
    },
};
use comanda::domain::principal::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What cannot be brought about here, and why.
const NOT_HERE: &[(&str, &str)] = &[
    (
        "GET /api/v1/events/stream done",
        "it does not end; `Reader` holds each event against the other document",
    ),
    ("GET /health/live refused", "a server that answers lives"),
    ("GET /health/ready refused", "only while it stops or has no database"),
    ("GET /metrics refused", "only from another machine"),
];

#[actix_web::test]
async fn every_operation_is_as_documented_done_and_refused() {
    let mut mail = MailServer::start().await;
    let app = with_mail(&mail, &[]).await;
    let contract = contract::own(app.address).await;
    let house = app.restaurant().await;
    refused(&app, &contract.all_operations()).await;
    house.evening().await;
    floor(&house).await;
    kitchen(&house).await;
    people(&app, &house, &mut mail).await;
    board(&app, &house).await;
    documents(&house).await;
    let anyone = Client::anonymous(app.address);
    for path in ["/health/live", "/health/ready", "/metrics"] {
        anyone.get(path).await.expect(200);
    }
    let here: BTreeSet<&str> = NOT_HERE.iter().map(|(what, _)| *what).collect();
    let mut seen = contract.seen();
    seen.extend(lunch().await);
    let missing: Vec<String> = contract
        .all_operations()
        .into_iter()
        .filter(|what| !seen.contains(what) && !here.contains(what.as_str()))
        .collect();
    assert!(missing.is_empty(), "not seen: {missing:#?}");
}

/// Whoever has no token, and says nonsense where none is needed.
async fn refused(app: &TestApp, operations: &[String]) {
    let anyone = Client::anonymous(app.address);
    for operation in operations.iter().filter(|what| what.ends_with(" refused")) {
        let [method, path, _] = operation.split(' ').collect::<Vec<_>>()[..] else { panic!("{operation}") };
        if NOT_HERE.iter().any(|(what, _)| what == operation) {
            continue;
        }
        let path = path.replace("{id}", &uuid::Uuid::now_v7().to_string());
        let path = path.replace("{itemId}", &uuid::Uuid::now_v7().to_string());
        let method: Method = method.parse().unwrap();
        let body = (method != Method::GET).then(|| json!({ "nonsense": 1 }));
        let answer = anyone.send(method, &path, body).await;
        assert!((400..500).contains(&answer.status), "{operation}: {}", answer.text);
    }
}

async fn floor(house: &House) {
    let (waiter, owner) = (&house.waiter, &house.owner);
    house.manager.post("/api/v1/tables", json!({ "name": "Terraza" })).await.expect(201);
    let session = house.open_table().await;
    let order = house.open_order(&session).await;
    let item = id(&house.add_item(&order, "Sopa").await);
    waiter.delete(&format!("/api/v1/orders/{order}/items/{item}")).await.expect(204);
    for path in [
        "/api/v1/tables?limit=2",
        "/api/v1/table-sessions",
        &format!("/api/v1/table-sessions/{session}"),
        "/api/v1/orders?status=DRAFT,CONFIRMED",
        &format!("/api/v1/orders/{order}"),
        &format!("/api/v1/orders/{order}/history"),
        "/api/v1/board",
        "/api/v1/kitchen/board",
        "/api/v1/events?after=0&limit=1000",
        "/api/v1/live",
        "/api/v1/production-orders",
        "/orders",
        "/orders/1",
    ] {
        owner.get(path).await.expect(200);
    }
    let made = house.produce("Cartas").await;
    owner.get(&at(&made)).await.expect(200);
    house.kitchen.press("/api/v1/events/ticket").await.expect(201);
    let mut reader = Reader::resume(&house.kitchen, "0").await;
    reader.event().await;
}

async fn kitchen(house: &House) {
    let (manager, kitchen) = (&house.manager, &house.kitchen);
    let order = house.confirmed(2).await;
    let bumped = kitchen.press(&format!("/api/v1/orders/{}/bump", id(&order))).await.expect(200);
    kitchen.post("/api/v1/undo", json!({ "batchId": bumped["batchId"] })).await.expect(200);
    let today = jiff::Timestamp::now().strftime("%F").to_string();
    manager.get(&format!("/api/v1/reports/prep-times?from={today}&to={today}")).await.expect(200);
    for (path, new, change) in [
        ("/api/v1/stations", json!({ "name": "parrilla" }), json!({ "warnAfterS": 10 })),
        ("/api/v1/menu/categories", json!({ "name": "Sopas" }), json!({ "position": 3 })),
        (
            "/api/v1/menu/items",
            json!({ "name": "Gazpacho", "category": "Sopas", "price": 4.5 }),
            json!({ "price": 5 }),
        ),
    ] {
        let made = manager.post(path, new).await.expect(201);
        let one = format!("{path}/{}", id(&made));
        manager.get(path).await.expect(200);
        manager.get(&one).await.expect(200);
        manager.patch(&one, change).await.expect(200);
    }
    let menu = kitchen.get("/api/v1/menu").await;
    let etag = menu.header("etag").expect("an entity tag").to_owned();
    kitchen.header("If-None-Match", &etag).get("/api/v1/menu").await.expect(304);
    // Backwards: a category in use stays.
    for path in ["/api/v1/menu/items", "/api/v1/menu/categories", "/api/v1/stations"] {
        let all = manager.get(path).await.expect(200);
        let named = |one: &&Value| ["Gazpacho", "Sopas", "parrilla"].iter().any(|name| one["name"] == *name);
        let made = all.as_array().unwrap().iter().find(named).unwrap();
        manager.delete(&format!("{path}/{}", id(made))).await.expect(204);
    }
}

async fn people(app: &TestApp, house: &House, mail: &mut MailServer) {
    let (owner, anyone) = (&house.owner, Client::anonymous(app.address));
    let login = house.log_in(Role::Cashier).await;
    login.client.get("/api/v1/auth/me").await.expect(200);
    login.client.patch("/api/v1/auth/me", json!({ "name": "Ana" })).await.expect(200);
    login.refresh().await.expect(200);
    house.log_in(Role::Expo).await.log_out().await;
    let invite = owner.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201);
    let new = json!({
        "email": format!("nueva@{}", house.domain), "password": PASSWORD, "name": "Nueva", "inviteCode": invite["code"],
    });
    anyone.post("/api/v1/auth/register", new).await.expect(201);
    owner.get("/api/v1/invites").await.expect(200);
    let other = owner.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201);
    owner.delete(&format!("/api/v1/invites/{}", id(&other))).await.expect(204);
    let email = json!({ "email": house.email(Role::Kitchen) });
    anyone.post("/api/v1/auth/reset-password", email).await.expect(200);
    let change =
        json!({ "resetPasswordToken": token(&mail.letter().await.text), "newPassword": "password321" });
    anyone.post("/api/v1/auth/change-password", change).await.expect(200);

    let user = json!({
        "email": format!("luis@{}", house.domain), "name": "Luis", "role": "WAITER", "password": PASSWORD,
    });
    let made = owner.post("/api/v1/users", user).await.expect(201);
    let one = format!("/api/v1/users/{}", id(&made));
    owner.get("/api/v1/users").await.expect(200);
    owner.get(&one).await.expect(200);
    owner.patch(&one, json!({ "name": "Luisa", "role": "KITCHEN" })).await.expect(200);
    owner.delete(&one).await.expect(204);
    let about = format!("/api/v1/people/log?limit=5&subject={}", id(&made));
    owner.get(&about).await.expect(200);

    let asked = anyone.press("/api/v1/devices/pair").await.expect(201);
    let secret = json!({ "pairingSecret": asked["pairingSecret"] });
    anyone.post("/api/v1/devices/pair/poll", secret.clone()).await.expect(200);
    let claim = json!({ "code": asked["code"], "name": "Grill", "role": "KITCHEN" });
    let device = house.manager.post("/api/v1/devices/claim", claim).await.expect(201);
    anyone.post("/api/v1/devices/pair/poll", secret).await.expect(200);
    owner.get("/api/v1/devices").await.expect(200);
    owner.delete(&format!("/api/v1/devices/{}", id(&device))).await.expect(204);
}

async fn board(app: &TestApp, house: &House) {
    let ngo = app.ngo().await;
    let donation = id(&house.waiter.post("/api/v1/donations", offer("Pan")).await.expect(201));
    ngo.client.get("/api/v1/donations?near=40.4,-3.7&radiusKm=50").await.expect(200);
    ngo.client.get(&format!("/api/v1/donations/{donation}")).await.expect(200);
    ngo.claim(&donation).await.expect(200);
    set(&ngo.client, &donation, "PICKED_UP").await.expect(200);
    ngo.client.get("/api/v1/donations/events?after=0&limit=10").await.expect(200);
}

async fn documents(house: &House) {
    let manager = &house.manager;
    let user = || json!({ "name": "Eva", "email": format!("{}@{}", uuid::Uuid::now_v7(), house.domain) });
    for (path, new, change) in [
        ("/products", json!({ "name": "Cosa", "price": 1.5 }), json!({ "price": 2 })),
        ("/customers", json!({ "name": "Eva" }), json!({ "phone": "600" })),
        ("/users", Value::Null, json!({ "name": "Ana" })),
    ] {
        // An address is nobody else's, and a copy needs one of its own.
        let of_people = new.is_null();
        let new = || if of_people { user() } else { new.clone() };
        let copy = || if of_people { json!({ "email": user()["email"] }) } else { json!({}) };
        let one = id(&manager.post(path, new()).await.expect(201));
        let many = manager.post(&format!("{path}/many"), json!({ "list": [new(), new()] })).await.expect(201);
        let ids = format!("{},{}", id(&many[0]), id(&many[1]));
        manager.get(&format!("{path}?page=1&limit=10&name=Eva")).await.expect(200);
        manager.get(&format!("{path}/{one}")).await.expect(200);
        manager.patch(&format!("{path}/{one}"), change.clone()).await.expect(200);
        manager.patch(&format!("{path}?ids={ids}"), change).await.expect(200);
        manager.put(&format!("{path}/{one}"), new()).await.expect(200);
        manager.post(&format!("{path}/duplicate/{one}"), copy()).await.expect(201);
        manager.post(&format!("{path}/duplicate?ids={one}"), copy()).await.expect(201);
        manager.delete(&format!("{path}/{one}")).await.expect(200);
        manager.delete(&format!("{path}?ids={ids}")).await.expect(200);
    }
}

/// What only a demo has.
async fn lunch() -> BTreeSet<String> {
    let app = spawn_demo().await;
    let contract = contract::own(app.address).await;
    let anyone = Client::anonymous(app.address);
    let login = json!({ "email": "manager@restaurante.com", "password": "password123" });
    let login = anyone.post("/api/v1/auth/login", login).await.expect(200);
    let manager = anyone.with_token(login["accessToken"].as_str().unwrap());
    let path = "/api/v1/demo/lunch";
    manager.get(path).await.expect(200);
    manager.post(path, json!({})).await.expect(201);
    manager.delete(path).await.expect(204);
    contract.seen()
}

//! Specification 000 on sockets: npm's client on the namespace `/admin`, as its frontends have it.

use crate::{
    client::Client as Rest,
    display::Display,
    proxy::Proxy,
    stock_client::Client,
    support::{House, TestApp, spawn_app, spawn_demo},
};
use serde_json::{Value, json};

/// A client on `/admin`, with a token or without one.
async fn joins(url: &str, token: Option<&str>) -> Client {
    let mut client = starts(url, "/admin", token);
    client.connected().await;
    client
}

fn starts(url: &str, namespace: &str, token: Option<&str>) -> Client {
    let auth = token.map(|token| json!({ "token": token }));
    Client::with(&json!({ "url": url, "namespace": namespace, "auth": auth }))
}

fn token(who: &Rest) -> Option<&str> {
    who.token.as_deref()
}

async fn sell(who: &Rest, total: f64) -> Value {
    who.post("/orders", json!({ "total": total, "customerId": 1 })).await.expect(201)
}

/// A server where everyone may order at this house's counter.
async fn open_to_all(read: bool) -> (TestApp, House) {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    let (id, read) = (house.id.to_string(), read.to_string());
    let database = app.stop().await;
    let settings =
        [("COMANDA__ORDERS__PUBLIC_ORDERS", &*id), ("COMANDA__ORDERS__PUBLIC_ORDERS_READ", &*read)];
    let app = TestApp::start_again(database, &settings).await;
    house.moves_to(app.address);
    (app, house)
}

/// The flow of the specification's first section, through every door by which an order can be confirmed.
#[actix_web::test]
async fn the_admin_hears_of_every_order_and_of_nothing_else() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let mut panel = joins(&app.url(""), token(&house.kitchen)).await;
    let mut stranger = joins(&app.url(""), token(&other.kitchen)).await;
    // The words in which it is told come along.
    panel.upgraded().await;

    let sold = sell(&house.cashier, 99.9).await;
    let heard = panel.event("new_order").await;
    let expected = json!({ "orderId": 1, "customerId": 1, "total": "99.90", "createdAt": sold["createdAt"],
        "eventId": heard["eventId"], "seq": 1 });
    assert_eq!(heard, expected);
    // An order of a table, line by line; what happens before and after its confirmation is the kitchen's.
    let order = house.confirmed(2).await;
    let heard = panel.event("new_order").await;
    assert_eq!(
        (&heard["orderId"], &heard["customerId"], &heard["total"], &heard["createdAt"]),
        (&json!(2), &json!(null), &json!("62.00"), &order["createdAt"])
    );
    house.set(&house.kitchen, &order["items"][0], "READY").await.expect(200);
    house.cashier.patch("/orders/2/ship", json!({})).await.expect(200);
    house.cashier.patch("/orders/1/ship", json!({})).await.expect(200);
    for (number, customer) in [(2, json!(null)), (1, json!(1))] {
        let heard = panel.event("order_shipped").await;
        assert_eq!((&heard["orderId"], &heard["customerId"]), (&json!(number), &customer));
        assert!(heard["shippedAt"].as_str().unwrap().ends_with('Z'), "{heard}");
    }
    // The first that next door hears of is its own.
    sell(&other.cashier, 1.0).await;
    assert_eq!(stranger.event("new_order").await["total"], "1.00");
}

/// One connection may speak both vocabularies.
#[actix_web::test]
async fn both_namespaces_on_one_server_tell_the_same_order_each_in_its_words() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut panel = joins(&app.url(""), token(&house.manager)).await;
    let mut kitchen = starts(&app.url(""), "/", token(&house.kitchen));
    kitchen.connected().await;
    let mut display = Display::join(&house.kitchen).await;
    sell(&house.cashier, 5.0).await;
    let (new, admin) = (kitchen.event("order.new").await, panel.event("new_order").await);
    assert_eq!(new, display.expect("order.new").await);
    assert_eq!((&new["number"], &new["total"]), (&admin["orderId"], &admin["total"]));
    assert_eq!((&new["eventId"], &new["seq"]), (&admin["eventId"], &admin["seq"]));
}

#[actix_web::test]
async fn without_a_token_nobody_comes_in_unless_the_settings_say_so() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for token in [None, Some("nonsense")] {
        let mut refused = starts(&app.url(""), "/admin", token);
        let error = refused.until("connect_error").await;
        assert_eq!(
            (&error["message"], &error["data"]["code"]),
            (&json!("Unauthorized"), &json!("INVALID_TOKEN"))
        );
        assert_eq!(error["active"], false, "it stays away");
    }
    drop((app, house));

    let app = spawn_demo().await;
    let anyone = Rest::anonymous(app.address);
    let mut panel = joins(&app.url(""), None).await;
    anyone.post("/orders", json!({ "total": 12.5 })).await.expect(201);
    assert_eq!(panel.event("new_order").await["total"], "12.50");
    let mut refused = starts(&app.url(""), "/", None);
    assert_eq!(refused.until("connect_error").await["data"]["code"], "INVALID_TOKEN");
}

/// What raced: 60 orders a minute by REST, and by sockets as many as sockets carry.
#[actix_web::test]
async fn a_guests_measure_is_the_same_by_socket_and_by_rest() {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    let id = house.id.to_string();
    let database = app.stop().await;
    let settings = [("COMANDA__ORDERS__PUBLIC_ORDERS", &*id), ("COMANDA__ORDERS__PUBLIC_PER_MINUTE", "2")];
    let app = TestApp::start_again(database, &settings).await;
    house.moves_to(app.address);
    let anyone = Rest::anonymous(app.address);
    anyone.post("/orders", json!({ "total": 1 })).await.expect(201);
    let mut panel = joins(&app.url(""), None).await;
    let order = json!(["new_order", { "total": 2 }]);
    assert_eq!(panel.asks(&order).await["event"], "new_order");
    assert_eq!(panel.asks(&order).await["error"]["code"], "TOO_MANY_REQUESTS");
    anyone.post("/orders", json!({ "total": 3 })).await.expect_error(429, "TOO_MANY_REQUESTS");
    assert_eq!(house.manager.get("/orders").await.expect(200).as_array().map(Vec::len), Some(2));
}

/// Commands over the socket: an acknowledgement is the REST answer, a refusal has no `event`.
#[actix_web::test]
async fn an_order_over_the_socket_is_an_order() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut till = joins(&app.url(""), token(&house.cashier)).await;
    let order = json!(["new_order", { "total": 7.5, "customerId": 2 }, { "key": "till-1" }]);
    let (answer, heard) = till.asks_and_hears(&order).await;
    let read = house.cashier.get("/orders/1").await.expect(200);
    let expected = json!({ "id": 1, "customerId": 2, "total": "7.50", "createdAt": read["createdAt"] });
    assert_eq!(answer, json!({ "event": "new_order", "data": expected }));
    assert_eq!((&heard["orderId"], &heard["total"]), (&json!(1), &json!("7.50")));
    assert_eq!(read["customer"]["name"], "Luis");
    let history = house.log().await;
    assert_eq!(
        history[0]["data"]["createdBy"],
        house.user(comanda::domain::principal::Role::Cashier).to_string()
    );

    // Again, from this connection and from another one: one order, and one answer.
    assert_eq!(till.asks(&order).await, answer);
    let mut again = joins(&app.url(""), token(&house.cashier)).await;
    assert_eq!(again.asks(&order).await, answer);
    let other = json!(["new_order", { "total": 8 }, { "key": "till-1" }]);
    assert_eq!(again.asks(&other).await["error"]["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(house.log().await.len(), 2);

    let mut kitchen = joins(&app.url(""), token(&house.kitchen)).await;
    for (who, event, code, details) in [
        (
            &house.cashier,
            json!(["new_order", { "total": -1 }]),
            "VALIDATION_FAILED",
            json!(["total must not be less than 0"]),
        ),
        (
            &house.cashier,
            json!(["new_order", { "total": 1, "customerId": 9 }]),
            "VALIDATION_FAILED",
            json!(["customerId must be an existing customer"]),
        ),
        (&house.cashier, json!(["new_order", "x"]), "BAD_REQUEST", json!(null)),
        (&house.cashier, json!(["dance", {}]), "NOT_FOUND", json!(null)),
        (&house.kitchen, json!(["new_order", { "total": 1 }]), "FORBIDDEN", json!(null)),
    ] {
        let who = if token(who) == token(&house.kitchen) { &mut kitchen } else { &mut again };
        let (answer, exception) = who.asks_and_hears(&event).await;
        assert_eq!(answer.as_object().unwrap().len(), 1, "no event: {answer}");
        assert_eq!(
            (&answer["error"]["code"], &answer["error"]["details"]),
            (&json!(code), &details),
            "{event}"
        );
        assert_eq!((&exception["status"], &exception["code"]), (&json!("error"), &json!(code)));
        assert_eq!(exception["cause"]["pattern"], event[0]);
    }
    assert_eq!(house.log().await.len(), 2);

    // Without an acknowledgement its event tells, once.
    again.says(&json!({ "emit": ["new_order", { "total": 3 }] })).await;
    assert_eq!(again.event("new_order").await["orderId"], 2);
    again.says(&json!({ "emit": ["new_order", { "total": 4 }] })).await;
    assert_eq!(again.event("new_order").await["orderId"], 3);
}

/// Ordering is one thing and hearing of others' orders another.
#[actix_web::test]
async fn the_public_hears_nothing_where_it_may_only_order() {
    let (app, house) = open_to_all(false).await;
    let mut guest = joins(&app.url(""), None).await;
    let mut panel = joins(&app.url(""), token(&house.manager)).await;
    sell(&house.cashier, 5.0).await;
    let answer = guest.asks(&json!(["new_order", { "total": 6 }])).await;
    assert_eq!((&answer["data"]["id"], &answer["data"]["total"]), (&json!(2), &json!("6.00")));
    for number in [1, 2] {
        assert_eq!(panel.event("new_order").await["orderId"], number);
    }
    // What it hears next is what it asks for next, and neither order.
    let (answer, heard) = guest.asks_and_hears(&json!(["dance", {}])).await;
    assert_eq!((&answer["error"]["code"], &heard["code"]), (&json!("NOT_FOUND"), &json!("NOT_FOUND")));

    let (app, house) = open_to_all(true).await;
    let mut guest = joins(&app.url(""), None).await;
    sell(&house.cashier, 5.0).await;
    assert_eq!(guest.event("new_order").await["total"], "5.00");
}

/// A panel whose network went away has the socket that it had, and what it missed, in its own words.
#[actix_web::test]
async fn a_panel_that_was_away_gets_what_it_missed() {
    let (app, house) = open_to_all(true).await;
    let proxy = Proxy::start(app.address);
    let url = format!("http://{}", proxy.address);
    for token in [token(&house.manager), None] {
        let mut panel = starts(&url, "/admin", token);
        let first = panel.connected().await;
        assert_ne!(first["recovered"], true);
        let sold = sell(&house.cashier, 1.0).await;
        assert_eq!(panel.event("new_order").await["orderId"], sold["id"]);
        proxy.refuse();
        proxy.cut();
        panel.until("disconnect").await;
        let missed = sell(&house.cashier, 2.0).await;
        house.confirmed(1).await;
        let number = missed["id"].as_u64().unwrap();
        house.cashier.patch(&format!("/orders/{number}/ship"), json!({})).await.expect(200);
        proxy.accept();
        let again = panel.connected().await;
        assert_eq!((&again["recovered"], &again["id"]), (&json!(true), &first["id"]), "{again}");
        assert_eq!(panel.event("new_order").await["orderId"], missed["id"]);
        assert_eq!(panel.event("new_order").await["orderId"], number + 1);
        assert_eq!(panel.event("order_shipped").await["orderId"], missed["id"]);
        sell(&house.cashier, 3.0).await;
        assert_eq!(panel.event("new_order").await["total"], "3.00");
    }
}

//! Specification 000 without a token: what the settings let the public do.

use super::counter::{place, ship};
use crate::support::{Client, Hold, House, TestApp, app::build, spawn_app, spawn_demo};
use actix_web::rt;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// A server where everyone may order in a restaurant of this name.
async fn open_to_all(read: &str) -> (TestApp, House) {
    open_with(read, &[]).await
}

async fn open_with(read: &str, more: &[(&str, &str)]) -> (TestApp, House) {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    let database = app.stop().await;
    let id = house.id.to_string();
    let open =
        [("COMANDA__ORDERS__PUBLIC_ORDERS", id.as_str()), ("COMANDA__ORDERS__PUBLIC_ORDERS_READ", read)];
    let settings = [&open[..], more].concat();
    let app = TestApp::start_patient(database, &settings).await;
    house.moves_to(app.address);
    (app, house)
}

/// Without the setting nobody is nobody; with it the public orders, and with the other one it reads and ships too.
#[actix_web::test]
async fn the_public_may_what_the_settings_say() {
    let closed = spawn_app().await;
    let house = closed.restaurant().await;
    let anyone = Client::anonymous(closed.address);
    anyone.post("/orders", json!({ "total": 1 })).await.expect_error(401, "INVALID_TOKEN");
    anyone.get("/orders").await.expect_error(401, "INVALID_TOKEN");
    ship(&anyone, 1).await.expect_error(401, "INVALID_TOKEN");
    assert_eq!(house.log().await, [json!(null); 0]);

    for read in ["false", "true"] {
        let (app, house) = open_to_all(read).await;
        let other = app.restaurant().await;
        let anyone = Client::anonymous(app.address);
        assert_eq!(place(&anyone, json!({ "total": 5, "customerId": 1 })).await["id"], 1);
        let may_read = read == "true";
        let expected = if may_read { 200 } else { 401 };
        for path in ["/orders", "/orders/1"] {
            assert_eq!(anyone.get(path).await.status, expected, "{path}");
        }
        assert_eq!(ship(&anyone, 1).await.status, expected);
        // A bad token is no missing one, and a good one's restaurant is its own.
        anyone
            .with_token("x")
            .post("/orders", json!({ "total": 5 }))
            .await
            .expect_error(401, "INVALID_TOKEN");
        place(&other.waiter, json!({ "total": 7 })).await;
        let listed = house.owner.get("/orders").await.expect(200);
        assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
        // Nothing else opened.
        for path in ["/api/v1/orders", "/api/v1/board", "/api/v1/events", "/api/v1/menu"] {
            anyone.get(path).await.expect_error(401, "INVALID_TOKEN");
        }
        // Nobody did it, and that is what the log says.
        let nobody = "00000000-0000-0000-0000-000000000000";
        assert_eq!(house.log().await[0]["data"]["createdBy"], nobody);
        // A key is good for the public as well, where it is nobody else's: two guests who counted from 1 had one order.
        let counted = anyone.key("123456789012345678901");
        counted.post("/orders", json!({ "total": 1 })).await.expect_error(400, "BAD_REQUEST");
        let key = anyone.key("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
        let (first, again) = (
            key.post("/orders", json!({ "total": 1 })).await,
            key.post("/orders", json!({ "total": 1 })).await,
        );
        assert_eq!((again.status, again.text), (201, first.text));
    }
}

/// What was wrong: with `public_orders_read` everyone read where the customers live on the net and on the telephone.
#[actix_web::test]
async fn the_public_sees_a_customers_number_and_name_and_no_more() {
    let (app, house) = open_to_all("true").await;
    let anyone = Client::anonymous(app.address);
    place(&anyone, json!({ "total": 5, "customerId": 1 })).await;
    let customer = house.waiter.get("/orders/1").await.expect(200)["customer"].clone();
    assert!(["email", "phone", "createdAt"].iter().all(|known| customer.get(known).is_some()), "{customer}");
    let known = json!({ "id": 1, "name": customer["name"] });
    assert_eq!(anyone.get("/orders/1").await.expect(200)["customer"], known);
    assert_eq!(anyone.get("/orders").await.expect(200)[0]["customer"], known);
}

/// Each address has its own measure, for what it places and what it ships; who works there has none.
#[actix_web::test]
async fn an_address_orders_so_much_in_a_minute() {
    let limits =
        [("COMANDA__ORDERS__PUBLIC_PER_MINUTE", "2"), ("COMANDA__SERVER__TRUSTED_PROXIES", "127.0.0.1/32")];
    let (app, house) = open_with("true", &limits).await;
    let anyone = Client::anonymous(app.address);
    let [here, there] = ["192.0.2.1", "192.0.2.2"].map(|from| anyone.header("x-forwarded-for", from));
    place(&here, json!({ "total": 1 })).await;
    ship(&here, 1).await.expect(200);
    let refused = here.post("/orders", json!({ "total": 1 })).await;
    let after: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    // A token comes every 30 s.
    assert!((1..=30).contains(&after), "{after}");
    refused.expect_error(429, "TOO_MANY_REQUESTS");
    ship(&here, 1).await.expect_error(429, "TOO_MANY_REQUESTS");
    here.get("/orders").await.expect(200);
    place(&there, json!({ "total": 1 })).await;
    for _ in 0..3 {
        place(&house.waiter.header("x-forwarded-for", "192.0.2.1"), json!({ "total": 1 })).await;
    }
}

/// What raced: guests of however many addresses filled the one lane of the restaurant, and its waiters got 503.
#[actix_web::test]
async fn a_flood_of_guests_leaves_the_waiters_their_places() {
    let limits = [("COMANDA__ORDERS__PUBLIC_PER_MINUTE", "1000"), ("COMANDA__REGISTRY__LANE_QUEUE", "8")];
    let (app, house) = open_with("false", &limits).await;
    let draft = house.draft(1).await;
    let anyone = Client::anonymous(app.address);
    let hold = Hold::stream(&app, &house).await;
    let flood: Vec<_> = (0..40)
        .map(|_| {
            let guest = anyone.clone();
            rt::spawn(async move { guest.post("/orders", json!({ "total": 1 })).await.status })
        })
        .collect();
    hold.is_waited_for().await;
    app.shows("comanda_lane_queue", 2.0).await;
    let confirm = async { house.confirm(&draft).await.expect(200) };
    let release = async {
        app.shows("comanda_lane_queue", 3.0).await;
        hold.release().await;
    };
    let (confirmed, ()): (Value, ()) = futures_util::join!(confirm, release);
    assert_eq!(confirmed["status"], "CONFIRMED");
    let answers: Vec<u16> = join_all(flood).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|status| [201, 503].contains(status)), "{answers:?}");
    assert!(answers.iter().filter(|status| **status == 503).count() > 30, "{answers:?}");
}

#[actix_web::test]
async fn the_demo_is_open_to_all() {
    let app = spawn_demo().await;
    let anyone = Client::anonymous(app.address);
    let placed = place(&anyone, json!({ "total": 12.5, "customerId": 1 })).await;
    assert_eq!((&placed["id"], &placed["total"]), (&json!(1), &json!("12.50")));
    assert_eq!(anyone.get("/orders/1").await.expect(200)["customer"]["name"], "Ana García");
    ship(&anyone, 1).await.expect(200);
}

#[actix_web::test]
async fn a_setting_that_names_no_restaurant_or_two_is_a_mistake() {
    let app = spawn_app().await;
    // Both are called Restaurante.
    app.restaurant().await;
    app.restaurant().await;
    let database = app.stop().await;
    for (name, why) in [
        (
            "Nowhere",
            r#"setting orders.public_orders: no restaurant is called "Nowhere"; set it with COMANDA__ORDERS__PUBLIC_ORDERS"#,
        ),
        (
            "Restaurante",
            r#"setting orders.public_orders: several restaurants are called "Restaurante"; give the id of one; set it with COMANDA__ORDERS__PUBLIC_ORDERS"#,
        ),
    ] {
        let built = build(&database.url(), &[("COMANDA__ORDERS__PUBLIC_ORDERS", name)], false).await;
        let failure = built.err().expect("a mistake");
        assert_eq!((failure.is_mistake(), failure.to_string()), (true, why.to_owned()));
    }
}

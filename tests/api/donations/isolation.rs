//! Who sees what: a board is its members', a restaurant its own, an NGO on a board and nowhere else.

use super::{NAMESPACE, donated, joins, set, starts};
use crate::{
    display::Display,
    stock_client::Client,
    support::{Client as Rest, spawn_app},
};
use reqwest::Method;
use serde_json::json;

#[actix_web::test]
async fn a_board_and_a_restaurant_hear_nothing_of_each_other() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let (mut taker, mut donor) = (joins(&app, &ngo.client).await, joins(&app, &house.manager).await);
    let mut kitchen = Display::join(&house.kitchen).await;
    let mut panel = starts(&app.url(""), "/admin", house.manager.token.as_deref());
    panel.connected().await;
    house.donate("Pan").await;
    // The next thing of each is its own: what stands between would have come before it.
    house.open_table().await;
    assert_eq!(kitchen.expect("table.session.opened").await["seq"], 1);
    house.cashier.post("/orders", json!({ "total": 5 })).await.expect(201);
    panel.event("new_order").await;
    for event in ["donation.created", "donation.created"] {
        house.evening().await;
        assert_eq!(taker.event(event).await["eventId"], donor.event(event).await["eventId"]);
        house.donate("Flan").await;
    }
    let list = ngo.client.get("/api/v1/donations").await;
    assert_eq!(list.header("x-stream-seq"), Some("3"));
    assert_eq!(list.expect(200).as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn another_board_sees_nothing() {
    let app = spawn_app().await;
    let (house, far) = (app.restaurant().await, app.restaurant().await);
    let board = app.board("north").await;
    app.store.move_to_board(far.id, board).await.unwrap();
    let (ngo, stranger) = (app.ngo().await, app.ngos(1, board).await.remove(0));
    let (mut here, mut there) = (joins(&app, &ngo.client).await, joins(&app, &stranger.client).await);
    let mut plain = Display::on_board(&far.waiter, None).await;
    let donation = donated(&house, "Pan").await;
    ngo.claim(&donation).await.expect(200);
    let unknown = uuid::Uuid::now_v7().to_string();
    for who in [&stranger.client, &far.owner] {
        assert_eq!(who.get("/api/v1/donations").await.expect(200), json!([]));
        assert_eq!(who.get("/api/v1/donations?near=40.4168,-3.7038").await.expect(200), json!([]));
        for (method, ending, body) in [
            (Method::GET, "", None),
            (Method::POST, "/claim", None),
            (Method::PATCH, "/status", Some(json!({ "status": "AVAILABLE" }))),
        ] {
            let ask = async |id: &str| {
                let path = format!("/api/v1/donations/{id}{ending}");
                let answer = who.send(method.clone(), &path, body.clone()).await;
                (answer.status, answer.text.replace(id, "ID"))
            };
            let told = ask(&donation).await;
            assert_eq!(told, ask(&unknown).await, "{method} {ending}");
            assert!(matches!(told.0, 403 | 404), "{told:?}");
        }
    }
    // The first that anyone there hears of is their own.
    donated(&far, "Lejos").await;
    for heard in [there.event("donation.created").await, plain.expect("donation.created").await] {
        assert_eq!((&heard["name"], &heard["seq"]), (&json!("Lejos"), &json!(1)));
    }
    here.event("donation.created").await;
    here.event("donation.claimed").await;
    set(&ngo.client, &donation, "PICKED_UP").await.expect(200);
    here.event("donation.status.updated").await;
    // Another board's position is a position of another log.
    let epoch = Display::on_board(&house.waiter, None).await.epoch;
    let lost = Display::on_board(&far.waiter, Some((&epoch, 1))).await;
    assert_eq!(lost.ready["recovered"], false);
}

/// Every documented call but the board's, its own account's and those that need no token: an NGO's opens none, and shows
/// nothing.
#[actix_web::test]
async fn an_ngo_is_sent_away_from_every_other_route() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    house.evening().await;
    let document = ngo.client.get("/openapi.json").await.expect(200);
    let open = ["/api/v1/donations", "/api/v1/auth/", "/api/v1/devices/pair", "/health/", "/metrics"];
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        if open.iter().any(|open| path.starts_with(open)) {
            continue;
        }
        let id = if path.starts_with("/orders/") { "1".to_owned() } else { uuid::Uuid::now_v7().to_string() };
        let url = path
            .split('/')
            .map(|part| if part.starts_with('{') { &id } else { part })
            .collect::<Vec<_>>()
            .join("/");
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let method: Method = method.to_uppercase().parse().unwrap();
            let body = (method != Method::GET).then(|| json!({}));
            ngo.client.send(method.clone(), &url, body).await.expect_error(403, "FORBIDDEN");
            tried += 1;
        }
    }
    assert!(tried > 25, "{tried}");
    assert_eq!(Display::refusal(&ngo.client).await, 403);
    assert_eq!(ngo.client.get("/api/v1/events/stream").await.status, 403);
    for namespace in ["/", "/admin"] {
        let error = starts(&app.url(""), namespace, Some(ngo.token())).until("connect_error").await;
        assert_eq!(
            (&error["data"]["code"], &error["active"]),
            (&json!("FORBIDDEN"), &json!(false)),
            "{namespace}"
        );
    }
    // In the first frame, where the header would have been refused.
    let mut late = Display::anonymous(app.address).await;
    late.send("auth", json!({ "token": ngo.token() })).await;
    assert_eq!(late.close_code().await, Some(1008));
}

/// As its people log in: the answer names their organisation and no restaurant.
#[actix_web::test]
async fn an_ngo_logs_in_refreshes_and_is_who_it_is() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let answer = ngo.log_in().await;
    let user = &answer["user"];
    assert_eq!((&user["role"], &user["restaurantId"]), (&json!("NGO"), &json!(null)));
    let client = Rest::anonymous(app.address).with_token(answer["accessToken"].as_str().unwrap());
    let me = client.get("/api/v1/auth/me").await.expect(200);
    assert_eq!(me["organizationId"], user["organizationId"]);
    let renamed = client.patch("/api/v1/auth/me", json!({ "name": me["name"] })).await.expect(200);
    assert_eq!(renamed, me);
    let donation = donated(&house, "Pan").await;
    client.press(&format!("/api/v1/donations/{donation}/claim")).await.expect(200);
    let refresh = json!({ "refreshToken": answer["refreshToken"] });
    let again = client.post("/api/v1/auth/refresh", refresh).await.expect(200);
    assert_eq!(again["user"], *user);
    let mut socket: Client = starts(&app.url(""), NAMESPACE, again["accessToken"].as_str());
    socket.connected().await;
}

/// A token that calls an NGO staff, or staff an NGO, is nobody's.
#[actix_web::test]
async fn a_forged_kind_of_tenant_is_refused() {
    use crate::support::house::token;
    use comanda::domain::principal::Role;
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let organization = ngo.log_in().await["user"]["organizationId"].as_str().unwrap().parse().unwrap();
    let hour = jiff::SignedDuration::from_hours(1);
    let waiter = house.user(Role::Waiter);
    // The database says what somebody is: a waiter's token with NGO in it is still a waiter's.
    let as_ngo = house.owner.with_token(token(waiter, house.id, Role::Ngo, hour));
    assert_eq!(as_ngo.get("/api/v1/auth/me").await.expect(200)["role"], "WAITER");
    let as_staff = house.owner.with_token(token(ngo.user, organization, Role::Owner, hour));
    as_staff.get("/api/v1/orders").await.expect_error(403, "FORBIDDEN");
    let elsewhere = house.owner.with_token(token(ngo.user, house.id, Role::Ngo, hour));
    elsewhere.get("/api/v1/donations").await.expect_error(401, "INVALID_TOKEN");
}

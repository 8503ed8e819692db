//! Specification 002 on the whole server: donors and NGOs of a board, by REST, by npm's client, by a plain WebSocket.

mod account;
mod boards;
mod clock;
mod isolation;
mod log;
mod near;
mod races;

use crate::{
    display::Display,
    proxy::Proxy,
    stock_client::Client,
    support::{
        Client as Rest, TestApp,
        house::id,
        ngo::{donated, offer, set},
        spawn_app, spawn_app_with, spawn_demo,
    },
};
use serde_json::{Value, json};

const NAMESPACE: &str = "/donations";

fn starts(url: &str, namespace: &str, token: Option<&str>) -> Client {
    let auth = token.map(|token| json!({ "token": token }));
    Client::with(&json!({ "url": url, "namespace": namespace, "auth": auth }))
}

/// npm's client on `/donations`, as the specification's frontend has it.
async fn joins(app: &TestApp, who: &Rest) -> Client {
    let mut client = starts(&app.url(""), NAMESPACE, who.token.as_deref());
    client.connected().await;
    client
}

/// The specification's flow, as both sides hear it on every door.
#[actix_web::test]
async fn donor_and_ngo_hear_a_donation_from_its_making_to_its_delivery() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let (mut donor, mut taker) = (joins(&app, &house.waiter).await, joins(&app, &ngo.client).await);
    let mut postman = Display::on_board(&ngo.client, None).await;

    let made = house.donate("Pan").await;
    let donation = id(&made);
    assert_eq!((&made["status"], &made["donorName"]), (&json!("AVAILABLE"), &json!("Restaurante")));
    assert_eq!(made["donorId"], house.user(comanda::domain::principal::Role::Waiter).to_string());
    ngo.claim(&donation).await.expect(200);
    for status in ["PICKED_UP", "DELIVERED"] {
        set(&ngo.client, &donation, status).await.expect(200);
    }
    let read = house.kitchen.get(&format!("/api/v1/donations/{donation}")).await.expect(200);
    let by = ngo.user.to_string();
    for member in ["claimedById", "pickedUpBy", "deliveredBy"] {
        assert_eq!(read[member], by.as_str(), "{read}");
    }
    assert_eq!((&read["status"], &read["version"]), (&json!("DELIVERED"), &json!(4)));

    let mut created = made.clone();
    let keys = created.as_object_mut().unwrap();
    let spoken = [
        "id",
        "name",
        "foodType",
        "quantity",
        "unit",
        "description",
        "location",
        "donorName",
        "expiryTime",
        "imageUrls",
        "createdAt",
    ];
    keys.retain(|key, _| spoken.contains(&key.as_str()));
    let steps = [
        ("donation.created", created),
        (
            "donation.claimed",
            json!({
                "donationId": donation, "claimedBy": by, "status": "CLAIMED", "claimedAt": read["claimedAt"],
                "organizationName": read["organizationName"],
            }),
        ),
        (
            "donation.status.updated",
            json!({ "donationId": donation, "status": "PICKED_UP", "updatedBy": by, "updatedAt": read["pickedUpAt"] }),
        ),
        (
            "donation.status.updated",
            json!({ "donationId": donation, "status": "DELIVERED", "updatedBy": by, "updatedAt": read["deliveredAt"] }),
        ),
    ];
    for (n, (name, mut expected)) in steps.into_iter().enumerate() {
        let heard = [donor.event(name).await, taker.event(name).await, postman.expect(name).await];
        expected["seq"] = json!(n + 1);
        expected["eventId"] = heard[0]["eventId"].clone();
        for heard in heard {
            assert_eq!(heard, expected);
        }
    }
}

#[actix_web::test]
async fn a_claim_is_released_and_claimed_again_by_another() {
    let app = spawn_app().await;
    let (house, ngo, other) = (app.restaurant().await, app.ngo().await, app.ngo().await);
    let mut board = Display::on_board(&house.waiter, None).await;
    let donation = donated(&house, "Sopa").await;
    ngo.claim(&donation).await.expect(200);
    assert_eq!(ngo.claim(&donation).await.expect(200)["version"], 2, "the winner may ask again");
    let lost = other.claim(&donation).await.expect_error(409, "DONATION_UNAVAILABLE");
    assert_eq!(lost["message"], "Donation is not available for claiming");
    set(&other.client, &donation, "AVAILABLE").await.expect_error(403, "FORBIDDEN");
    set(&house.waiter, &donation, "AVAILABLE").await.expect_error(403, "FORBIDDEN");
    set(&ngo.client, &donation, "CLAIMED").await.expect_error(409, "INVALID_TRANSITION");
    let released = set(&house.manager, &donation, "AVAILABLE").await.expect(200);
    assert_eq!((&released["claimedById"], &released["claimedAt"]), (&Value::Null, &Value::Null));
    other.claim(&donation).await.expect(200);
    set(&house.waiter, &donation, "CANCELLED").await.expect(200);
    ngo.claim(&donation).await.expect_error(409, "DONATION_UNAVAILABLE");

    board.expect("donation.created").await;
    for (name, by) in [
        ("donation.claimed", ngo.user),
        ("donation.status.updated", house.user(comanda::domain::principal::Role::Manager)),
        ("donation.claimed", other.user),
        ("donation.status.updated", house.user(comanda::domain::principal::Role::Waiter)),
    ] {
        let heard = board.expect(name).await;
        let said = if name == "donation.claimed" { &heard["claimedBy"] } else { &heard["updatedBy"] };
        assert_eq!(*said, by.to_string(), "{heard}");
    }
    board.expect_nothing().await;
}

#[actix_web::test]
async fn the_specifications_test_event_is_answered_on_both_doors() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let mut client = joins(&app, &ngo.client).await;
    client.says(&json!({ "emit": ["test", { "any": "thing" }] })).await;
    let pong = client.event("test-response").await;
    assert_eq!(pong["message"], "Pong!");
    assert!(pong["timestamp"].as_str().unwrap().ends_with('Z'), "{pong}");
    let (answer, heard) = client.asks_and_hears(&json!(["test"])).await;
    assert_eq!((&answer["event"], &answer["data"]), (&json!("test-response"), &heard));
    let mut plain = Display::on_board(&ngo.client, None).await;
    assert_eq!(plain.ask("test", json!({})).await["data"]["message"], "Pong!");
    // A restaurant's own door knows no such event.
    let mut display = Display::join(&house.kitchen).await;
    assert_eq!(display.ask("test", json!({})).await["error"]["code"], "NOT_FOUND");
}

#[actix_web::test]
async fn without_a_good_token_nobody_is_on_a_board() {
    let app = spawn_demo().await;
    for token in [None, Some("nonsense")] {
        let error = starts(&app.url(""), NAMESPACE, token).until("connect_error").await;
        assert_eq!(
            (&error["message"], &error["data"]["code"]),
            (&json!("Unauthorized"), &json!("INVALID_TOKEN")),
            "not even where the public may order"
        );
    }
    let nobody = Rest::anonymous(app.address);
    for who in [nobody.clone(), nobody.with_token("nonsense")] {
        who.get("/api/v1/donations").await.expect_error(401, "INVALID_TOKEN");
        who.post("/api/v1/donations", offer("x")).await.expect_error(401, "INVALID_TOKEN");
    }
    assert_eq!(Display::refusal_at(&nobody.with_token("nonsense"), NAMESPACE).await, 401);
}

#[actix_web::test]
async fn a_cut_off_ngo_is_told_what_it_missed() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let proxy = Proxy::start(app.address);
    let url = format!("http://{}", proxy.address);
    let mut client =
        Client::with(&json!({ "url": url, "namespace": NAMESPACE, "auth": { "token": ngo.token() },
        "options": { "transports": ["websocket"] } }));
    client.connected().await;
    house.donate("Uno").await;
    client.event("donation.created").await;
    proxy.cut();
    client.until("disconnect").await;
    house.donate("Dos").await;
    assert_eq!(client.connected().await["recovered"], true);
    assert_eq!(client.event("donation.created").await["name"], "Dos");
    // A plain WebSocket says where it stands, as on every other path.
    let plain = Display::on_board(&ngo.client, None).await;
    let mut again = Display::on_board(&ngo.client, Some((&plain.epoch, 1))).await;
    assert_eq!(again.expect("donation.created").await["name"], "Dos");
}

#[actix_web::test]
async fn a_key_is_answered_again_and_a_runaway_donor_is_stopped() {
    let app = spawn_app_with(&[("COMANDA__DONATIONS__PER_MINUTE", "3")]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let body = offer("Pan");
    let first = house.waiter.key("one").post("/api/v1/donations", body.clone()).await;
    let again = house.waiter.key("one").post("/api/v1/donations", body.clone()).await;
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    assert_eq!(first.expect(201), again.expect(201));
    house.donate("Dos").await;
    house.donate("Tres").await;
    let refused = house.waiter.key("four").post("/api/v1/donations", body.clone()).await;
    assert_eq!(refused.header("retry-after"), Some("60"));
    refused.expect_error(429, "TOO_MANY_REQUESTS");
    other.donate("Another's").await;
    // A claim has a key as well: the answer stays what it was.
    let ngo = app.ngo().await;
    let donation = donated(&other, "Flan").await;
    let path = format!("/api/v1/donations/{donation}/claim");
    let claimed = ngo.client.key("mine").press(&path).await.expect(200);
    set(&ngo.client, &donation, "AVAILABLE").await.expect(200);
    assert_eq!(ngo.client.key("mine").press(&path).await.expect(200), claimed);
}

#[actix_web::test]
async fn refusals_have_the_shape_of_every_other() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    house.kitchen.post("/api/v1/donations", offer("x")).await.expect_error(403, "FORBIDDEN");
    ngo.client.post("/api/v1/donations", offer("x")).await.expect_error(403, "FORBIDDEN");
    let mut past = offer("x");
    past["expiryTime"] = json!("2020-01-01T00:00:00Z");
    let error = house.waiter.post("/api/v1/donations", past).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(error["message"], json!(["expiryTime must be a time to come"]));
    let unknown = uuid::Uuid::now_v7();
    let error = ngo.claim(&unknown.to_string()).await.expect_error(404, "NOT_FOUND");
    assert_eq!(error["message"], format!("Donation with ID {unknown} not found"));
    ngo.claim("7").await.expect_error(400, "BAD_REQUEST");
    house
        .owner
        .press(&format!("/api/v1/donations/{}/claim", donated(&house, "x").await))
        .await
        .expect_error(403, "FORBIDDEN");
    let stale = donated(&house, "y").await;
    let path = format!("/api/v1/donations/{stale}/claim");
    ngo.client.header("If-Match", "\"7\"").press(&path).await.expect_error(412, "PRECONDITION_FAILED");
    for query in ["?status=FREE", "?near=1", "?radiusKm=5", "?limit=0", "?donor=x", "?near=1,1&cursor=x"] {
        ngo.client.get(&format!("/api/v1/donations{query}")).await.expect_error(400, "VALIDATION_FAILED");
    }
}

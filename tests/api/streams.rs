//! The event stream, and that every way to follow a restaurant tells the same.

use crate::support::{
    Client, Display, Poller, Reader,
    evening::{every_event, kind},
    spawn_app, spawn_app_with,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn names(events: &[Value]) -> BTreeSet<&str> {
    events.iter().map(kind).collect()
}

#[actix_web::test]
async fn every_way_to_follow_tells_the_same_events_with_the_same_seq() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    let mut reader = Reader::open(&house.kitchen).await;
    let mut browser = Reader::with_ticket(&house.waiter).await;
    let mut poller = Poller::join(&house.expo).await;
    house.evening().await;

    let log = house.log().await;
    assert_eq!(names(&log), every_event());
    let count = log.len();
    let told: Vec<Value> =
        log.iter().map(|event| json!({ "event": event["event"], "data": event["data"] })).collect();
    for (n, event) in log.iter().enumerate() {
        assert_eq!(event["seq"], n as u64 + 1);
        assert_eq!((&event["data"]["seq"], &event["data"]["eventId"]), (&event["seq"], &event["id"]));
        assert_eq!(poller.expect(event["event"].as_str().unwrap()).await, event["data"]);
    }
    // A frame on the socket repeats its position beside the payload.
    let frames = display.events(count).await;
    let bare = |frame: &Value| json!({ "event": frame["event"], "data": frame["data"] });
    assert_eq!(frames.iter().map(bare).collect::<Vec<_>>(), told);
    assert_eq!(reader.events(count).await, told);
    assert_eq!(browser.events(count).await, told);
    // And who comes later, from the log or from the room's memory.
    let mut late = Reader::resume(&house.kitchen, &format!("{}:0", reader.epoch)).await;
    assert_eq!(late.events(count).await, told);
    let mut late = Display::resume(&house.kitchen, &reader.epoch, 0).await;
    assert_eq!(late.events(count).await.iter().map(bare).collect::<Vec<_>>(), told);
}

#[actix_web::test]
async fn a_stream_resumes_after_its_last_id() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut reader = Reader::open(&house.kitchen).await;
    house.confirmed(1).await;
    reader.expect("table.session.opened").await;
    let (epoch, seq) = (reader.epoch.clone(), reader.seq);
    drop(reader);
    house.confirmed(1).await;
    for last in [format!("{epoch}:{seq}"), seq.to_string()] {
        let mut reader = Reader::resume(&house.kitchen, &last).await;
        assert_eq!(reader.seq, seq);
        assert_eq!(reader.events(5).await.last().unwrap()["data"]["seq"], 6);
    }
    let mut lost = Reader::resume(&house.kitchen, &format!("another:{seq}")).await;
    assert_eq!(lost.expect("resync").await, json!({ "epoch": epoch, "seq": 6 }));
    house.open_table().await;
    assert_eq!(lost.expect("table.session.opened").await["seq"], 7);
}

#[actix_web::test]
async fn a_ticket_is_good_once_and_a_token_is_never_in_the_url() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let ticket = house.kitchen.press("/api/v1/events/ticket").await.expect(201);
    assert_eq!(ticket["expiresIn"], 30);
    let nobody = Client::anonymous(app.address);
    nobody.press("/api/v1/events/ticket").await.expect_error(401, "INVALID_TOKEN");
    let ticket = ticket["ticket"].as_str().unwrap();
    drop(Reader::redeem(&nobody, ticket).await);
    nobody.get(&format!("/api/v1/events/stream?ticket={ticket}")).await.expect_error(401, "INVALID_TOKEN");
    let token = house.kitchen.token.as_deref().unwrap();
    nobody.get(&format!("/api/v1/events/stream?token={token}")).await.expect_error(401, "INVALID_TOKEN");
    nobody.get("/api/v1/events/stream").await.expect_error(401, "INVALID_TOKEN");
}

#[actix_web::test]
async fn silence_is_broken_by_comments_with_the_position() {
    let app = spawn_app_with(&[("COMANDA__SOCKETS__HEARTBEAT", "200ms")]).await;
    let house = app.restaurant().await;
    let mut reader = Reader::open(&house.kitchen).await;
    assert_eq!(reader.comment().await, "seq 0");
    house.open_table().await;
    reader.expect("table.session.opened").await;
    assert_eq!(reader.comment().await, "seq 1");
}

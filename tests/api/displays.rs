//! Displays that go away and come back, and what a plain WebSocket may and may not say.

use crate::support::{Client, Display, House, Reader, TestApp, shown::Shown, spawn_app, spawn_app_with};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// A display that reads a few events, loses its connection, and comes back, until it has seen the whole of a service
/// that goes on until `done`.
async fn flaky(
    who: &Client,
    mut display: Display,
    mut dice: u64,
    done: &tokio::sync::OnceCell<u64>,
) -> (Shown, u32) {
    let (mut shown, mut cuts) = (Shown::default(), 0);
    loop {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        for _ in 0..1 + (dice >> 33) % 12 {
            if done.get() == Some(&display.seq) {
                return (shown, cuts);
            }
            shown.fold(&display.event().await);
        }
        let (epoch, seq) = (display.epoch.clone(), display.seq);
        drop(display);
        display = Display::resume(who, &epoch, seq).await;
        assert_eq!((&display.ready["recovered"], &display.epoch), (&json!(true), &epoch));
        cuts += 1;
    }
}

#[actix_web::test]
async fn displays_cut_anywhere_get_exactly_what_they_missed() {
    // A small ring: what was missed comes from the log as well as from memory.
    let app = spawn_app_with(&[("COMANDA__ROOMS__RING_EVENTS", "8")]).await;
    let house = app.restaurant().await;
    let done = tokio::sync::OnceCell::new();
    let service = async {
        join_all((0..4).map(|_| async {
            for _ in 0..3 {
                house.evening().await;
                let open = house.confirmed(3).await;
                house.set(&house.kitchen, &open["items"][1], "READY").await.expect(200);
            }
        }))
        .await;
        // The last one says that it was the last.
        let head = house.log().await.len() as u64;
        done.set(head + 1).unwrap();
        house.open_table().await;
    };
    // Joined before the first event, so that each sees the whole of the service.
    let joined = join_all([(); 3].map(|()| Display::join(&house.kitchen))).await;
    let displays = joined.into_iter().zip([7, 42, 1_789]);
    let displays = join_all(displays.map(|(display, seed)| flaky(&house.kitchen, display, seed, &done)));
    let ((), displays) = tokio::join!(service, displays);

    let board = house.kitchen.get("/api/v1/board").await.expect(200);
    assert_eq!(board["seq"], json!(done.get().unwrap()));
    let expected = Shown::of(&board).without_closed();
    assert!(expected.0.len() >= 24, "{}", expected.0.len());
    for (shown, cuts) in displays {
        assert!(cuts > 20, "{cuts}");
        assert_eq!(shown.without_closed().0, expected.0);
    }
}

async fn starts_anew(house: &House, epoch: &str, seq: u64) {
    let mut display = Display::resume(&house.kitchen, epoch, seq).await;
    assert_eq!(display.ready["recovered"], false);
    display.expect_resync().await;
    let head = display.seq;
    house.open_table().await;
    assert_eq!(display.expect("table.session.opened").await["seq"], head + 1);
}

#[actix_web::test]
async fn a_position_of_another_log_or_of_the_future_is_told_to_resync() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.confirmed(1).await;
    let epoch = Display::join(&house.kitchen).await.epoch;
    starts_anew(&house, "another", 2).await;
    starts_anew(&house, &epoch, 1_000).await;
    starts_anew(&house, &epoch, i64::MAX as u64).await;
}

#[actix_web::test]
async fn who_missed_too_much_or_too_long_ago_is_told_to_resync() {
    for limits in [
        [("COMANDA__ROOMS__REPLAY_MAX_EVENTS", "3"), ("COMANDA__ROOMS__RING_EVENTS", "1024")],
        [("COMANDA__ROOMS__RECOVER_WITHIN", "1ms"), ("COMANDA__ROOMS__RING_EVENTS", "1")],
        [("COMANDA__ROOMS__REPLAY_MAX_BYTES", "1KiB"), ("COMANDA__ROOMS__RING_EVENTS", "1")],
    ] {
        let app = spawn_app_with(&limits).await;
        let house = app.restaurant().await;
        let epoch = Display::join(&house.kitchen).await.epoch;
        house.confirmed(3).await;
        house.open_table().await;
        starts_anew(&house, &epoch, 0).await;
    }
}

#[actix_web::test]
async fn a_bare_position_means_the_current_log() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.confirmed(1).await;
    let mut display = Display::resume(&house.kitchen, "", 1).await;
    assert_eq!((&display.ready["recovered"], display.seq), (&json!(true), 1));
    display.expect("order.new").await;
    display.expect("order.status.changed").await;
    display.expect_nothing().await;
}

#[actix_web::test]
async fn a_browser_says_who_it_is_in_its_first_frame() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.confirmed(1).await;
    let mut display = Display::anonymous(app.address).await;
    let refused = display.ask("seen", json!({ "seq": 1 })).await;
    assert_eq!(refused["error"]["code"], "INVALID_TOKEN");
    display.authenticate(&house.kitchen, None).await;
    assert_eq!((&display.ready["recovered"], display.seq), (&json!(false), 3));
    assert_eq!(display.ask("auth", json!({ "token": "x" })).await["error"]["code"], "BAD_REQUEST");

    let mut late = Display::anonymous(app.address).await;
    late.authenticate(&house.kitchen, Some((&display.epoch, 1))).await;
    assert_eq!((&late.ready["recovered"], late.seq), (&json!(true), 1));
    late.expect("order.new").await;
    late.expect("order.status.changed").await;
    house.open_table().await;
    late.expect("table.session.opened").await;
    display.expect("table.session.opened").await;
}

#[actix_web::test]
async fn who_says_nothing_or_something_false_is_sent_away() {
    let hasty = spawn_app_with(&[("COMANDA__SOCKETS__AUTHENTICATE_WITHIN", "300ms")]).await;
    assert_eq!(Display::anonymous(hasty.address).await.close_code().await, Some(4501));
    hasty.shows("comanda_sockets{transport=\"ws\"}", 0.0).await;

    let app = spawn_app().await;
    let house = app.restaurant().await;
    let stale = house.for_a_while(Role::Kitchen, SignedDuration::from_secs(-1));
    let forged = house.kitchen.with_token(format!("{}x", house.kitchen.token.as_deref().unwrap()));
    for (who, code) in [(&forged, 4500), (&house.kitchen.with_token(""), 4500), (&stale, 4003)] {
        assert_eq!(Display::refusal(who).await, 401);
        let mut display = Display::anonymous(app.address).await;
        display.send("auth", json!({ "token": who.token })).await;
        assert_eq!(display.close_code().await, Some(code));
    }
    app.shows("comanda_sockets{transport=\"ws\"}", 0.0).await;
}

#[actix_web::test]
async fn what_is_no_request_is_answered_with_an_error_and_harms_nothing() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    for text in ["", "{", "[]", "null", r#"{"event":7}"#, r#"{"data":{}}"#, r#"{"event":"seen","id":{}}"#] {
        display.send_text(text.into()).await;
        let frame = display.said().await;
        assert_eq!(
            (&frame["event"], &frame["data"]["code"]),
            (&json!("error"), &json!("BAD_REQUEST")),
            "{text}"
        );
    }
    for (event, data, code) in [
        ("order.new", json!({ "orderId": 1 }), "NOT_FOUND"),
        ("", json!(null), "NOT_FOUND"),
        ("seen", json!({ "seq": -1 }), "VALIDATION_FAILED"),
        ("seen", json!("x"), "VALIDATION_FAILED"),
        ("auth-refresh", json!({}), "VALIDATION_FAILED"),
        ("auth-refresh", json!({ "token": "x" }), "INVALID_TOKEN"),
    ] {
        let answer = display.ask(event, data).await;
        assert_eq!(
            (&answer["error"]["code"], &answer["event"]),
            (&json!(code), &json!(null)),
            "{event}: {answer}"
        );
    }
    let answer = display.ask("seen", json!({ "seq": 0 })).await;
    assert_eq!(answer, json!({ "id": 1, "event": "seen", "data": { "seq": 0 } }));
    house.open_table().await;
    display.expect("table.session.opened").await;
    display.send_binary(vec![1, 2, 3]).await;
    assert_eq!(display.close_code().await, Some(1003));
}

#[actix_web::test]
async fn silence_is_broken_by_heartbeats_with_the_position() {
    let silence = SignedDuration::from_millis(300);
    let app = spawn_app_with(&[("COMANDA__SOCKETS__HEARTBEAT", "300ms")]).await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    for expected in [0, 1, 2] {
        let mut sent = Vec::new();
        for _ in 0..2 {
            let frame = display.next().await.unwrap();
            assert_eq!((&frame["event"], &frame["data"]["seq"]), (&json!("heartbeat"), &json!(expected)));
            sent.push(frame["data"]["serverTime"].as_str().unwrap().parse::<Timestamp>().unwrap());
        }
        let between = sent[1].duration_since(sent[0]);
        assert!(between > silence / 2, "{between:?}");
        house.open_table().await;
        display.expect("table.session.opened").await;
    }
}

#[actix_web::test]
async fn a_server_that_stops_says_so_and_the_next_one_has_the_rest() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    let mut reader = Reader::open(&house.kitchen).await;
    let order = house.confirmed(1).await;
    display.expect("table.session.opened").await;
    let database = app.stop().await;
    display.expect("order.new").await;
    display.expect("order.status.changed").await;
    assert_eq!(display.close_code().await, Some(1012));
    reader.events(3).await;
    assert_eq!(reader.end().await.as_deref(), Some("SHUTTING_DOWN"));

    let app = TestApp::start_again(database, &[]).await;
    let (kitchen, burger) = (house.kitchen.at(app.address), &order["items"][0]);
    house.set(&kitchen, burger, "READY").await.expect(200);
    let mut display = Display::resume(&kitchen, &display.epoch, display.seq).await;
    assert_eq!(display.ready["recovered"], true);
    assert_eq!(display.expect("order.item.status.changed").await["itemId"], burger["id"]);
    display.expect("order.status.changed").await;
    let mut reader = Reader::resume(&kitchen, &format!("{}:{}", reader.epoch, reader.seq)).await;
    reader.expect("order.item.status.changed").await;
}

//! Rooms that panic, in the whole server: nothing is lost, neighbours notice nothing.

use crate::support::{Display, House, house::id, spawn_app_with};
use comanda::{actors::room::Place, domain::ids::StreamId};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// R8 says 100 ms; a command on a busy machine is in it as well.
const SERVES_AGAIN: Duration = Duration::from_secs(5);
/// All rooms share a thread: a panic that got out of one would end the others.
const ONE_THREAD: (&str, &str) = ("COMANDA__ROOMS__ARBITERS", "1");

fn stream(house: &House) -> StreamId {
    house.id.into()
}

/// One event, by a note on a line.
async fn note(house: &House, order: &Value, text: &str) {
    let path = format!("/api/v1/orders/{}/items/{}", id(order), id(&order["items"][0]));
    house.waiter.patch(&path, json!({ "notes": text })).await.expect(200);
}

#[actix_web::test]
async fn a_room_that_panics_anywhere_loses_nothing_and_serves_again_at_once() {
    let app = spawn_app_with(&[ONE_THREAD, ("COMANDA__ROOMS__PANICS", "1000")]).await;
    let (house, next_door) = (app.restaurant().await, app.restaurant().await);
    let (order, theirs) = (house.confirmed(1).await, next_door.confirmed(1).await);
    let mut display = Display::join(&house.kitchen).await;
    let mut neighbour = Display::join(&next_door.kitchen).await;
    for place in Place::ALL {
        for n in 0..5 {
            note(&house, &order, &format!("{place:?} before {n}")).await;
            app.rooms.panic(stream(&house), place);
            note(&house, &order, &format!("{place:?} after {n}")).await;
            note(&next_door, &theirs, &format!("{place:?} {n}")).await;
        }
        for n in 0..5 {
            for when in ["before", "after"] {
                let event = display.expect("order.item.updated").await;
                assert_eq!(event["item"]["notes"], format!("{place:?} {when} {n}"));
            }
            let event = neighbour.expect("order.item.updated").await;
            assert_eq!(event["item"]["notes"], format!("{place:?} {n}"));
        }
        let start = Instant::now();
        app.rooms.panic(stream(&house), place);
        let mut newcomer = Display::resume(&house.kitchen, &display.epoch, display.seq).await;
        assert_eq!(newcomer.ready["recovered"], true, "{place:?}");
        note(&house, &order, &format!("{place:?} measured")).await;
        display.expect("order.item.updated").await;
        newcomer.expect("order.item.updated").await;
        let took = start.elapsed();
        eprintln!("{place:?}: a join, a command and its event {took:?} after the panic");
        assert!(took < SERVES_AGAIN, "{place:?}: {took:?}");
    }
    // Started and Restarting panic twice.
    assert_eq!(app.metric("comanda_room_restarts_total").await, 6.0 * 8.0);
    assert_eq!(app.metric("comanda_quarantines_total").await, 0.0);
    display.expect_nothing().await;
    neighbour.expect_nothing().await;
}

#[actix_web::test]
async fn after_six_panics_the_room_is_closed_for_a_while_and_rest_goes_on() {
    let quarantine = Duration::from_secs(5);
    let app = spawn_app_with(&[ONE_THREAD, ("COMANDA__ROOMS__QUARANTINE", "5s")]).await;
    let (house, next_door) = (app.restaurant().await, app.restaurant().await);
    let order = house.confirmed(1).await;
    let mut display = Display::join(&house.kitchen).await;
    let mut neighbour = Display::join(&next_door.kitchen).await;
    let (epoch, seq) = (display.epoch.clone(), display.seq);
    let start = Instant::now();
    for _ in 0..6 {
        app.rooms.panic(stream(&house), Place::Handler);
    }
    assert_eq!(display.close_code().await, Some(4002));
    assert_eq!(app.metric("comanda_quarantines_total").await, 1.0);
    note(&house, &order, "one").await;
    note(&house, &order, "two").await;
    assert_eq!(house.kitchen.get("/api/v1/board").await.expect(200)["orders"][0]["items"][0]["notes"], "two");
    let mut turned_away = Display::anonymous(app.address).await;
    turned_away.send("auth", json!({ "token": house.kitchen.token })).await;
    // On a machine so busy that the quarantine is over by now, it is let in instead and nothing closes it.
    let code = tokio::time::timeout(quarantine, turned_away.close_code()).await;
    if start.elapsed() < quarantine {
        assert_eq!(code.ok().flatten(), Some(4002));
    }
    next_door.open_table().await;
    neighbour.expect("table.session.opened").await;

    // As a display does: it tries until it is let in.
    let mut display = loop {
        if let Ok(display) = Display::try_join(&house.kitchen, Some((&epoch, seq))).await {
            break display;
        }
        assert!(start.elapsed() < quarantine * 5, "never let in again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(start.elapsed() >= quarantine, "{:?}", start.elapsed());
    assert_eq!(display.ready["recovered"], true);
    assert_eq!(display.expect("order.item.updated").await["item"]["notes"], "one");
    assert_eq!(display.expect("order.item.updated").await["item"]["notes"], "two");
    note(&house, &order, "three").await;
    assert_eq!(display.expect("order.item.updated").await["item"]["notes"], "three");
}

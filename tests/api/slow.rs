//! Clients that do not read, or send what no client sends: they are cut, and nobody else notices.

use crate::support::{Display, Mute, Reader, house::id, spawn_app, spawn_app_with};
use futures_util::future::join_all;
use serde_json::json;
use std::time::{Duration, Instant};

const SOCKETS: &str = "comanda_sockets{transport=\"ws\"}";

#[actix_web::test]
async fn who_never_reads_is_cut_and_the_others_get_everything() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(4).await;
    let mut display = Display::join(&house.kitchen).await;
    let mut reader = Reader::open(&house.kitchen).await;
    let _mute = Mute::join(&house.kitchen).await;
    app.shows(SOCKETS, 2.0).await;
    let items: Vec<String> = order["items"].as_array().unwrap().iter().map(id).collect();
    let mut told = 0;
    while app.metric("comanda_evictions_total{reason=\"mailbox_full\"}").await == 0.0 {
        assert!(told < 20_000, "never cut");
        // Four waiters write as much as a note holds.
        let writing = join_all(items.iter().map(|item| {
            let (house, path) = (&house, format!("/api/v1/orders/{}/items/{item}", id(&order)));
            async move {
                for n in 0..20 {
                    let notes = format!("{n:0>1000}");
                    house.waiter.patch(&path, json!({ "notes": notes })).await.expect(200);
                }
            }
        }));
        let (_, seen, read) = tokio::join!(writing, display.events(80), reader.events(80));
        told += seen.len();
        assert_eq!(seen.len(), read.len());
    }
    eprintln!("cut after {told} events");
    app.shows(SOCKETS, 1.0).await;
    app.shows("comanda_members", 2.0).await;
    house.open_table().await;
    display.expect("table.session.opened").await;
    reader.expect("table.session.opened").await;
}

/// Too little waits for it to throw it out, and nothing is due for 10 s: the kernel tells that nobody reads.
#[actix_web::test]
async fn an_idle_socket_that_stops_reading_is_cut_by_the_kernel() {
    let app = spawn_app_with(&[("COMANDA__SOCKETS__TCP_USER_TIMEOUT", "1s")]).await;
    let house = app.restaurant().await;
    let order = house.confirmed(1).await;
    let _mute = Mute::join_socketio(&house.kitchen).await;
    app.shows("comanda_members", 1.0).await;
    let path = format!("/api/v1/orders/{}/items/{}", id(&order), id(&order["items"][0]));
    for n in 0..120 {
        house.waiter.patch(&path, json!({ "notes": format!("{n:0>1000}") })).await.expect(200);
    }
    let start = Instant::now();
    app.shows("comanda_members", 0.0).await;
    app.shows("comanda_sockets{transport=\"socketio_websocket\"}", 0.0).await;
    // Before the first Ping, which would not be answered either.
    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
    assert_eq!(app.metric("comanda_evictions_total{reason=\"mailbox_full\"}").await, 0.0);
}

#[actix_web::test]
async fn a_frame_of_two_to_the_forty_bytes_and_a_thousand_fragments_are_refused() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    for size in [1 << 40, u64::MAX >> 1, 65_537] {
        let mut mute = Mute::join(&house.kitchen).await;
        mute.declares(size).await;
        assert_eq!(mute.close_code().await, Some(1009), "{size}");
    }
    let mut mute = Mute::join(&house.kitchen).await;
    mute.fragments(1_000).await;
    assert_eq!(mute.close_code().await, Some(1009));
    app.shows(SOCKETS, 1.0).await;
    app.shows("comanda_members", 1.0).await;
    house.open_table().await;
    display.expect("table.session.opened").await;
}

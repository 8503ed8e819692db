//! `/metrics` tells what is connected.

use crate::support::{Display, Poller, Reader, spawn_app_with};

#[actix_web::test]
async fn the_gauges_follow_what_is_connected() {
    let app = spawn_app_with(&[("COMANDA__ROOMS__IDLE", "100ms")]).await;
    let (one, two) = (app.restaurant().await, app.restaurant().await);
    let counts = async |ws: f64, polling: f64, sse: f64, rooms: f64| {
        app.shows("comanda_sockets{transport=\"ws\"}", ws).await;
        app.shows("comanda_sockets{transport=\"socketio_polling\"}", polling).await;
        app.shows("comanda_sockets{transport=\"sse\"}", sse).await;
        app.shows("comanda_members", ws + polling + sse).await;
        app.shows("comanda_rooms", rooms).await;
    };
    counts(0.0, 0.0, 0.0, 0.0).await;
    let display = Display::join(&one.kitchen).await;
    let poller = Poller::join(&one.kitchen).await;
    let (reader, other) = (Reader::open(&one.kitchen).await, Display::join(&two.kitchen).await);
    counts(2.0, 1.0, 1.0, 2.0).await;
    drop(other);
    counts(1.0, 1.0, 1.0, 1.0).await;
    drop(reader);
    drop(display);
    counts(0.0, 1.0, 0.0, 1.0).await;
    poller.leave().await;
    counts(0.0, 0.0, 0.0, 0.0).await;
}

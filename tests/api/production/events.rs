//! What is told of production orders: the same by every way there is, and by npm's real client.

use crate::{
    stock_client,
    support::{
        Display, Poller, Reader,
        house::id,
        production::{PATH, at, update_of},
        spawn_app,
    },
};
use serde_json::{Value, json};

/// Specification 001, "WebSocket Events", step by step.
#[actix_web::test]
async fn every_change_is_told_to_everyone_by_every_way() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let mut display = Display::join(&house.kitchen).await;
    let mut reader = Reader::open(&house.kitchen).await;
    let mut poller = Poller::join(&house.kitchen).await;
    let mut stranger = Display::join(&other.kitchen).await;

    let order = house.produce("Carta \"de\" vinos").await;
    let change =
        json!({ "status": "In Printing", "estimatedDate": "2026-12-01", "message": "the paper is here" });
    let changed = house.waiter.patch(&at(&order), change).await.expect(200);
    // Nothing changed and nothing said, nothing told.
    house.stage(&house.waiter, &order, "In Printing").await.expect(200);
    house.manager.delete(&at(&order)).await;

    let log = house.log().await;
    let with = |whole: &Value, n: usize| {
        let mut data = whole.clone();
        (data["eventId"], data["seq"]) = (log[n]["id"].clone(), json!(n + 1));
        data
    };
    let progress = json!({
        "orderId": id(&order),
        "status": "In Printing",
        "estimatedDate": "2026-12-01T00:00:00.000Z",
        "timestamp": changed["updatedAt"],
        "message": "the paper is here",
    });
    let expected = [
        ("orderCreated".to_owned(), with(&order, 0)),
        ("orderUpdated".to_owned(), with(&changed, 1)),
        (update_of(&order), with(&progress, 2)),
        ("orderDeleted".to_owned(), with(&json!({ "orderId": id(&order) }), 3)),
    ];
    assert_eq!(log.len(), expected.len());
    let mut late = Reader::resume(&house.kitchen, &format!("{}:1", reader.epoch)).await;
    for (n, (name, data)) in expected.iter().enumerate() {
        assert_eq!((&log[n]["event"], &log[n]["data"]), (&json!(name), data));
        assert_eq!(&display.expect(name).await, data);
        assert_eq!(&reader.expect(name).await, data);
        assert_eq!(&poller.expect(name).await, data);
        if n > 0 {
            assert_eq!(&late.expect(name).await, data);
        }
    }
    other.open_table().await;
    assert_eq!(stranger.expect("table.session.opened").await["seq"], 1, "its own log's first");
}

/// A client of specification 001: it emits `joinRoom` or does not, and listens to one order by its name.
#[actix_web::test]
async fn a_stock_client_follows_one_order_by_whatever_transport() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for mode in [&["polling"][..], &["websocket"], &["polling", "websocket"]] {
        let token = house.kitchen.token.as_deref().unwrap();
        let mut client = stock_client::Client::start(&app.url(""), token, mode);
        client.connected().await;
        let order = house.produce("Cartas").await;
        let moved = house.stage(&house.waiter, &order, "Delivery").await.expect(200);
        house.manager.delete(&at(&order)).await;
        assert_eq!(client.event("orderCreated").await["title"], "Cartas");
        let updated = client.event("orderUpdated").await;
        assert_eq!((&updated["status"], &updated["version"]), (&json!("Delivery"), &json!(2)));
        let update = client.event(&update_of(&order)).await;
        let keys: Vec<&String> = update.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["eventId", "orderId", "seq", "status", "timestamp"]);
        assert_eq!((&update["orderId"], &update["timestamp"]), (&order["id"], &moved["updatedAt"]));
        assert_eq!(client.event("orderDeleted").await["orderId"], order["id"]);
    }
    assert_eq!(house.waiter.get(PATH).await.expect(200), json!([]));
}

/// The kitchen's board is not theirs: a display that folds the log and one that reads the board see the same orders.
#[actix_web::test]
async fn the_board_does_not_show_them() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.produce("Cartas").await;
    let board = house.kitchen.get("/api/v1/board").await.expect(200);
    assert_eq!((&board["orders"], &board["seq"]), (&json!([]), &json!(1)));
}

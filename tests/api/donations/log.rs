//! The log of a board: over REST as the sockets told it, and what a socket gets that was away.

use super::{donated, set};
use crate::{
    display::Display,
    support::{spawn_app, spawn_app_with},
};
use serde_json::{Value, json};

const LOG: &str = "/api/v1/donations/events";

#[actix_web::test]
async fn the_log_of_a_board_is_what_its_sockets_were_told() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let mut board = Display::on_board(&ngo.client, None).await;
    let empty = ngo.client.get(LOG).await.expect(200);
    assert_eq!(empty, json!({ "epoch": board.epoch, "seq": 0, "events": [] }));
    let donation = donated(&house, "Pan").await;
    house.evening().await;
    ngo.claim(&donation).await.expect(200);
    set(&house.manager, &donation, "AVAILABLE").await.expect(200);
    let told: Vec<(Value, Value)> =
        board.events(3).await.iter().map(|e| (e["event"].clone(), e["data"].clone())).collect();

    for who in [&ngo.client, &house.kitchen] {
        let answer = who.get(LOG).await;
        assert_eq!(answer.header("x-stream-seq"), Some("3"));
        let page = answer.expect(200);
        assert_eq!((&page["epoch"], &page["seq"]), (&json!(board.epoch), &json!(3)));
        let read: Vec<(Value, Value)> = page["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (e["event"].clone(), e["data"].clone()))
            .collect();
        assert_eq!(read, told);
    }
    let rest = ngo.client.get(&format!("{LOG}?after=1&limit=1")).await.expect(200);
    assert_eq!((&rest["events"][0]["event"], &rest["seq"]), (&json!("donation.claimed"), &json!(3)));
    assert_eq!(rest["events"].as_array().unwrap().len(), 1);
    for query in ["?after=x", "?limit=0", "?limit=1001", "?from=1"] {
        ngo.client.get(&format!("{LOG}{query}")).await.expect_error(400, "VALIDATION_FAILED");
    }
    // The restaurant's own log is not the NGO's, nor is the board's in it.
    ngo.client.get("/api/v1/events").await.expect_error(403, "FORBIDDEN");
    let own = house.kitchen.get("/api/v1/events?limit=1000").await.expect(200);
    assert!(!own["events"].to_string().contains("donation."));
}

/// A plain WebSocket that was away longer than is recovered is told to read: the list says at which position it was, and
/// the log goes on from there.
#[actix_web::test]
async fn a_socket_that_was_away_too_long_resumes_from_the_list_and_the_log() {
    let app =
        spawn_app_with(&[("COMANDA__ROOMS__REPLAY_MAX_EVENTS", "3"), ("COMANDA__ROOMS__RING_EVENTS", "2")])
            .await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let first = Display::on_board(&ngo.client, None).await;
    for n in 0..3 {
        donated(&house, &format!("Plato {n}")).await;
    }
    // What it may be told it is told, in order and without a gap.
    let mut back = Display::on_board(&ngo.client, Some((&first.epoch, 0))).await;
    assert_eq!(back.ready["recovered"], true);
    let names: Vec<Value> = back.events(3).await.iter().map(|e| e["data"]["name"].clone()).collect();
    assert_eq!(names, ["Plato 0", "Plato 1", "Plato 2"]);
    drop(back);
    donated(&house, "Plato 3").await;
    let mut lost = Display::on_board(&ngo.client, Some((&first.epoch, 0))).await;
    assert_eq!((&lost.ready["recovered"], &lost.ready["seq"]), (&json!(false), &json!(4)));
    let list = ngo.client.get("/api/v1/donations?status=AVAILABLE").await;
    assert_eq!(list.header("x-stream-seq"), Some("4"));
    assert_eq!(list.expect(200).as_array().unwrap().len(), 4);
    let log = ngo.client.get(&format!("{LOG}?after=0")).await.expect(200);
    assert_eq!(log["events"].as_array().unwrap().len(), 4, "the log keeps what a socket is not told again");
    donated(&house, "Plato 4").await;
    assert_eq!(lost.expect("donation.created").await["name"], "Plato 4");
}

/// Nothing is deleted from a log; one whose beginning is gone all the same says so.
#[actix_web::test]
async fn a_log_that_has_lost_its_beginning_says_so() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    donated(&house, "Uno").await;
    donated(&house, "Dos").await;
    let gone = "DELETE FROM events WHERE kind = 'donation' AND seq = 1";
    let admin = app.database.admin().await;
    admin.execute("SELECT set_config('app.board', $1, false)", &[&board_id()]).await.unwrap();
    assert_eq!(admin.execute(gone, &[]).await.unwrap(), 1);
    ngo.client.get(LOG).await.expect_error(410, "LOG_TRUNCATED");
    assert_eq!(
        ngo.client.get(&format!("{LOG}?after=1")).await.expect(200)["events"].as_array().unwrap().len(),
        1
    );
}

fn board_id() -> String {
    comanda::domain::ids::BoardId::DEFAULT.to_string()
}

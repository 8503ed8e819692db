//! The clock: what nobody took in time expires once, whoever was running then.

use super::{donated, offer, set};
use crate::{
    display::Display,
    support::{Client, TestApp, database::TestDatabase, house::id, spawn_app},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

/// A donation that is over soon; its id. What is over before it is made is none: then one that lives twice as long.
async fn brief(donor: &Client) -> String {
    for lives in [3, 6, 12, 24] {
        let until = Timestamp::now() + SignedDuration::from_secs(lives);
        let mut body = offer("Pescado");
        body["expiryTime"] = json!(until.to_string());
        let answer = donor.post("/api/v1/donations", body).await;
        if answer.status != 400 || Timestamp::now() < until {
            return id(&answer.expect(201));
        }
    }
    panic!("none is made in time");
}

#[actix_web::test]
async fn a_donation_expires_by_itself_when_its_time_is_over() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let mut board = Display::on_board(&ngo.client, None).await;
    let donation = brief(&house.waiter).await;
    board.expect("donation.created").await;
    let expired = board.expect("donation.status.updated").await;
    assert_eq!(
        (&expired["donationId"], &expired["status"], &expired["updatedBy"]),
        (&json!(donation), &json!("EXPIRED"), &json!("system"))
    );
    ngo.claim(&donation).await.expect_error(409, "DONATION_UNAVAILABLE");
    set(&house.manager, &donation, "CANCELLED").await.expect_error(409, "INVALID_TRANSITION");
}

/// Its time comes while no server runs; then two start at once on the same database, and both find it.
#[actix_web::test]
async fn what_came_due_while_nobody_ran_expires_once_though_two_nodes_find_it() {
    let app = spawn_app().await;
    let (mut house, ngo) = (app.restaurant().await, app.ngo().await);
    let mut due = Vec::new();
    for name in ["Uno", "Dos", "Tres"] {
        due.push(donated(&house, name).await);
    }
    let (taken, fresh) = (donated(&house, "Tomado").await, donated(&house, "Fresco").await);
    ngo.claim(&taken).await.expect(200);
    let epoch = Display::on_board(&ngo.client, None).await.epoch;
    let database = app.stop().await;
    let past = "UPDATE donations SET expires_at = now() - interval '1 minute' WHERE id::text <> $1";
    assert_eq!(database.admin().await.execute(past, &[&fresh]).await.unwrap(), 4);

    let same = TestDatabase { name: database.name.clone() };
    let often = [("COMANDA__DONATIONS__EXPIRE_EVERY", "50ms")];
    let (one, two) =
        futures_util::join!(TestApp::start_again(database, &often), TestApp::start_again(same, &often));
    let (here, there) = (ngo.client.at(one.address), ngo.client.at(two.address));
    assert_eq!(expired(&there, 3).await, due, "ids are in the order of their making");
    // Released when its time is over already, it expires as well; by then both nodes have looked many times.
    assert_eq!(there.get(&format!("/api/v1/donations/{taken}")).await.expect(200)["status"], "CLAIMED");
    set(&here, &taken, "AVAILABLE").await.expect(200);
    due.push(taken);
    assert_eq!(expired(&here, 4).await, due);
    assert_eq!(here.get("/api/v1/donations?status=AVAILABLE").await.expect(200)[0]["id"], fresh.as_str());

    let told = "SELECT body->>'donation', seq FROM events WHERE body->>'to' = 'EXPIRED' AND actor_id = $1 ORDER BY seq";
    let told = two.database.admin().await.query(told, &[&uuid::Uuid::nil()]).await.unwrap();
    let (mut ids, seqs): (Vec<String>, Vec<i64>) =
        told.iter().map(|row| (row.get::<_, String>(0), row.get::<_, i64>(1))).unzip();
    ids.sort();
    assert_eq!((ids, seqs), (due, vec![7, 8, 9, 11]), "once each");
    // Whoever was away meanwhile is told all of it, in order and without a gap.
    house.moves_to(two.address);
    let mut board = Display::on_board(&house.waiter, Some((&epoch, 0))).await;
    let names: Vec<_> =
        board.events(11).await.into_iter().map(|event| event["data"]["status"].clone()).collect();
    assert_eq!(names[6..], ["EXPIRED", "EXPIRED", "EXPIRED", "AVAILABLE", "EXPIRED"]);
    board.expect_nothing().await;
}

/// What was wrong: the longest overdue of all boards came first, whichever they were, so a board whose rows cannot be read
/// kept every other from expiring anything.
#[actix_web::test]
async fn a_board_that_cannot_expire_its_donations_holds_up_no_other() {
    let app = spawn_app().await;
    let (stuck, house, ngo) = (app.restaurant().await, app.restaurant().await, app.ngo().await);
    let north = app.board("north").await;
    app.store.move_to_board(house.id, north).await.unwrap();
    app.store.join_board(ngo.id, north).await.unwrap();
    let seed = donated(&stuck, "Pan").await;
    // More than one look takes of a board, overdue for longer; no donation is called "".
    let broken = "INSERT INTO donations (board_id, id, restaurant_id, donor_name, donor_id, name, food_type, quantity, unit,
            lat, lng, address, expires_at, image_urls, status, version, created_at, updated_at)
        SELECT board_id, gen_random_uuid(), restaurant_id, donor_name, donor_id, '', food_type, quantity, unit,
            lat, lng, address, now() - interval '1 hour', image_urls, status, version, created_at, updated_at
        FROM donations, generate_series(1, 200) WHERE id::text = $1";
    assert_eq!(app.database.admin().await.execute(broken, &[&seed]).await.unwrap(), 200);
    let mut board = Display::on_board_called(&ngo.client, "north").await;
    let donation = brief(&house.waiter).await;
    board.expect("donation.created").await;
    let expired = board.expect("donation.status.updated").await;
    assert_eq!((&expired["donationId"], &expired["status"]), (&json!(donation), &json!("EXPIRED")));
}

/// The ids of the expired donations, once there are so many, in their order.
async fn expired(who: &Client, count: usize) -> Vec<String> {
    let wait = async {
        loop {
            let list = who.get("/api/v1/donations?status=EXPIRED").await.expect(200);
            let mut ids: Vec<String> = list.as_array().unwrap().iter().map(id).collect();
            if ids.len() >= count {
                ids.sort();
                return ids;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("the clock strikes")
}

//! The registry's lanes: one restaurant's trouble is its own, what queues up goes as a group, and the
//! order of commits is the order that displays see.

use crate::support::{Answer, Client, Display, Hold, House, TestApp, spawn_app, spawn_patient_app};
use actix_web::rt;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// Commands that wait in lanes, in `/metrics`.
const QUEUED: &str = "comanda_lane_queue";
const SESSIONS: &str = "/api/v1/table-sessions";
/// `http.answer_within`, and what a busy machine adds.
const ANSWERED: Duration = Duration::from_millis(6_500);
/// Nobody waited for anything; less than `database.lock_within`, which is what the stuck ones wait for.
const AT_ONCE: Duration = Duration::from_millis(1_900);
/// The same where the stuck ones are patient.
const BEFORE_THEM: Duration = Duration::from_secs(10);

/// Asks on a task of its own, so that the test goes on meanwhile.
fn ask(who: &Client, path: &str, body: Value) -> JoinHandle<(Answer, Duration)> {
    let (who, path, begun) = (who.clone(), path.to_owned(), Instant::now());
    rt::spawn(async move { (who.post(&path, body).await, begun.elapsed()) })
}

fn seat(house: &House, table: usize) -> Value {
    json!({ "tableId": house.tables[table].id })
}

#[track_caller]
fn refused(answer: Answer, code: &str) {
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    answer.expect_error(503, code);
}

/// What raced: a stuck transaction of one restaurant held up all others that shared its queue or its connections.
#[actix_web::test]
async fn a_slow_restaurant_delays_no_other() {
    let app = spawn_app().await;
    let (slow, quick) = (app.restaurant().await, app.restaurant().await);
    // More commands than the pool has connections.
    let hold = Hold::stream(&app, &slow).await;
    let stuck: Vec<_> =
        (0..12).map(|n| ask(&slow.waiter.key(&format!("stuck-{n}")), SESSIONS, seat(&slow, n))).collect();
    hold.is_waited_for().await;
    for n in 0..12 {
        let (answer, took) = ask(&quick.waiter, SESSIONS, seat(&quick, n)).await.unwrap();
        answer.expect(201);
        assert!(took < AT_ONCE, "took {took:?}");
    }
    // Reading the slow one's board needs no lock.
    slow.kitchen.get("/api/v1/board").await.expect(200);
    for answer in stuck {
        let (answer, took) = answer.await.unwrap();
        refused(answer, "OVERLOADED");
        assert!(took < ANSWERED, "took {took:?}");
    }
    hold.release().await;
    for n in 0..12 {
        slow.waiter.key(&format!("stuck-{n}")).post(SESSIONS, seat(&slow, n)).await.expect(201);
    }
    assert_eq!(slow.log().await.len(), 12, "done once each");
}

#[actix_web::test]
async fn a_lane_has_room_for_so_many() {
    let app = spawn_patient_app(&[("COMANDA__REGISTRY__LANE_QUEUE", "2")]).await;
    let house = app.restaurant().await;
    let hold = Hold::stream(&app, &house).await;
    let first = ask(&house.waiter, SESSIONS, seat(&house, 0));
    hold.is_waited_for().await;
    let waiting = [1, 2].map(|table| ask(&house.waiter, SESSIONS, seat(&house, table)));
    app.shows(QUEUED, 2.0).await;
    for table in 3..8 {
        let (answer, took) = ask(&house.waiter, SESSIONS, seat(&house, table)).await.unwrap();
        refused(answer, "OVERLOADED");
        assert!(took < BEFORE_THEM, "took {took:?}");
    }
    hold.release().await;
    first.await.unwrap().0.expect(201);
    for answer in waiting {
        answer.await.unwrap().0.expect(201);
    }
}

#[actix_web::test]
async fn all_lanes_together_have_room_for_so_many() {
    let limits = [("COMANDA__REGISTRY__TOTAL_QUEUE", "2"), ("COMANDA__REGISTRY__LANE_QUEUE", "2")];
    let app = spawn_patient_app(&limits).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let hold = Hold::stream(&app, &house).await;
    let first = ask(&house.waiter, SESSIONS, seat(&house, 0));
    hold.is_waited_for().await;
    let second = ask(&house.waiter, SESSIONS, seat(&house, 1));
    app.shows(QUEUED, 1.0).await;
    refused(other.waiter.post(SESSIONS, seat(&other, 0)).await, "OVERLOADED");
    hold.release().await;
    for answer in [first, second] {
        answer.await.unwrap().0.expect(201);
    }
    // What was answered has left its place.
    other.waiter.post(SESSIONS, seat(&other, 0)).await.expect(201);
}

#[actix_web::test]
async fn sixty_four_writers_and_every_display_sees_one_order() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(1).await;
    let path = format!("/api/v1/orders/{}/items", order["id"].as_str().unwrap());
    let mut displays = [
        Display::join(&house.kitchen).await,
        Display::join(&house.expo).await,
        Display::join(&house.waiter).await,
    ];
    let writers = (0..64).map(|n| {
        let (waiter, path) = (house.waiter.clone(), path.clone());
        async move {
            let line = |step| json!({ "name": format!("{n}-{step}"), "qty": 1, "unitPrice": 1 });
            for step in 0..3 {
                waiter.post(&path, line(step)).await.expect(201);
            }
        }
    });
    join_all(writers).await;
    let log = house.log().await;
    let names = |events: &[Value]| -> Vec<String> {
        events.iter().map(|event| event["data"]["items"][0]["name"].to_string()).collect()
    };
    let expected = names(&log[log.len() - 192..]);
    for display in &mut displays {
        // `seq` without a gap is the display's own check.
        assert_eq!(names(&display.events(192).await), expected);
    }
    // Each writer's own lines came in its order.
    for n in 0..64 {
        let own: Vec<&String> = expected.iter().filter(|name| name.starts_with(&format!("\"{n}-"))).collect();
        assert!(own.is_sorted() && own.len() == 3, "{own:?}");
    }
}

/// Transactions that wrote this restaurant's events.
async fn transactions(app: &TestApp, house: &House) -> i64 {
    let count = "SELECT count(DISTINCT xmin::text) FROM events WHERE stream_id = $1";
    app.database.admin().await.query_one(count, &[&house.id.0]).await.unwrap().get(0)
}

#[actix_web::test]
async fn what_queued_up_goes_in_one_transaction() {
    let app = spawn_patient_app(&[]).await;
    let house = app.restaurant().await;
    let hold = Hold::stream(&app, &house).await;
    let first = ask(&house.waiter, SESSIONS, seat(&house, 0));
    hold.is_waited_for().await;
    let rest: Vec<_> = (1..12).map(|table| ask(&house.waiter, SESSIONS, seat(&house, table))).collect();
    app.shows(QUEUED, 11.0).await;
    hold.release().await;
    first.await.unwrap().0.expect(201);
    for answer in rest {
        answer.await.unwrap().0.expect(201);
    }
    assert_eq!(house.log().await.len(), 12);
    assert_eq!(transactions(&app, &house).await, 2, "the first alone, the rest as a group");
}

/// What raced: another node (a foreign hand, here) commits what the group has read as free. The unique index refuses the
/// whole transaction; only the command that wanted that very thing may pay for it.
#[actix_web::test]
async fn a_command_that_meets_a_constraint_does_not_fail_its_neighbours() {
    let app = spawn_patient_app(&[]).await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    let foreign = format!(
        "INSERT INTO table_sessions (restaurant_id, id, table_id, opened_by, opened_at)
             VALUES ('{0}', gen_random_uuid(), '{1}', gen_random_uuid(), now());
         INSERT INTO tables (restaurant_id, id, name, created_at) VALUES ('{0}', gen_random_uuid(), 'Terraza', now())",
        house.id, house.tables[5].id
    );
    let (hold, foreign) = (Hold::stream(&app, &house).await, Hold::of(&app, &foreign).await);
    let first = ask(&house.waiter, SESSIONS, seat(&house, 0));
    hold.is_waited_for().await;
    let neighbours: Vec<_> = [1, 2, 3].map(|table| ask(&house.waiter, SESSIONS, seat(&house, table))).into();
    let occupied = ask(&house.waiter.key("occupied"), SESSIONS, seat(&house, 5));
    let taken = ask(&house.manager, "/api/v1/tables", json!({ "name": "Terraza" }));
    let free = ask(&house.manager, "/api/v1/tables", json!({ "name": "Patio" }));
    app.shows(QUEUED, 6.0).await;
    hold.release().await;
    first.await.unwrap().0.expect(201);
    // Now the group is at the foreign rows.
    foreign.is_waited_for().await;
    foreign.release().await;
    for answer in neighbours {
        answer.await.unwrap().0.expect(201);
    }
    free.await.unwrap().0.expect(201);
    occupied.await.unwrap().0.expect_error(409, "TABLE_OCCUPIED");
    taken.await.unwrap().0.expect_error(409, "NAME_TAKEN");
    assert_eq!(display.events(4).await.len(), 4);
    display.expect_nothing().await;
}

/// What raced: a lane kept its connection over a restart of the database and failed a whole group on it.
#[actix_web::test]
async fn a_connection_that_died_while_a_lane_kept_it_costs_nothing() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    house.open_table().await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'comanda'";
    let killed = app.database.admin().await.query(kill, &[]).await.unwrap();
    assert!(!killed.is_empty());
    house.open_table().await;
    house.kitchen.get("/api/v1/board").await.expect(200);
}

/// Found in review: a lane that never idled kept its connection for good, so as many busy restaurants as there are
/// connections kept everybody else out.
#[actix_web::test]
async fn lanes_that_never_idle_leave_connections_to_the_others() {
    let app = spawn_patient_app(&[("COMANDA__DATABASE__POOL_SIZE", "2")]).await;
    let quiet = app.restaurant().await;
    let mut busy = Vec::new();
    for _ in 0..3 {
        let house = app.restaurant().await;
        let session = house.open_table().await;
        busy.push((house, session));
    }
    let end = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for (house, session) in busy {
        for _ in 0..4 {
            let (waiter, body) = (house.waiter.clone(), json!({ "tableSessionId": session }));
            let end = end.clone();
            writers.push(rt::spawn(async move {
                while !end.load(SeqCst) {
                    waiter.post("/api/v1/orders", body.clone()).await.expect(201);
                }
            }));
        }
    }
    let mut reads = Vec::new();
    for _ in 0..11 {
        let asked = Instant::now();
        quiet.kitchen.get("/api/v1/tables").await.expect(200);
        reads.push(asked.elapsed());
    }
    end.store(true, SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    // A busy machine stalls one or the other; a lane that keeps its connection stalls all.
    reads.sort();
    assert!(reads[reads.len() / 2] < AT_ONCE, "{reads:?}");
}

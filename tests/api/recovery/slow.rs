//! A replay to clients that do not take it: the next page is read when the last has left, whichever way it travels.

use crate::{
    client::Client,
    support::{Mute, Poller, TestApp, spawn_app},
};
use serde_json::{Value, json};

/// Events of a kilobyte each: a dozen pages, of which the kernel takes less than one.
const MISSED: u64 = 3_000;
/// Of these a ring holds all: its bounds are 1,024 events and a mebibyte.
const IN_RING: u64 = 600;
const PAGE: u64 = 256;
const PAGES: &str = "comanda_replay_pages_total";
const RING_PAGES: &str = "comanda_ring_pages_total";

/// What this user's socket comes back with.
async fn pid(who: &Client) -> Value {
    let (poller, answer) = Poller::enter(who, &json!({ "token": who.token })).await;
    poller.leave().await;
    let ids: Value = serde_json::from_str(answer.strip_prefix("40").unwrap()).unwrap();
    json!({ "token": who.token, "pid": ids["pid"] })
}

/// So many events more, of a kilobyte each, of which no room was told.
async fn grow(app: &TestApp, by: u64) {
    let many = format!(
        "INSERT INTO events (stream_id, seq, id, at, actor_id, kind, body)
         SELECT stream_id, seq + n, gen_random_uuid(), at, actor_id, kind,
                jsonb_set(body, '{{table_name}}', to_jsonb(repeat('x', 1000)))
         FROM events, generate_series(1, {by}) n WHERE seq = 1;
         UPDATE streams SET seq = seq + {by} WHERE seq = 1"
    );
    app.database.admin().await.batch_execute(&many).await.unwrap();
}

async fn comes_back(who: &Client, auth: &Value) -> Poller {
    let (poller, answer) = Poller::enter(who, auth).await;
    assert!(answer.contains(auth["pid"].as_str().unwrap()), "{answer}");
    poller
}

async fn hears(poller: &mut Poller, last: u64) {
    for seq in 1..=last {
        assert_eq!(poller.event().await["data"]["seq"], seq);
    }
}

#[actix_web::test]
async fn a_replay_waits_for_its_client() {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    let (mutes, lazys, others) =
        (pid(&house.kitchen).await, pid(&house.waiter).await, pid(&house.owner).await);
    house.open_table().await;
    grow(&app, MISSED).await;
    // Without a ring.
    let app = TestApp::start_again(app.stop().await, &[]).await;
    house.moves_to(app.address);

    // One that never reads, and one that polled once: a page under way and one ahead each.
    let _mute = Mute::enter_socketio(&house.kitchen, &mutes.to_string()).await;
    let mut lazy = comes_back(&house.waiter, &lazys).await;
    // A whole replay beside them, which takes its time.
    let mut other = comes_back(&house.owner, &others).await;
    hears(&mut other, MISSED + 1).await;
    let whole = (MISSED + 1).div_ceil(PAGE) as f64;
    let read = app.metric(PAGES).await;
    assert!((whole + 2.0..=whole + 4.0).contains(&read), "{read} pages");
    hears(&mut lazy, MISSED + 1).await;
    let read = app.metric(PAGES).await;
    assert!((whole * 2.0 + 1.0..=whole * 2.0 + 2.0).contains(&read), "{read} pages");
    assert_eq!(app.metric(r#"comanda_replays_total{source="resync"}"#).await, 0.0);
}

/// From the ring it was all at once: a thousand events, or a mebibyte, for each of all who came back together.
#[actix_web::test]
async fn a_replay_from_the_ring_waits_for_its_client_too() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (lazys, others) = (pid(&house.waiter).await, pid(&house.owner).await);
    // While somebody listens, the room keeps what it reads.
    let mut listens = Poller::join(&house.kitchen).await;
    house.open_table().await;
    assert_eq!(listens.event().await["data"]["seq"], 1);
    grow(&app, IN_RING).await;
    house.open_table().await;
    let last = IN_RING + 2;
    while listens.event().await["data"]["seq"] != last {}

    let mut lazy = comes_back(&house.waiter, &lazys).await;
    let mut other = comes_back(&house.owner, &others).await;
    hears(&mut other, last).await;
    let further = (last.div_ceil(PAGE) - 1) as f64;
    let handed = app.metric(RING_PAGES).await;
    assert!((further..=further + 1.0).contains(&handed), "{handed} pages");
    hears(&mut lazy, last).await;
    assert_eq!(app.metric(RING_PAGES).await, 2.0 * further);
    assert_eq!(app.metric(PAGES).await, 0.0, "the log was not read for them");
    assert_eq!(app.metric(r#"comanda_replays_total{source="ring"}"#).await, 2.0);
}

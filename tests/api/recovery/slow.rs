//! A replay to clients that do not take it: the next page is read when the last has left, whichever way it travels.

use crate::{
    client::Client,
    support::{Mute, Poller, TestApp, spawn_app},
};
use serde_json::{Value, json};

/// Events of a kilobyte each: a dozen pages, of which the kernel takes less than one.
const MISSED: u64 = 3_000;
const PAGE: u64 = 256;
const PAGES: &str = "comanda_replay_pages_total";

/// What this user's socket comes back with.
async fn pid(who: &Client) -> Value {
    let (poller, answer) = Poller::enter(who, &json!({ "token": who.token })).await;
    poller.leave().await;
    let ids: Value = serde_json::from_str(answer.strip_prefix("40").unwrap()).unwrap();
    json!({ "token": who.token, "pid": ids["pid"] })
}

async fn comes_back(who: &Client, auth: &Value) -> Poller {
    let (poller, answer) = Poller::enter(who, auth).await;
    assert!(answer.contains(auth["pid"].as_str().unwrap()), "{answer}");
    poller
}

async fn hears_everything(poller: &mut Poller) {
    for seq in 1..=MISSED + 1 {
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
    let many = format!(
        "INSERT INTO events (stream_id, seq, id, at, actor_id, kind, body)
         SELECT stream_id, seq + n, gen_random_uuid(), at, actor_id, kind,
                jsonb_set(body, '{{table_name}}', to_jsonb(repeat('x', 1000)))
         FROM events, generate_series(1, {MISSED}) n WHERE seq = 1;
         UPDATE streams SET seq = seq + {MISSED} WHERE seq = 1"
    );
    app.database.admin().await.batch_execute(&many).await.unwrap();
    // Without a ring.
    let app = TestApp::start_again(app.stop().await, &[]).await;
    house.moves_to(app.address);

    // One that never reads, and one that polled once: a page under way and one ahead each.
    let _mute = Mute::enter_socketio(&house.kitchen, &mutes.to_string()).await;
    let mut lazy = comes_back(&house.waiter, &lazys).await;
    // A whole replay beside them, which takes its time.
    let mut other = comes_back(&house.owner, &others).await;
    hears_everything(&mut other).await;
    let whole = (MISSED + 1).div_ceil(PAGE) as f64;
    let read = app.metric(PAGES).await;
    assert!((whole + 2.0..=whole + 4.0).contains(&read), "{read} pages");
    hears_everything(&mut lazy).await;
    let read = app.metric(PAGES).await;
    assert!((whole * 2.0 + 1.0..=whole * 2.0 + 2.0).contains(&read), "{read} pages");
    assert_eq!(app.metric(r#"comanda_replays_total{source="resync"}"#).await, 0.0);
}

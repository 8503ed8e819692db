//! R4: kill -9 of the server, with displays that come back.

use crate::{
    followers::Followers,
    ledger,
    scenario::Scenario,
    trial::Trial,
    world::{Way, World},
    writers::{Crew, Load},
};
use futures_util::FutureExt;
use std::time::Duration;
use tokio::time::Instant;

pub const SCENARIO: Scenario = Scenario {
    id: "R4",
    property: "kill -9 of the server",
    target: "ready within 1 s of start; 1,000 displays caught up within 10 s",
    bouts: 10,
    controls: &[],
    run: |trial| bout(trial).boxed_local(),
};

const READY: Duration = Duration::from_secs(1);
const CAUGHT_UP: Duration = Duration::from_secs(10);
const DISPLAYS: usize = 1_000;
const QUICK_DISPLAYS: usize = 60;
const WRITERS: usize = 4;
/// A service at its height: each writer takes four orders a second. More would measure how fast displays are told.
const PAUSE: Duration = Duration::from_millis(250);
/// Between two kills.
const ORDERS: u64 = 30;

async fn bout(trial: Trial) {
    let displays = if trial.is_quick() { QUICK_DISPLAYS } else { DISPLAYS };
    let world = World::open(&trial, Way::Straight, &[]).await;
    let followers = Followers::join(&trial, &world.houses, displays).await;
    let load = Load { writers: WRITERS, orders: u64::MAX, counter: 5, pause: PAUSE, promise: None };
    let crew = Crew::start(&trial, &world.houses, load).await;
    for _ in 0..trial.of(200, 1) {
        crew.writes(ORDERS).await;
        let before = followers.connections();
        world.kill();
        trial.within("ready after a start", world.start(), READY);
        let ready = Instant::now();
        let heads = world.heads().await;
        let are_back = followers.all(trial.limit(CAUGHT_UP), |n, house, at| {
            at.connections > before[n] && at.is_connected && at.seq >= heads[house]
        });
        match are_back.await {
            Ok(()) => trial.within("all displays caught up", ready.elapsed(), CAUGHT_UP),
            Err(error) => trial.fail(error),
        }
    }
    let journal = crew.stop().await;
    let heads = world.heads().await;
    let shown = followers.all(trial.limit(CAUGHT_UP), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    trial.count("reconnects", followers.reconnects());
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

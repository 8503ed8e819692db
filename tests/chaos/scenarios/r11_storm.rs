//! R11: everyone comes back at once: first after a network that dropped all, then after a restart of the server.

use crate::{
    followers::Followers,
    ledger,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{Way, World},
    writers::{Crew, Load},
};
use futures_util::FutureExt;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::time::Duration;
use tokio::time::Instant;

pub const SCENARIO: Scenario = Scenario {
    id: "R11",
    property: "10,000 sockets reconnect at once, or as many as the machine has file descriptors for",
    target: "all caught up within 30 s, orders meanwhile 0 failed",
    bouts: 5,
    controls: &[Control { flaw: "skipped-edge", says: "was told" }],
    run: |trial| bout(trial).boxed_local(),
};

const CAUGHT_UP: Duration = Duration::from_secs(30);
const DISPLAYS: u64 = 10_000;
const QUICK_DISPLAYS: u64 = 150;
/// Descriptors of this process for everything else: requests, journals, the database.
const OTHERS: u64 = 1_000;
const WRITERS: usize = 4;
const PAUSE: Duration = Duration::from_millis(100);
/// Between two storms.
const ORDERS: u64 = 10;

async fn bout(trial: Trial) {
    let most = descriptors().saturating_sub(OTHERS);
    let displays = if trial.is_quick() { QUICK_DISPLAYS } else { DISPLAYS }.min(most);
    // Four users are all the displays.
    let world = World::open(&trial, Way::Straight, &[("COMANDA__SOCKETS__PER_USER", "20000")]).await;
    let followers = Followers::join(&trial, &world.houses, displays as usize).await;
    trial.count("displays", displays);
    let load = Load { writers: WRITERS, orders: u64::MAX, counter: 50, pause: PAUSE, promise: None };
    let crew = Crew::start(&trial, &world.houses, load).await;
    for _ in 0..trial.of(20, 1) {
        crew.writes(ORDERS).await;
        let failed = || trial.counted("refusals") + trial.counted("unknown outcomes");
        let (before, connections) = (failed(), followers.connections());
        trial.fault("all dropped");
        let begun = Instant::now();
        followers.drop_all();
        are_back(&trial, &world, &followers, &connections, begun).await;
        if failed() > before {
            trial.fail(format!("{} requests of writers failed while displays came back", failed() - before));
        }
        crew.writes(ORDERS).await;
        let connections = followers.connections();
        world.kill();
        world.start();
        // Who asked a server that was gone asks again; one that is there refuses nobody.
        let (begun, before) = (Instant::now(), trial.counted("refusals"));
        are_back(&trial, &world, &followers, &connections, begun).await;
        let refused = trial.counted("refusals") - before;
        if refused > 0 {
            trial.fail(format!("{refused} requests of writers were refused after a restart"));
        }
    }
    let journal = crew.stop().await;
    let heads = world.heads().await;
    let shown = followers.all(trial.patience(CAUGHT_UP), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    trial.count("reconnects", followers.reconnects());
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

async fn are_back(trial: &Trial, world: &World, followers: &Followers, before: &[u64], begun: Instant) {
    let heads = world.heads().await;
    let are_back = followers.all(trial.patience(CAUGHT_UP), |n, house, at| {
        at.connections > before[n] && at.is_connected && at.seq >= heads[house]
    });
    match are_back.await {
        Ok(()) => trial.within("all displays caught up", begun.elapsed(), CAUGHT_UP),
        Err(error) => trial.fail(error),
    }
}

/// How many this process may have open, once it has asked for as many as it may.
fn descriptors() -> u64 {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    match setrlimit(Resource::RLIMIT_NOFILE, hard, hard) {
        Ok(()) => hard,
        Err(_) => soft,
    }
}

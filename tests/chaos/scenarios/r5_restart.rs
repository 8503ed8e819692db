//! R5: PostgreSQL restarts under load.

use crate::{
    followers::Followers,
    ledger,
    readers::Reader,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{Way, World},
    writers::{Crew, Load},
};
use futures_util::FutureExt;
use nix::sys::signal::Signal;
use std::time::Duration;
use tokio::time::Instant;

pub const SCENARIO: Scenario = Scenario {
    id: "R5",
    property: "PostgreSQL restarts",
    target: "no socket dropped; every request answered within 2 s (503, Retry-After); writing again within 1 s",
    bouts: 10,
    controls: &[Control { flaw: SERVER_DIES_TOO, says: "dropped" }],
    run: |trial| bout(trial).boxed_local(),
};

/// A server that would go down with its database.
const SERVER_DIES_TOO: &str = "server-dies-too";

const ANSWERED: Duration = Duration::from_secs(2);
const WRITING_AGAIN: Duration = Duration::from_secs(1);
const WRITERS: usize = 8;
const DISPLAYS: usize = 40;
/// Between two restarts.
const ORDERS: u64 = 60;
const CAUGHT_UP: Duration = Duration::from_secs(5);

async fn bout(trial: Trial) {
    let world = World::open(&trial, Way::Straight, &[]).await;
    let followers = Followers::join(&trial, &world.houses, DISPLAYS).await;
    let reader = Reader::start(&trial, &world.houses[0].kitchen, ANSWERED);
    let load = Load { writers: WRITERS, orders: u64::MAX, counter: 50, pause: Duration::ZERO, promise: Some(ANSWERED) };
    let crew = Crew::start(&trial, &world.houses, load).await;
    let mut chance = trial.chance(0);
    let mut ways = [("immediate restarts", Signal::SIGQUIT), ("fast restarts", Signal::SIGINT)];
    chance.shuffle(&mut ways);
    let restarts = if trial.is_control() { 1 } else { trial.of(50, 2) };
    for (how, signal) in ways.into_iter().cycle().take(restarts as usize) {
        crew.writes(ORDERS + chance.within(0..ORDERS)).await;
        trial.fault(how);
        trial.cluster().restart(signal).await;
        let up = Instant::now();
        if trial.has(SERVER_DIES_TOO) {
            world.kill();
            world.start();
        }
        crew.writes(1).await;
        trial.within("writing again", up.elapsed(), WRITING_AGAIN);
    }
    crew.writes(ORDERS).await;
    drop(reader);
    let journal = crew.stop().await;
    let heads = world.heads().await;
    let shown = followers.all(trial.limit(CAUGHT_UP), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    if followers.reconnects() > 0 {
        trial.fail(format!("{} sockets were dropped", followers.reconnects()));
    }
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

//! R9: a socket's actor panics, again and again, among displays that do not.

use crate::{
    display::Display,
    followers::Followers,
    gauges, ledger,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{Way, World},
    writers::{Crew, Load},
};
use futures_util::{FutureExt, future::join_all};
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

pub const SCENARIO: Scenario = Scenario {
    id: "R9",
    property: "a socket actor panics",
    target: "that socket alone ends; the room forgets it within 1 s; memory flat over 10,000",
    bouts: 2,
    controls: &[Control { flaw: "leaked-socket", says: "still count" }],
    run: |trial| bout(trial).boxed_local(),
};

const FORGOTTEN: Duration = Duration::from_secs(1);
const WRITERS: usize = 2;
const DISPLAYS: usize = 10;
const PAUSE: Duration = Duration::from_millis(50);
/// Sockets that panic at the same time.
const AT_ONCE: usize = 10;
/// What the allocator may keep between the middle and the end; 4 KiB left behind by each socket would be more.
const FLAT: u64 = 16 << 20;
const PATIENCE: Duration = Duration::from_secs(30);

async fn bout(trial: Trial) {
    let world = World::open(&trial, Way::Straight, &[]).await;
    let followers = Followers::join(&trial, &world.houses, DISPLAYS).await;
    let load = Load { writers: WRITERS, orders: u64::MAX, counter: 50, pause: PAUSE, promise: None };
    let crew = Crew::start(&trial, &world.houses, load).await;
    let rounds = trial.of(10_000, 100).div_ceil(AT_ONCE as u64);
    let mut middle = None;
    for round in 0..rounds {
        if round == rounds / 2 {
            middle = gauges::resident(&world);
        }
        join_all((0..AT_ONCE).map(|n| poisoned(&trial, &world, n))).await;
    }
    trial.fault("the last panic");
    for gauge in ["comanda_members", "comanda_sockets"] {
        match gauges::shows(&world, gauge, DISPLAYS as f64, trial.patience(FORGOTTEN)).await {
            Ok(took) => trial.within("forgotten", took, FORGOTTEN),
            Err(count) => trial.fail(format!("{gauge}: {count} of {DISPLAYS} displays still count")),
        }
    }
    match middle.zip(gauges::resident(&world)) {
        Some((middle, end)) if end.saturating_sub(middle) > FLAT => {
            trial.fail(format!("memory grew from {middle} to {end} bytes"));
        }
        Some((middle, end)) => trial.count("bytes of growth", end.saturating_sub(middle)),
        None => trial.count("bouts without /proc: memory not seen", 1),
    }
    let journal = crew.stop().await;
    let heads = world.heads().await;
    let shown = followers.all(trial.patience(PATIENCE), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    if followers.reconnects() > 0 {
        trial.fail(format!("{} other sockets ended", followers.reconnects()));
    }
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

/// A display that makes its actor panic, and ends for it.
async fn poisoned(trial: &Trial, world: &World, n: usize) {
    let mut display = Display::join(&world.houses[n % world.houses.len()].waiter).await;
    display.send("poison", Value::Null).await;
    match timeout(PATIENCE, display.farewell()).await {
        Ok(_) => trial.count("panics", 1),
        Err(_) => trial.fail("a socket whose actor panicked is still open"),
    }
}

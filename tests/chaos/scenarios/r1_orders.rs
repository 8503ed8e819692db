//! R1: no acknowledged order lost, none doubled.

use crate::{
    chance::Chance,
    ledger,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{Way, World},
    writers::{Crew, Load},
};
use futures_util::FutureExt;
use nix::sys::signal::Signal;
use std::time::Duration;

pub const SCENARIO: Scenario = Scenario {
    id: "R1",
    property: "no acknowledged order lost, none doubled",
    target: "0 of 10^6, through 200 kill -9 of the server and 50 immediate restarts of PostgreSQL; every unknown \
             outcome settled by a retry with its key",
    bouts: 50,
    controls: &[
        Control { flaw: "publish-before-commit", says: "lost" },
        Control { flaw: "forgotten-key", says: "doubled" },
    ],
    run: |trial| bout(trial).boxed_local(),
};

const WRITERS: usize = 16;
/// From a kill to the next start, in milliseconds.
const AWAY: std::ops::Range<u64> = 0..500;

#[derive(Debug, Clone, Copy)]
enum Fault {
    Kill,
    Restart,
}

/// At how many confirmed orders what happens: in random order, evenly over the bout and a little off.
fn schedule(chance: &mut Chance, orders: u64, kills: u64, restarts: u64) -> Vec<(u64, Fault)> {
    let mut faults: Vec<Fault> = (0..kills).map(|_| Fault::Kill).collect();
    faults.extend((0..restarts).map(|_| Fault::Restart));
    chance.shuffle(&mut faults);
    let apart = orders / (faults.len() as u64 + 1);
    let place = |(n, fault)| (n * apart + chance.within(0..apart.max(2) / 2), fault);
    (1..).zip(faults).map(place).collect()
}

async fn bout(trial: Trial) {
    let (orders, kills, restarts) = match trial.is_control() {
        true => (120, 2, 0),
        false => (trial.of(1_000_000, 400), trial.of(200, 3), trial.of(50, 1)),
    };
    let mut chance = trial.chance(0);
    let faults = schedule(&mut chance, orders, kills, restarts);
    let world = World::open(&trial, Way::Straight, &[]).await;
    let load = Load { writers: WRITERS, orders, counter: 80, pause: Duration::ZERO, promise: None };
    let crew = Crew::start(&trial, &world.houses, load).await;
    for (at, fault) in faults {
        crew.reaches(at).await;
        match fault {
            Fault::Kill => {
                world.kill();
                tokio::time::sleep(chance.millis(AWAY)).await;
                world.start();
            }
            Fault::Restart => {
                trial.fault("immediate restarts of PostgreSQL");
                trial.cluster().restart(Signal::SIGQUIT).await;
            }
        }
    }
    let journal = crew.finish().await;
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

//! R13: the disk fills on which the database has its tables. Its log is on another one: a PostgreSQL that cannot write that
//! goes down by itself, which is R5.

use crate::{
    disk::SmallDisk,
    followers::Followers,
    ledger,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{Way, World},
    writers::{Crew, Load},
};
use futures_util::FutureExt;
use reqwest::Method;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

pub const SCENARIO: Scenario = Scenario {
    id: "R13",
    property: "the database's disk fills",
    target: "503 within 1 s, reads and sockets go on, writing again 5 s after space returns",
    bouts: 4,
    controls: &[Control { flaw: SPACE_STAYS_AWAY, says: "not writing again" }],
    run: |trial| bout(trial).boxed_local(),
};

const SPACE_STAYS_AWAY: &str = "space-stays-away";

const ANSWERED: Duration = Duration::from_secs(1);
const WRITING_AGAIN: Duration = Duration::from_secs(5);
const WRITERS: usize = 4;
const DISPLAYS: usize = 20;
const ORDERS: u64 = 20;
/// How long it stays full, once a write was refused.
const FULL: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(1)];
/// Until what was free on the pages is used up.
const FULL_WITHIN: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);
const SHOWN: Duration = Duration::from_secs(5);
/// Connections that the pool, and we, may make besides.
const MORE: u64 = 4;
/// Longer than anything is promised to take.
const PATIENCE: Duration = Duration::from_secs(30);

async fn bout(trial: Trial) {
    let disk = match SmallDisk::mount(trial.cluster().owner()) {
        Ok(disk) => disk,
        Err(why) => return trial.skip(why),
    };
    let tablespace = trial.cluster().tablespace(&disk.path()).await;
    let world = World::open_in(&trial, Way::Straight, &[], &tablespace).await;
    suffer(&trial, &world, &disk).await;
    world.close().await;
    trial.cluster().forget_tablespace(&tablespace).await;
}

/// Connections that were ever made to the database and told of; ours among them.
async fn sessions(world: &World) -> u64 {
    let sessions = "SELECT sessions FROM pg_stat_database WHERE datname = $1";
    let row = world.sql().await.query_one(sessions, &[&world.database]).await.expect("the database's row");
    row.get::<_, i64>(0).cast_unsigned()
}

/// Displays read their boards for so long, and once at least.
async fn read(trial: &Trial, world: &World, lasts: Duration) {
    let end = Instant::now() + lasts;
    loop {
        let begun = Instant::now();
        let board = world.houses[0].kitchen.try_send(Method::GET, "/api/v1/board", None);
        match timeout(PATIENCE, board).await {
            Ok(Ok(answer)) if answer.status == 200 => trial.count("reads while full", 1),
            Ok(Ok(answer)) => trial.fail(format!("a read: {} {}", answer.status, answer.text)),
            Ok(Err(error)) => trial.fail(format!("a read: {error}")),
            Err(_) => trial.fail("a read without an answer"),
        }
        trial.within("a read while full", begun.elapsed(), ANSWERED);
        if Instant::now() > end {
            return;
        }
        sleep(LOOK).await;
    }
}

async fn suffer(trial: &Trial, world: &World, disk: &SmallDisk) {
    let followers = Followers::join(trial, &world.houses, DISPLAYS).await;
    let load = Load {
        writers: WRITERS,
        orders: u64::MAX,
        counter: 50,
        pause: Duration::ZERO,
        promise: Some(ANSWERED),
    };
    let crew = Crew::start(trial, &world.houses, load).await;
    for _ in 0..trial.of(20, 1) {
        crew.writes(ORDERS).await;
        let refusals = trial.counted("refusals");
        trial.fault("disk full");
        disk.fill();
        let full = async {
            while trial.counted("refusals") < refusals + WRITERS as u64 {
                sleep(LOOK).await;
            }
        };
        if timeout(FULL_WITHIN, full).await.is_err() {
            trial.fail("a full disk refuses nothing");
        }
        let (refusals, before) = (trial.counted("refusals"), sessions(world).await);
        read(trial, world, FULL[usize::from(trial.is_quick())]).await;
        let (refusals, fresh) = (trial.counted("refusals") - refusals, sessions(world).await - before);
        if fresh > MORE.max(refusals / 2) {
            trial.fail(format!("{refusals} refusals cost {fresh} connections"));
        }
        if !trial.has(SPACE_STAYS_AWAY) {
            disk.free();
        }
        let returned = Instant::now();
        match timeout(trial.patience(WRITING_AGAIN), crew.writes(1)).await {
            Ok(()) => trial.within("writing again", returned.elapsed(), WRITING_AGAIN),
            Err(_) => trial.fail("not writing again"),
        }
        if trial.has(SPACE_STAYS_AWAY) {
            disk.free();
        }
    }
    let journal = crew.stop().await;
    let heads = world.heads().await;
    let shown = followers.all(trial.patience(SHOWN), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    if followers.reconnects() > 0 {
        trial.fail(format!("{} sockets were dropped", followers.reconnects()));
    }
    ledger::check(trial, world, &journal).await;
}

//! R14: SIGTERM under load. At the moment of the signal every writer waits for an answer: a lock of ours holds their lane.

use crate::{
    client::Client,
    display::Display,
    journal::Journal,
    ledger,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{HOUSES, Way, World},
    writers::{Crew, Entry, Load},
};
use futures_util::{FutureExt, future::join_all};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

pub const SCENARIO: Scenario = Scenario {
    id: "R14",
    property: "SIGTERM under load",
    target: "ready=false, no new accepts, in-flight commands finish, Close 1012 with a spread hint, exit within 10 s, \
             nothing lost; 100 stops",
    bouts: 10,
    controls: &[Control { flaw: "hasty-stop", says: "in flight" }],
    run: |trial| bout(trial).boxed_local(),
};

const EXIT: Duration = Duration::from_secs(10);
const WRITERS: usize = 8;
const DISPLAYS: usize = 500;
const QUICK_DISPLAYS: usize = 40;
/// Between a start and the next stop.
const ORDERS: u64 = 20;
/// The hint is a moment within this time.
const SPREAD: u64 = 5_000;
const LOOK: Duration = Duration::from_millis(5);
/// What is in the journal as sent is on its way; this is for it to arrive.
const ARRIVES: Duration = Duration::from_millis(200);
/// A new connection is not answered for so long. All that is held must be over before the server gives up on it (2 s).
const NO_ANSWER: Duration = Duration::from_millis(200);
const CLOSED: Duration = Duration::from_millis(500);
const SAYS_SO: Duration = Duration::from_secs(1);
/// For a writer to write down what it was answered.
const WRITTEN: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(60);

type Farewell = JoinHandle<Option<(u16, String)>>;

async fn bout(trial: Trial) {
    let world = World::open(&trial, Way::Straight, &[]).await;
    // In one restaurant: one lane holds all of them.
    let load = Load { writers: WRITERS, orders: u64::MAX, counter: 50, pause: Duration::ZERO, promise: None };
    let crew = Crew::start(&trial, &world.houses[..1], load).await;
    for _ in 0..trial.of(100, 1) {
        crew.writes(ORDERS).await;
        stop(&trial, &world, crew.journal()).await;
        world.start();
    }
    crew.writes(ORDERS).await;
    let journal = crew.stop().await;
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

async fn stop(trial: &Trial, world: &World, journal: &Journal) {
    let count = if trial.is_quick() { QUICK_DISPLAYS } else { DISPLAYS };
    let join = |n: usize| Display::join(&world.houses[n % world.houses.len()].kitchen);
    let displays = join_all((0..count).map(join)).await.into_iter();
    let listen = |mut display: Display| tokio::spawn(async move { display.farewell().await });
    let displays = displays.map(listen).collect();
    let mut sql = world.sql().await;
    let lock = sql.transaction().await.expect("a transaction");
    let stream = "SELECT FROM streams JOIN restaurants USING (id) WHERE name = $1 FOR UPDATE OF streams";
    lock.execute(stream, &[&HOUSES[0].0]).await.expect("a lock");
    let in_flight = all_wait(journal).await;
    sleep(ARRIVES).await;

    let ready = tokio::spawn(says_not_ready(world.houses[0].waiter.clone()));
    // Its connection is there before the signal: later ones are not accepted.
    sleep(LOOK * 4).await;
    let (ended, ()) = tokio::join!(world.terminate(), async {
        match ready.await.expect("a probe") {
            true => is_closed_to_strangers(trial, world).await,
            false => trial.fail("it never said that it is not ready"),
        }
        sleep(NO_ANSWER).await;
        lock.rollback().await.expect("a rollback");
    });
    let (code, took) = ended;
    trial.within("exit", took, EXIT);
    if code != Some(0) {
        trial.fail(format!("it ended with {code:?}"));
    }
    are_answered(trial, journal, &in_flight).await;
    say_goodbye(trial, displays).await;
}

/// The keys of commands without an answer, once every writer has one.
async fn all_wait(journal: &Journal) -> BTreeSet<String> {
    let waiting = async {
        loop {
            let open = open(journal);
            if open.len() == WRITERS {
                return open;
            }
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, waiting).await.expect("writers that wait")
}

fn open(journal: &Journal) -> BTreeSet<String> {
    let mut open = BTreeMap::new();
    for entry in journal.read::<Entry>() {
        match entry {
            Entry::Sent { key, .. } => drop(open.insert(key, ())),
            Entry::Answered { key, .. } => drop(open.remove(&key)),
        }
    }
    open.into_keys().collect()
}

/// Asks on one connection until it hears so; false where the connection ends first.
async fn says_not_ready(probe: Client) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < SAYS_SO {
        match probe.try_send(reqwest::Method::GET, "/health/ready", None).await {
            Ok(answer) if answer.status == 503 => return true,
            Ok(_) => sleep(LOOK).await,
            Err(_) => return false,
        }
    }
    false
}

/// Who connects now is not answered; the very first may have come before the doors were closed.
async fn is_closed_to_strangers(trial: &Trial, world: &World) {
    let begun = Instant::now();
    while begun.elapsed() < CLOSED {
        let stranger = Client::anonymous(world.address);
        let asked = stranger.try_send(reqwest::Method::GET, "/health/live", None);
        if !matches!(timeout(NO_ANSWER, asked).await, Ok(Ok(_))) {
            return;
        }
    }
    trial.fail("new connections are accepted while it stops");
}

/// The server is gone: whatever was answered by now, it has answered itself.
async fn are_answered(trial: &Trial, journal: &Journal, in_flight: &BTreeSet<String>) {
    let begun = Instant::now();
    loop {
        let lost = in_flight.intersection(&open(journal)).count();
        if lost == 0 {
            return trial.count("commands in flight, answered", in_flight.len() as u64);
        }
        if begun.elapsed() > WRITTEN {
            return trial.fail(format!("{lost} of {} commands in flight were not answered", in_flight.len()));
        }
        sleep(LOOK).await;
    }
}

async fn say_goodbye(trial: &Trial, displays: Vec<Farewell>) {
    let (count, mut moments) = (displays.len(), BTreeSet::new());
    for display in displays {
        let farewell = timeout(PATIENCE, display).await.expect("an end").expect("a display");
        let Some((1012, reason)) = &farewell else {
            trial.fail(format!("a display was told {farewell:?}, not 1012"));
            continue;
        };
        trial.count("displays told 1012", 1);
        let hint = reason.rsplit("retry in ").next().and_then(|hint| hint.strip_suffix(" ms")?.parse::<u64>().ok());
        match hint {
            Some(hint) if hint < SPREAD => drop(moments.insert(hint)),
            _ => trial.fail(format!("a display got no hint: {reason}")),
        }
    }
    if moments.len() < count / 2 {
        trial.fail(format!("{count} displays come back at {} moments", moments.len()));
    }
}

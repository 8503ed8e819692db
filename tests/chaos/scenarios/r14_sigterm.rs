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
    sync::oneshot,
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
/// A new connection is not answered for so long.
const NO_ANSWER: Duration = Duration::from_millis(200);
const CLOSED: Duration = Duration::from_millis(500);
const SAYS_SO: Duration = Duration::from_secs(5);
/// A lock that is held for longer the server gives up, as it should (`database.lock_within` and `registry.wait_within` are
/// 2 s). By design it is 0.65 s; a machine that is busy with something else has more tries.
const HELD: Duration = Duration::from_millis(1_800);
const TRIES: usize = 3;
/// For a writer to write down what it was answered.
const WRITTEN: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(60);

type Farewell = JoinHandle<Option<(u16, String)>>;

async fn bout(trial: Trial) {
    let world = World::open(&trial, Way::Straight, &[]).await;
    // In one restaurant: one lane holds all of them. Nothing is sold over the counter: some sales are asked twice, and the
    // second ask, of which the journal says nothing, would keep its writer from being one of those that wait.
    let load = Load { writers: WRITERS, orders: u64::MAX, counter: 0, pause: Duration::ZERO, promise: None };
    let crew = Crew::start(&trial, &world.houses[..1], load).await;
    for _ in 0..trial.of(100, 1) {
        let mut tries = 0..TRIES;
        loop {
            if tries.next().is_none() {
                return trial.fail(format!("{TRIES} times the lock was held for longer than {HELD:?}"));
            }
            crew.writes(ORDERS).await;
            let held = stop(&trial, &world, crew.journal()).await;
            world.start();
            if held < HELD {
                break;
            }
        }
    }
    crew.writes(ORDERS).await;
    let journal = crew.stop().await;
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

/// For how long the writers were held up: within [`HELD`] all of them were answered, or it failed.
async fn stop(trial: &Trial, world: &World, journal: &Journal) -> Duration {
    let count = if trial.is_quick() { QUICK_DISPLAYS } else { DISPLAYS };
    let join = |n: usize| Display::join(&world.houses[n % world.houses.len()].kitchen);
    let displays = join_all((0..count).map(join)).await.into_iter();
    let listen = |mut display: Display| tokio::spawn(async move { display.farewell().await });
    let displays = displays.map(listen).collect();
    let mut sql = world.sql().await;
    let lock = sql.transaction().await.expect("a transaction");
    let stream = "SELECT FROM streams JOIN restaurants USING (id) WHERE name = $1 FOR UPDATE OF streams";
    lock.execute(stream, &[&HOUSES[0].0]).await.expect("a lock");
    let locked = Instant::now();
    let in_flight = all_wait(journal).await;
    sleep(ARRIVES).await;

    let (asked, is_asked) = oneshot::channel();
    let ready = tokio::spawn(says_not_ready(world.houses[0].waiter.clone(), asked));
    // Its connection is there before the signal: later ones are not accepted.
    is_asked.await.expect("an answer before the signal");
    let (ended, held) = tokio::join!(world.terminate(), async {
        match ready.await.expect("a probe") {
            true => is_closed_to_strangers(trial, world).await,
            false => trial.fail("it never said that it is not ready"),
        }
        sleep(NO_ANSWER).await;
        lock.rollback().await.expect("a rollback");
        locked.elapsed()
    });
    let (code, took) = ended;
    trial.within("exit", took, EXIT);
    if code != Some(0) {
        trial.fail(format!("it ended with {code:?}"));
    }
    if held < HELD {
        are_answered(trial, journal, &in_flight).await;
    }
    say_goodbye(trial, displays).await;
    held
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

/// Asks on one connection until it hears so; false where the connection ends first. Says when it has heard otherwise.
async fn says_not_ready(probe: Client, asked: oneshot::Sender<()>) -> bool {
    let ask = || probe.try_send(reqwest::Method::GET, "/health/ready", None);
    ask().await.expect("an answer").expect(200);
    asked.send(()).expect("somebody waits");
    let begun = Instant::now();
    while begun.elapsed() < SAYS_SO {
        match ask().await {
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

//! R2: a display that reconnects misses, doubles, reorders nothing, on every transport, behind networks and a server that
//! fail all the time.

use crate::{
    boards,
    checker::{self, Shown},
    displays::{self, KINDS, Kind, Wires},
    journal::Journal,
    ledger,
    proxy::Proxy,
    scenario::{Control, Scenario},
    screen::{self, Line, Screen},
    trial::Trial,
    trouble::trouble,
    world::{HOUSES, House, Way, World},
    writers::{Crew, Load},
};
use futures_util::FutureExt;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

pub const SCENARIO: Scenario = Scenario {
    id: "R2",
    property: "a display that reconnects misses, doubles, reorders nothing",
    target: "seq contiguous over 10^7 deliveries, 10^4 reconnects; final board = the database's; stock \
             socket.io-client, plain WebSocket and event streams, cut at random",
    bouts: 50,
    controls: &[Control { flaw: "skipped-edge", says: "belongs" }],
    run: |trial| bout(trial).boxed_local(),
};

/// Events that a client may have missed and still be recovered: less than a long outage costs, more than a short one, so
/// that both ways back are walked. Every other bout has the default.
const SMALL_CAP: u64 = 25;
const CAP: u64 = 10_000;
/// From a start of the server to the next kill, in milliseconds, and from there to the next start.
const LIVES: std::ops::Range<u64> = 3_000..12_000;
const QUICK_LIVES: std::ops::Range<u64> = 3_000..5_000;
const AWAY: std::ops::Range<u64> = 0..1_500;
const LOOK: Duration = Duration::from_millis(250);
/// Longest wait for displays besides what they wait themselves.
const PATIENCE: Duration = Duration::from_secs(120);

struct Shower {
    name: &'static str,
    kind: Kind,
    house: usize,
    network: Arc<Proxy>,
    position: watch::Receiver<u64>,
    ends: watch::Sender<Option<u64>>,
    screen: JoinHandle<Screen>,
    trouble: JoinHandle<()>,
}

async fn bout(trial: Trial) {
    let mut chance = trial.chance(0);
    let cap = if trial.is_quick() { SMALL_CAP } else { chance.one_of(&[SMALL_CAP, CAP]) };
    let setting = cap.to_string();
    let settings = [("COMANDA__ROOMS__REPLAY_MAX_EVENTS", setting.as_str()), ("RUST_LOG", "error")];
    let world = World::open(&trial, Way::Straight, &settings).await;
    let journal = Journal::open(trial.folder().join("displays.jsonl"));
    let (over, is_over) = watch::channel(false);
    let connected = Arc::new(Semaphore::new(0));
    let begun_at = world.heads().await;
    // Each kind once, or twice.
    let rounds = if trial.is_quick() { 1 } else { 2 };
    let kinds = KINDS.iter().cycle().take(rounds * KINDS.len()).enumerate();
    let showers: Vec<Shower> = kinds
        .map(|(number, (name, kind))| {
            let house = &world.houses[number / KINDS.len() % world.houses.len()];
            let wires = Start { trial: &trial, journal: &journal, connected: &connected, number, cap };
            show(&world, house, name, *kind, wires, is_over.clone())
        })
        .collect();
    let all = connected.acquire_many(showers.len() as u32);
    timeout(PATIENCE, all).await.expect("displays in time").unwrap().forget();

    let (writers, pause) = if trial.is_quick() { (4, 50) } else { (8, 20) };
    let pause = Duration::from_millis(pause);
    let load = Load { writers, orders: u64::MAX, counter: 5, pause, promise: None };
    // In the quick run every display is in the first of them.
    let houses = if trial.is_quick() { &world.houses[..1] } else { &world.houses };
    let crew = Crew::start(&trial, houses, load).await;
    let (deliveries, reconnects) = (trial.of(10_000_000, 300), trial.of(10_000, 12));
    while trial.counted("deliveries") < deliveries || trial.counted("reconnects") < reconnects {
        let dies = Instant::now() + chance.millis(if trial.is_quick() { QUICK_LIVES } else { LIVES });
        while Instant::now() < dies {
            sleep(LOOK).await;
            let heads = world.heads().await;
            let lag = showers.iter().map(|one| heads[one.house].saturating_sub(*one.position.borrow())).max();
            trial.timeline().backlog(lag.unwrap_or(0));
        }
        world.kill();
        sleep(chance.millis(AWAY)).await;
        world.start();
    }
    over.send_replace(true);
    if cap == SMALL_CAP {
        miss_too_much(&world, &showers).await;
    }
    let writing = crew.stop().await;
    settle(&trial, &world, &journal, showers, &begun_at, cap).await;
    boards::check(&trial, &world).await;
    ledger::check(&trial, &world, &writing).await;
    world.close().await;
}

struct Start<'a> {
    trial: &'a Trial,
    journal: &'a Journal,
    connected: &'a Arc<Semaphore>,
    number: usize,
    cap: u64,
}

/// A display behind a network of its own.
fn show(
    world: &World,
    house: &House,
    name: &'static str,
    kind: Kind,
    Start { trial, journal, connected, number, cap }: Start<'_>,
    over: watch::Receiver<bool>,
) -> Shower {
    let network = Arc::new(Proxy::start(world.address));
    let (reconnect, told) = mpsc::unbounded_channel();
    let ((tell, position), (ends, end)) = (watch::channel(0), watch::channel(None));
    let wires = Wires {
        trial: trial.clone(),
        journal: journal.clone(),
        number,
        end,
        reconnect: told,
        connected: connected.clone(),
        position: tell,
        cap,
    };
    let screen = tokio::spawn(displays::run(house.kitchen.at(network.address), kind, wires));
    let chance = trial.chance(1 + number as u64);
    let trouble = tokio::spawn(trouble(trial.clone(), network.clone(), reconnect, chance, over));
    Shower { name, kind, house: house.index, network, position, ends, screen, trouble }
}

/// Cuts every display off until more events than the cap have been written, once each is at home: it must be told that what
/// it missed is lost.
async fn miss_too_much(world: &World, showers: &[Shower]) {
    let now = world.heads().await;
    for shower in showers {
        let mut position = shower.position.clone();
        // One that is gone, for it saw a gap, is found in the end.
        let _gone = timeout(PATIENCE, position.wait_for(|position| *position >= now[shower.house]))
            .await
            .expect("a display that has caught up");
    }
    let cut_at = world.heads().await;
    for Shower { network, .. } in showers {
        network.refuse();
        network.cut();
    }
    // What was on its way to a display when it was cut off may be another commit.
    let missed = async {
        loop {
            let heads = world.heads().await;
            if showers.iter().all(|one| heads[one.house] > cut_at[one.house] + 2 * SMALL_CAP) {
                break;
            }
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, missed).await.expect("writers that go on");
    showers.iter().for_each(|shower| shower.network.heal());
}

/// Nothing is written any more: each display's journal against the log.
async fn settle(
    trial: &Trial,
    world: &World,
    journal: &Journal,
    showers: Vec<Shower>,
    begun_at: &[u64],
    cap: u64,
) {
    let (mut logs, sql) = (Vec::new(), world.sql().await);
    for (name, _) in HOUSES {
        let log = "SELECT seq, e.id::text FROM events e JOIN restaurants r ON r.id = stream_id \
                   WHERE name = $1 ORDER BY seq";
        let rows = sql.query(log, &[&name]).await.unwrap();
        let shown = |row: &tokio_postgres::Row| Shown { seq: row.get::<_, i64>(0).cast_unsigned(), id: row.get(1) };
        logs.push(rows.iter().map(shown).collect::<Vec<_>>());
    }
    for shower in &showers {
        shower.ends.send_replace(Some(logs[shower.house].len() as u64));
    }
    let mut ended = Vec::new();
    for (number, Shower { name, kind, house, screen, trouble, .. }) in showers.into_iter().enumerate() {
        timeout(PATIENCE, trouble).await.expect("an end in time").expect("a network");
        let screen = match timeout(PATIENCE, screen).await.expect("an end in time") {
            Ok(screen) => screen,
            Err(error) => {
                trial.fail(format!("{name}: {error}"));
                continue;
            }
        };
        screen.has().await;
        ended.push((number, name, kind, house, screen));
    }
    let lines = journal.read::<Line>();
    for (number, name, kind, house, screen) in ended {
        let shown = screen::stretches(&lines, number);
        screen.complaints.iter().for_each(|complaint| trial.fail(format!("{name}: {complaint}")));
        trial.check(name, checker::is_gapless(&logs[house]));
        trial.check(name, checker::compare_stretches(&logs[house], &shown));
        if shown.first().is_none_or(|first| first.after > begun_at[house]) {
            trial.fail(format!("{name}: it missed the beginning"));
        }
        if cap == SMALL_CAP && kind != Kind::Forgetful && screen.counts.resyncs == 0 {
            trial.fail(format!("{name}: it missed too much, and was never told"));
        }
        trial.count("recovered", screen.counts.recovered as u64);
        trial.count("resyncs", screen.counts.resyncs as u64);
    }
}

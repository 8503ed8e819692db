//! R8: a room panics, in each place where it can, under load; then too often.

use crate::{
    client::Client,
    display::Display,
    followers::Followers,
    gauges, ledger,
    pulse::{self, Pulse},
    scenario::{Control, Scenario},
    trial::Trial,
    world::{HOUSES, Way, World},
    writers::{Crew, Load},
};
use comanda::actors::room::Place;
use futures_util::FutureExt;
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

pub const SCENARIO: Scenario = Scenario {
    id: "R8",
    property: "a room panics (handler, spawned future, reply future, started, restarting, stopped)",
    target: "serving again within 100 ms, nothing lost, others' p99 within 1.5x or +5 ms; six in 10 s: quarantine, \
             the process lives",
    bouts: 4,
    controls: &[
        Control { flaw: UNFORGIVING, says: "out of service" },
        Control { flaw: FORGIVING, says: "quarantine" },
    ],
    run: |trial| bout(trial).boxed_local(),
};

/// A house that forgives a room one panic, or any number.
const UNFORGIVING: &str = "unforgiving";
const FORGIVING: &str = "forgiving";

const SERVES_AGAIN: Duration = Duration::from_millis(100);
const CAUGHT_UP: Duration = Duration::from_secs(5);
const WRITERS: usize = 4;
const DISPLAYS: usize = 20;
const PAUSE: Duration = Duration::from_millis(50);
/// Between two panics an order or two.
const ORDERS: u64 = 2;
/// Panics that are forgiven within a window, as the settings have it.
const FORGIVEN: usize = 5;
/// A panic in `started` or `restarting` is two. Windows and quarantines, whole and for the quick run.
const WINDOW: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(1)];
const QUARANTINE: [Duration; 2] = [Duration::from_secs(30), Duration::from_secs(1)];

async fn bout(trial: Trial) {
    let quick = usize::from(trial.is_quick());
    let (window, quarantine) = (WINDOW[quick], QUARANTINE[quick]);
    let panics = match trial.flaw() {
        Some(UNFORGIVING) => 1,
        Some(FORGIVING) => 1_000,
        _ => FORGIVEN,
    };
    let (panics, seconds) = (panics.to_string(), |time: Duration| format!("{}ms", time.as_millis()));
    let (in_window, closed) = (seconds(window), seconds(quarantine));
    let settings = [
        // All rooms on one thread: a panic that got out of one would end the others.
        ("COMANDA__ROOMS__ARBITERS", "1"),
        ("COMANDA__ROOMS__PANICS", &panics),
        ("COMANDA__ROOMS__PANIC_WINDOW", &in_window),
        ("COMANDA__ROOMS__QUARANTINE", &closed),
    ];
    let world = World::open(&trial, Way::Straight, &settings).await;
    let name = "SELECT id FROM restaurants WHERE name = $1";
    let stream: Uuid = world.sql().await.query_one(name, &[&HOUSES[0].0]).await.expect("a restaurant").get(0);
    let followers = Followers::join(&trial, &world.houses[..1], DISPLAYS).await;
    let load = Load { writers: WRITERS, orders: u64::MAX, counter: 50, pause: PAUSE, promise: None };
    let crew = Crew::start(&trial, &world.houses[..1], load).await;
    let mut next_door = Pulse::of(&world.houses[1]).await;
    let beats = trial.of(1_000, 20) as usize;
    let calm = next_door.beats(beats).await;

    let mut chance = trial.chance(0);
    for _ in 0..trial.of(100, 1) {
        let mut places = Place::ALL;
        chance.shuffle(&mut places);
        for place in places {
            crew.writes(ORDERS).await;
            panic(&world, stream, place).await;
            trial.fault(&format!("panics in {place:?}"));
            if !serves_again(&trial, &world).await {
                drop(crew.stop().await);
                return world.close().await;
            }
            // Two of two panics each are forgiven within one window.
            sleep(window.mul_f64(0.51)).await;
        }
    }
    if followers.reconnects() > 0 {
        trial.fail(format!("out of service: {} displays were thrown out", followers.reconnects()));
    }
    let (troubled, ()) = tokio::join!(next_door.beats(beats), async {
        panic(&world, stream, Place::Handler).await;
    });
    pulse::compare(&trial, calm, troubled);
    sleep(window).await;
    quarantined(&trial, &world, stream, &crew, quarantine).await;

    let journal = crew.stop().await;
    let heads = world.heads().await;
    let shown = followers.all(trial.patience(CAUGHT_UP), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

async fn panic(world: &World, stream: Uuid, place: Place) {
    let path = format!("/faults/rooms/{stream}/{place:?}");
    Client::anonymous(world.address).press(&path).await.expect(204);
}

/// A display that comes now is let in; false where it is not.
async fn serves_again(trial: &Trial, world: &World) -> bool {
    let begun = Instant::now();
    loop {
        if Display::try_join(&world.houses[0].kitchen, None).await.is_ok() {
            trial.within("serving again", begun.elapsed(), SERVES_AGAIN);
            return true;
        }
        if begun.elapsed() > trial.patience(SERVES_AGAIN) {
            trial.fail("a room that panicked is out of service");
            return false;
        }
    }
}

/// Six at once close the room for a while; writing goes on, and behind it everyone comes back.
async fn quarantined(trial: &Trial, world: &World, stream: Uuid, crew: &Crew, lasts: Duration) {
    let before = gauges::metric(world, "comanda_quarantines_total").await;
    for _ in 0..=FORGIVEN {
        trial.fault("panics in a row");
        panic(world, stream, Place::Handler).await;
    }
    let begun = Instant::now();
    let closed = gauges::shows(world, "comanda_quarantines_total", before + 1.0, trial.patience(SERVES_AGAIN));
    if let Err(quarantines) = closed.await {
        return trial.fail(format!("six panics, and {quarantines} rooms are in quarantine"));
    }
    // The log goes on without the room.
    crew.writes(ORDERS).await;
    next_door_lives(world).await;
    let mut back = Display::try_join(&world.houses[0].kitchen, None).await;
    while back.is_err() && begun.elapsed() < trial.limit(lasts + CAUGHT_UP) {
        sleep(SERVES_AGAIN).await;
        back = Display::try_join(&world.houses[0].kitchen, None).await;
    }
    match back {
        Ok(_) => trial.within("back after a quarantine", begun.elapsed(), lasts + CAUGHT_UP),
        Err(error) => trial.fail(format!("nobody is let in after the quarantine: {error}")),
    }
}

/// The process lives, and so do other rooms.
async fn next_door_lives(world: &World) {
    let mut display = Display::join(&world.houses[1].kitchen).await;
    display.ask("seen", json!({ "seq": 1 })).await;
}

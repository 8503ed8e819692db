//! R7: a network that swallows: no byte comes through, and no end. A proxy between them acknowledges whatever is sent, so
//! TCP itself notices nothing, on either side.

use crate::{
    display::Display,
    followers::Followers,
    gauges,
    proxy::Proxy,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{Way, World},
};
use futures_util::{FutureExt, future::join_all};
use std::time::Duration;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

pub const SCENARIO: Scenario = Scenario {
    id: "R7",
    property: "display cut off without a FIN",
    target: "display says so within 5 s (2 s heartbeats), server frees the socket within 20 s (the quick run, with \
             pings every second, 4 s for the answer and 2 s for a last word: 8 s)",
    bouts: 4,
    controls: &[Control { flaw: NOTHING_SWALLOWED, says: "still count" }],
    run: |trial| bout(trial).boxed_local(),
};

/// A network that only looks bad: then nobody notices anything.
const NOTHING_SWALLOWED: &str = "nothing-swallowed";

/// A display that hears nothing for so long says so.
const STALE: Duration = Duration::from_secs(5);
const FREED: [Duration; 2] = [Duration::from_secs(20), Duration::from_secs(8)];
/// The displays on a good network answer within the same time, however busy the machine.
const QUICK: [(&str, &str); 2] =
    [("COMANDA__SOCKETS__PING_INTERVAL", "1s"), ("COMANDA__SOCKETS__PONG_WITHIN", "4s")];
/// Of heartbeats: some, before the network goes bad.
const CALM: [Duration; 2] = [Duration::from_secs(12), Duration::from_secs(3)];
const DISPLAYS: [usize; 2] = [200, 20];
/// Displays on a good network.
const HEALTHY: usize = 10;

async fn bout(trial: Trial) {
    let quick = usize::from(trial.is_quick());
    let settings = if trial.is_quick() { &QUICK[..] } else { &[] };
    let world = World::open(&trial, Way::Straight, settings).await;
    let followers = Followers::join(&trial, &world.houses, HEALTHY).await;
    for _ in 0..trial.of(40, 1) {
        let network = Proxy::start(world.address);
        let who = |n: usize| world.houses[n % world.houses.len()].kitchen.at(network.address);
        let join = |n: usize| async move { Display::join(&who(n)).await };
        let displays = join_all((0..DISPLAYS[quick]).map(join)).await;
        let displays = displays.into_iter().map(|display| tokio::spawn(watch(display))).collect();
        sleep(CALM[quick]).await;
        trial.fault("swallowed");
        if !trial.has(NOTHING_SWALLOWED) {
            network.freeze();
        }
        swallowed(&trial, &world, displays, FREED[quick]).await;
    }
    if followers.reconnects() > 0 {
        trial.fail(format!("{} displays on a good network were cut off", followers.reconnects()));
    }
    world.close().await;
}

/// From now on nothing comes through.
async fn swallowed(trial: &Trial, world: &World, displays: Vec<JoinHandle<Silence>>, freed: Duration) {
    let begun = Instant::now();
    match gauges::shows(world, "comanda_sockets", HEALTHY as f64, trial.patience(freed)).await {
        Ok(took) => trial.within("server freed the sockets", took, freed),
        Err(count) => {
            displays.iter().for_each(JoinHandle::abort);
            return trial.fail(format!("{count} sockets still count, of {HEALTHY} on a good network"));
        }
    }
    for display in displays {
        match timeout(trial.limit(STALE), display).await {
            Ok(Ok(Silence { longest, since: Some(since) })) => {
                trial.within("longest silence of a live connection", longest, STALE);
                let said = (since + STALE).saturating_duration_since(begun);
                trial.within("display said so", said, STALE);
                if since + STALE < begun {
                    trial.fail("a display said so while it was connected");
                }
            }
            Ok(Ok(Silence { since: None, .. })) => trial.fail("a display heard the end: nothing was swallowed"),
            Ok(Err(error)) => trial.fail(format!("a display: {error}")),
            Err(_) => trial.fail("a display never said that it hears nothing"),
        }
        trial.count("displays cut off", 1);
    }
}

/// What a display has heard.
struct Silence {
    /// Between two frames.
    longest: Duration,
    /// When the last one came; `None` where the connection ended instead.
    since: Option<Instant>,
}

/// Until it is stale.
async fn watch(mut display: Display) -> Silence {
    let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
    loop {
        match timeout(STALE, display.next()).await {
            Ok(Some(_)) => {
                longest = longest.max(last.elapsed());
                last = Instant::now();
            }
            Ok(None) => return Silence { longest, since: None },
            Err(_) => return Silence { longest, since: Some(last) },
        }
    }
}

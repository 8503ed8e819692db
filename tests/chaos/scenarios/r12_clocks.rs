//! R12: the server's clock jumps by an hour, there and back, under load (libfaketime; the monotonic clock goes on).

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
use std::{fs, path::PathBuf, time::Duration};
use tokio::time::sleep;

pub const SCENARIO: Scenario = Scenario {
    id: "R12",
    property: "clocks jump (server +-1 h)",
    target: "order by seq only; timers monotonic: no socket dropped, every request answered within 2 s",
    bouts: 4,
    controls: &[Control { flaw: TIMERS_BY_THE_CLOCK, says: "a read: 408" }],
    run: |trial| bout(trial).boxed_local(),
};

/// The monotonic clock jumps too, as a server would see it whose timers go by the wall clock.
const TIMERS_BY_THE_CLOCK: &str = "timers-by-the-clock";

/// The variant for programs with threads.
const LIBRARY: &str = "libfaketimeMT.so.1";
const ANSWERED: Duration = Duration::from_secs(2);
const WRITERS: usize = 4;
const DISPLAYS: usize = 20;
const PAUSE: Duration = Duration::from_millis(20);
/// Between two jumps, some orders and some heartbeats.
const ORDERS: u64 = 10;
const STAYS: [Duration; 2] = [Duration::from_secs(25), Duration::from_millis(500)];
const JUMPS: [&str; 4] = ["+1h", "+0", "-1h", "+0"];
const SHOWN: Duration = Duration::from_secs(5);

async fn bout(trial: Trial) {
    let Some(library) = library() else {
        return trial.skip(format!("{LIBRARY} is not installed (Debian: apt-get install libfaketime)"));
    };
    let clock = trial.folder().join("clock");
    fs::write(&clock, "+0").expect("a clock");
    let (library, file) = (library.to_string_lossy(), clock.to_string_lossy());
    let monotonic = if trial.has(TIMERS_BY_THE_CLOCK) { "0" } else { "1" };
    let settings = [
        ("LD_PRELOAD", &*library),
        ("FAKETIME_TIMESTAMP_FILE", &*file),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", monotonic),
    ];
    let world = World::open(&trial, Way::Straight, &settings).await;
    let followers = Followers::join(&trial, &world.houses, DISPLAYS).await;
    let reader = Reader::start(&trial, &world.houses[0].kitchen, ANSWERED);
    let load = Load {
        writers: WRITERS,
        orders: u64::MAX,
        counter: 50,
        pause: PAUSE,
        promise: Some(ANSWERED),
    };
    let crew = Crew::start(&trial, &world.houses, load).await;
    // Timers that were an hour ahead and are not any more would never fire.
    let jumps = if trial.has(TIMERS_BY_THE_CLOCK) { 1 } else { trial.of(100, 4) as usize };
    for jump in JUMPS.into_iter().cycle().take(jumps) {
        crew.writes(ORDERS).await;
        trial.fault(&format!("clock at {jump}"));
        // Whoever reads it meanwhile finds the one or the other.
        let next = clock.with_extension("next");
        fs::write(&next, jump).expect("a clock");
        fs::rename(next, &clock).expect("a clock");
        sleep(STAYS[usize::from(trial.is_quick())]).await;
    }
    crew.writes(ORDERS).await;
    drop(reader);
    let journal = crew.stop().await;
    let heads = world.heads().await;
    let shown = followers.all(trial.patience(SHOWN), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    if followers.reconnects() > 0 {
        trial.fail(format!("{} sockets were dropped", followers.reconnects()));
    }
    let told = jumped(&world).await;
    if !told {
        trial.fail("the log knows of no jump: the clock was not the server's");
    }
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

/// Events of the future are in the log before events of now.
async fn jumped(world: &World) -> bool {
    let back = "SELECT EXISTS (SELECT FROM events a JOIN events b ON a.stream_id = b.stream_id \
                WHERE b.seq = a.seq + 1 AND b.at < a.at - interval '30 minutes')";
    world.sql().await.query_one(back, &[]).await.expect("an answer").get(0)
}

fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let places = folders.chain(["/usr/lib".into(), "/usr/lib64".into(), "/usr/local/lib".into()]);
    places.map(|folder| folder.join("faketime").join(LIBRARY)).find(|library| library.exists())
}

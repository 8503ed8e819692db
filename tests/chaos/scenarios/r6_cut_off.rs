//! R6: PostgreSQL frozen or cut off, by our own proxy in front of it or by stopping its processes.

use crate::{
    followers::Followers,
    frozen::Frozen,
    ledger,
    readers::Reader,
    scenario::Scenario,
    trial::Trial,
    world::{Way, World},
    writers::{Crew, Load},
};
use futures_util::FutureExt;
use std::time::Duration;
use tokio::time::{Instant, sleep};

pub const SCENARIO: Scenario = Scenario {
    id: "R6",
    property: "PostgreSQL frozen or cut off",
    target: "no request over 5 s; heals within 5 s; no socket dropped",
    bouts: 10,
    controls: &[],
    run: |trial| bout(trial).boxed_local(),
};

const ANSWERED: Duration = Duration::from_secs(5);
const HEALED: Duration = Duration::from_secs(5);
const WRITERS: usize = 8;
const DISPLAYS: usize = 40;
/// Between two faults.
const ORDERS: u64 = 40;
const DELAY: Duration = Duration::from_millis(150);
/// A trickle: an order's statements are some kilobytes.
const BYTES_PER_SECOND: u32 = 20_000;

#[derive(Debug, Clone, Copy)]
enum Fault {
    /// Every connection is reset, and new ones are welcome.
    Cut,
    /// The same, and nobody answers for a while.
    Away,
    /// Not a byte, and not an end.
    Freeze,
    Delay,
    Trickle,
    /// The server's backends stand still; new ones do not.
    StoppedBackends,
    /// The postmaster too.
    StoppedWhole,
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            Fault::Cut => "cuts",
            Fault::Away => "refusals to connect",
            Fault::Freeze => "freezes",
            Fault::Delay => "delays",
            Fault::Trickle => "trickles",
            Fault::StoppedBackends => "SIGSTOP of the backends",
            Fault::StoppedWhole => "SIGSTOP of all of PostgreSQL",
        }
    }
}

const FAULTS: [Fault; 7] = [
    Fault::Cut,
    Fault::Away,
    Fault::Freeze,
    Fault::Delay,
    Fault::Trickle,
    Fault::StoppedBackends,
    Fault::StoppedWhole,
];
/// What the quick run has time for.
const QUICK: [Fault; 4] = [Fault::Cut, Fault::Freeze, Fault::Trickle, Fault::StoppedBackends];

/// How long a fault lasts, in milliseconds: some shorter, some longer than what anybody waits for.
const LASTS: std::ops::Range<u64> = 1_000..8_000;
const QUICK_LASTS: std::ops::Range<u64> = 1_500..2_500;

async fn bout(trial: Trial) {
    let world = World::open(&trial, Way::Proxied, &[]).await;
    let followers = Followers::join(&trial, &world.houses, DISPLAYS).await;
    let reader = Reader::start(&trial, &world.houses[0].kitchen, ANSWERED);
    let load = Load { writers: WRITERS, orders: u64::MAX, counter: 50, pause: Duration::ZERO, promise: Some(ANSWERED) };
    let crew = Crew::start(&trial, &world.houses, load).await;
    let (mut chance, mut faults) = (trial.chance(0), Vec::new());
    for _ in 0..trial.of(20, 1) {
        let mut round = if trial.is_quick() { QUICK.to_vec() } else { FAULTS.to_vec() };
        chance.shuffle(&mut round);
        faults.extend(round);
    }
    for fault in faults {
        crew.writes(ORDERS).await;
        let lasts = chance.millis(if trial.is_quick() { QUICK_LASTS } else { LASTS });
        trial.fault(fault.name());
        suffer(&world, &trial, fault, lasts).await;
        let healed = Instant::now();
        crew.writes(1).await;
        trial.within("writing again", healed.elapsed(), HEALED);
    }
    crew.writes(ORDERS).await;
    drop(reader);
    let journal = crew.stop().await;
    let heads = world.heads().await;
    let shown = followers.all(trial.limit(HEALED), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    if followers.reconnects() > 0 {
        trial.fail(format!("{} sockets were dropped", followers.reconnects()));
    }
    ledger::check(&trial, &world, &journal).await;
    world.close().await;
}

/// Returns when it is over.
async fn suffer(world: &World, trial: &Trial, fault: Fault, lasts: Duration) {
    let link = &world.link;
    match fault {
        Fault::Cut => return link.cut(),
        Fault::Away => {
            link.refuse();
            link.cut();
        }
        Fault::Freeze => link.freeze(),
        Fault::Delay => link.delay(DELAY),
        Fault::Trickle => link.throttle(BYTES_PER_SECOND),
        Fault::StoppedBackends | Fault::StoppedWhole => {
            let backends = "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()";
            let rows = world.sql().await.query(backends, &[&world.database]).await.expect("the backends");
            let mut pids: Vec<i32> = rows.iter().map(|row| row.get(0)).collect();
            if let Fault::StoppedWhole = fault {
                pids.push(trial.cluster().pid().await);
            }
            let _frozen = Frozen::these(pids);
            return sleep(lasts).await;
        }
    }
    sleep(lasts).await;
    link.heal();
}

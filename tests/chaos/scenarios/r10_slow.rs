//! R10: displays that do not keep up, some that never read and some that take a byte a second, among others that do.

use crate::{
    client::Client,
    display::Display,
    followers::Followers,
    gauges,
    mute::Mute,
    pulse,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{Way, World},
};
use futures_util::{FutureExt, future::join_all};
use serde_json::json;
use std::time::Duration;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

pub const SCENARIO: Scenario = Scenario {
    id: "R10",
    property: "slow consumers",
    target: "at most 256 events or 256 KiB queued each; cut within 10 s; 1,000 that never read cost at most 64 MB; healthy \
             p99 within 1.5x or +5 ms",
    bouts: 4,
    controls: &[Control { flaw: "unbounded-queue", says: "queued" }],
    run: |trial| bout(trial).boxed_local(),
};

const CUT: Duration = Duration::from_secs(10);
const MEMORY: u64 = 64 << 20;
const HEALTHY: usize = 10;
/// Who never reads, and who takes a byte a second.
const MUTE: [(usize, usize); 2] = [(900, 100), (30, 10)];
/// What may wait for one socket, as `sockets.mailbox` and `sockets.mailbox_bytes`: here the bytes are the first to bind.
const MAILBOX: usize = 256;
const MAILBOX_BYTES: usize = 256 << 10;
/// Notes before anyone stops reading.
const CALM: [usize; 2] = [200, 20];
/// What a connection holds besides: twice `sockets.send_buffer`, the dispatcher's 32 KiB and what made it more, and what
/// the peer's kernel takes.
const IN_PIPES: usize = 160 << 10;
/// Events that are on their way while we look.
const SLACK: usize = 16;
/// As long as a note may be, and each letter as long as one can be: few events make much.
const NOTE: usize = 990;
const SECOND: Duration = Duration::from_secs(1);
const SHOWN: Duration = Duration::from_secs(10);
/// Of one order, so many as are written at once.
const LINES: usize = 8;

/// Writes notes on all lines of an order at once.
struct Noter {
    waiter: Client,
    display: Display,
    paths: Vec<String>,
    written: usize,
    bytes: usize,
}

impl Noter {
    async fn start(world: &World) -> Self {
        let house = &world.houses[0];
        let tables = house.waiter.get("/api/v1/tables?limit=100").await.expect(200);
        let table = json!({ "tableId": tables[0]["id"] });
        let session = house.waiter.post("/api/v1/table-sessions", table).await.expect(201);
        let order = json!({ "tableSessionId": session["id"] });
        let order = house.waiter.post("/api/v1/orders", order).await.expect(201);
        let path = format!("/api/v1/orders/{}", order["id"].as_str().expect("an id"));
        let mut paths = Vec::new();
        for _ in 0..LINES {
            let line = json!({ "name": "Cañón de lomo", "qty": 1, "unitPrice": 9.5 });
            let item = house.waiter.post(&format!("{path}/items"), line).await.expect(201);
            paths.push(format!("{path}/items/{}", item["id"].as_str().expect("an id")));
        }
        house.waiter.press(&format!("{path}/confirm")).await.expect(200);
        let (waiter, display) = (house.waiter.clone(), Display::join(&house.kitchen).await);
        Self { waiter, display, paths, written: 0, bytes: 0 }
    }

    /// From the requests to their last event on a healthy display.
    async fn notes(&mut self) -> Duration {
        let notes = format!("{}{}", "🍳".repeat(NOTE), self.written);
        let begun = Instant::now();
        let written = self.paths.iter().map(|path| self.waiter.patch(path, json!({ "notes": notes })));
        let written = join_all(written);
        let (written, events) = tokio::join!(written, self.display.events(LINES));
        written.into_iter().for_each(|answer| drop(answer.expect(200)));
        self.written += LINES;
        self.bytes += events.iter().map(|event| event.to_string().len()).sum::<usize>();
        begun.elapsed()
    }
}

async fn bout(trial: Trial) {
    let quick = usize::from(trial.is_quick());
    let (mute, slow) = MUTE[quick];
    let world = World::open(&trial, Way::Straight, &[]).await;
    let followers = Followers::join(&trial, &world.houses[..1], HEALTHY).await;
    let mut noter = Noter::start(&world).await;
    let healthy = (HEALTHY + 1) as f64;
    let mut calm = Vec::new();
    for _ in 0..CALM[quick] {
        calm.push(noter.notes().await);
    }
    let before = gauges::resident(&world);
    let mut most = before;
    let mut troubled = Vec::new();
    for _ in 0..trial.of(20, 1) {
        let late = slow_ones(&world, mute, slow).await;
        trial.fault("displays stop reading");
        let (begun, written, bytes) = (Instant::now(), noter.written, noter.bytes);
        loop {
            troubled.push(noter.notes().await);
            let more = noter.written - written;
            most = most.max(gauges::resident(&world));
            let members = gauges::metric(&world, "comanda_members").await;
            if members == healthy {
                trial.within("all who do not read cut", begun.elapsed(), CUT);
                break;
            }
            // What does not fit into the pipes is queued.
            let event = ((noter.bytes - bytes) / more).max(1);
            let queued = MAILBOX.min(MAILBOX_BYTES / event) + LINES;
            if more > IN_PIPES / event + queued + SLACK {
                trial.fail(format!("more than {queued} events are queued for {}", members - healthy));
                break;
            }
        }
        trial.count("displays that did not read", (mute + slow) as u64);
        drop(late);
    }
    trial.count("events", noter.written as u64);
    pulse::compare(&trial, pulse::p99(calm), pulse::p99(troubled));
    match before.zip(most) {
        Some((before, most)) if most - before > MEMORY => {
            trial.fail(format!("memory grew from {before} to {most} bytes"));
        }
        Some((before, most)) => trial.count("bytes of memory", most - before),
        None => trial.count("bouts without /proc: memory not seen", 1),
    }
    let heads = world.heads().await;
    let shown = followers.all(trial.patience(SHOWN), |_, house, at| at.seq == heads[house]).await;
    trial.check("the last event", shown);
    if followers.reconnects() > 0 {
        trial.fail(format!("{} healthy displays were cut", followers.reconnects()));
    }
    world.close().await;
}

/// They are there until this is dropped.
struct Late {
    _mute: Vec<Mute>,
    slow: Vec<JoinHandle<()>>,
}

impl Drop for Late {
    fn drop(&mut self) {
        self.slow.iter().for_each(JoinHandle::abort);
    }
}

async fn slow_ones(world: &World, mute: usize, slow: usize) -> Late {
    // A user may have a thousand sockets.
    let house = &world.houses[0];
    let mute = join_all((0..mute).map(|_| Mute::join(&house.waiter))).await;
    let slow = join_all((0..slow).map(|_| Mute::join(&house.kitchen))).await;
    let trickle = |mut display: Mute| async move {
        while display.takes_one_byte().await {
            sleep(SECOND).await;
        }
    };
    Late { _mute: mute, slow: slow.into_iter().map(|display| tokio::spawn(trickle(display))).collect() }
}

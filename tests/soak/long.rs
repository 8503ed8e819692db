//! The soak: orders without end, displays on every transport, and a network and a server that fail all the time. In the end
//! each display has shown the log, but for what a board told it instead, and the log has every write that was acknowledged.
//!
//! `SOAK_SECONDS=600 SOAK_SEED=7 cargo test --test soak long -- --nocapture` runs longer, and one run again.

use crate::{
    chance::Chance,
    checker::{self, Shown},
    client::Client,
    displays::{self, KINDS, Kind, Wires},
    faults::{self, Fault, Record},
    proxy::{self, Proxy},
    screen::{Counts, Screen},
    server::{Folder, Server},
    writers::Writer,
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

/// What `make test` can spare.
const SECONDS: u64 = 25;
const WRITERS: usize = 2;
/// From a start of the server to the next kill, in milliseconds.
const LIVES: std::ops::Range<u64> = 5_000..14_000;
/// Longest wait for writers after the last fault, and for displays besides what they wait themselves.
const PATIENCE: Duration = Duration::from_secs(120);
/// Events that a client may have missed and still be recovered: less than a long outage costs, more than a short one.
const CAP: &str = "25";
/// In the log only what is wrong: the rest is faults that are made here.
const SETTINGS: [(&str, &str); 2] = [("COMANDA__ROOMS__REPLAY_MAX_EVENTS", CAP), ("RUST_LOG", "error")];
/// Between two looks at the log.
const LOOK: Duration = Duration::from_millis(50);

fn cap() -> u64 {
    CAP.parse().unwrap()
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
}

/// Any other seed than the last time, unless one is wanted again.
fn seed() -> u64 {
    setting("SOAK_SEED", u64::from(std::process::id()))
}

struct Soak {
    folder: Folder,
    port: u16,
    chance: Chance,
    record: Record,
    /// Every display's network, and last the writers'.
    networks: Vec<Arc<Proxy>>,
}

impl Soak {
    /// Kills the server and starts it again, at the same port with the same data, until `until`; returns the last.
    async fn kill_and_start(&mut self, mut server: Server, until: Instant) -> Server {
        loop {
            let lives = Instant::now() + self.chance.millis(LIVES);
            if lives > until {
                tokio::time::sleep_until(until).await;
                return server;
            }
            tokio::time::sleep_until(lives).await;
            self.record.note(Fault::Kill, "server", &"");
            server.kill();
            sleep(self.chance.millis(0..1_500)).await;
            server = Server::start(self.folder.path(), self.port, &SETTINGS);
        }
    }
}

async fn open_table(waiter: &Client, n: usize) -> String {
    let tables = waiter.get("/api/v1/tables?limit=100").await.expect(200);
    let body = json!({ "tableId": tables[n]["id"] });
    waiter.post("/api/v1/table-sessions", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// The whole log.
async fn log(who: &Client) -> Vec<Value> {
    let mut log: Vec<Value> = Vec::new();
    loop {
        let page = who.get(&format!("/api/v1/events?after={}&limit=1000", log.len())).await.expect(200);
        let events = page["events"].as_array().unwrap();
        log.extend(events.iter().cloned());
        if page["seq"] == log.len() {
            return log;
        }
        assert!(!events.is_empty(), "the log ends before its head: {page}");
    }
}

/// Where the log ends now.
async fn head(who: &Client) -> u64 {
    who.get("/api/v1/events?after=0&limit=1").await.expect(200)["seq"].as_u64().expect("a position")
}

/// Cuts every display off until more events than the cap have been written, once each is at home: it must be told that what
/// it missed is lost.
async fn miss_too_much(networks: &[Arc<Proxy>], positions: &mut [watch::Receiver<u64>], who: &Client) {
    let now = head(who).await;
    for position in positions {
        let there = timeout(PATIENCE, position.wait_for(|&position| position >= now)).await;
        there.expect("a display that has caught up").expect("a display");
    }
    let cut_at = head(who).await;
    networks.iter().for_each(|network| {
        network.refuse();
        network.cut();
    });
    // What was on its way to a display when it was cut off may be another commit.
    let missed = async {
        while head(who).await <= cut_at + 2 * cap() {
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, missed).await.expect("writers that go on");
    networks.iter().for_each(|network| network.heal());
}

async fn ends<T>(task: JoinHandle<T>) -> T {
    timeout(PATIENCE, task).await.expect("an end in time").expect("a task that never panicked")
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "the seed, and what a long run shows")]
async fn every_display_has_shown_the_log_and_the_log_has_every_acknowledged_write() {
    let (seconds, seed) = (setting("SOAK_SECONDS", SECONDS), seed());
    println!("SOAK_SECONDS={seconds} SOAK_SEED={seed}");
    let (_port, address) = proxy::reserve().unwrap();
    let folder = Folder::open();
    let server = Server::start(folder.path(), address.port(), &SETTINGS);
    let waiter = server.login("waiter@restaurante.com").await;
    let kitchen = server.login("kitchen@restaurante.com").await;

    let record = Record::new();
    let (last, end) = watch::channel(None);
    let begun_at = head(&kitchen).await;
    let mut soak = Soak {
        folder,
        port: address.port(),
        chance: Chance::new(seed, 0),
        record: record.clone(),
        networks: Vec::new(),
    };
    let connected = Arc::new(Semaphore::new(0));
    let (mut displays, mut reconnects, mut positions) = (Vec::new(), Vec::new(), Vec::new());
    for (_, kind) in KINDS {
        let network = Arc::new(Proxy::start(address));
        let (reconnect, told) = mpsc::unbounded_channel();
        let (position, at) = watch::channel(0);
        let wires =
            Wires { end: end.clone(), reconnect: told, connected: connected.clone(), position, cap: cap() };
        positions.push(at);
        displays.push(tokio::spawn(displays::run(kitchen.at(network.address), kind, wires)));
        reconnects.push(reconnect);
        soak.networks.push(network);
    }
    let all = connected.acquire_many(u32::try_from(KINDS.len()).unwrap());
    timeout(PATIENCE, all).await.expect("displays in time").unwrap().forget();
    let network = Arc::new(Proxy::start(address));
    let (stop, repeats) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut writers = Vec::new();
    for name in 0..WRITERS {
        let table_session = open_table(&waiter, name).await;
        // One is as badly connected as the displays; the other only meets the kills, so that much happens meanwhile.
        let address = if name == 0 { network.address } else { address };
        let (waiter, kitchen) = (waiter.at(address), kitchen.at(address));
        let (stop, repeats) = (stop.clone(), repeats.clone());
        writers.push(tokio::spawn(Writer { name, waiter, kitchen, table_session, stop, repeats }.run()));
    }
    soak.networks.push(network);
    // Nobody hears the writers' drops.
    reconnects.push(mpsc::unbounded_channel().0);

    let until = Instant::now() + Duration::from_secs(seconds);
    let names = KINDS.iter().map(|(name, _)| *name).chain(["writers"]);
    let mut troubles = Vec::new();
    for ((sequence, name), (network, reconnect)) in (1..).zip(names).zip(soak.networks.iter().zip(reconnects))
    {
        let chance = Chance::new(seed, sequence);
        let trouble = faults::trouble(network.clone(), name, reconnect, chance, record.clone(), until);
        troubles.push(tokio::spawn(trouble));
    }
    let _server = soak.kill_and_start(server, until).await;
    for trouble in troubles {
        ends(trouble).await;
    }
    miss_too_much(&soak.networks[..KINDS.len()], &mut positions, &waiter).await;
    stop.store(true, Ordering::SeqCst);
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(ends(writer).await);
    }

    let log = log(&kitchen).await;
    let expected: Vec<Shown> = log.iter().map(|event| Shown::of(&event["data"])).collect();
    last.send(Some(expected.len() as u64)).unwrap();
    let (mut total, mut wrong) = (Counts::default(), Vec::new());
    for (display, (name, kind)) in displays.into_iter().zip(KINDS) {
        let Screen { shown, complaints, counts, .. } = ends(display).await;
        let events: usize = shown.iter().map(|stretch| stretch.events.len()).sum();
        println!("{name}: {events} events in {} stretches, {counts:?}", shown.len());
        total += counts;
        wrong.extend(complaints.into_iter().map(|complaint| format!("{name}: {complaint}")));
        wrong.extend(
            checker::compare_stretches(&expected, &shown).err().map(|error| format!("{name}: {error}")),
        );
        if shown.first().is_none_or(|first| first.after > begun_at) {
            wrong.push(format!("{name}: it missed the beginning"));
        }
        if kind != Kind::Forgetful && counts.resyncs == 0 {
            wrong.push(format!("{name}: it missed too much, and was never told"));
        }
    }
    println!(
        "{} events, {} acknowledged writes, {} repeated requests, faults {:?}, {total:?}",
        log.len(),
        acknowledged.len(),
        repeats.load(Ordering::Relaxed),
        record.counts(),
    );
    wrong.extend(checker::is_gapless(&expected).err());
    wrong.extend(checker::holds(&log, &acknowledged).err());
    assert!(wrong.is_empty(), "SOAK_SECONDS={seconds} SOAK_SEED={seed}\n{}", wrong.join("\n"));
    assert!(total.recovered > 0, "everyone always had to fetch");
    assert!(acknowledged.len() > 20, "only {} writes", acknowledged.len());
}

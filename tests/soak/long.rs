//! The soak: orders without end, displays on every transport, and a network and a server that fail all the time. In the end
//! each display has shown the log, and the log has every write that was acknowledged.
//!
//! `SOAK_SECONDS=600 SOAK_SEED=7 cargo test --test soak long -- --nocapture` runs longer, and one run again.

use crate::{
    chance::Chance,
    checker::{self, Shown},
    client::Client,
    displays::{self, KINDS, Wires},
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
/// Only what is wrong: the rest is faults that are made here.
const QUIET: [(&str, &str); 1] = [("RUST_LOG", "error")];

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
            server = Server::start(self.folder.path(), self.port, &QUIET);
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
    let server = Server::start(folder.path(), address.port(), &QUIET);
    let waiter = server.login("waiter@restaurante.com").await;
    let kitchen = server.login("kitchen@restaurante.com").await;

    let record = Record::new();
    let (head, end) = watch::channel(None);
    let mut soak = Soak {
        folder,
        port: address.port(),
        chance: Chance::new(seed, 0),
        record: record.clone(),
        networks: Vec::new(),
    };
    let connected = Arc::new(Semaphore::new(0));
    let (mut displays, mut reconnects) = (Vec::new(), Vec::new());
    for (_, kind) in KINDS {
        let network = Arc::new(Proxy::start(address));
        let (reconnect, told) = mpsc::unbounded_channel();
        let wires = Wires { end: end.clone(), reconnect: told, connected: connected.clone() };
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
    stop.store(true, Ordering::SeqCst);
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(ends(writer).await);
    }

    let log = log(&kitchen).await;
    let expected: Vec<Shown> = log.iter().map(|event| Shown::of(&event["data"])).collect();
    head.send(Some(expected.len() as u64)).unwrap();
    let (mut total, mut wrong) = (Counts::default(), Vec::new());
    for (display, (name, _)) in displays.into_iter().zip(KINDS) {
        let Screen { shown, complaints, counts, .. } = ends(display).await;
        println!("{name}: {} events, {counts:?}", shown.len());
        total += counts;
        wrong.extend(complaints.into_iter().map(|complaint| format!("{name}: {complaint}")));
        wrong.extend(checker::compare(&expected, &shown).err().map(|error| format!("{name}: {error}")));
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
    assert!(acknowledged.len() > 20, "only {} writes", acknowledged.len());
}

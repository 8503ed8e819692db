//! PostgreSQL away under load: killed, frozen, with its last word unsaid (restarted: see R5 of `chaos`). Sockets stay,
//! everyone is answered in time, nothing answered is lost, nothing is done twice.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/display.rs"]
mod display;
mod donations;
#[path = "../support/frozen.rs"]
mod frozen;
mod load;
#[path = "../support/server.rs"]
mod server;

use client::Client;
use comanda::store::embedded::EmbeddedPostgres;
use display::Display;
use frozen::Frozen;
use load::{Load, Report};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use server::{Folder, Server};
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;

/// Guaranteed are 2 s; this machine may be busy with other tests.
const ANSWERED: Duration = Duration::from_millis(6_500);
/// `http.answer_within`, guaranteed where PostgreSQL does not answer at all, and something for a busy machine.
const ANSWERED_FROZEN: Duration = Duration::from_millis(6_500);
/// Guaranteed is 1 s after PostgreSQL is up again, 5 s after a freeze.
const HEALED: Duration = Duration::from_secs(5);

/// Longest wait for what is waited for otherwise, and between two looks at it.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(10);

async fn sql(postgres: &EmbeddedPostgres) -> tokio_postgres::Client {
    let (client, connection) = postgres.config().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn url(postgres: &EmbeddedPostgres) -> String {
    use secrecy::ExposeSecret;
    postgres.url().expose_secret().to_owned()
}

fn signal(pid: i32, what: Signal) {
    kill(Pid::from_raw(pid), what).expect("a running process");
}

/// Everything the writers were told is there, once, and each display saw all of it in one order.
async fn settle(load: Load, what: &str) -> Report {
    let report = load.stop().await;
    let (orders, refused, slowest) = (report.confirmed.len(), report.refused, report.slowest);
    println!("{what}: {orders} orders, {refused} refusals, slowest answer {slowest:?}");
    report
}

#[tokio::test(flavor = "multi_thread")]
async fn the_private_database_is_started_again() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let load = Load::start(&server, 4).await;
    for how in [Signal::SIGQUIT, Signal::SIGKILL] {
        load.confirmations(20).await;
        let pid = folder.postmaster().expect("a postmaster");
        let (begun, refused) = (Instant::now(), load.refusals(1));
        signal(pid, how);
        // What was under way may still have been answered; after a refusal it is the new one that answers.
        refused.await;
        load.confirmations(1).await;
        println!("{how}: writing again {:?} after the end of the private database", begun.elapsed());
    }
    load.confirmations(20).await;
    let report = settle(load, "private").await;
    assert!(report.slowest < ANSWERED);
    let (code, took) = server.terminate();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(!folder.pid_file().exists(), "the new one is stopped too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_database_keeps_nobody_waiting() {
    let (folder, home) = (Folder::open(), Folder::open());
    let postgres = EmbeddedPostgres::start(home.path()).await.unwrap();
    let server = Server::start(folder.path(), 0, &[("DATABASE_URL", &url(&postgres))]);
    let load = Load::start(&server, 4).await;
    load.confirmations(20).await;
    let ours = "SELECT pid FROM pg_stat_activity WHERE application_name = 'comanda'";
    let rows = sql(&postgres).await.query(ours, &[]).await.unwrap();
    let mut pids: Vec<i32> = rows.iter().map(|row| row.get(0)).collect();
    // The postmaster too, else a new connection would be good.
    pids.push(postgres.pid());
    let frozen = Frozen::these(pids);
    let slowest_read = read_meanwhile(&load.kitchen).await;
    load.refusals(8).await;
    drop(frozen);
    let thawed = Instant::now();
    load.confirmations(1).await;
    let healed = thawed.elapsed();
    load.confirmations(40).await;
    let report = settle(load, "frozen").await;
    println!("frozen: slowest read {slowest_read:?}, writing again {healed:?} after the thaw");
    assert!(report.slowest < ANSWERED_FROZEN && slowest_read < ANSWERED_FROZEN);
    assert!(healed < HEALED);
    drop(server);
    postgres.stop().await.unwrap();
}

/// Reads, logs in and asks for health while nothing answers; the slowest answer.
async fn read_meanwhile(kitchen: &Client) -> Duration {
    let (anyone, mut slowest) = (Client::anonymous(kitchen.address), Duration::ZERO);
    let login = json!({ "email": "expo@restaurante.com", "password": "password123" });
    for n in 0..4 {
        let begun = Instant::now();
        let answer = match n {
            0 | 1 => kitchen.get("/api/v1/board").await,
            2 => anyone.post("/api/v1/auth/login", login.clone()).await,
            _ => anyone.get("/health/ready").await,
        };
        assert_eq!(answer.status, 503, "{}", answer.text);
        slowest = slowest.max(begun.elapsed());
    }
    slowest
}

/// Who waits for the standby.
async fn waits_for_standby(admin: &tokio_postgres::Client) -> i32 {
    let waits = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let waiting = async {
        loop {
            if let Some(row) = admin.query_opt(waits, &[]).await.unwrap() {
                return row.get(0);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("a COMMIT that waits")
}

/// What raced: a COMMIT waits for a standby that is gone, and its backend is frozen too, longer than we wait. We answer
/// 503; then it goes through after all. The displays must hear of it although no command follows that would tell the
/// room, and the key must bring the answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_goes_through_after_all_reaches_the_displays() {
    let (folder, home) = (Folder::open(), Folder::open());
    let postgres = EmbeddedPostgres::start(home.path()).await.unwrap();
    let server = Server::start(folder.path(), 0, &[("DATABASE_URL", &url(&postgres))]);
    let waiter = server.login("waiter@restaurante.com").await;
    let tables = waiter.get("/api/v1/tables").await.expect(200);
    let mut display = Display::join(&waiter).await;
    let admin = sql(&postgres).await;
    let standby = |change: &'static str| {
        let admin = &admin;
        async move {
            admin.batch_execute(&format!("ALTER SYSTEM {change}")).await.unwrap();
            admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        }
    };
    standby("SET synchronous_standby_names = 'nobody'").await;
    let asked = Instant::now();
    while admin.query_one("SHOW synchronous_standby_names", &[]).await.unwrap().get::<_, &str>(0) != "nobody"
    {
        assert!(asked.elapsed() < PATIENCE, "the setting does not come");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let (who, body) = (waiter.key("unknown"), json!({ "tableId": tables[0]["id"] }));
    let begun = Instant::now();
    let (answer, backend) = tokio::join!(who.post("/api/v1/table-sessions", body.clone()), async {
        let backend = waits_for_standby(&admin).await;
        Frozen::these(vec![backend])
    });
    assert!(begun.elapsed() < ANSWERED_FROZEN);
    assert!(answer.header("retry-after").is_some());
    answer.expect_error(503, "DATABASE_UNAVAILABLE");
    // Nobody can see it yet, the room neither.
    assert_eq!(waiter.get("/api/v1/board").await.expect(200)["seq"], 0);
    drop(backend);
    let told = tokio::time::timeout(2 * HEALED, display.expect("table.session.opened")).await;
    assert_eq!(told.expect("an event without a further command")["tableId"], tables[0]["id"]);
    standby("RESET synchronous_standby_names").await;
    let again = who.post("/api/v1/table-sessions", body).await;
    assert_eq!((again.status, again.header("idempotent-replay")), (201, Some("true")), "{}", again.text);
    drop(server);
    postgres.stop().await.unwrap();
}

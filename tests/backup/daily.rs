//! The daily backup: made up for where it was missed, seven kept, a failure told, never in the way of a stop.

use crate::{
    client::Client,
    program::{backups, instead, run},
    server::{Folder, Server},
};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// For what a server does right after its start.
const SOON: Duration = Duration::from_secs(60);
const AT_ONCE: (&str, &str) = ("COMANDA__BACKUP__CATCH_UP_AFTER", "1ms");

/// Waits for this line of the metrics; the page.
async fn measured(server: &Server, line: &str) -> String {
    let begun = Instant::now();
    loop {
        let page = Client::anonymous(server.address).get("/metrics").await.text;
        if page.lines().any(|found| found == line) {
            return page;
        }
        assert!(begun.elapsed() < SOON, "no {line}: {page}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits for this in the log; all of it.
async fn says(log: &Path, what: &str) -> String {
    let begun = Instant::now();
    loop {
        let said = fs::read_to_string(log).unwrap();
        if said.contains(what) {
            return said;
        }
        assert!(begun.elapsed() < SOON, "no {what}: {said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Nine of earlier days, and what somebody else put there.
fn earlier(folder: &Folder) {
    let backups = folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    for day in 1..=9 {
        fs::write(backups.join(format!("comanda-2025010{day}T043000Z.backup")), "old").unwrap();
    }
    fs::write(backups.join("by-hand"), "").unwrap();
    fs::write(backups.join("comanda-20250109T043000Z.backup.7.part"), "").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_one_is_made_and_seven_are_kept() {
    let folder = Folder::open();
    earlier(&folder);
    let server = Server::start(folder.path(), 0, &[AT_ONCE]);
    let page = measured(&server, "comanda_backups_total{outcome=\"made\"} 1").await;
    assert!(page.contains("comanda_backups_total{outcome=\"failed\"} 0"), "{page}");
    let stamp = page.lines().find_map(|line| line.strip_prefix("comanda_newest_backup_timestamp_seconds "));
    let age = jiff::Timestamp::now().as_second() - stamp.unwrap().parse::<i64>().unwrap();
    assert!((0..600).contains(&age), "{age}");
    let begun = Instant::now();
    while backups(folder.path()).len() > 8 && begun.elapsed() < SOON {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let names = backups(folder.path());
    assert_eq!(names[0], "by-hand");
    assert_eq!(names[1], "comanda-20250104T043000Z.backup", "{names:?}");
    assert_eq!(names.len(), 8, "{names:?}");
    let newest = folder.path().join("backups").join(names.last().unwrap());
    run(folder.path(), &["restore", "--check", newest.to_str().unwrap()], &[]).await.well();
    server.terminate();

    // Today's is there: nothing is due.
    let log = folder.path().join("log");
    let settings = [AT_ONCE, ("COMANDA__BACKUP__AT", "00:00"), ("RUST_LOG", "debug")];
    let server = Server::start_logged(folder.path(), 0, &settings, fs::File::create(&log).unwrap());
    measured(&server, &format!("comanda_newest_backup_timestamp_seconds {}", stamp.unwrap())).await;
    says(&log, "no daily backup is due").await;
    assert_eq!(backups(folder.path()), names);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_is_told_and_costs_nothing() {
    let folder = Folder::open();
    earlier(&folder);
    // 8 TiB: no disk of a test has so much.
    let full = ("COMANDA__BACKUP__LEAVE_FREE", "8388608MiB");
    let log = folder.path().join("log");
    let server = Server::start_logged(folder.path(), 0, &[AT_ONCE, full], fs::File::create(&log).unwrap());
    measured(&server, "comanda_backups_total{outcome=\"failed\"} 1").await;
    let said = says(&log, "the daily backup failed").await;
    let failure = said.lines().find(|line| line.contains("the daily backup failed")).unwrap();
    assert!(failure.contains("WARN"), "{said}");
    assert!(said.contains("kept for the database"), "{said}");
    assert_eq!(
        backups(folder.path()).len(),
        10,
        "all that were there, and no draft: {:?}",
        backups(folder.path())
    );
    server.login("waiter@restaurante.com").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_one() {
    let folder = Folder::open();
    let (_hangs, path) = instead("pg_dump", "$REAL/pg_dump \"$@\" | head -c 4000; exec sleep 60");
    let server = Server::start(folder.path(), 0, &[AT_ONCE, ("PATH", &path)]);
    let begun = Instant::now();
    while !backups(folder.path()).iter().any(|name| name.ends_with(".part")) {
        assert!(begun.elapsed() < SOON, "it does not begin");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (code, took) = tokio::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "the stop took {took:?}");
    assert!(backups(folder.path()).is_empty(), "{:?}", backups(folder.path()));
}

#[tokio::test(flavor = "multi_thread")]
async fn off_is_off() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[AT_ONCE, ("COMANDA__BACKUP__AT", "off")]);
    server.login("waiter@restaurante.com").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(backups(folder.path()).is_empty());
}

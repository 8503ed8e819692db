//! A restore of which nobody heard how it ended, and one that was not alone after all: what is said is what is so.

use crate::{
    postgres,
    program::{command, epochs, instead, run},
    server::{Folder, Server},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use secrecy::ExposeSecret;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};
use tokio_postgres::NoTls;

async fn appears(path: &Path) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(begun.elapsed() < Duration::from_secs(120), "it does not come to that");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A folder with a demo's database in it, and a backup of that.
async fn backed_up() -> (Folder, String) {
    let folder = Folder::open();
    let file = folder.path().join("good").to_str().unwrap().to_owned();
    Server::start(folder.path(), 0, &[]).terminate();
    run(folder.path(), &["backup", &file], &[]).await.well();
    (folder, file)
}

/// What happened: stopped while it gathered statistics, minutes after its COMMIT, it said that the database was as it was.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_stopped_or_cut_off_after_its_commit_is_done() {
    let (folder, file) = backed_up().await;
    let restore = ["restore", file.as_str(), "--replace"];

    let before = epochs(folder.path()).await;
    let done = folder.path().join("done");
    let script = format!("$REAL/psql \"$@\" || exit $?; touch {}; exec sleep 600", done.display());
    let (_hangs, path) = instead("psql", &script);
    let restoring = command(folder.path(), &restore).env("PATH", &path).spawn().unwrap();
    appears(&done).await;
    kill(Pid::from_raw(restoring.id().cast_signed()), Signal::SIGTERM).unwrap();
    let ended = tokio::task::spawn_blocking(move || restoring.wait_with_output().unwrap()).await.unwrap();
    let (said, why) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success() && said.starts_with("restored "), "{said}{why}");
    let after = epochs(folder.path()).await;
    assert_ne!(after, before);

    let (_cut, path) =
        instead("psql", "$REAL/psql \"$@\" || exit $?; echo 'psql: error: connection lost' >&2; exit 2");
    let said = run(folder.path(), &restore, &[("PATH", &path)]).await.well();
    assert!(said.starts_with("restored "), "{said}");
    assert_ne!(epochs(folder.path()).await, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_stopped_before_its_commit_leaves_what_was() {
    let (folder, file) = backed_up().await;
    let before = epochs(folder.path()).await;
    let reached = folder.path().join("reached");
    // psql has been told all but the end.
    let script = format!(
        "[ \"$1\" = --list ] || {{ $REAL/pg_restore \"$@\"; touch {}; exec sleep 600; }}",
        reached.display()
    );
    let (_hangs, path) = instead("pg_restore", &script);
    let restore = ["restore", file.as_str(), "--replace"];
    let restoring = command(folder.path(), &restore).env("PATH", &path).spawn().unwrap();
    appears(&reached).await;
    kill(Pid::from_raw(restoring.id().cast_signed()), Signal::SIGTERM).unwrap();
    let ended = tokio::task::spawn_blocking(move || restoring.wait_with_output().unwrap()).await.unwrap();
    let why = String::from_utf8_lossy(&ended.stderr);
    assert!(why.lines().last().is_some_and(|line| line.ends_with("the database is as it was")), "{why}");
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(epochs(folder.path()).await, before);
}

/// What could happen: a server's connections had just been cut, so nobody was there when the restore looked; a second later
/// it was back, and went on with what it remembered.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_back_meanwhile_keeps_its_database() {
    let (folder, file) = backed_up().await;
    let cluster = &postgres::shared().postgres;
    let (admin, connection) = cluster.config().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    admin.batch_execute("CREATE DATABASE comes_back").await.unwrap();
    let url = cluster.url();
    let (head, query) = url.expose_secret().split_once('?').unwrap();
    let (server, _) = head.rsplit_once('/').unwrap();
    let url = format!("{server}/comes_back?{query}");
    let settings = |path: &str| [("DATABASE_URL", url.clone()), ("PATH", path.to_owned())];
    let own = std::env::var("PATH").unwrap();
    let done = command(folder.path(), &["restore", &file]).envs(settings(&own)).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    let [reached, go] = ["reached", "go"].map(|name| folder.path().join(name));
    let script = format!(
        "[ \"$1\" = --list ] || {{ touch {}; while [ ! -e {} ]; do sleep 0.1; done; }}",
        reached.display(),
        go.display()
    );
    let (_waits, path) = instead("pg_restore", &script);
    let restore = ["restore", file.as_str(), "--replace"];
    let restoring = command(folder.path(), &restore).envs(settings(&path)).spawn().unwrap();
    appears(&reached).await;
    let mut back = cluster.config_for("comes_back");
    let (back, connection) = back.application_name("comanda").connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    fs::write(&go, "").unwrap();
    let ended = tokio::task::spawn_blocking(move || restoring.wait_with_output().unwrap()).await.unwrap();
    let why = String::from_utf8_lossy(&ended.stderr);
    assert!(why.contains("a server came back to the database meanwhile"), "{why}");
    assert_eq!(ended.status.code(), Some(1));
    assert!(back.query_one("SELECT count(*) FROM streams", &[]).await.is_ok());
}

//! Files that are no backups and databases that must not be replaced: one line each, and nothing is touched.

use crate::{
    program::{ask, epochs, run, with},
    server::{Folder, Server},
};
use comanda::store::{
    backup::{Whole, restore},
    embedded::EmbeddedPostgres,
};
use std::fs;
use tokio_postgres::NoTls;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_a_whole_backup_for_an_idle_database_is_restored() {
    let folder = Folder::open();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let server = Server::start(folder.path(), 0, &[]);
    run(folder.path(), &["backup", &at("good")], &[]).await.well();
    let listed = run(folder.path(), &["restore", &at("good"), "--check"], &[]).await.well();
    assert!(listed.starts_with("whole: 4 restaurants"), "{listed}");
    run(folder.path(), &["restore", &at("good"), "--replace"], &[])
        .await
        .badly(1, "in use by another comanda");
    server.terminate();

    let before = epochs(folder.path()).await;
    let good = fs::read(at("good")).unwrap();
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 0x10;
    fs::write(at("flipped"), flipped).unwrap();
    fs::write(at("cut"), &good[..good.len() / 2]).unwrap();
    fs::write(at("letter"), "Dear cook,\n").unwrap();
    fs::write(at("empty"), "").unwrap();
    for (file, named) in [
        ("flipped", "it is damaged"),
        ("cut", "its end is missing"),
        ("letter", "is no whole backup"),
        ("empty", "is no whole backup"),
        ("postgres", "is not a file"),
    ] {
        run(folder.path(), &["restore", &at(file), "--replace"], &[]).await.badly(2, named);
    }
    run(folder.path(), &["restore", &at("nowhere"), "--replace"], &[]).await.badly(1, "nowhere");
    run(folder.path(), &["restore", &at("good")], &[]).await.badly(2, "--replace");
    assert_eq!(epochs(folder.path()).await, before);

    // Somebody is connected who would go on with what was.
    let postgres = EmbeddedPostgres::start(folder.path()).await.unwrap();
    let (client, connection) = postgres.config().connect(NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let refused =
        restore(&postgres.config(), Whole::read(at("good").as_ref()).unwrap(), true, std::future::pending())
            .await
            .unwrap_err();
    assert!(refused.to_string().contains("1 other connections"), "{refused}");
    drop(client);
    driver.await.unwrap().unwrap();
    postgres.stop().await.unwrap();

    // Of a version to come: with its schema there would be no server for it.
    let future = "INSERT INTO migrations VALUES ('9999_future.sql', 'x')";
    with(folder.path(), async |client| client.batch_execute(future).await.unwrap()).await;
    run(folder.path(), &["backup", &at("newer")], &[]).await.well();
    run(folder.path(), &["restore", &at("newer"), "--replace"], &[]).await.badly(2, "9999_future.sql");
    // And a backup of this version brings such a database back to it.
    run(folder.path(), &["restore", &at("good"), "--replace"], &[]).await.well();
    assert_eq!(ask(folder.path(), "SELECT count(*) FROM migrations WHERE name LIKE '9999%'").await, "0");
    assert_ne!(epochs(folder.path()).await, before);
}

/// A cluster that no PostgreSQL here opens: the line says what to install, and how to go on from the newest backup; those
/// very commands are then run.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_of_another_version_is_refused_with_the_commands_to_run() {
    let folder = Folder::open();
    Server::start(folder.path(), 0, &[]).terminate();
    let cluster = folder.path().join("postgres/cluster/PG_VERSION");
    fs::create_dir(folder.path().join("backups")).unwrap();
    let file = folder.path().join("backups/comanda-20260102T030405Z.backup");
    run(folder.path(), &["backup", file.to_str().unwrap()], &[]).await.well();
    fs::write(cluster, "9\n").unwrap();
    let ended = run(folder.path(), &["migrate"], &[]).await;
    assert!(ended.why.contains("`apt-get install postgresql-9`"), "{}", ended.why);
    assert!(ended.why.contains("2026-01-02T03:04Z"), "{}", ended.why);
    let commands = ended.why.rsplit('`').nth(1).unwrap().replace("comanda restore", "$COMANDA restore");
    let shell = std::process::Command::new("sh")
        .args(["-ec", &commands])
        .env("COMANDA", env!("CARGO_BIN_EXE_comanda"))
        .env("COMANDA_DATA_DIR", folder.path())
        .output()
        .unwrap();
    assert!(shell.status.success(), "{commands}: {}", String::from_utf8_lossy(&shell.stderr));
    let server = Server::start(folder.path(), 0, &[]);
    server.login("waiter@restaurante.com").await;
}

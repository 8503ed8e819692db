//! What ends a backup or a restore midway: the file is not there, the database is as it was.

use crate::{
    program::{backups, command, epochs, instead, run},
    server::{Folder, Server},
};
use std::{
    fs,
    time::{Duration, Instant},
};

/// The beginning of what an archive says.
const BEGINS: &str = "[ \"$1\" = --list ] || { $REAL/pg_restore \"$@\" | head -c 60000;";

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_does_not_come_to_its_end_changes_nothing() {
    let folder = Folder::open();
    let file = folder.path().join("good").to_str().unwrap().to_owned();
    Server::start(folder.path(), 0, &[]).terminate();
    run(folder.path(), &["backup", &file], &[]).await.well();
    let before = epochs(folder.path()).await;

    // pg_restore dies.
    let (_dies, path) =
        instead("pg_restore", &format!("{BEGINS} echo 'pg_restore: error: gone' >&2; exit 1; }}"));
    let path = [("PATH", path.as_str())];
    run(folder.path(), &["restore", &file, "--replace"], &path).await.badly(1, "pg_restore: error: gone");
    assert_eq!(epochs(folder.path()).await, before);

    // psql cannot do what it is told.
    let (_wrong, path) =
        instead("pg_restore", &format!("{BEGINS} echo; echo '\\.'; echo 'SELECT 1/0;'; exit 0; }}"));
    let path = [("PATH", path.as_str())];
    run(folder.path(), &["restore", &file, "--replace"], &path).await.badly(1, "psql failed");
    assert_eq!(epochs(folder.path()).await, before);

    // We are killed, while it hangs.
    let reached = folder.path().join("reached");
    let (_hangs, path) =
        instead("pg_restore", &format!("{BEGINS} touch {}; exec sleep 60; }}", reached.display()));
    let mut restoring =
        command(folder.path(), &["restore", &file, "--replace"]).env("PATH", path).spawn().unwrap();
    let begun = Instant::now();
    while !reached.exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not come to that");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    restoring.kill().unwrap();
    restoring.wait().unwrap();
    assert_eq!(epochs(folder.path()).await, before);

    // And one that does come to its end, to show that it would have been seen.
    run(folder.path(), &["restore", &file, "--replace"], &[]).await.well();
    assert_ne!(epochs(folder.path()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_does_not_come_to_its_end_leaves_no_file_and_the_one_before() {
    let folder = Folder::open();
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("service.backup").to_str().unwrap().to_owned();
    let _server = Server::start(folder.path(), 0, &[]);
    run(folder.path(), &["backup", &file], &[]).await.well();
    let before = fs::read(&file).unwrap();
    let only_that = || {
        let names: Vec<_> =
            fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["service.backup"]);
        assert!(fs::read(&file).unwrap() == before, "the backup of before is there, unchanged");
    };

    let (_dies, path) =
        instead("pg_dump", "$REAL/pg_dump \"$@\" | head -c 4000; echo 'pg_dump: error: gone' >&2; exit 1");
    run(folder.path(), &["backup", &file], &[("PATH", &path)]).await.badly(1, "pg_dump: error: gone");
    only_that();

    // The disk takes 4 KiB.
    let limited = format!("trap '' XFSZ; ulimit -f 8; exec {} backup {file}", env!("CARGO_BIN_EXE_comanda"));
    let full = tokio::process::Command::new("sh")
        .args(["-c", &limited])
        .env("COMANDA_DATA_DIR", folder.path())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&full.stderr);
    assert_eq!(full.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot write") && said.contains("File too large"), "{said}");
    only_that();

    run(folder.path(), &["backup", "/dev/null"], &[]).await.badly(2, "/dev/null is not a file");
    assert!(fs::metadata("/dev/null").unwrap().len() == 0 && backups(folder.path()).is_empty());
}

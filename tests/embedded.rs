//! The private PostgreSQL: made, stopped, taken over after `kill -9`, refused to a second server.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking; the other process speaks through its output"
)]

#[path = "support/postgres.rs"]
mod postgres;

use comanda::store::embedded::{EmbedError, EmbeddedPostgres};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};
use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio_postgres::NoTls;

/// For a killed PostgreSQL to be gone.
const REVIVED_WITHIN: Duration = Duration::from_secs(60);
const SERVER: &str = "COMANDA_TEST_SERVER_ON";

async fn query(postgres: &EmbeddedPostgres, sql: &str) -> Vec<String> {
    let (client, connection) = postgres.config().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    let messages = client.simple_query(sql).await.unwrap();
    let rows = messages.iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    rows.collect()
}

async fn show(postgres: &EmbeddedPostgres, setting: &str) -> String {
    query(postgres, &format!("SHOW {setting}")).await.remove(0)
}

/// Another server process: this very test binary, at the test below.
struct Server(Child);

impl Server {
    fn start(data_dir: &Path) -> Self {
        let mut server = Command::new(std::env::current_exe().unwrap());
        server.args(["--exact", "a_server_of_another_process", "--ignored", "--nocapture"]);
        let mut server =
            server.env(SERVER, data_dir).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        assert!(lines.map_while(Result::ok).any(|line| line.ends_with("READY")), "the other server starts");
        Self(server)
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Not a test: the body of [`Server`]. It holds the cluster until its standard input ends or it is killed.
#[tokio::test]
#[ignore = "started by other tests"]
async fn a_server_of_another_process() {
    let Some(data_dir) = std::env::var_os(SERVER) else { return };
    let _postgres = EmbeddedPostgres::start(Path::new(&data_dir)).await.unwrap();
    println!("READY");
    std::io::stdin().lines().for_each(drop);
}

#[tokio::test]
async fn it_is_durable_private_and_keeps_its_data() {
    let folder = postgres::open_folder();
    let data = folder.path().join("data");
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    for (setting, expected) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("listen_addresses", ""),
        ("timezone", "UTC"),
    ] {
        assert_eq!(show(&postgres, setting).await, expected, "{setting}");
    }
    assert!(
        query(&postgres, "SELECT type FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'")
            .await
            .is_empty()
    );

    let sockets = PathBuf::from(show(&postgres, "unix_socket_directories").await);
    assert_eq!(fs::metadata(&sockets).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(data.join("postgres/password")).unwrap().permissions().mode() & 0o777, 0o600);
    let owner = fs::metadata(data.join("postgres/cluster")).unwrap().uid();
    assert_ne!(owner, 0, "PostgreSQL never runs as root");
    assert_eq!(fs::metadata(&sockets).unwrap().uid(), owner);

    let mut wrong = postgres.config();
    assert!(wrong.password("wrong").connect(NoTls).await.is_err(), "a socket alone lets nobody in");
    let url: tokio_postgres::Config = secrecy::ExposeSecret::expose_secret(&postgres.url()).parse().unwrap();
    assert!(url.connect(NoTls).await.is_ok(), "the connection string leads to the same database");

    query(&postgres, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)").await;
    let pid = postgres.pid();
    postgres.stop().await.unwrap();
    assert!(kill(Pid::from_raw(pid), None).is_err(), "stopped means gone");

    let again = EmbeddedPostgres::start(&data).await.unwrap();
    assert_eq!(query(&again, "SELECT x FROM kept").await, ["7"]);
    again.stop().await.unwrap();
}

/// The server is killed, its PostgreSQL lives on: the next server uses that one, and stops it in the end.
#[tokio::test]
async fn one_left_by_a_killed_server_is_taken_over() {
    let folder = postgres::open_folder();
    let server = Server::start(folder.path());
    let guest = EmbeddedPostgres::share(folder.path()).await.unwrap();
    let pid = guest.pid();
    query(&guest, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)").await;
    server.kill();
    assert!(kill(Pid::from_raw(pid), None).is_ok(), "it outlives its server");

    let next = EmbeddedPostgres::start(folder.path()).await.unwrap();
    assert_eq!(next.pid(), pid);
    assert!(next.describe().contains("taken over"));
    assert_eq!(query(&next, "SELECT x FROM kept").await, ["7"]);
    next.stop().await.unwrap();
    assert!(is_over(pid), "stopped although another process started it");
}

/// Whether a process has ended, were it only its memory: its entry may stay a moment, and where nobody reaps orphans, as
/// in many containers, for good.
fn is_over(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None).is_err()
        || fs::read(format!("/proc/{pid}/cmdline")).map_or(true, |line| line.is_empty())
}

/// The machine, or all of it, dies at once: the pid file names nobody, or somebody else.
#[tokio::test]
async fn it_starts_again_after_everything_was_killed() {
    let folder = postgres::open_folder();
    for reused in [false, true] {
        let postgres = EmbeddedPostgres::start(folder.path()).await.unwrap();
        query(&postgres, "CREATE TABLE IF NOT EXISTS kept (x int); INSERT INTO kept VALUES (7)").await;
        let pid = postgres.pid();
        kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
        postgres.stop().await.unwrap();
        let pid_file = folder.path().join("postgres/cluster/postmaster.pid");
        let left = fs::read_to_string(&pid_file).unwrap();
        assert!(left.starts_with(&pid.to_string()));
        if reused {
            let other = std::process::id().to_string();
            fs::write(&pid_file, left.replacen(&pid.to_string(), &other, 1)).unwrap();
        }
    }
    let postgres = EmbeddedPostgres::start(folder.path()).await.unwrap();
    assert_eq!(query(&postgres, "SELECT x FROM kept").await, ["7", "7"]);
    assert!(!postgres.describe().contains("taken over"));
    postgres.stop().await.unwrap();
}

/// Killed under a living server, it comes back at the same socket.
#[tokio::test]
async fn it_is_revived_where_it_was() {
    let folder = postgres::open_folder();
    let mut postgres = EmbeddedPostgres::start(folder.path()).await.unwrap();
    assert!(!postgres.revive().await.unwrap(), "it lives");
    let (pid, config) = (postgres.pid(), postgres.config());
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    let killed_at = Instant::now();
    while !postgres.revive().await.unwrap() {
        assert!(killed_at.elapsed() < REVIVED_WITHIN, "it does not die");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_ne!(postgres.pid(), pid);
    assert!(config.connect(NoTls).await.is_ok());
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_server_is_refused_in_one_line() {
    let folder = postgres::open_folder();
    let server = Server::start(folder.path());
    let error = EmbeddedPostgres::start(folder.path()).await.unwrap_err();
    assert!(matches!(&error, EmbedError::InUse { pid: Some(pid), .. } if *pid == server.0.id()), "{error}");
    assert!(!error.to_string().contains('\n'));

    let guest = EmbeddedPostgres::share(folder.path()).await.unwrap();
    let pid = guest.pid();
    guest.stop().await.unwrap();
    assert!(kill(Pid::from_raw(pid), None).is_ok(), "a guest stops nothing");
    server.kill();
    EmbeddedPostgres::start(folder.path()).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_deep_data_folder_is_no_hindrance() {
    let folder = postgres::open_folder();
    let data = folder.path().join(["a-rather-long-name"; 8].join("/"));
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    assert_eq!(query(&postgres, "SELECT 1").await, ["1"]);
    let sockets = show(&postgres, "unix_socket_directories").await;
    assert!(sockets.len() < 80, "{sockets}");
    postgres.stop().await.unwrap();
    assert!(!Path::new(&sockets).exists(), "nothing is left outside the data folder");
}

#[tokio::test]
async fn a_cluster_of_another_version_is_one_line() {
    let folder = postgres::open_folder();
    EmbeddedPostgres::start(folder.path()).await.unwrap().stop().await.unwrap();
    fs::write(folder.path().join("postgres/cluster/PG_VERSION"), "9\n").unwrap();
    let error = EmbeddedPostgres::start(folder.path()).await.unwrap_err();
    assert!(matches!(error, EmbedError::OtherVersion { .. }), "{error}");
    assert!(!error.to_string().contains('\n'));
}

/// An interrupted `initdb` leaves a draft, which nobody takes for a cluster.
#[tokio::test]
async fn a_half_made_cluster_is_made_anew() {
    let folder = postgres::open_folder();
    fs::create_dir_all(folder.path().join("postgres/cluster.new/base")).unwrap();
    fs::write(folder.path().join("postgres/cluster.new/PG_VERSION"), "15\n").unwrap();
    fs::set_permissions(folder.path().join("postgres"), PermissionsExt::from_mode(0o755)).unwrap();
    EmbeddedPostgres::start(folder.path()).await.unwrap().stop().await.unwrap();
}

/// Root's home is closed to the user PostgreSQL runs as there; so the cluster goes elsewhere, and says so.
#[tokio::test]
async fn below_a_closed_folder_root_keeps_the_cluster_elsewhere() {
    if !geteuid().is_root() {
        println!("skipped: not root");
        return;
    }
    let closed = tempfile::tempdir().unwrap();
    fs::set_permissions(closed.path(), PermissionsExt::from_mode(0o700)).unwrap();
    let data = closed.path().join("data");
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    let home = PathBuf::from(show(&postgres, "data_directory").await).parent().unwrap().to_owned();
    assert!(home.starts_with("/var/lib/comanda"), "{}", home.display());
    assert!(postgres.describe().contains(home.to_str().unwrap()), "{}", postgres.describe());
    query(&postgres, "CREATE TABLE kept (x int)").await;
    postgres.stop().await.unwrap();

    // Opened later, the folder must not hide the cluster that is there.
    fs::set_permissions(closed.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let again = EmbeddedPostgres::start(&data).await.unwrap();
    assert!(query(&again, "SELECT x FROM kept").await.is_empty());
    again.stop().await.unwrap();
    fs::remove_dir_all(home).unwrap();
}

/// The cluster that other test binaries share works, and its helper outlives nobody.
#[tokio::test]
async fn tests_share_a_cluster() {
    let shared = &postgres::shared().postgres;
    assert_eq!(query(shared, "SELECT 1").await, ["1"]);
    assert_eq!(show(shared, "synchronous_commit").await, "off");
}

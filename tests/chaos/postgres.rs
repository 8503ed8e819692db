//! The PostgreSQL of a run: durable, restarted, frozen; a fresh copy of the seeded demo for each bout.

use crate::server::{Folder, Server};
use comanda::store::embedded::EmbeddedPostgres;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    net::SocketAddr,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, UnixStream},
    sync::Mutex,
    time::{Instant, sleep, timeout},
};
use tokio_postgres::{Client, NoTls, config::Host};

/// 64 writers and a server, and some to look. After a crash every file is flushed before anyone is let in: with a thousand
/// files for each copy of the database that takes longer one by one than all at once.
const SETTINGS: [(&str, &str); 2] = [("max_connections", "200"), ("recovery_init_sync_method", "syncfs")];
/// Recovery of a small log included.
const RESTART_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// The database that every bout's is a copy of.
const SEEDED: &str = "comanda";
/// The tablespace that every cluster has.
pub const USUAL: &str = "pg_default";

/// A run that is broken off leaves no PostgreSQL behind: its end of a pipe closes however it ends.
fn watch(home: &Folder) -> Child {
    let script = "read -r _; pid=$(head -n 1 \"$1\" 2>/dev/null) || exit; kill -QUIT \"$pid\"; \
                  while kill -0 \"$pid\" 2>/dev/null; do sleep 0.1; done; rm -rf -- \"$2\"";
    let mut watchdog = Command::new("sh");
    watchdog.args(["-c", script, "watchdog"]).arg(home.pid_file()).arg(home.path());
    // A Ctrl-C is for us, not for it.
    watchdog.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    watchdog.spawn().expect("a shell")
}

/// One cluster for all bouts of a run.
pub struct Cluster {
    postgres: Mutex<EmbeddedPostgres>,
    /// Databases made.
    made: AtomicU64,
    _watchdog: Child,
    home: Folder,
}

impl Cluster {
    /// With the demo in the database that is copied.
    pub async fn start() -> Self {
        let (home, seeding) = (Folder::open(), Folder::open());
        let postgres = EmbeddedPostgres::start_with(home.path(), &SETTINGS).await.expect("PostgreSQL");
        let (postgres, made) = (Mutex::new(postgres), AtomicU64::new(0));
        let cluster = Self { postgres, made, _watchdog: watch(&home), home };
        let url = cluster.url(SEEDED).await;
        let server = Server::start(seeding.path(), 0, &[("DATABASE_URL", &url), ("RUST_LOG", "error")]);
        assert_eq!(server.terminate().0, Some(0), "the demo is seeded");
        cluster
    }

    /// The name of a database with the demo as it was seeded.
    pub async fn database(&self) -> String {
        self.database_in(USUAL).await
    }

    /// The same in this tablespace.
    pub async fn database_in(&self, tablespace: &str) -> String {
        let name = format!("bout_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let copy = format!("CREATE DATABASE {name} TEMPLATE {SEEDED} TABLESPACE {tablespace}");
        self.sql("postgres").await.batch_execute(&copy).await.expect("a copy of the seeded database");
        name
    }

    /// The name of a tablespace in this folder, which is the [`Cluster::owner`]'s.
    pub async fn tablespace(&self, folder: &Path) -> String {
        let name = format!("space_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE TABLESPACE {name} LOCATION '{}'", folder.display());
        self.sql("postgres").await.batch_execute(&create).await.expect("a tablespace");
        name
    }

    /// Empty by now.
    pub async fn forget_tablespace(&self, tablespace: &str) {
        let drop = format!("DROP TABLESPACE {tablespace}");
        self.sql("postgres").await.batch_execute(&drop).await.expect("a tablespace of ours");
    }

    /// The user and the group whom its files belong to.
    pub fn owner(&self) -> (u32, u32) {
        let file = std::fs::metadata(self.home.pid_file()).expect("a running cluster");
        (file.uid(), file.gid())
    }

    /// Whoever is in it is thrown out.
    pub async fn forget(&self, database: &str) {
        let drop = format!("DROP DATABASE {database} WITH (FORCE)");
        self.sql("postgres").await.batch_execute(&drop).await.expect("a database of ours");
    }

    /// As the superuser, whom no policy binds.
    pub async fn sql(&self, database: &str) -> Client {
        let config = self.postgres.lock().await.config_for(database);
        let (client, connection) = config.connect(NoTls).await.expect("PostgreSQL");
        tokio::spawn(connection);
        client
    }

    /// Through the socket, as the owner of the tables.
    pub async fn url(&self, database: &str) -> String {
        use secrecy::ExposeSecret;
        let url = self.postgres.lock().await.url();
        url.expose_secret().replace(&format!("/{SEEDED}?"), &format!("/{database}?"))
    }

    /// The same through a TCP address, such as that of a proxy before a [`Cluster::bridge`].
    pub async fn url_through(&self, database: &str, address: SocketAddr) -> String {
        let config = self.postgres.lock().await.config_for(database);
        let user = config.get_user().expect("a user");
        let password = String::from_utf8_lossy(config.get_password().expect("a password")).into_owned();
        format!("postgresql://{user}:{password}@{address}/{database}?sslmode=disable")
    }

    /// A TCP port that leads to the socket.
    pub async fn bridge(&self) -> SocketAddr {
        let config = self.postgres.lock().await.config();
        let Some(Host::Unix(folder)) = config.get_hosts().first().cloned() else {
            panic!("a socket's folder")
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let socket = folder.join(".s.PGSQL.5432");
                tokio::spawn(async move {
                    let mut postgres = UnixStream::connect(socket).await?;
                    copy_bidirectional(&mut client, &mut postgres).await
                });
            }
        });
        address
    }

    pub async fn pid(&self) -> i32 {
        self.postgres.lock().await.pid()
    }

    /// Stops it by this signal (SIGQUIT: immediate, SIGINT: fast) and starts it again; returns when it answers. The time
    /// it was away.
    pub async fn restart(&self, how: Signal) -> Duration {
        let mut postgres = self.postgres.lock().await;
        let begun = Instant::now();
        kill(Pid::from_raw(postgres.pid()), how).expect("a postmaster");
        let up = async {
            while !postgres.revive().await.expect("PostgreSQL, again") {
                sleep(LOOK_EVERY).await;
            }
        };
        timeout(RESTART_WITHIN, up).await.expect("PostgreSQL in time");
        begun.elapsed()
    }

    pub async fn stop(self) {
        self.postgres.into_inner().stop().await.expect("the end of PostgreSQL");
    }
}

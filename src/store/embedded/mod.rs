//! A private PostgreSQL in the data folder, from the machine's own binaries: started, taken over, stopped.
//!
//! It is the real thing, durable, reachable only through a socket in a folder that nobody else may enter, and there only
//! with a password. A server that was killed leaves it running; the next one takes it over.

mod binaries;
mod cluster;
mod error;
mod lock;
mod place;
mod postmaster;

pub use error::EmbedError;

use error::io_at;
use lock::DataLock;
use place::Place;
use postmaster::PidFile;
use secrecy::SecretString;
use std::{
    path::{Path, PathBuf},
    process::Child,
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{Config, NoTls, error::SqlState};

/// The database that holds our tables.
const DATABASE: &str = "comanda";
/// Recovery after a crash reads at most a gigabyte of log.
const START_WITHIN: Duration = Duration::from_secs(120);
/// One attempt to connect through the socket.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// For a fast shutdown, then for an immediate one. Together they fit in what `server.stop_within` leaves after the drain.
const FAST_STOP_WITHIN: Duration = Duration::from_secs(5);
const FORCED_STOP_WITHIN: Duration = Duration::from_secs(2);
/// Between two looks at a process that starts or stops.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// After a crash the dead postmaster's children may hold its shared memory a moment longer.
const STARTS_AFTER_CRASH: u32 = 20;
const BETWEEN_STARTS: Duration = Duration::from_millis(250);

/// A running private PostgreSQL. [`stop`](Self::stop) it; dropped, it is only told to stop.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    place: Place,
    major: u32,
    sockets: PathBuf,
    password: SecretString,
    pid: i32,
    child: Option<Child>,
    taken_over: bool,
    /// Ours to stop while we hold it; `None` in a guest, see [`share`](Self::share).
    lock: Option<DataLock>,
}

impl EmbeddedPostgres {
    /// Starts the cluster of this data folder, made where it is missing, or takes over the one that a killed server
    /// left. Returns when it answers. Blocks its thread for a second or two where a cluster has to be made.
    pub async fn start(data_dir: &Path) -> Result<Self, EmbedError> {
        Self::start_with(data_dir, &[]).await
    }

    /// As [`start`](Self::start), with PostgreSQL settings of the caller's; for tests.
    pub async fn start_with(data_dir: &Path, settings: &[(&str, &str)]) -> Result<Self, EmbedError> {
        crate::config::ensure_data_dir(data_dir).map_err(io_at("make", data_dir))?;
        let lock = DataLock::take(data_dir)?;
        let place = Place::of(&canonical(data_dir)?)?;
        let binaries = binaries::choose(
            binaries::installed(std::env::var_os("PATH").as_deref()),
            &place.cluster(),
            cluster::version(&place).as_deref(),
        )?;
        place.make_home()?;
        let password = cluster::password(&place)?;
        if cluster::version(&place).is_none() {
            tracing::info!(folder = %place.home.display(), "making a private database");
            cluster::make(&place, &binaries, &password)?;
        }
        let mut this = Self {
            major: binaries.major,
            sockets: place.make_socket_folder()?,
            password: password.into(),
            pid: 0,
            child: None,
            taken_over: false,
            lock: Some(lock),
            place,
        };
        let crashed = PidFile::read(&this.place.cluster()).is_some();
        this.taken_over = crashed && this.take_over().await?;
        if !this.taken_over {
            this.launch(&binaries, settings, if crashed { STARTS_AFTER_CRASH } else { 1 }).await?;
        }
        this.make_database().await?;
        tracing::info!(folder = %this.place.home.display(), taken_over = this.taken_over, "private database is up");
        Ok(this)
    }

    /// As [`start`](Self::start), but where a server is running on this data folder its database is used and left
    /// running: for commands beside a server.
    pub async fn share(data_dir: &Path) -> Result<Self, EmbedError> {
        let in_use = match Self::start(data_dir).await {
            Err(error @ EmbedError::InUse { .. }) => error,
            other => return other,
        };
        let place = Place::of(&canonical(data_dir)?)?;
        // The other server may be making its cluster this very moment; then it is too early for a guest.
        let (Some(version), Ok(password)) = (cluster::version(&place), cluster::password(&place)) else {
            return Err(in_use);
        };
        let mut this = Self {
            major: version.parse().unwrap_or_default(),
            sockets: PathBuf::new(),
            password: password.into(),
            pid: 0,
            child: None,
            taken_over: true,
            lock: None,
            place,
        };
        if this.take_over().await? { Ok(this) } else { Err(in_use) }
    }

    /// How its superuser, who owns the tables, connects to our database.
    pub fn config(&self) -> Config {
        self.config_for(DATABASE)
    }

    /// How its superuser connects to another database of the cluster.
    pub fn config_for(&self, database: &str) -> Config {
        use secrecy::ExposeSecret;
        let mut config = Config::new();
        config.host_path(&self.sockets).user(cluster::USER).dbname(database);
        config.password(self.password.expose_secret()).connect_timeout(CONNECT_WITHIN);
        config
    }

    /// The same as [`config`](Self::config) as a connection string.
    pub fn url(&self) -> SecretString {
        use secrecy::ExposeSecret;
        let (host, password) = (percent_encoded(&self.sockets), self.password.expose_secret());
        format!("postgresql://{}:{password}@/{DATABASE}?host={host}", cluster::USER).into()
    }

    /// Where it keeps its files, and its version, for the line at start; says so where that is not the data folder.
    pub fn describe(&self) -> String {
        let (major, home) = (self.major, self.place.home.display());
        let found = if self.taken_over { ", taken over from an earlier run" } else { "" };
        if self.place.moved {
            let user = &self.place.account.name;
            return format!(
                "private PostgreSQL {major} in {home}, since the data folder is closed to user {user}{found}"
            );
        }
        format!("private PostgreSQL {major} in {home}{found}")
    }

    /// The postmaster's process id.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Stops it and returns when it is gone; a guest's is left running. The data folder is free afterwards.
    pub async fn stop(mut self) -> Result<(), EmbedError> {
        if self.lock.is_none() {
            return Ok(());
        }
        postmaster::ask_to_stop(self.pid);
        if !self.gone_within(FAST_STOP_WITHIN).await {
            tracing::warn!("private database does not stop, forcing it");
            postmaster::force_to_stop(self.pid);
            if !self.gone_within(FORCED_STOP_WITHIN).await {
                return Err(EmbedError::DidNotStop { pid: self.pid });
            }
        }
        self.pid = 0;
        // Made anew at each start; it may lie outside the data folder.
        let _ = std::fs::remove_dir(&self.sockets);
        Ok(())
    }

    async fn gone_within(&mut self, time: Duration) -> bool {
        let deadline = Instant::now() + time;
        while self.is_running() {
            if Instant::now() >= deadline {
                return false;
            }
            sleep(LOOK_EVERY).await;
        }
        true
    }

    fn is_running(&mut self) -> bool {
        match &mut self.child {
            // Asking takes a dead child's entry out of the process table too.
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => PidFile { pid: self.pid, socket_folder: None }.is_running(&self.place.cluster()),
        }
    }

    /// Connects to the postmaster that the pid file names, waiting while it starts or stops; `false` where none lives.
    async fn take_over(&mut self) -> Result<bool, EmbedError> {
        let (deadline, cluster) = (Instant::now() + START_WITHIN, self.place.cluster());
        while let Some(found) = PidFile::read(&cluster).filter(|found| found.is_running(&cluster)) {
            self.pid = found.pid;
            if let Some(sockets) = found.socket_folder {
                self.sockets = sockets;
                if self.answers().await? {
                    return Ok(true);
                }
            }
            if Instant::now() >= deadline {
                return Err(self.did_not_start());
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(false)
    }

    async fn launch(
        &mut self,
        binaries: &binaries::Binaries,
        settings: &[(&str, &str)],
        starts: u32,
    ) -> Result<(), EmbedError> {
        postmaster::forget_stale(&self.place.cluster());
        self.sockets = self.place.make_socket_folder()?;
        for _ in 0..starts {
            let child = postmaster::spawn(&self.place, binaries, &self.sockets, settings)?;
            self.pid = child.id().cast_signed();
            self.child = Some(child);
            let deadline = Instant::now() + START_WITHIN;
            while self.is_running() {
                if self.answers().await? {
                    return Ok(());
                }
                if Instant::now() >= deadline {
                    return Err(self.did_not_start());
                }
                sleep(LOOK_EVERY).await;
            }
            self.pid = 0;
            sleep(BETWEEN_STARTS).await;
        }
        Err(self.did_not_start())
    }

    fn did_not_start(&self) -> EmbedError {
        EmbedError::DidNotStart { log: self.place.log(), reason: postmaster::last_words(&self.place) }
    }

    /// Whether it lets us in; an error where it never will.
    async fn answers(&self) -> Result<bool, EmbedError> {
        match timeout(CONNECT_WITHIN, self.config_for("postgres").connect(NoTls)).await {
            Ok(Ok(_)) => Ok(true),
            Ok(Err(error)) if error.code() == Some(&SqlState::INVALID_PASSWORD) => Err(error.into()),
            _ => Ok(false),
        }
    }

    async fn make_database(&self) -> Result<(), EmbedError> {
        let (client, connection) = self.config_for("postgres").connect(NoTls).await?;
        let work = async {
            let found =
                client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&DATABASE]).await?;
            if found.is_none() {
                client.batch_execute(&format!("CREATE DATABASE {DATABASE}")).await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        };
        tokio::select! {
            done = work => done?,
            ended = connection => ended?,
        }
        Ok(())
    }
}

impl Drop for EmbeddedPostgres {
    fn drop(&mut self) {
        if self.lock.is_some() && self.pid > 0 {
            postmaster::ask_to_stop(self.pid);
        }
    }
}

fn canonical(data_dir: &Path) -> Result<PathBuf, EmbedError> {
    data_dir.canonicalize().map_err(io_at("find", data_dir))
}

fn percent_encoded(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let encode = |byte: &u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~/".contains(b) => char::from(*b).to_string(),
        b => format!("%{b:02X}"),
    };
    path.as_os_str().as_bytes().iter().map(encode).collect()
}

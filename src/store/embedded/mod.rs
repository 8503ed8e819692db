//! A private PostgreSQL in the data folder, from the machine's own binaries: started, taken over, stopped.
//!
//! It is the real thing, durable, reachable only through a socket in a folder that nobody else may enter, and there only
//! with a password. A server that was killed leaves it running; the next one takes it over.

pub(super) mod binaries;
mod cluster;
mod error;
mod lock;
mod place;
mod postmaster;
mod running;

pub use error::EmbedError;

use error::io_at;
use lock::DataLock;
use place::Place;
use running::{Launch, Running};
use secrecy::{ExposeSecret, SecretString};
use std::{
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};
use tokio_postgres::Config;

/// The database that holds our tables.
const DATABASE: &str = "comanda";

/// A running private PostgreSQL. [`stop`](Self::stop) it; dropped, it is only told to stop.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    running: Running,
    major: String,
    taken_over: bool,
    ours: Option<Ours>,
}

/// What only its server has; a guest (see [`EmbeddedPostgres::share`]) neither starts nor stops anything.
#[derive(Debug)]
struct Ours {
    launch: Launch,
    _lock: DataLock,
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
        let made = cluster::version(&place);
        let installed = binaries::installed(binaries::SERVER);
        let binaries = binaries::choose(installed, &place.cluster(), made.as_deref());
        let binaries = binaries.map_err(|error| error.with_way_on(&place.home, data_dir))?;
        place.make_home()?;
        let password = cluster::password(&place)?;
        if made.is_none() {
            tracing::info!(folder = %place.home.display(), "making a private database");
            cluster::make(&place, &binaries, &password)?;
        }
        let settings = settings.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let launch = Launch { binaries, settings };
        let mut this = Self {
            running: Running::new(place, password.into()),
            major: launch.binaries.major.to_string(),
            taken_over: false,
            ours: Some(Ours { launch, _lock: lock }),
        };
        this.revive().await?;
        this.running.make_database(DATABASE).await?;
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
        let (Some(major), Ok(password)) = (cluster::version(&place), cluster::password(&place)) else {
            return Err(in_use);
        };
        let mut running = Running::new(place, password.into());
        if !running.take_over().await? {
            return Err(in_use);
        }
        Ok(Self { running, major, taken_over: true, ours: None })
    }

    /// Starts it again where it died under us (memory ran out, a person stopped it); `true` where it had to be. Its
    /// socket stays where it was, so that a pool's connection strings stay good.
    pub async fn revive(&mut self) -> Result<bool, EmbedError> {
        let Some(ours) = &self.ours else { return Ok(false) };
        if self.running.pid > 0 && self.running.is_running() {
            return Ok(false);
        }
        self.taken_over = self.running.up(&ours.launch).await?;
        let (folder, taken_over) = (self.running.place.home.display(), self.taken_over);
        tracing::info!(%folder, taken_over, "private database is up");
        Ok(true)
    }

    /// How its superuser, who owns the tables, connects to our database.
    pub fn config(&self) -> Config {
        self.config_for(DATABASE)
    }

    /// How its superuser connects to another database of the cluster.
    pub fn config_for(&self, database: &str) -> Config {
        self.running.config(database)
    }

    /// The same as [`config`](Self::config) as a connection string.
    pub fn url(&self) -> SecretString {
        let host = percent_encoded(&self.running.sockets);
        let password = self.running.password.expose_secret();
        format!("postgresql://{}:{password}@/{DATABASE}?host={host}", cluster::USER).into()
    }

    /// Where it keeps its files, and its version, for the line at start; says so where that is not the data folder.
    pub fn describe(&self) -> String {
        let place = &self.running.place;
        let (major, home) = (&self.major, place.home.display());
        let why = match place.moved {
            true => format!(", since the data folder is closed to user {}", place.account.name),
            false => String::new(),
        };
        let found = if self.taken_over { ", taken over from an earlier run" } else { "" };
        format!("private PostgreSQL {major} in {home}{why}{found}")
    }

    /// The postmaster's process id.
    pub fn pid(&self) -> i32 {
        self.running.pid
    }

    /// Stops it and returns when it is gone; a guest's is left running. The data folder is free afterwards.
    pub async fn stop(mut self) -> Result<(), EmbedError> {
        if self.ours.is_some() { self.running.down().await } else { Ok(()) }
    }
}

impl Drop for EmbeddedPostgres {
    fn drop(&mut self) {
        if self.ours.is_some() && self.running.pid > 0 {
            postmaster::ask_to_stop(self.running.pid);
        }
    }
}

fn canonical(data_dir: &Path) -> Result<PathBuf, EmbedError> {
    data_dir.canonicalize().map_err(io_at("find", data_dir))
}

fn percent_encoded(path: &Path) -> String {
    let encode = |byte: &u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~/".contains(b) => char::from(*b).to_string(),
        b => format!("%{b:02X}"),
    };
    path.as_os_str().as_bytes().iter().map(encode).collect()
}

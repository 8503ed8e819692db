//! A postmaster on its way up, up, or on its way down: launched, taken over, waited for.

use super::{
    binaries::Binaries,
    cluster::USER,
    error::EmbedError,
    place::Place,
    postmaster::{self, PidFile},
};
use secrecy::{ExposeSecret, SecretString};
use std::{path::PathBuf, process::Child, time::Duration};
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{Config, NoTls, error::SqlState};

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

/// How a postmaster is started.
#[derive(Debug)]
pub struct Launch {
    pub binaries: Binaries,
    pub settings: Vec<(String, String)>,
}

/// The process, and what it takes to talk to it.
#[derive(Debug)]
pub struct Running {
    pub place: Place,
    pub password: SecretString,
    pub sockets: PathBuf,
    /// 0 while there is none.
    pub pid: i32,
    child: Option<Child>,
}

impl Running {
    /// Nothing runs yet.
    pub fn new(place: Place, password: SecretString) -> Self {
        Self { place, password, sockets: PathBuf::new(), pid: 0, child: None }
    }

    /// Takes over what runs, else starts it; `true` where it was taken over.
    pub async fn up(&mut self, launch: &Launch) -> Result<bool, EmbedError> {
        let crashed = PidFile::read(&self.place.cluster()).is_some();
        if self.take_over().await? {
            return Ok(true);
        }
        self.launch(launch, if crashed { STARTS_AFTER_CRASH } else { 1 }).await?;
        Ok(false)
    }

    /// Connects to the postmaster that the pid file names, waiting while it starts or stops; `false` where none lives.
    pub async fn take_over(&mut self) -> Result<bool, EmbedError> {
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

    async fn launch(&mut self, launch: &Launch, starts: u32) -> Result<(), EmbedError> {
        postmaster::forget_stale(&self.place.cluster());
        self.sockets = self.place.make_socket_folder()?;
        for _ in 0..starts {
            let child = postmaster::spawn(&self.place, launch, &self.sockets)?;
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
            self.child = None;
            sleep(BETWEEN_STARTS).await;
        }
        Err(self.did_not_start())
    }

    pub fn is_running(&mut self) -> bool {
        match &mut self.child {
            // Asking takes a dead child's entry out of the process table too.
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => PidFile { pid: self.pid, socket_folder: None }.is_running(&self.place.cluster()),
        }
    }

    /// Stops it, in order or by force, and returns when it is gone.
    pub async fn down(&mut self) -> Result<(), EmbedError> {
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

    /// How its superuser connects to a database.
    pub fn config(&self, database: &str) -> Config {
        let mut config = Config::new();
        config.host_path(&self.sockets).user(USER).dbname(database);
        config.password(self.password.expose_secret()).connect_timeout(CONNECT_WITHIN);
        config
    }

    /// Whether it lets us in; an error where it never will.
    async fn answers(&self) -> Result<bool, EmbedError> {
        match timeout(CONNECT_WITHIN, self.config("postgres").connect(NoTls)).await {
            Ok(Ok(_)) => Ok(true),
            Ok(Err(error)) if error.code() == Some(&SqlState::INVALID_PASSWORD) => Err(error.into()),
            _ => Ok(false),
        }
    }

    /// Makes a database where it is missing.
    pub async fn make_database(&self, name: &str) -> Result<(), EmbedError> {
        let (client, connection) = self.config("postgres").connect(NoTls).await?;
        let work = async {
            let found = client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await?;
            if found.is_none() {
                client.batch_execute(&format!("CREATE DATABASE {name}")).await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        };
        tokio::select! {
            done = work => done?,
            ended = connection => ended?,
        }
        Ok(())
    }

    fn did_not_start(&self) -> EmbedError {
        EmbedError::DidNotStart { log: self.place.log(), reason: postmaster::last_words(&self.place) }
    }
}

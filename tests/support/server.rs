//! The server as a process of its own: started, killed, started again.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use crate::client::Client;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// From the start to the line that says it listens; a fresh cluster has to be made first.
const START_WITHIN: Duration = Duration::from_secs(120);

/// For a login, and between two attempts.
const LOGIN_WITHIN: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_millis(200);
/// For a PostgreSQL that was told to drop everything.
const END_WITHIN: Duration = Duration::from_secs(5);

/// A data folder that another user may pass through: where tests run as root, PostgreSQL does not. The private PostgreSQL
/// of a killed server lives on for the next one; where a test failed nobody is next, and it ends with its folder.
pub struct Folder(TempDir);

impl Folder {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).expect("a folder of ours");
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn pid_file(&self) -> PathBuf {
        self.path().join("postgres/cluster/postmaster.pid")
    }

    /// The first line of the pid file.
    pub fn postmaster(&self) -> Option<i32> {
        std::fs::read_to_string(self.pid_file()).ok()?.lines().next()?.trim().parse().ok()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let Some(pid) = self.postmaster() else { return };
        let lives = || {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            // The number may be another's by now.
            String::from_utf8_lossy(&line).contains("postgres")
        };
        let begun = Instant::now();
        while lives() && begun.elapsed() < END_WITHIN {
            let _ = kill(Pid::from_raw(pid), Signal::SIGQUIT);
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A running `comanda serve --demo`. Killed when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts on this data folder, with more settings by their names in the environment.
    pub fn start(data_dir: &Path, port: u16, more: &[(&str, &str)]) -> Self {
        Self::spawn("serve --demo", data_dir, port, more, Stdio::inherit())
    }

    /// The same without the demo: `more` has what is then needed.
    pub fn start_empty(data_dir: &Path, port: u16, more: &[(&str, &str)]) -> Self {
        Self::spawn("serve", data_dir, port, more, Stdio::inherit())
    }

    /// The same, with its log in this file.
    pub fn start_logged(data_dir: &Path, port: u16, more: &[(&str, &str)], log: File) -> Self {
        Self::spawn("serve --demo", data_dir, port, more, log.into())
    }

    fn spawn(arguments: &str, data_dir: &Path, port: u16, more: &[(&str, &str)], log: Stdio) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comanda"));
        command.args(arguments.split(' ')).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("COMANDA_DATA_DIR", data_dir).env("PORT", port.to_string()).current_dir(data_dir);
        command.envs(more.iter().copied()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("the server starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let (found, listening) = mpsc::channel();
        // Reads on after the line, so that the server never writes into a closed pipe.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("listening on http://") {
                    let _ = found.send(address.trim().to_owned());
                }
            }
        });
        let address = listening.recv_timeout(START_WITHIN).expect("the line that says it listens");
        let address = address.parse().expect("an address");
        Self { child, address }
    }

    /// For those who kill it themselves.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().expect("a running server");
        self.child.wait().expect("its end");
    }

    /// SIGTERM; its exit code and how long it took.
    pub fn terminate(mut self) -> (Option<i32>, Duration) {
        let begun = Instant::now();
        let pid = Pid::from_raw(self.child.id().cast_signed());
        kill(pid, Signal::SIGTERM).expect("a running server");
        let status = self.child.wait().expect("its end");
        (status.code(), begun.elapsed())
    }

    /// A client that has logged in, as one of the demo's users.
    pub async fn login(&self, email: &str) -> Client {
        self.login_with(email, "password123").await
    }

    pub async fn login_with(&self, email: &str, password: &str) -> Client {
        let anonymous = Client::anonymous(self.address);
        let body = serde_json::json!({ "email": email, "password": password });
        // A machine that is busy with something else hashes one password after another, and says so.
        let begun = Instant::now();
        let mut answer = anonymous.post("/api/v1/auth/login", body.clone()).await;
        while answer.status == 503 && begun.elapsed() < LOGIN_WITHIN {
            tokio::time::sleep(AGAIN).await;
            answer = anonymous.post("/api/v1/auth/login", body.clone()).await;
        }
        let answer = answer.expect(200);
        anonymous.with_token(answer["accessToken"].as_str().expect("a token"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

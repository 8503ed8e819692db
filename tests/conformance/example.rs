//! The built example as a process: one for all tests that run at the same time, or one of a test's own.

use crate::{
    http::Session,
    raw::{Raw, handshake},
    socket::Socket,
};
use futures_util::FutureExt;
use std::{
    io::{BufRead, BufReader},
    panic::{AssertUnwindSafe, resume_unwind},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak, mpsc},
    time::{Duration, Instant},
};

const START_WITHIN: Duration = Duration::from_secs(60);
/// The suites' own numbers.
pub const PING_INTERVAL: Duration = Duration::from_millis(300);
pub const CONNECT_TIMEOUT: Duration = Duration::from_millis(1_000);
/// Without a pong a session is gone after this.
pub const SILENT: Duration = Duration::from_millis(500);

/// A running example. Killed when the last test lets go of it.
pub struct Example {
    child: Child,
    pub port: u16,
}

/// The built program: `cargo test` puts it beside the folder of the test binaries. `cargo test --test` does not build it;
/// an old one would prove nothing.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("examples/protocol_echo");
    let help = "run `cargo build --example protocol_echo` first";
    let changed = |path: &Path| path.metadata().and_then(|file| file.modified());
    let built = changed(&path).unwrap_or_else(|_| panic!("{} is not built: {help}", path.display()));
    // "program: source source …", spaces within a path escaped.
    let list = std::fs::read_to_string(path.with_extension("d")).unwrap().replace("\\ ", "\0");
    let sources = list.split_whitespace().skip(1).map(|source| source.replace('\0', " "));
    let newer = |source: &String| changed(source.as_ref()).map_or(true, |time| time > built);
    if let Some(source) = sources.into_iter().find(newer) {
        panic!("{} is older than {source}: {help}", path.display());
    }
    path
}

impl Example {
    /// The one that all tests share which disturb nobody.
    pub fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Example>> = Mutex::new(Weak::new());
        // A failed start is the next test's too: it shall say why by itself.
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let example = Arc::new(Self::start());
            *running = Arc::downgrade(&example);
            example
        })
    }

    /// One for a single test.
    pub fn start() -> Self {
        let program = program();
        let mut command = Command::new(&program);
        // In a folder without settings: the product's defaults.
        command.args(["--port", "0"]).env_clear().current_dir(program.parent().unwrap());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the example starts");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (found, listening) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(port) = line.strip_prefix("listening on http://127.0.0.1:") {
                    let _ = found.send(port.parse().expect("a port"));
                }
            }
        });
        let port = listening.recv_timeout(START_WITHIN);
        if port.is_err() {
            let _ = child.kill();
        }
        Self { port: port.expect("the line that says it listens"), child }
    }

    /// Most memory it ever had, in KiB (`VmHWM`).
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    pub fn url(&self, path: &str, query: &str) -> String {
        format!("http://127.0.0.1:{}{path}?{query}", self.port)
    }

    /// Opens a session on long-polling.
    pub async fn polls(&self, path: &str) -> Session {
        Session::open(self.url(path, "EIO=4&transport=polling")).await
    }

    /// Opens a session on a WebSocket; its handshake is read.
    pub async fn socket(&self, path: &str) -> Socket {
        let mut socket = Socket::open(&self.url(path, "EIO=4&transport=websocket")).await;
        assert!(socket.hears().await.starts_with("0{"));
        socket
    }

    /// A client in the main namespace of Socket.IO, which has been told so.
    pub async fn client(&self) -> Socket {
        let mut socket = self.socket(SOCKET_IO).await;
        socket.says("40").await;
        assert!(socket.packet().await.starts_with(r#"40{"sid":""#));
        assert_eq!(socket.packet().await, r#"42["auth",{}]"#);
        socket
    }

    /// The echo of bytes.
    pub async fn echo(&self) -> Raw {
        let mut raw = Raw::connects(self.port).await;
        raw.sends(handshake("/echo", "").as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        raw
    }

    /// It still serves: a new client connects, speaks and is heard.
    pub async fn is_well(&self) {
        let mut client = self.client().await;
        client.says(r#"42["message","well?"]"#).await;
        assert_eq!(client.packet().await, r#"42["message-back","well?"]"#);
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub const ENGINE_IO: &str = "/engine.io/";
pub const SOCKET_IO: &str = "/socket.io/";

/// Runs a case whose sessions live for `limit` only: where it fails after more than that, the machine was too slow for a
/// verdict, and it is tried again, at most five times. A case that is wrong fails every time.
pub async fn stands(limit: Duration, case: impl AsyncFn(&Example)) {
    let example = Example::shared();
    for last in [false, false, false, false, true] {
        let start = Instant::now();
        let Err(panic) = AssertUnwindSafe(case(&example)).catch_unwind().await else { return };
        if last || start.elapsed() <= limit {
            resume_unwind(panic);
        }
    }
}

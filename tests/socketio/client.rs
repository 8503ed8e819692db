//! A real Socket.IO client in a process of its own: npm's, see `tests/clients/listen.mjs`, or Debian's for Python, see
//! `listen.py` beside it.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use serde_json::{Value, json};
use std::{net::SocketAddr, process::Stdio, sync::OnceLock, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");
/// Debian's own: the packages are its.
const PYTHON: &str = "/usr/bin/python3";
/// Starting a JavaScript engine on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(60);

/// Told of every line of every client that talks to this address and namespace.
pub static HEARD: OnceLock<fn(SocketAddr, &str, &Value)> = OnceLock::new();

/// One client. Ends with the test.
pub struct Client {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// What it was started with, for whoever reads of its failure.
    settings: String,
    /// Where it talks to; `None` where that is no address.
    address: Option<SocketAddr>,
    namespace: String,
    /// Where it says it is; the upgrade may come before or after the namespace.
    pub on_websocket: bool,
}

impl Client {
    /// Connects with the token in `auth`, by the transports given: `["polling", "websocket"]` is the default mode.
    pub fn start(url: &str, token: &str, transports: &[&str]) -> Self {
        Self::with(
            &json!({ "url": url, "auth": { "token": token }, "options": { "transports": transports } }),
        )
    }

    /// With whatever the script takes; `client` is `"python"` or, for npm's, the package.
    pub fn with(settings: &Value) -> Self {
        let python = settings["client"] == "python";
        let (program, script) = if python { (PYTHON, "listen.py") } else { ("node", "listen.mjs") };
        let mut process = Command::new(program)
            .arg(format!("{CLIENTS}/{script}"))
            .arg(settings.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("installed by .ci/need");
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = settings["url"].as_str().and_then(|url| url.strip_prefix("http://"));
        let address = url.and_then(|url| url.trim_end_matches('/').parse().ok());
        let namespace = settings["namespace"].as_str().unwrap_or("/").to_owned();
        let settings = settings.to_string();
        Self { _process: process, input, output, settings, address, namespace, on_websocket: false }
    }

    /// What happens next.
    pub async fn next(&mut self) -> Value {
        let line = timeout(PATIENCE, self.output.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("it says nothing: {}", self.settings));
        let line = line.unwrap().expect("the client lives; is `.ci/need clients python` done?");
        let what: Value = serde_json::from_str(&line).unwrap();
        if let (Some(heard), Some(address)) = (HEARD.get(), self.address) {
            heard(address, &self.namespace, &what);
        }
        if let Some(transport) = what["transport"].as_str() {
            self.on_websocket = transport == "websocket";
        }
        what
    }

    /// Waits for the upgrade, unless it has happened.
    pub async fn upgraded(&mut self) {
        while !self.on_websocket {
            self.next().await;
        }
    }

    /// Skips to the next thing of this kind.
    pub async fn until(&mut self, what: &str) -> Value {
        loop {
            let next = self.next().await;
            if next["what"] == what {
                return next;
            }
        }
    }

    pub async fn connected(&mut self) -> Value {
        self.until("connect").await
    }

    /// The next event, which has this name; its first argument.
    pub async fn event(&mut self, name: &str) -> Value {
        let mut event = self.until("event").await;
        assert_eq!(event["name"], name, "{event}");
        event["args"][0].take()
    }

    pub async fn says(&mut self, command: &Value) {
        self.input.write_all(format!("{command}\n").as_bytes()).await.unwrap();
    }

    /// Emits with an acknowledgement and waits for that and for an event, whichever comes first.
    pub async fn asks_and_hears(&mut self, event: &Value) -> (Value, Value) {
        self.says(&json!({ "ask": event })).await;
        let (mut answer, mut heard) = (None, None);
        while answer.is_none() || heard.is_none() {
            let mut next = self.next().await;
            match next["what"].as_str() {
                Some("ack") => answer = Some(next["value"].take()),
                Some("event") => heard = Some(next["args"][0].take()),
                Some("no-ack") => panic!("not acknowledged: {event}"),
                _ => {}
            }
        }
        answer.zip(heard).unwrap()
    }

    /// Emits with an acknowledgement and waits for it; nothing has come before it.
    pub async fn asks_in_silence(&mut self, event: &Value) -> Value {
        self.says(&json!({ "ask": event })).await;
        let mut next = self.next().await;
        assert_eq!(next["what"], "ack", "{next}");
        next["value"].take()
    }

    /// Emits with an acknowledgement and waits for it.
    pub async fn asks(&mut self, event: &Value) -> Value {
        self.says(&json!({ "ask": event })).await;
        loop {
            let mut next = self.next().await;
            match next["what"].as_str() {
                Some("ack") => return next["value"].take(),
                Some("no-ack") => panic!("not acknowledged: {event}"),
                _ => {}
            }
        }
    }
}

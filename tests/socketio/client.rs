//! npm's real Socket.IO client, in a process of its own: see `tests/clients/listen.mjs`.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use serde_json::{Value, json};
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/listen.mjs");
/// Starting a JavaScript engine on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(20);

/// One client. Ends with the test.
pub struct Client {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
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

    /// With whatever the script takes.
    pub fn with(settings: &Value) -> Self {
        let mut process = Command::new("node")
            .arg(SCRIPT)
            .arg(settings.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is installed");
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { _process: process, input, output, on_websocket: false }
    }

    /// What happens next.
    pub async fn next(&mut self) -> Value {
        let line = timeout(PATIENCE, self.output.next_line()).await.expect("the client says something");
        let line = line.unwrap().expect("the client lives; is `npm ci` done in tests/clients?");
        let what: Value = serde_json::from_str(&line).unwrap();
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

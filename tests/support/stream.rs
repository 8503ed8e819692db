//! A reader of the event stream (server-sent events), as a browser's `EventSource` is one.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use crate::client::{self, Client};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open stream.
pub struct Reader {
    response: reqwest::Response,
    address: std::net::SocketAddr,
    /// A chunk may end in the middle of a character.
    bytes: Vec<u8>,
    pub epoch: String,
    /// Position of the newest event seen, or of the welcome.
    pub seq: u64,
}

/// What stands between two blank lines.
#[derive(Debug, Default)]
struct Block {
    id: Option<String>,
    event: Option<String>,
    data: Option<Value>,
    comment: Option<String>,
}

impl Reader {
    pub async fn open(who: &Client) -> Self {
        Self::get(who, "", None).await
    }

    /// Goes on after an id, as a browser does by itself.
    pub async fn resume(who: &Client, last_event_id: &str) -> Self {
        Self::get(who, "", Some(last_event_id)).await
    }

    /// Without a header: with a ticket.
    pub async fn with_ticket(who: &Client) -> Self {
        let ticket = who.press("/api/v1/events/ticket").await.expect(201)["ticket"].clone();
        Self::redeem(who, ticket.as_str().unwrap()).await
    }

    /// With this ticket and nothing else.
    pub async fn redeem(who: &Client, ticket: &str) -> Self {
        Self::get(&Client::anonymous(who.address), &format!("?ticket={ticket}"), None).await
    }

    async fn get(who: &Client, query: &str, last_event_id: Option<&str>) -> Self {
        let opened = timeout(PATIENCE, Self::try_get(who, query, last_event_id)).await;
        opened.expect("an answer in time").expect("an answer")
    }

    /// For tests in which the server may be gone; `None` where there is no stream.
    pub async fn try_open(who: &Client, last_event_id: Option<&str>) -> Option<Self> {
        Self::try_get(who, "", last_event_id).await.ok()
    }

    async fn try_get(
        who: &Client,
        query: &str,
        last_event_id: Option<&str>,
    ) -> Result<Self, Option<reqwest::Error>> {
        let mut request =
            reqwest::Client::new().get(format!("http://{}/api/v1/events/stream{query}", who.address));
        if let Some(token) = &who.token {
            request = request.bearer_auth(token);
        }
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        let response = request.send().await?.error_for_status()?;
        let mut reader =
            Self { response, address: who.address, bytes: Vec::new(), epoch: String::new(), seq: 0 };
        // Where the join takes long, comments come before it.
        let welcome = loop {
            if let Some(id) = reader.block().await.ok_or(None)?.id {
                break id;
            }
        };
        (reader.epoch, reader.seq) = position(&welcome);
        Ok(reader)
    }

    async fn block(&mut self) -> Option<Block> {
        loop {
            if let Some(end) = self.bytes.windows(2).position(|pair| pair == b"\n\n") {
                let mut block = Block::default();
                let text = self.bytes.drain(..end + 2).collect();
                let text = String::from_utf8(text).expect("UTF-8");
                for line in text.trim_end_matches('\n').lines() {
                    match line.split_once(": ").unwrap_or((line, "")) {
                        ("id", id) => block.id = Some(id.to_owned()),
                        ("event", name) => block.event = Some(name.to_owned()),
                        ("data", data) => block.data = Some(serde_json::from_str(data).expect("JSON")),
                        ("", comment) => block.comment = Some(comment.to_owned()),
                        ("retry", _) => {}
                        _ => panic!("not a field: {line}"),
                    }
                }
                return Some(block);
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("a chunk in time");
            let Ok(Some(chunk)) = chunk else { return None };
            self.bytes.extend_from_slice(&chunk);
        }
    }

    /// The next event as `{event, data}`; its id follows the one before.
    pub async fn event(&mut self) -> Value {
        let event = async {
            loop {
                if let Some(event) = self.said().await.expect("an open stream") {
                    return event;
                }
            }
        };
        timeout(PATIENCE, event).await.expect("an event in time")
    }

    /// The next event, `Some(None)` for a comment, `None` when the stream has ended.
    pub async fn said(&mut self) -> Option<Option<Value>> {
        let Block { event: Some(name), data: Some(data), id, .. } = self.block().await? else {
            return Some(None);
        };
        let (epoch, seq) = position(&id.expect("an id"));
        if name != "resync" {
            assert_eq!((&epoch, seq), (&self.epoch, self.seq + 1), "a gap or a double: {name} {data}");
        }
        (self.epoch, self.seq) = (epoch, seq);
        let event = json!({ "event": name, "data": data });
        client::heard(self.address, "events", &event);
        Some(Some(event))
    }

    /// The payload of the next event, which has this name.
    pub async fn expect(&mut self, name: &str) -> Value {
        let event = self.event().await;
        assert_eq!(event["event"], name, "{event}");
        event["data"].clone()
    }

    pub async fn events(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        while events.len() < count {
            events.push(self.event().await);
        }
        events
    }

    /// The next comment, which nothing else comes before.
    pub async fn comment(&mut self) -> String {
        self.block().await.expect("an open stream").comment.expect("a comment")
    }

    /// The last comment before the stream's end.
    pub async fn end(&mut self) -> Option<String> {
        let end = async {
            let mut last = None;
            while let Some(block) = self.block().await {
                last = block.comment.or(last);
            }
            last
        };
        timeout(PATIENCE, end).await.expect("an end in time")
    }
}

/// `epoch:seq`.
fn position(id: &str) -> (String, u64) {
    let (epoch, seq) = id.rsplit_once(':').unwrap_or_else(|| panic!("not a position: {id}"));
    (epoch.to_owned(), seq.parse().expect("a seq"))
}

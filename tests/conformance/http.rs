//! Long-polling with verbs.

use reqwest::{Client, Method};
use serde_json::Value;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

/// Sends a request; status and body of its answer.
pub async fn ask(method: Method, url: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
    let request = Client::new().request(method, url).body(body).timeout(PATIENCE);
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// A session that was opened on long-polling.
pub struct Session {
    pub handshake: Value,
    url: String,
}

impl Session {
    pub async fn open(url: String) -> Self {
        let (status, body) = ask(Method::GET, &url, "").await;
        assert_eq!(status, 200, "{body}");
        let json = body.strip_prefix('0').expect("an open packet");
        let handshake: Value = serde_json::from_str(json).unwrap();
        let sid = handshake["sid"].as_str().expect("a sid");
        Self { url: format!("{url}&sid={sid}"), handshake }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of the WebSocket that takes over.
    pub fn upgrade_url(&self) -> String {
        self.url.replace("transport=polling", "transport=websocket")
    }

    pub async fn get(&self) -> (u16, String) {
        ask(Method::GET, &self.url, "").await
    }

    pub async fn post(&self, body: &str) -> (u16, String) {
        ask(Method::POST, &self.url, body.to_owned()).await
    }

    /// Posts what is welcome.
    pub async fn says(&self, body: &str) {
        assert_eq!(self.post(body).await, (200, "ok".to_owned()), "{:?}", &body[..body.len().min(80)]);
    }

    /// Polls packets.
    pub async fn hears(&self) -> String {
        let (status, body) = self.get().await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Nobody knows it any more.
    pub async fn is_gone(&self) {
        assert_eq!(self.get().await.0, 400);
    }
}

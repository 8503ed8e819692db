//! A Socket.IO client on long-polling, as small as it gets.

use crate::client::Client;
use serde_json::{Value, json};
use std::{collections::VecDeque, time::Duration};
use tokio::time::timeout;

/// Longest wait for what must come, pings included.
const PATIENCE: Duration = Duration::from_secs(30);

/// A member of the namespace `/`.
pub struct Poller {
    http: reqwest::Client,
    url: String,
    packets: VecDeque<String>,
}

impl Poller {
    /// Opens a session and connects with the client's token.
    pub async fn join(who: &Client) -> Self {
        let (poller, connected) = Self::enter(who, &json!({ "token": who.token })).await;
        assert!(connected.starts_with("40{"), "{connected}");
        poller
    }

    /// Opens a session and says this in its CONNECT; what that is answered.
    pub async fn enter(who: &Client, auth: &Value) -> (Self, String) {
        let mut poller = Self::open(who).await;
        poller.post(format!("40{auth}")).await;
        let answer = poller.packet().await;
        (poller, answer)
    }

    /// Opens a session, in no namespace yet.
    pub async fn open(who: &Client) -> Self {
        let base = format!("http://{}/socket.io/?EIO=4&transport=polling", who.address);
        let mut poller = Self { http: reqwest::Client::new(), url: base, packets: VecDeque::new() };
        let open = poller.packet().await;
        let handshake: Value = serde_json::from_str(open.strip_prefix('0').expect("a handshake")).unwrap();
        poller.url = format!("{}&sid={}", poller.url, handshake["sid"].as_str().unwrap());
        poller
    }

    /// Emits an event without an acknowledgement.
    pub async fn say(&self, event: &str, data: Value) {
        self.post(format!("42{}", json!([event, data]))).await;
    }

    /// Emits with an acknowledgement and waits for that; what comes before it is kept.
    pub async fn ask(&mut self, event: &str, data: Value) -> Value {
        self.asks(json!([event, data])).await
    }

    /// The same under a key.
    pub async fn ask_under(&mut self, key: &str, event: &str, data: Value) -> Value {
        self.asks(json!([event, data, { "key": key }])).await
    }

    async fn asks(&mut self, arguments: Value) -> Value {
        self.post(format!("427{arguments}")).await;
        let mut kept = VecDeque::new();
        let answer = loop {
            let packet = self.packet().await;
            match packet.strip_prefix("437") {
                Some(answer) => break serde_json::from_str::<Value>(answer).unwrap()[0].take(),
                None => kept.push_back(packet),
            }
        };
        kept.append(&mut self.packets);
        self.packets = kept;
        answer
    }

    /// The server takes the client out of the namespace, for good.
    pub async fn expect_disconnect(&mut self) {
        assert_eq!(self.packet().await, "41");
    }

    /// Ends the session, as `socket.disconnect()` does.
    pub async fn leave(self) {
        self.post("1".into()).await;
    }

    /// Says one packet, or several with their separators.
    pub async fn post(&self, packet: String) {
        let sent = self.http.post(&self.url).body(packet).timeout(PATIENCE).send();
        let answer = sent.await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "ok");
    }

    /// The next packet; pings are answered.
    pub async fn packet(&mut self) -> String {
        timeout(PATIENCE, self.poll()).await.expect("a packet in time")
    }

    async fn poll(&mut self) -> String {
        loop {
            match self.packets.pop_front() {
                Some(ping) if ping == "2" => self.post("3".into()).await,
                Some(packet) => return packet,
                None => {
                    let answer = self.http.get(&self.url).send().await.unwrap();
                    assert_eq!(answer.status(), 200);
                    let text = answer.text().await.unwrap();
                    self.packets.extend(text.split('\u{1e}').map(ToOwned::to_owned));
                }
            }
        }
    }

    /// The next event as `{event, data}`.
    pub async fn event(&mut self) -> Value {
        let packet = self.packet().await;
        let event: Value = serde_json::from_str(packet.strip_prefix("42").expect("an event")).unwrap();
        json!({ "event": event[0], "data": event[1] })
    }

    /// The payload of the next event, which has this name.
    pub async fn expect(&mut self, name: &str) -> Value {
        let event = self.event().await;
        assert_eq!(event["event"], name, "{event}");
        event["data"].clone()
    }
}

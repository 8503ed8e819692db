//! A Socket.IO client on long-polling, as small as it gets.

use crate::client::{self, Client};
use serde_json::{Value, json};
use std::{collections::VecDeque, net::SocketAddr, time::Duration};
use tokio::time::timeout;

/// Longest wait for what must come, pings included.
const PATIENCE: Duration = Duration::from_secs(30);

/// A member of a namespace: of `/`, unless said otherwise.
pub struct Poller {
    http: reqwest::Client,
    url: String,
    packets: VecDeque<String>,
    address: SocketAddr,
    /// What stands between a packet's type and its content: nothing for `/`.
    prefix: String,
}

/// As the AsyncAPI document calls a namespace.
fn channel(prefix: &str) -> &str {
    if prefix.is_empty() { "main" } else { prefix.trim_matches(['/', ',']) }
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
        Self::enter_at(who, "/", auth).await
    }

    /// The same in another namespace.
    pub async fn enter_at(who: &Client, namespace: &str, auth: &Value) -> (Self, String) {
        let mut poller = Self::open(who).await;
        if namespace != "/" {
            poller.prefix = format!("{namespace},");
        }
        poller.post(format!("40{}{auth}", poller.prefix)).await;
        let answer = poller.packet().await;
        if answer.starts_with("40") {
            client::asked(who.address, channel(&poller.prefix), "CONNECT", auth);
        }
        (poller, answer)
    }

    /// A member of a namespace, with the client's token.
    pub async fn join_at(who: &Client, namespace: &str) -> Self {
        let (poller, connected) = Self::enter_at(who, namespace, &json!({ "token": who.token })).await;
        assert!(connected.starts_with(&format!("40{}{{", poller.prefix)), "{connected}");
        poller
    }

    /// Tells of a packet what the AsyncAPI document has words for.
    fn tells(&self, packet: &str) {
        let content = |kind: &str| packet.strip_prefix(kind)?.strip_prefix(&self.prefix);
        let read = |text: &str| serde_json::from_str::<Value>(text).ok();
        let ack = |text: &str| read(text.trim_start_matches(|c: char| c.is_ascii_digit()));
        let told = None
            .or_else(|| content("40").and_then(read).map(|sid| json!({ "connected": sid })))
            .or_else(|| content("44").and_then(read).map(|why| json!({ "refused": why })))
            .or_else(|| content("42").and_then(read).map(|all| json!({ "event": all[0], "data": all[1] })))
            .or_else(|| content("43").and_then(ack).map(|all| json!({ "ack": all[0] })));
        if let Some(told) = told {
            client::heard(self.address, channel(&self.prefix), &told);
        }
    }

    /// Opens a session, in no namespace yet.
    pub async fn open(who: &Client) -> Self {
        let base = format!("http://{}/socket.io/?EIO=4&transport=polling", who.address);
        let (http, packets, prefix) = (reqwest::Client::new(), VecDeque::new(), String::new());
        let mut poller = Self { http, url: base, packets, address: who.address, prefix };
        let open = poller.packet().await;
        let handshake: Value = serde_json::from_str(open.strip_prefix('0').expect("a handshake")).unwrap();
        poller.url = format!("{}&sid={}", poller.url, handshake["sid"].as_str().unwrap());
        poller
    }

    /// Emits an event without an acknowledgement.
    pub async fn say(&self, event: &str, data: Value) {
        self.post(format!("42{}{}", self.prefix, json!([event, data]))).await;
    }

    /// Emits with an acknowledgement and waits for that; what comes before it is kept.
    pub async fn ask(&mut self, event: &str, data: Value) -> Value {
        self.asks(event, json!([event, &data]), &data).await
    }

    /// The same under a key.
    pub async fn ask_under(&mut self, key: &str, event: &str, data: Value) -> Value {
        self.asks(event, json!([event, &data, { "key": key }]), &data).await
    }

    async fn asks(&mut self, event: &str, arguments: Value, data: &Value) -> Value {
        self.post(format!("42{}7{arguments}", self.prefix)).await;
        let acknowledged = format!("43{}7", self.prefix);
        let mut kept = VecDeque::new();
        let answer = loop {
            let packet = self.packet().await;
            match packet.strip_prefix(&acknowledged) {
                Some(answer) => break serde_json::from_str::<Value>(answer).unwrap()[0].take(),
                None => kept.push_back(packet),
            }
        };
        kept.append(&mut self.packets);
        self.packets = kept;
        if answer.get("error").is_none() {
            client::asked(self.address, channel(&self.prefix), event, data);
        }
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
                Some(packet) => {
                    self.tells(&packet);
                    return packet;
                }
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
        let event: Value = serde_json::from_str(
            packet.strip_prefix("42").and_then(|rest| rest.strip_prefix(&self.prefix)).expect("an event"),
        )
        .unwrap();
        json!({ "event": event[0], "data": event[1] })
    }

    /// The payload of the next event, which has this name.
    pub async fn expect(&mut self, name: &str) -> Value {
        let event = self.event().await;
        assert_eq!(event["event"], name, "{event}");
        event["data"].clone()
    }

    /// The payload of the next event of this name, whatever comes before.
    pub async fn until(&mut self, name: &str) -> Value {
        loop {
            let packet = self.packet().await;
            let content = packet.strip_prefix("42").and_then(|rest| rest.strip_prefix(&self.prefix));
            let Some(content) = content else { continue };
            let mut event: Value = serde_json::from_str(content).unwrap();
            if event[0] == name {
                return event[1].take();
            }
        }
    }
}

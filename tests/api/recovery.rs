//! Connection state recovery as npm's client has it: lost networks, killed servers, other nodes; no event lost, doubled or
//! out of order.

mod by_hand;
mod lost;
mod msgpack;
mod network;
mod restarts;
mod slow;
mod storm;

use crate::{proxy::Proxy, stock_client::Client, support::House};
use serde_json::{Value, json};

const MODES: [&[&str]; 3] = [&["polling"], &["websocket"], &["polling", "websocket"]];

/// npm's client behind a bad network, and what it heard.
struct Listener {
    client: Client,
    /// The events of the log, each with its name and payload.
    heard: Vec<Value>,
    resyncs: Vec<Value>,
    /// What its last `connect` said, and all of them.
    connected: Value,
    connects: Vec<Value>,
}

impl Listener {
    /// Connects, for the first time.
    async fn start(proxy: &Proxy, token: &str, transports: &[&str]) -> Self {
        Self::speaking("json", proxy, token, transports).await
    }

    /// The same with this parser.
    async fn speaking(parser: &str, proxy: &Proxy, token: &str, transports: &[&str]) -> Self {
        let client = Client::with(&json!({
            "url": format!("http://{}", proxy.address), "parser": parser, "auth": { "token": token },
            "options": { "transports": transports },
        }));
        let (heard, resyncs, connects) = (vec![], vec![], vec![]);
        let mut listener = Self { client, heard, resyncs, connected: Value::Null, connects };
        listener.until("connect").await;
        assert_ne!(listener.connected["recovered"], true, "{}", listener.connected);
        listener
    }

    /// One for each way to travel.
    async fn each(proxy: &Proxy, house: &House) -> Vec<Self> {
        let mut listeners = Vec::new();
        for mode in MODES {
            listeners.push(Self::start(proxy, house.kitchen.token.as_deref().unwrap(), mode).await);
        }
        listeners
    }

    /// What happens next, written down.
    async fn next(&mut self) -> Value {
        let next = self.client.next().await;
        match next["what"].as_str() {
            Some("connect") => {
                self.connected = next.clone();
                self.connects.push(next.clone());
            }
            Some("event") => {
                let arguments = next["args"].as_array().unwrap();
                let [data, offset] = arguments.as_slice() else { panic!("not two arguments: {next}") };
                let (_, seq) = offset.as_str().unwrap().split_once(':').unwrap();
                assert_eq!(data["seq"].to_string(), seq, "{next}");
                match next["name"].as_str() {
                    Some("resync") => self.resyncs.push(data.clone()),
                    name => self.heard.push(json!({ "event": name, "data": data })),
                }
            }
            _ => {}
        }
        next
    }

    async fn until(&mut self, what: &str) -> Value {
        loop {
            let next = self.next().await;
            if next["what"] == what {
                return next;
            }
        }
    }

    /// It is in again, with the socket that it had.
    async fn recovers(&mut self) {
        let id = self.connected["id"].clone();
        let again = self.until("connect").await;
        assert_eq!((&again["recovered"], &again["id"]), (&json!(true), &id), "{again}");
    }

    /// Everything up to the event with this number.
    async fn hears(&mut self, last: usize) {
        while self.heard.last().is_none_or(|event| event["data"]["seq"].as_u64() < Some(last as u64)) {
            self.next().await;
        }
    }
}

/// The network is gone, and everyone has noticed.
async fn goes_away(proxy: &Proxy, listeners: &mut [Listener]) {
    proxy.refuse();
    proxy.cut();
    for listener in listeners {
        listener.until("disconnect").await;
    }
}

/// The log, in the form that clients hear it.
async fn logged(house: &House) -> Vec<Value> {
    let log = house.log().await;
    log.iter().map(|event| json!({ "event": event["event"], "data": event["data"] })).collect()
}

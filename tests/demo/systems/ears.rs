//! Whoever listens: npm's client by each of its transports, a plain WebSocket, server-sent events.

use crate::{client::Client as Rest, display::Display, stock_client::Client as Stock, stream::Reader};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(60);

const TRANSPORTS: [&[&str]; 3] = [&["polling"], &["websocket"], &["polling", "websocket"]];

pub enum Ear {
    Stock(Box<Stock>),
    /// One of ours that is read all along: who answers no ping is cut off.
    Read(UnboundedReceiver<Value>),
}

impl Ear {
    fn plain(mut display: Display) -> Self {
        let (heard, events) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(frame) = display.next().await {
                if frame["event"] != "heartbeat" {
                    let _ = heard.send(json!({ "event": frame["event"], "data": frame["data"] }));
                }
            }
        });
        Self::Read(events)
    }

    fn stream(mut reader: Reader) -> Self {
        let (heard, events) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(said) = reader.said().await {
                said.into_iter().for_each(|event| drop(heard.send(event)));
            }
        });
        Self::Read(events)
    }

    /// The next event, `{event, data}`.
    pub async fn hears(&mut self) -> Value {
        match self {
            Self::Stock(client) => {
                let mut event = client.until("event").await;
                json!({ "event": event["name"], "data": event["args"][0].take() })
            }
            Self::Read(events) => {
                timeout(PATIENCE, events.recv()).await.expect("an event").expect("an open socket")
            }
        }
    }

    /// What it asks is answered, and nothing came before.
    pub async fn hears_nothing(&mut self, name: &str) {
        let Self::Stock(client) = self else { panic!("{name} asks nothing") };
        client.says(&json!({ "ask": ["auth-get-account", {}] })).await;
        loop {
            let next = client.next().await;
            match next["what"].as_str() {
                Some("ack") => return,
                Some("upgrade") => {}
                _ => panic!("{name}: {next}"),
            }
        }
    }
}

/// An event of a declared entity as Socket.IO's listeners have it in the older form: one entity, or the id of one that is gone.
fn on_socketio(event: &Value) -> Value {
    // `items`, `eventId`, `seq`, and nothing else.
    let is_of_an_entity = event["data"].as_object().is_some_and(|data| data.len() == 3);
    let Some(item) = event["data"]["items"].get(0).filter(|_| is_of_an_entity) else { return event.clone() };
    let gone = event["event"].as_str().is_some_and(|name| name.ends_with("-delete-one"));
    json!({ "event": event["event"], "data": if gone { &item["id"] } else { item } })
}

/// Each hears exactly these, `{event, data}`, in this order.
pub async fn hear(ears: &mut [(String, Ear)], expected: &[Value]) {
    for (name, ear) in ears {
        for expected in expected {
            let expected =
                if matches!(ear, Ear::Stock(_)) { on_socketio(expected) } else { expected.clone() };
            assert_eq!(ear.hears().await, expected, "{name}");
        }
    }
}

async fn on(who: &Rest, namespace: &str) -> Vec<(String, Ear)> {
    let mut ears = Vec::new();
    for transports in TRANSPORTS {
        let mut client = Stock::with(&json!({
            "url": format!("http://{}", who.address), "namespace": namespace,
            "auth": { "token": who.token }, "options": { "transports": transports },
        }));
        client.connected().await;
        if transports.len() > 1 {
            client.upgraded().await;
        }
        ears.push((format!("Socket.IO {namespace} {transports:?}"), Ear::Stock(Box::new(client))));
    }
    ears
}

/// The restaurant's own events, every way there is.
pub async fn everywhere(who: &Rest) -> Vec<(String, Ear)> {
    let mut ears = on(who, "/").await;
    ears.push(("WebSocket /ws".to_owned(), Ear::plain(Display::join(who).await)));
    ears.push(("server-sent events".to_owned(), Ear::stream(Reader::open(who).await)));
    ears
}

/// Specification 000's panels.
pub async fn admins(who: &Rest) -> Vec<(String, Ear)> {
    on(who, "/admin").await
}

/// Specification 002's frontends, and its Postman.
pub async fn board(who: &Rest) -> Vec<(String, Ear)> {
    let mut ears = on(who, "/donations").await;
    ears.push(("WebSocket /donations".to_owned(), Ear::plain(Display::on_board(who, None).await)));
    ears
}

/// Specification 003's clients.
pub async fn api(who: &Rest) -> Vec<(String, Ear)> {
    on(who, "/api").await
}

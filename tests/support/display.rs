//! A kitchen display on the plain WebSocket.

use crate::client::Client;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long nothing must come; a heartbeat is not something.
const SILENCE: Duration = Duration::from_millis(300);

/// A connected display.
pub struct Display {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// What the server said first.
    pub ready: Value,
    /// Position of the newest event seen.
    pub seq: u64,
    pub epoch: String,
}

impl Display {
    /// Joins with the client's token in the header.
    pub async fn join(who: &Client) -> Self {
        Self::try_join(who, None).await.expect("an open socket")
    }

    /// Joins and asks for what came after `(epoch, seq)`.
    pub async fn resume(who: &Client, epoch: &str, seq: u64) -> Self {
        Self::try_join(who, Some((epoch, seq))).await.expect("an open socket")
    }

    /// For tests in which the server may be gone or refuse.
    pub async fn try_join(who: &Client, since: Option<(&str, u64)>) -> Result<Self, Error> {
        let query = since.map(|(epoch, seq)| format!("?epoch={epoch}&since={seq}")).unwrap_or_default();
        let mut request = format!("ws://{}/ws{query}", who.address).into_client_request()?;
        if let Some(token) = &who.token {
            let header = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().insert("Authorization", header);
        }
        let (socket, _): (_, Response<_>) = connect_async(request).await?;
        let mut display = Self { socket, ready: Value::Null, seq: 0, epoch: String::new() };
        let ready = display.next().await.ok_or(Error::ConnectionClosed)?;
        if ready["event"] != "ready" {
            return Err(Error::ConnectionClosed);
        }
        display.ready = ready["data"].clone();
        display.epoch = display.ready["epoch"].as_str().unwrap().to_owned();
        display.seq = since.map_or(display.ready["seq"].as_u64().unwrap(), |(_, seq)| seq);
        Ok(display)
    }

    /// The next frame, heartbeats included; `None` when the socket has ended.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("a frame in time")? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).expect("JSON")),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next event; its `seq` follows the one before.
    pub async fn event(&mut self) -> Value {
        self.try_event().await.expect("an open socket")
    }

    pub async fn try_event(&mut self) -> Option<Value> {
        loop {
            let frame = self.next().await?;
            if matches!(frame["event"].as_str(), Some("heartbeat" | "resync")) {
                continue;
            }
            let seq = frame["data"]["seq"].as_u64().unwrap_or_else(|| panic!("no seq in {frame}"));
            assert_eq!(seq, self.seq + 1, "a gap or a double: {frame}");
            self.seq = seq;
            return Some(frame);
        }
    }

    /// The payload of the next event, which has this name.
    #[track_caller]
    pub fn expect(&mut self, name: &str) -> impl Future<Output = Value> {
        let name = name.to_owned();
        async move {
            let event = self.event().await;
            assert_eq!(event["event"], name.as_str(), "{event}");
            event["data"].clone()
        }
    }

    /// The next `count` events.
    pub async fn events(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        while events.len() < count {
            events.push(self.event().await);
        }
        events
    }

    /// Fails if an event comes within a moment.
    pub async fn expect_nothing(&mut self) {
        if let Ok(event) = tokio::time::timeout(SILENCE, self.event()).await {
            panic!("{event}");
        }
    }

    pub async fn send(&mut self, event: &str, data: Value) {
        self.send_text(json!({ "event": event, "data": data, "id": 1 }).to_string()).await;
    }

    pub async fn send_text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.expect("an open socket");
    }

    /// The code of the Close frame that ends the socket.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("an end in time") {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}

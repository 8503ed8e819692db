//! A kitchen display on the plain WebSocket.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use crate::client::{self, Client};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same for an event: heartbeats come instead while the database is away, which some tests see to.
const EVENT_PATIENCE: Duration = Duration::from_secs(60);
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
    address: SocketAddr,
    /// As the AsyncAPI document calls it.
    channel: &'static str,
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
        let query = match since {
            None => String::new(),
            Some(("", seq)) => format!("?since={seq}"),
            Some((epoch, seq)) => format!("?epoch={epoch}&since={seq}"),
        };
        Self::joined(Self::dial(who.address, &format!("/ws{query}"), who.token.as_deref()).await?, since)
            .await
    }

    /// The same on the donation board of an NGO or a restaurant.
    pub async fn on_board(who: &Client, since: Option<(&str, u64)>) -> Self {
        let query = since.map(|(epoch, seq)| format!("?epoch={epoch}&since={seq}")).unwrap_or_default();
        Self::joins_at(who, &format!("/donations{query}"), since).await
    }

    /// The same on the one of its boards that is called so.
    pub async fn on_board_called(who: &Client, board: &str) -> Self {
        Self::joins_at(who, &format!("/donations?board={board}"), None).await
    }

    async fn joins_at(who: &Client, path: &str, since: Option<(&str, u64)>) -> Self {
        let dialled = Self::dial(who.address, path, who.token.as_deref()).await;
        Self::joined(dialled.expect("an open socket"), since).await.expect("a board")
    }

    async fn joined(mut display: Self, since: Option<(&str, u64)>) -> Result<Self, Error> {
        let ready = display.next().await.ok_or(Error::ConnectionClosed)?;
        if ready["event"] != "ready" {
            return Err(Error::ConnectionClosed);
        }
        display.stands_at(&ready["data"], since.map(|(_, seq)| seq));
        Ok(display)
    }

    /// Connects as a browser does, which cannot send a header: nobody yet.
    pub async fn anonymous(address: SocketAddr) -> Self {
        Self::dial(address, "/ws", None).await.expect("an open socket")
    }

    /// The same on the donation board.
    pub async fn anonymous_on_board(address: SocketAddr) -> Self {
        Self::dial(address, "/donations", None).await.expect("an open socket")
    }

    async fn dial(address: SocketAddr, path: &str, token: Option<&str>) -> Result<Self, Error> {
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        if let Some(token) = token {
            let header = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().insert("Authorization", header);
        }
        let (socket, _): (_, Response<_>) = connect_async(request).await?;
        let channel = if path.starts_with("/donations") { "wsDonations" } else { "ws" };
        Ok(Self { socket, ready: Value::Null, seq: 0, epoch: String::new(), address, channel })
    }

    /// The HTTP status with which the upgrade is refused.
    pub async fn refusal(who: &Client) -> u16 {
        Self::refusal_at(who, "/ws").await
    }

    pub async fn refusal_at(who: &Client, path: &str) -> u16 {
        match Self::dial(who.address, path, who.token.as_deref()).await {
            Err(Error::Http(response)) => response.status().as_u16(),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("let in"),
        }
    }

    /// Says who it is in the first frame, and what it has seen already.
    pub async fn authenticate(&mut self, who: &Client, since: Option<(&str, u64)>) {
        let mut data = json!({ "token": who.token });
        if let Some((epoch, seq)) = since {
            (data["epoch"], data["since"]) = (json!(epoch), json!(seq));
        }
        let ready = self.ask("auth", data).await;
        assert_eq!(ready["event"], "ready", "{ready}");
        self.stands_at(&ready["data"], since.map(|(_, seq)| seq));
    }

    /// What the server said at `ready`; what is missed follows only where it says so.
    fn stands_at(&mut self, ready: &Value, since: Option<u64>) {
        let seq = ready["seq"].as_u64().unwrap();
        self.seq = since.filter(|_| ready["recovered"] == true).unwrap_or(seq);
        self.epoch = ready["epoch"].as_str().unwrap().to_owned();
        self.ready = ready.clone();
    }

    /// The next frame, heartbeats included; `None` when the socket has ended.
    pub async fn next(&mut self) -> Option<Value> {
        let frame = async {
            loop {
                match self.socket.next().await? {
                    Ok(Message::Text(text)) => {
                        let frame = serde_json::from_str(&text).expect("JSON");
                        client::heard(self.address, self.channel, &frame);
                        return Some(frame);
                    }
                    Ok(Message::Close(_)) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        };
        timeout(PATIENCE, frame).await.expect("a frame in time")
    }

    /// The next event; its `seq` follows the one before.
    pub async fn event(&mut self) -> Value {
        self.try_event().await.expect("an open socket")
    }

    pub async fn try_event(&mut self) -> Option<Value> {
        let event = async {
            loop {
                let frame = self.next().await?;
                if !matches!(frame["event"].as_str(), Some("heartbeat" | "resync")) {
                    return Some(frame);
                }
            }
        };
        let frame = timeout(EVENT_PATIENCE, event).await.expect("an event in time")?;
        Some(self.follows(frame))
    }

    fn follows(&mut self, event: Value) -> Value {
        let seq = event["data"]["seq"].as_u64().unwrap_or_else(|| panic!("no seq in {event}"));
        assert_eq!(seq, self.seq + 1, "a gap or a double: {event}");
        self.seq = seq;
        event
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

    /// What is heard while something is done: who is not read answers no ping, and is cut off.
    pub async fn hears_while<T>(&mut self, done: impl Future<Output = T>) -> (T, Vec<Value>) {
        let (mut done, mut heard) = (std::pin::pin!(done), Vec::new());
        loop {
            tokio::select! {
                done = &mut done => return (done, heard),
                frame = self.next() => {
                    let frame = frame.expect("an open socket");
                    if frame["event"] != "heartbeat" {
                        heard.push(self.follows(frame));
                    }
                }
            }
        }
    }

    /// Fails if an event comes within a moment.
    pub async fn expect_nothing(&mut self) {
        if let Ok(event) = timeout(SILENCE, self.event()).await {
            panic!("{event}");
        }
    }

    /// The next frame tells to read the board, at the position of `ready`.
    pub async fn expect_resync(&mut self) {
        let frame = self.next().await.expect("an open socket");
        assert_eq!(frame["event"], "resync", "{frame}");
        assert_eq!(frame["data"], json!({ "epoch": self.epoch, "seq": self.ready["seq"] }));
    }

    /// The answer to a request; heartbeats may come before it.
    pub async fn ask(&mut self, event: &str, data: Value) -> Value {
        let asked = json!({ "event": event, "data": data, "id": 1 });
        self.send_text(asked.to_string()).await;
        let frame = self.said().await;
        assert_eq!(frame["id"], 1, "not an answer: {frame}");
        self.answered(event, &asked, frame)
    }

    /// The same where events may come before it, the caller's own among them.
    pub async fn ask_among_events(&mut self, event: &str, data: Value) -> Value {
        let asked = json!({ "event": event, "data": data, "id": 1 });
        self.send_text(asked.to_string()).await;
        loop {
            let frame = self.said().await;
            if frame["id"] == 1 {
                return self.answered(event, &asked, frame);
            }
        }
    }

    fn answered(&self, event: &str, asked: &Value, frame: Value) -> Value {
        if frame.get("error").is_none() {
            client::asked(self.address, self.channel, event, asked);
        }
        frame
    }

    /// The next frame that is not a heartbeat.
    pub async fn said(&mut self) -> Value {
        let said = async {
            loop {
                let frame = self.next().await.expect("an open socket");
                if frame["event"] != "heartbeat" {
                    return frame;
                }
            }
        };
        timeout(PATIENCE, said).await.expect("a frame in time")
    }

    pub async fn send(&mut self, event: &str, data: Value) {
        self.send_text(json!({ "event": event, "data": data, "id": 1 }).to_string()).await;
    }

    pub async fn send_text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.expect("an open socket");
    }

    pub async fn send_binary(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::binary(bytes)).await.expect("an open socket");
    }

    /// The code of the Close frame that ends the socket.
    pub async fn close_code(&mut self) -> Option<u16> {
        let farewell = timeout(PATIENCE, self.farewell()).await.expect("an end in time");
        farewell.map(|(code, _)| code)
    }

    /// Reads on to the socket's end, however long that takes: code and reason of the Close frame, if there is one.
    pub async fn farewell(&mut self) -> Option<(u16, String)> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Close(frame))) => {
                    return frame.map(|frame| (frame.code.into(), frame.reason.as_str().to_owned()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}

//! Clients with verbs: a proper WebSocket client, and one that writes and reads raw bytes.

use crate::house::Server;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

/// No single step takes longer; nor does an end, whatever comes before it: heartbeats would be patient for ever.
const PATIENCE: Duration = Duration::from_secs(10);
/// For many events, heartbeats between them.
const LONG: Duration = Duration::from_secs(60);

/// A WebSocket client that follows the protocol.
pub struct Visitor(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// A close frame's code and reason.
    Close(u16, String),
    Cut,
}

impl Visitor {
    pub async fn try_at(server: &Server, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let address = format!("ws://127.0.0.1:{}{path}", server.port);
        let mut request = address.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Connects with a good token in the header, and has been told `ready`.
    pub async fn enters(server: &Server, query: &str) -> (Self, Value) {
        let mut visitor =
            Self::try_at(server, &format!("/ws{query}"), &[("authorization", "Bearer good")]).await.unwrap();
        let ready = visitor.hears().await;
        assert_eq!(ready["event"], "ready", "{ready}");
        (visitor, ready["data"].clone())
    }

    pub async fn says(&mut self, message: impl Into<Message>) {
        self.0.send(message.into()).await.unwrap();
    }

    pub async fn next(&mut self) -> Result<Message, End> {
        match timeout(PATIENCE, self.0.next()).await.expect("silence") {
            Some(Ok(Message::Close(Some(frame)))) => {
                Err(End::Close(frame.code.into(), frame.reason.to_string()))
            }
            Some(Ok(message)) => Ok(message),
            _ => Err(End::Cut),
        }
    }

    /// The next text, whatever else comes before it.
    pub async fn hears(&mut self) -> Value {
        loop {
            match self.next().await {
                Ok(Message::Text(text)) => return serde_json::from_str(&text).unwrap(),
                Ok(_) => {}
                Err(end) => panic!("ended: {end:?}"),
            }
        }
    }

    /// The positions of the next `count` log events.
    pub async fn sees(&mut self, count: usize) -> Vec<u64> {
        let mut seen = vec![];
        let all = async {
            while seen.len() < count {
                let frame = self.hears().await;
                if frame["event"] == "order.new" {
                    seen.push(frame["seq"].as_u64().unwrap());
                }
            }
        };
        timeout(LONG, all).await.expect("all events");
        seen
    }

    pub async fn ends(&mut self) -> End {
        let end = async {
            loop {
                if let Err(end) = self.next().await {
                    return end;
                }
            }
        };
        timeout(PATIENCE, end).await.expect("an end")
    }
}

/// Bytes on a connection.
pub struct Raw(pub TcpStream);

impl Raw {
    /// Sends a request and reads the answer's head.
    pub async fn asks(server: &Server, request: &str) -> (Self, String) {
        // A small receive buffer: what is not read soon stops the sender.
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 << 10).unwrap();
        let address = format!("127.0.0.1:{}", server.port).parse().unwrap();
        let mut raw = Self(socket.connect(address).await.unwrap());
        raw.0.write_all(request.as_bytes()).await.unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(raw.bytes(1).await[0]));
        }
        (raw, head)
    }

    /// Upgrades, with a good token where `path` is `/ws`.
    pub async fn upgrades(server: &Server, path: &str) -> Self {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Authorization: Bearer good\r\n\r\n"
        );
        let (raw, head) = Self::asks(server, &request).await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        raw
    }

    pub async fn sends(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Sends a masked frame; the mask is zero, so that the payload reads as it is.
    pub async fn frames(&mut self, first: u8, payload: &[u8]) {
        assert!(payload.len() < 126);
        let head = [first, 0x80 | payload.len() as u8, 0, 0, 0, 0];
        self.sends(&[&head, payload].concat()).await;
    }

    pub async fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        timeout(PATIENCE, self.0.read_exact(&mut bytes)).await.expect("silence").unwrap();
        bytes
    }

    /// The next short frame: its first byte and its payload.
    pub async fn frame(&mut self) -> (u8, Vec<u8>) {
        let head = self.bytes(2).await;
        let length = match head[1] {
            126 => u16::from_be_bytes(self.bytes(2).await.try_into().unwrap()).into(),
            short => usize::from(short),
        };
        (head[0], self.bytes(length).await)
    }

    /// The code of the close frame, whatever comes before it.
    pub async fn close_code(&mut self) -> u16 {
        let code = async {
            loop {
                if let (0x88, payload) = self.frame().await {
                    return u16::from_be_bytes([payload[0], payload[1]]);
                }
            }
        };
        timeout(PATIENCE, code).await.expect("a close frame")
    }

    /// True once the server has closed the connection.
    pub async fn is_closed(&mut self) -> bool {
        let mut rest = vec![0; 4 << 10];
        let closed = async { while self.0.read(&mut rest).await.is_ok_and(|count| count > 0) {} };
        timeout(PATIENCE, closed).await.is_ok()
    }
}

//! A proper WebSocket client with verbs.

use crate::house::Server;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

/// No single step takes longer; nor does an end, whatever comes before it: heartbeats would be patient for ever.
const PATIENCE: Duration = Duration::from_secs(30);
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

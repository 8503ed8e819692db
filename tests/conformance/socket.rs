//! A WebSocket with verbs.

use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, protocol::CloseFrame},
};

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

fn websocket(url: &str) -> String {
    url.replacen("http", "ws", 1)
}

impl Socket {
    pub async fn open(url: &str) -> Self {
        Self(connect_async(websocket(url)).await.expect("a WebSocket").0)
    }

    /// The status with which the server refuses to upgrade.
    pub async fn refused(url: &str) -> u16 {
        match connect_async(websocket(url)).await {
            Err(Error::Http(response)) => response.status().as_u16(),
            other => panic!("not refused: {other:?}"),
        }
    }

    pub async fn says(&mut self, message: impl Into<Message>) {
        self.0.send(message.into()).await.expect("an open connection");
    }

    /// The same, where the server may have closed already.
    pub async fn tries(&mut self, message: impl Into<Message>) {
        let _ = self.0.send(message.into()).await;
    }

    async fn next(&mut self) -> Option<Message> {
        timeout(PATIENCE, self.0.next()).await.expect("silence").and_then(Result::ok)
    }

    /// The next message, a text.
    pub async fn hears(&mut self) -> String {
        match self.next().await {
            Some(Message::Text(text)) => text.to_string(),
            other => panic!("no text: {other:?}"),
        }
    }

    /// The next message, a text that is not Engine.IO's ping; pings are answered.
    pub async fn packet(&mut self) -> String {
        loop {
            let text = self.hears().await;
            if text != "2" {
                return text;
            }
            self.says("3").await;
        }
    }

    /// The next message, binary; pings are answered.
    pub async fn bytes(&mut self) -> Vec<u8> {
        loop {
            match self.next().await {
                Some(Message::Binary(bytes)) => return bytes.to_vec(),
                Some(Message::Text(text)) if text == "2" => self.says("3").await,
                other => panic!("not binary: {other:?}"),
            }
        }
    }

    /// Reads until the end of the connection: its close code, `None` where it was cut.
    pub async fn ends(&mut self) -> Option<u16> {
        let end = async {
            loop {
                match self.next().await {
                    Some(Message::Close(frame)) => return frame.map(|CloseFrame { code, .. }| code.into()),
                    Some(_) => {}
                    None => return None,
                }
            }
        };
        timeout(PATIENCE, end).await.expect("an end")
    }

    /// The same; pings are answered, and nothing else may come.
    pub async fn ends_in_silence(&mut self) -> Option<u16> {
        let end = async {
            loop {
                match self.next().await {
                    Some(Message::Close(frame)) => return frame.map(|CloseFrame { code, .. }| code.into()),
                    Some(Message::Text(text)) if text == "2" => self.tries("3").await,
                    None => return None,
                    Some(other) => panic!("not silence: {other:?}"),
                }
            }
        };
        // Answered pings would keep it for ever.
        timeout(PATIENCE, end).await.expect("an end")
    }
}

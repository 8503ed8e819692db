//! A Socket.IO client on a WebSocket, as small as it gets.

use crate::client::Client;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

const PATIENCE: Duration = Duration::from_secs(60);

/// A member of the namespace `/`.
pub struct SocketIo(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl SocketIo {
    pub async fn join(who: &Client) -> Self {
        let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", who.address);
        let (socket, _) = connect_async(url).await.expect("an open socket");
        let mut member = Self(socket);
        assert!(member.packet().await.is_some_and(|open| open.starts_with('0')));
        let connect = format!("40{}", json!({ "token": who.token }));
        member.0.send(Message::from(connect)).await.expect("an open socket");
        let answer = member.packet().await.expect("an answer to CONNECT");
        assert!(answer.starts_with("40{"), "{answer}");
        member
    }

    /// How it ends: `41` where it is put out of the namespace, `closed` where the connection ends.
    pub async fn end(&mut self) -> String {
        loop {
            match self.packet().await {
                None => return "closed".to_owned(),
                Some(packet) if packet == "41" => return packet,
                Some(_) => {}
            }
        }
    }

    /// The next packet; `None` where the connection has ended. Pings are answered.
    async fn packet(&mut self) -> Option<String> {
        let packet = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) if text.as_str() == "2" => {
                        self.0.send("3".into()).await.ok()?;
                    }
                    Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                }
            }
        };
        timeout(PATIENCE, packet).await.expect("a packet in time")
    }
}

//! A peer on a WebSocket that breaks the rules: it never reads, or its frames are none.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use crate::client::Client;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// Nothing here takes longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes it lets wait for it: what is not read soon stops the sender.
const RECEIVE_BUFFER: u32 = 4 << 10;

/// A member that reads only when asked to.
pub struct Mute(TcpStream);

impl Mute {
    pub async fn join(who: &Client) -> Self {
        Self::dial(who, "/ws").await
    }

    /// The same on Socket.IO, a member once its CONNECT is answered.
    pub async fn join_socketio(who: &Client) -> Self {
        Self::enter_socketio(who, "").await
    }

    /// The same with this in its CONNECT.
    pub async fn enter_socketio(who: &Client, auth: &str) -> Self {
        let mut mute = Self::dial(who, "/socket.io/?EIO=4&transport=websocket").await;
        let length = u16::try_from(auth.len() + 2).unwrap().to_be_bytes();
        let frame = [&[0x81, 0xFE], &length[..], &[0; 4], b"40", auth.as_bytes()].concat();
        mute.0.write_all(&frame).await.unwrap();
        mute
    }

    async fn dial(who: &Client, path: &str) -> Self {
        timeout(PATIENCE, Self::upgrade(who, path)).await.expect("an upgrade in time")
    }

    async fn upgrade(who: &Client, path: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(RECEIVE_BUFFER).unwrap();
        let mut stream = socket.connect(who.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Authorization: Bearer {}\r\n\r\n",
            who.token.as_deref().unwrap()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        Self(stream)
    }

    /// One byte, whatever it is; false at the connection's end.
    pub async fn takes_one_byte(&mut self) -> bool {
        self.0.read_u8().await.is_ok()
    }

    /// The head of a binary frame of so many bytes, and nothing of them.
    pub async fn declares(&mut self, bytes: u64) {
        self.0.write_all(&[&[0x82, 0xFF][..], &bytes.to_be_bytes(), &[0; 4]].concat()).await.unwrap();
    }

    /// A text in so many fragments of one byte; the server may have had enough before the last.
    pub async fn fragments(&mut self, count: usize) {
        let fragment = |n: usize| [if n == 0 { 0x01 } else { 0x00 }, 0x81, 0, 0, 0, 0, b'x'];
        let bytes: Vec<u8> = (0..count).flat_map(fragment).collect();
        let _ = self.0.write_all(&bytes).await;
    }

    /// The code of the Close frame, whatever comes before it; then the connection's end.
    pub async fn close_code(&mut self) -> Option<u16> {
        let code = timeout(PATIENCE, self.read_to_close()).await.expect("an end in time");
        let mut rest = Vec::new();
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.expect("an end in time");
        code
    }

    async fn read_to_close(&mut self) -> Option<u16> {
        loop {
            let head = [self.0.read_u8().await.ok()?, self.0.read_u8().await.ok()?];
            let length = match head[1] {
                127 => self.0.read_u64().await.ok()?,
                126 => self.0.read_u16().await.ok()?.into(),
                short => short.into(),
            };
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            self.0.read_exact(&mut payload).await.ok()?;
            if head[0] == 0x88 {
                return Some(u16::from_be_bytes([payload[0], payload[1]]));
            }
        }
    }
}

//! A client that writes and reads the bytes of a connection: whatever a frame or a request may look like.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// No single step takes longer; nor does an end, whatever comes before it.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub const TEXT: u8 = 0x81;
pub const BINARY: u8 = 0x82;
pub const CLOSE: u8 = 0x88;
pub const PING: u8 = 0x89;
pub const PONG: u8 = 0x8A;

/// Bytes on a connection.
pub struct Raw(pub TcpStream);

/// A masked frame (RFC 6455 §5.2) with this first byte.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const KEY: [u8; 4] = [0x12, 0x34, 0x56, 0x78];
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..=125 => bytes.push(0x80 | short as u8),
        middle @ 126..=0xFFFF => {
            bytes.push(0x80 | 126);
            bytes.extend((middle as u16).to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend((long as u64).to_be_bytes());
        }
    }
    bytes.extend(KEY);
    bytes.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

/// The request for a WebSocket, with more headers, each with its end of line.
pub fn handshake(path: &str, more: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
    )
}

impl Raw {
    pub async fn connects(port: u16) -> Self {
        let address = format!("127.0.0.1:{port}").parse().unwrap();
        Self(TcpSocket::new_v4().unwrap().connect(address).await.unwrap())
    }

    /// Sends a request and reads the answer's head.
    pub async fn asks(port: u16, request: &str) -> (Self, String) {
        // A small receive buffer: what is not read soon stops the sender.
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 << 10).unwrap();
        let address = format!("127.0.0.1:{port}").parse().unwrap();
        let mut raw = Self(socket.connect(address).await.unwrap());
        raw.sends(request.as_bytes()).await;
        let head = raw.head().await;
        (raw, head)
    }

    /// Upgrades, with a good token where `path` is `/ws`.
    pub async fn upgrades(port: u16, path: &str) -> Self {
        let (raw, head) = Self::asks(port, &handshake(path, "Authorization: Bearer good\r\n")).await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        raw
    }

    /// An answer's head.
    pub async fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(self.bytes(1).await[0]));
        }
        head
    }

    pub async fn sends(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    pub async fn frames(&mut self, first: u8, payload: &[u8]) {
        self.sends(&frame(first, payload)).await;
    }

    pub async fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        timeout(PATIENCE, self.0.read_exact(&mut bytes)).await.expect("silence").unwrap();
        bytes
    }

    /// The next frame: its first byte and its payload.
    pub async fn frame(&mut self) -> (u8, Vec<u8>) {
        let head = self.bytes(2).await;
        let length = match head[1] {
            126 => u16::from_be_bytes(self.bytes(2).await.try_into().unwrap()).into(),
            127 => u64::from_be_bytes(self.bytes(8).await.try_into().unwrap()).try_into().unwrap(),
            short => usize::from(short),
        };
        (head[0], self.bytes(length).await)
    }

    /// The code of the close frame, whatever comes before it; 1005 where it has none (RFC 6455 §7.1.5).
    pub async fn close_code(&mut self) -> u16 {
        let code = async {
            loop {
                if let (CLOSE, payload) = self.frame().await {
                    return payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code));
                }
            }
        };
        timeout(PATIENCE, code).await.expect("a close frame")
    }

    /// Everything until the end of the connection, however it ends.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut all = Vec::new();
        timeout(PATIENCE, self.0.read_to_end(&mut all)).await.expect("an end").unwrap_or_default();
        all
    }

    /// True once the server has closed the connection.
    pub async fn is_closed(&mut self) -> bool {
        let mut rest = vec![0; 4 << 10];
        let closed = async { while self.0.read(&mut rest).await.is_ok_and(|count| count > 0) {} };
        timeout(PATIENCE, closed).await.is_ok()
    }

    /// Ends the connection by a reset instead of a close (`SO_LINGER` 0).
    pub fn resets(self) {
        self.0.set_zero_linger().unwrap();
    }
}

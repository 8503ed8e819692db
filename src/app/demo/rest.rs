//! Just enough of an HTTP client for `comanda demo`: one JSON request a connection, to a demo on this machine.

use crate::app::Failure;
use serde_json::Value;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const WITHIN: Duration = Duration::from_secs(10);
/// Of an answer, in bytes: those asked for here are small.
const MOST: u64 = 1 << 20;

/// A server, and who asks it.
pub struct Rest {
    /// Host and port.
    authority: String,
    pub token: Option<String>,
}

/// A status, and the body where it is JSON.
pub type Answer = (u16, Value);

impl Rest {
    /// `url` is the demo's address as its start line prints it.
    pub fn new(url: &str) -> Result<Self, Failure> {
        let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        match authority {
            Some(authority) if !authority.is_empty() && !authority.contains(['/', '@', ' ', '?', '#']) => {
                let port = if authority.rsplit(']').next().is_some_and(|end| end.contains(':')) {
                    ""
                } else {
                    ":80"
                };
                Ok(Self { authority: format!("{authority}{port}"), token: None })
            }
            _ => Err(Failure::mistake(format!(
                "--url is a demo's address, as http://127.0.0.1:3000, not {url}"
            ))),
        }
    }

    pub async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let asked = timeout(WITHIN, self.exchange(method, path, body)).await;
        let told = |why: String| Failure::new(format!("no answer from http://{}: {why}", self.authority));
        let text =
            asked.map_err(|_| told("it takes too long".into()))?.map_err(|error| told(error.to_string()))?;
        read(&text).ok_or_else(|| told("it speaks no HTTP".into()))
    }

    async fn exchange(&self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(&self.authority).await?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.authority);
        if let Some(token) = &self.token {
            head += &format!("Authorization: Bearer {token}\r\n");
        }
        head += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(MOST).read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

/// A body of another kind, or in chunks, is null here.
fn read(answer: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_by_table() {
        for (url, expected) in [
            ("http://127.0.0.1:3000", Some("127.0.0.1:3000")),
            ("http://localhost:3000/", Some("localhost:3000")),
            ("http://demo.lan", Some("demo.lan:80")),
            ("http://[::1]:3000", Some("[::1]:3000")),
            ("http://[::1]", Some("[::1]:80")),
            ("https://demo.lan", None),
            ("127.0.0.1:3000", None),
            ("http://a@b", None),
            ("http://a/b", None),
            ("http://", None),
        ] {
            assert_eq!(Rest::new(url).ok().map(|rest| rest.authority).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn answers_by_table() {
        for (answer, expected) in [
            ("HTTP/1.1 200 OK\r\na: b\r\n\r\n{\"x\":1}", Some((200, serde_json::json!({ "x": 1 })))),
            ("HTTP/1.1 204 No Content\r\n\r\n", Some((204, Value::Null))),
            ("HTTP/1.0 404 Not Found\r\n\r\n<html>", Some((404, Value::Null))),
            ("SSH-2.0-OpenSSH\r\n\r\n", None),
            ("", None),
        ] {
            assert_eq!(read(answer.as_bytes()), expected, "{answer}");
        }
    }
}

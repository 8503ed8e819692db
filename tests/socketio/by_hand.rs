//! Requests that no stock client sends, and answers to the byte.

use crate::server::{Server, eventually};
use reqwest::{Client, Method, StatusCode};
use std::{sync::atomic::Ordering, time::Duration};

/// A client without a protocol of its own.
pub struct Hand {
    pub server: Server,
    pub http: Client,
}

impl Hand {
    pub async fn new() -> Self {
        Self::on(Server::start().await)
    }

    pub fn on(server: Server) -> Self {
        Self { server, http: Client::new() }
    }

    pub fn url(&self, query: &str) -> String {
        format!("{}/socket.io/?{query}", self.server.url)
    }

    async fn send(&self, method: Method, query: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
        let answer = self.http.request(method, self.url(query)).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub async fn get(&self, query: &str) -> (u16, String) {
        self.send(Method::GET, query, "").await
    }

    /// Opens a session; the rest of its query string.
    pub async fn open(&self) -> String {
        let (status, body) = self.get("EIO=4&transport=polling").await;
        assert_eq!(status, 200);
        let handshake: serde_json::Value = serde_json::from_str(&body[1..]).unwrap();
        assert_eq!(handshake["upgrades"], serde_json::json!(["websocket"]));
        format!("EIO=4&transport=polling&sid={}", handshake["sid"].as_str().unwrap())
    }

    pub async fn post(&self, session: &str, body: &str) -> (u16, String) {
        self.send(Method::POST, session, body.to_owned()).await
    }
}

pub fn refusal(code: u8, message: &str) -> (u16, String) {
    let status = if code == 4 { 403 } else { 400 };
    (status, format!(r#"{{"code":{code},"message":"{message}"}}"#))
}

#[actix_web::test]
async fn refusals_are_those_of_engine_io() {
    let hand = Hand::new().await;
    let rows = [
        ("EIO=4", refusal(0, "Transport unknown")),
        ("EIO=4&transport=abc", refusal(0, "Transport unknown")),
        ("EIO=4&transport[]=polling", refusal(0, "Transport unknown")),
        ("EIO=4&transport=polling&sid=abc", refusal(1, "Session ID unknown")),
        ("EIO=4&transport=polling&sid=__proto__", refusal(1, "Session ID unknown")),
        ("EIO=4&transport=websocket", refusal(3, "Bad request")),
        ("EIO=4&transport=polling&transport=polling", refusal(3, "Bad request")),
        ("EIO=3&transport=polling", refusal(5, "Unsupported protocol version")),
        ("transport=polling", refusal(5, "Unsupported protocol version")),
    ];
    for (query, expected) in rows {
        assert_eq!(hand.get(query).await, expected, "{query}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let answer = hand.send(method, "EIO=4&transport=polling", "").await;
        assert_eq!(answer, refusal(2, "Bad handshake method"));
    }
    let session = hand.open().await;
    assert_eq!(hand.send(Method::PUT, &session, "").await, refusal(3, "Bad request"));
    let foreign = hand.http.get(hand.url("EIO=4&transport=polling")).header("origin", "http://evil.example");
    let answer = foreign.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(answer.text().await.unwrap(), refusal(4, "Forbidden").1);
}

#[actix_web::test]
async fn answers_have_the_content_types_of_engine_io() {
    let hand = Hand::new().await;
    let session = hand.open().await;
    let post = hand.http.post(hand.url(&session)).body("40").send().await.unwrap();
    assert_eq!(post.headers()["content-type"], "text/html");
    assert_eq!(post.text().await.unwrap(), "ok");
    let get = hand.http.get(hand.url(&session)).send().await.unwrap();
    assert_eq!(get.headers()["content-type"], "text/plain; charset=UTF-8");
    assert_eq!(get.headers()["cache-control"], "no-store");
    let refused = r#"44{"message":"Unauthorized","data":{"code":"INVALID_TOKEN"}}"#;
    assert_eq!(get.text().await.unwrap(), refused);
}

#[actix_web::test]
async fn bodies_are_bounded_in_size_time_and_kind() {
    let hand = Hand::new().await;
    let large = format!("4{}", "x".repeat(65_536));
    let session = hand.open().await;
    assert_eq!(hand.post(&session, &large).await.0, 413);
    assert_eq!(hand.get(&session).await, refusal(1, "Session ID unknown"));

    let session = hand.open().await;
    let binary = hand.http.post(hand.url(&session)).header("content-type", "application/octet-stream");
    assert_eq!(binary.body("4x").send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    assert_eq!(hand.get(&session).await.0, 400);

    let session = hand.open().await;
    assert_eq!(hand.send(Method::POST, &session, vec![b'4', 0xff]).await.0, 400);

    // A body that never ends.
    let session = hand.open().await;
    let endless = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let body = reqwest::Body::wrap_stream(endless);
    assert_eq!(hand.send(Method::POST, &session, body).await.0, 408);
    eventually("no sessions", || hand.server.directory.is_empty()).await;
}

#[actix_web::test]
async fn two_posts_at_once_end_the_session() {
    let hand = Hand::new().await;
    let session = hand.open().await;
    let endless = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let first = hand.send(Method::POST, &session, reqwest::Body::wrap_stream(endless));
    let second = async {
        let (_, sid) = session.rsplit_once('=').unwrap();
        let entry = hand.server.directory.find(sid).unwrap();
        eventually("the first is under way", || entry.posting.load(Ordering::Acquire)).await;
        hand.post(&session, "3").await
    };
    let (first, second) = futures_util::join!(first, second);
    assert_eq!((first.0, second), (408, refusal(3, "Bad request")));
    assert_eq!(hand.get(&session).await.0, 400);
}

#[actix_web::test]
async fn many_tiny_packets_in_one_post_end_in_a_flood_not_in_a_stall() {
    let hand = Hand::new().await;
    let session = hand.open().await;
    let body = vec![r#"450-["x"]"#; 5_000].join("\x1e");
    let start = std::time::Instant::now();
    // The first is no CONNECT.
    assert_eq!(hand.post(&session, &body).await.0, 200);
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(hand.get(&session).await.0, 400);
    let session = hand.open().await;
    assert_eq!(hand.post(&session, r#"40{"token":"good"}"#).await.0, 200);
    assert!(hand.get(&session).await.1.starts_with("40{"));
    assert_eq!(hand.post(&session, &body).await.0, 200);
    // A retryable close; what the house was asked for before it is answered to nobody.
    assert_eq!(hand.get(&session).await, (200, "1".to_owned()));
    hand.server.is_empty().await;
}

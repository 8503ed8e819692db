//! A REST client with a token.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use reqwest::{Method, header::HeaderMap};
use serde_json::Value;
use std::{net::SocketAddr, sync::OnceLock, time::Duration};

/// Longest wait for a whole answer: a test that would hang fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whoever wants to know what goes over the wire: the documents' checks of `tests/api`.
pub struct Watch {
    /// One call: method, path with query, the JSON body that was sent, the answer.
    pub exchange: fn(SocketAddr, &Method, &str, Option<&Value>, &Answer),
    /// Something was told on a channel of the AsyncAPI document.
    pub heard: fn(SocketAddr, &str, &Value),
    /// Something was asked there and not refused: the event, and the message as the document has it.
    pub asked: fn(SocketAddr, &str, &str, &Value),
}

pub static WATCH: OnceLock<Watch> = OnceLock::new();

/// See [`Watch::heard`].
pub fn heard(address: SocketAddr, channel: &str, what: &Value) {
    if let Some(watch) = WATCH.get() {
        (watch.heard)(address, channel, what);
    }
}

/// See [`Watch::asked`].
pub fn asked(address: SocketAddr, channel: &str, event: &str, data: &Value) {
    if let Some(watch) = WATCH.get() {
        (watch.asked)(address, channel, event, data);
    }
}

/// Whoever calls; cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    pub address: SocketAddr,
    pub token: Option<String>,
    headers: Vec<(String, String)>,
    is_heard: bool,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null where the body is not JSON.
    pub body: Value,
    pub text: String,
}

impl Client {
    pub fn anonymous(address: SocketAddr) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        Self { http, address, token: None, headers: Vec::new(), is_heard: true }
    }

    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The same caller at another server.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    pub fn header(&self, name: &str, value: &str) -> Self {
        let mut this = self.clone();
        this.headers.push((name.into(), value.into()));
        this
    }

    /// The same caller, of whom [`WATCH`] is told nothing: whoever says what no document speaks of, and is answered.
    pub fn unheard(&self) -> Self {
        Self { is_heard: false, ..self.clone() }
    }

    pub fn key(&self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Without a body, as a tablet's button does.
    pub async fn press(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.try_send(method, path, body).await.expect("an answer")
    }

    /// For tests in which the server may be gone.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, reqwest::Error> {
        let mut request = self.http.request(method.clone(), format!("http://{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let sent = body;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer { status, headers, body, text };
        if let Some(watch) = WATCH.get().filter(|_| self.is_heard) {
            (watch.exchange)(self.address, &method, path, sent.as_ref(), &answer);
        }
        Ok(answer)
    }
}

impl Answer {
    /// The body of an answer with this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// Fails unless the answer is an error in NestJS's shape with this status and code.
    #[track_caller]
    pub fn expect_error(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.body["statusCode"], status, "{}", self.text);
        assert_eq!(self.body["code"], code, "{}", self.text);
        self.body
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

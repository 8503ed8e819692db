//! Tokens nobody issued, each with what is wrong with it. `tests/api/forged.rs` sends the same ones over the wire.

#[cfg(test)]
mod bodies;
#[cfg(test)]
mod heads;
#[cfg(test)]
mod texts;

use base64::{Engine, engine::general_purpose::*};
use jiff::Timestamp;
use ring::hmac;
use serde_json::{Value, json};

pub const SECRET: &str = "a test secret of more than 32 bytes, known to tests";
pub const USER: &str = "01900000-0000-7000-8000-000000000001";
pub const RESTAURANT: &str = "01900000-0000-7000-8000-000000000002";
pub const HEAD: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

pub fn all() -> Vec<(String, String)> {
    [heads::vectors(), bodies::vectors(), texts::vectors()].concat()
}

/// With the right key, whatever head and body say.
pub fn good(head: &str, body: &str) -> String {
    signed(SECRET.as_bytes(), hmac::HMAC_SHA256, head, body)
}

/// Good claims as JSON, with some replaced; null removes one.
pub fn body(changes: Value) -> String {
    let mut body =
        json!({"exp": exp(), "role": "WAITER", "userId": USER, "sub": USER, "restaurantId": RESTAURANT});
    if let (Value::Object(body), Value::Object(changes)) = (&mut body, changes) {
        body.extend(changes);
        body.retain(|_, value| !value.is_null());
    }
    body.to_string()
}

pub fn b64(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn exp() -> i64 {
    Timestamp::now().as_second() + 3600
}

fn signed(key: &[u8], algorithm: hmac::Algorithm, head: &str, body: &str) -> String {
    let message = format!("{}.{}", b64(head), b64(body));
    let tag = hmac::sign(&hmac::Key::new(algorithm, key), message.as_bytes());
    format!("{message}.{}", b64(tag))
}

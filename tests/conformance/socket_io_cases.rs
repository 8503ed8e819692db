//! The cases of Socket.IO's suite that are its own.

use crate::example::{CONNECT_TIMEOUT, Example, PING_INTERVAL, SOCKET_IO};
use serde_json::Value;
use std::time::Instant;

/// Attachments of these two, as the header names them.
const TWO: &str = r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}"#;
const BYTES: [[u8; 3]; 2] = [[1, 2, 3], [4, 5, 6]];

/// `connect` is answered in `namespace` with a sid alone, then `auth` tells what was sent.
pub async fn connects(example: &Example, connect: &str, namespace: &str, auth: &str) {
    let mut socket = example.socket(SOCKET_IO).await;
    socket.says(connect).await;
    let answer = socket.packet().await;
    let json = answer.strip_prefix(&format!("40{namespace}")).expect("a CONNECT");
    let value: Value = serde_json::from_str(json).unwrap();
    let members: Vec<_> = value.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["sid"]);
    assert!(value["sid"].as_str().is_some_and(|sid| !sid.is_empty()));
    assert_eq!(socket.packet().await, format!(r#"42{namespace}["auth",{auth}]"#));
}

pub async fn unknown_namespace(example: &Example) {
    let mut socket = example.socket(SOCKET_IO).await;
    socket.says("40/random").await;
    assert_eq!(socket.packet().await, r#"44/random,{"message":"Invalid namespace"}"#);
}

pub async fn invalid_handshake(example: &Example) {
    let mut socket = example.socket(SOCKET_IO).await;
    socket.says("4abc").await;
    assert_eq!(socket.ends_in_silence().await, Some(1002));
}

/// Pings are answered, so that nothing but the missing CONNECT can end it.
pub async fn no_handshake(example: &Example) {
    let start = Instant::now();
    let mut socket = example.socket(SOCKET_IO).await;
    assert!(socket.ends_in_silence().await.is_some());
    let lived = start.elapsed();
    assert!(lived >= CONNECT_TIMEOUT && lived < CONNECT_TIMEOUT * 10, "{lived:?}");
}

/// The engine lives on, and pings.
pub async fn disconnects(example: &Example) {
    let mut client = example.client().await;
    client.says("41").await;
    let start = Instant::now();
    assert_eq!(client.hears().await, "2");
    assert!(start.elapsed() < PING_INTERVAL * 4);
}

pub async fn disconnects_custom(example: &Example) {
    let mut client = example.client().await;
    // As in the suite, which waits for a ping and never answers it: what follows comes before the 200 ms for that.
    assert_eq!(client.hears().await, "2");
    client.says("40/custom").await;
    assert!(client.packet().await.starts_with("40/custom,{"));
    assert_eq!(client.packet().await, r#"42/custom,["auth",{}]"#);
    client.says("41/custom").await;
    client.says(r#"42["message","message to main namespace"]"#).await;
    assert_eq!(client.packet().await, r#"42["message-back","message to main namespace"]"#);
}

pub async fn plain(example: &Example) {
    let mut client = example.client().await;
    client.says(r#"42["message",1,"2",{"3":[true]}]"#).await;
    assert_eq!(client.packet().await, r#"42["message-back",1,"2",{"3":[true]}]"#);
}

pub async fn plain_with_ack(example: &Example) {
    let mut client = example.client().await;
    client.says(r#"42456["message-with-ack",1,"2",{"3":[false]}]"#).await;
    assert_eq!(client.packet().await, r#"43456[1,"2",{"3":[false]}]"#);
}

pub async fn binary(example: &Example) {
    round_trip(example, format!(r#"452-["message",{TWO}]"#), format!(r#"452-["message-back",{TWO}]"#)).await;
}

pub async fn binary_with_ack(example: &Example) {
    round_trip(example, format!(r#"452-789["message-with-ack",{TWO}]"#), format!("462-789[{TWO}]")).await;
}

async fn round_trip(example: &Example, sent: String, back: String) {
    let mut client = example.client().await;
    client.says(sent).await;
    for bytes in BYTES {
        client.says(bytes.to_vec()).await;
    }
    assert_eq!(client.packet().await, back);
    for bytes in BYTES {
        assert_eq!(client.bytes().await, bytes);
    }
}

pub async fn closes(example: &Example, text: &str) {
    let mut client = example.client().await;
    client.says(text).await;
    assert_eq!(client.ends_in_silence().await, Some(1002));
}

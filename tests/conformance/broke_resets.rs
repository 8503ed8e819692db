//! What broke others: a reset at every byte of a handshake, of a probe, of an upgrade. Nothing is left of it.

use crate::{
    raw::{Raw, TEXT, frame, handshake},
    server::{Server, eventually},
};
use futures_util::{StreamExt, stream};
use std::time::Duration;

/// Connections at once: enough to be quick, few enough not to fill the accept queue.
const AT_ONCE: usize = 32;

/// What follows the first `cut` bytes never comes: the peer is gone, by a reset.
async fn cut(port: u16, bytes: &[u8], at: usize) {
    let mut raw = Raw::connects(port).await;
    raw.sends(&bytes[..at]).await;
    raw.resets();
}

async fn at_every_byte(bytes: &[u8], case: impl AsyncFn(usize)) {
    stream::iter(0..=bytes.len()).for_each_concurrent(AT_ONCE, |at| case(at)).await;
}

/// Sessions that nobody polls end with their ping, soon.
async fn house() -> (Server, u16) {
    let server = Server::pinging(Duration::from_secs(1), Duration::from_secs(1)).await;
    let port = server.url.rsplit(':').next().unwrap().parse().unwrap();
    (server, port)
}

/// A session that is opened now is the last one, and ends like all others.
async fn is_well(server: &Server) {
    let sid = opens(server).await;
    assert!(server.directory.find(&sid).is_some());
    server.is_empty().await;
}

/// The sid of a new session on long-polling.
async fn opens(server: &Server) -> String {
    let url = format!("{}/socket.io/?EIO=4&transport=polling", server.url);
    let body = reqwest::get(url).await.unwrap().text().await.unwrap();
    let handshake: serde_json::Value = serde_json::from_str(&body[1..]).unwrap();
    handshake["sid"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_reset_at_every_byte_of_a_polling_handshake_leaves_nothing() {
    let (server, port) = house().await;
    let request = b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n";
    at_every_byte(request, async |at| cut(port, request, at).await).await;
    is_well(&server).await;
}

#[actix_web::test]
async fn a_reset_at_every_byte_of_a_websocket_handshake_leaves_nothing() {
    let (server, port) = house().await;
    let mut request = handshake("/socket.io/?EIO=4&transport=websocket", "").into_bytes();
    request.extend(frame(TEXT, br#"40{"token":"good"}"#));
    at_every_byte(&request, async |at| cut(port, &request, at).await).await;
    is_well(&server).await;
    // The whole of it does join: the test would see what it looks for.
    let mut raw = Raw::connects(port).await;
    raw.sends(&request).await;
    server.has_members(1).await;
    raw.resets();
    server.is_empty().await;
}

/// Each on a session of its own, in which the client is a member already.
#[actix_web::test]
async fn a_reset_at_every_byte_of_a_probe_and_an_upgrade_leaves_nothing() {
    let (server, port) = house().await;
    let frames =
        [frame(TEXT, b"2probe"), frame(TEXT, b"5"), frame(TEXT, br#"42["seen",{"seq":1}]"#)].concat();
    let request = |sid: &str| {
        let path = format!("/socket.io/?EIO=4&transport=websocket&sid={sid}");
        [handshake(&path, "").into_bytes(), frames.clone()].concat()
    };
    // All sids have one length.
    let longest = request(&opens(&server).await);
    at_every_byte(&longest, async |at| {
        let bytes = request(&opens(&server).await);
        assert_eq!(bytes.len(), longest.len());
        cut(port, &bytes, at).await;
    })
    .await;
    is_well(&server).await;
}

/// The same frame by frame, each answered before the reset, with a member that has to be let go.
#[actix_web::test]
async fn a_reset_after_each_step_of_an_upgrade_leaves_no_member() {
    let (server, port) = house().await;
    for steps in 0..=3 {
        let sid = opens(&server).await;
        let url = format!("{}/socket.io/?EIO=4&transport=polling&sid={sid}", server.url);
        let posted = reqwest::Client::new().post(&url).body(r#"40{"token":"good"}"#).send().await.unwrap();
        assert_eq!(posted.status().as_u16(), 200);
        server.has_members(1).await;
        let mut raw = Raw::connects(port).await;
        let path = format!("/socket.io/?EIO=4&transport=websocket&sid={sid}");
        raw.sends(handshake(&path, "").as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101"));
        let moves = server.house.moves();
        if steps > 0 {
            raw.frames(TEXT, b"2probe").await;
            assert_eq!(raw.frame().await, (TEXT, b"3probe".to_vec()));
        }
        if steps > 1 {
            raw.frames(TEXT, b"5").await;
            eventually("it has moved", || server.house.moves() > moves).await;
        }
        if steps > 2 {
            raw.frames(TEXT, b"41").await;
            server.has_members(0).await;
        }
        raw.resets();
        server.is_empty().await;
    }
    is_well(&server).await;
}

//! Server-sent events end to end.

use crate::{
    house::{Server, eventually},
    raw::Raw,
};
use comanda::code::ErrorCode;
use std::time::Duration;
use tokio::io::AsyncReadExt;

async fn opens(server: &Server, last_event_id: Option<&str>) -> Raw {
    let resume = last_event_id.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
    let (raw, head) =
        Raw::asks(server.port, &format!("GET /events HTTP/1.1\r\nHost: x\r\n{resume}\r\n")).await;
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
    raw
}

/// Reads until the text holds `mark`.
async fn reads(raw: &mut Raw, mark: &str) -> String {
    let mut text = String::new();
    let read = async {
        while !text.contains(mark) {
            let mut bytes = [0; 4_096];
            let count = raw.0.read(&mut bytes).await.unwrap();
            assert!(count > 0, "ended before {mark:?}: {text:.2000}");
            text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(60), read).await;
    assert!(in_time.is_ok(), "no {mark:?} in {text:.2000}");
    text
}

#[actix_web::test]
async fn a_stream_resumes_and_goes_on_live() {
    let server = Server::start().await;
    server.house.commit(600);
    for id in ["e:2", "2"] {
        let mut raw = opens(&server, Some(id)).await;
        let text = reads(&mut raw, "id: e:600\nevent: order.new\n").await;
        let ids: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("id: ")).collect();
        let expected: Vec<_> = (2..=600).map(|seq| format!("e:{seq}")).collect();
        assert_eq!(ids, expected);
        assert!(text.contains("retry: 2000\nid: e:2\n\n"));
    }
    let mut fresh = opens(&server, None).await;
    reads(&mut fresh, "id: e:600\n\n").await;
    server.house.commit(1);
    reads(&mut fresh, "id: e:601\nevent: order.new\ndata: {").await;
    let mut lost = opens(&server, Some("old:2")).await;
    reads(&mut lost, "event: resync\ndata: {\"epoch\":\"e\",\"seq\":601}\n\n").await;
}

/// The last comment is not one that keeps the line warm, which may be left out while something waits.
#[actix_web::test]
async fn a_reader_that_is_behind_is_told_why_its_stream_ends() {
    let server = Server::start().await;
    let mut raw = opens(&server, None).await;
    server.has_members(1).await;
    for _ in 0..50 {
        server.house.commit_unbounded(100);
    }
    server.registry.close_all(ErrorCode::ShuttingDown, 1, Duration::ZERO).await;
    server.has_sockets(0).await;
    reads(&mut raw, ": SHUTTING_DOWN\n\n").await;
}

#[actix_web::test]
async fn silence_is_broken_and_the_token_ends_it() {
    let server = Server::with(|set| set.heartbeat = Duration::from_millis(50), Duration::from_secs(1)).await;
    let mut raw = opens(&server, None).await;
    let text = reads(&mut raw, ": TOKEN_EXPIRED\n\n").await;
    assert!(text.contains(": seq 0\n\n"), "{text}");
    server.has_sockets(0).await;
    server.has_members(0).await;
}

#[actix_web::test]
async fn a_reader_that_leaves_or_stalls_is_forgotten() {
    let server = Server::with(|set| set.heartbeat = Duration::from_millis(50), Duration::from_secs(60)).await;
    let raw = opens(&server, None).await;
    server.has_members(1).await;
    drop(raw);
    server.has_members(0).await;
    server.has_sockets(0).await;

    let _stalled = opens(&server, None).await;
    server.has_members(1).await;
    let house = &server.house;
    eventually("evicted", || {
        house.commit(10);
        house.members() == 0
    })
    .await;
    server.has_sockets(0).await;
    // What its connection did not take counts as what waits for it.
    assert_eq!(house.evicted(), 1);
}

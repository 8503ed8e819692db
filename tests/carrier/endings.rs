//! Every way a connection ends, and that nothing is left of it.

use crate::{
    house::{Server, eventually},
    raw::{CLOSE, Raw, TEXT},
    visitor::{End, Visitor},
};
use comanda::{code::ErrorCode, session::Delivery};
use std::time::{Duration, Instant};

/// Less than the carrier's own patience (`CLOSE_WITHIN`, 2 s), which ends everything sooner or later.
const SOON: Duration = Duration::from_millis(1_800);

/// One of three tries ends as soon: a busy machine is late now and then, a carrier that waits is late every time.
async fn ends_soon(ends: impl AsyncFn() -> Duration) {
    let mut took = Vec::new();
    while took.iter().all(|took| *took >= SOON) {
        assert!(took.len() < 3, "{took:?}");
        took.push(ends().await);
    }
}

/// Later than the server would end the connection of a peer that reads at once.
const LATE: Duration = Duration::from_millis(300);

#[actix_web::test]
async fn a_peers_close_is_echoed_and_the_connection_ends() {
    let server = Server::start().await;
    ends_soon(async || {
        let mut raw = Raw::upgrades(server.port, "/ws").await;
        server.has_members(1).await;
        raw.frames(0x88, &[&4321_u16.to_be_bytes()[..], b"bye"].concat()).await;
        assert_eq!(raw.close_code().await, 4321);
        let start = Instant::now();
        assert!(raw.is_closed().await);
        let took = start.elapsed();
        server.has_members(0).await;
        server.has_sockets(0).await;
        took
    })
    .await;
}

/// What was sent before the peer closed is more than the kernel holds, and the peer takes its time to read it.
#[actix_web::test]
async fn a_peer_that_reads_late_gets_everything_and_then_the_close() {
    let server = Server::start().await;
    let mut raw = Raw::upgrades(server.port, "/parrot").await;
    let text = vec![b'x'; 60_000];
    raw.frames(TEXT, &text).await;
    raw.frames(CLOSE, &4321_u16.to_be_bytes()).await;
    tokio::time::sleep(LATE).await;
    assert_eq!(raw.frame().await, (TEXT, text));
    assert_eq!(raw.close_code().await, 4321);
    assert!(raw.is_closed().await);
    server.has_sockets(0).await;
}

#[actix_web::test]
async fn a_connection_that_just_ends_leaves_its_room() {
    let server = Server::start().await;
    let raw = Raw::upgrades(server.port, "/ws").await;
    server.has_members(1).await;
    drop(raw);
    server.has_members(0).await;
    server.has_sockets(0).await;
}

/// Our close frame that nobody answers must not keep the connection.
#[actix_web::test]
async fn a_close_without_an_answer_ends_soon() {
    let server = Server::start().await;
    let mut raw = Raw::upgrades(server.port, "/ws").await;
    server.has_members(1).await;
    server.house.tell(&Delivery::Close(ErrorCode::Removed));
    assert_eq!(raw.close_code().await, 4502);
    server.has_members(0).await;
    let start = Instant::now();
    assert!(raw.is_closed().await);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    server.has_sockets(0).await;
}

/// It left while its join was under way, and its actor still waits for the peer's Close.
#[actix_web::test]
async fn a_join_that_is_answered_behind_its_leave_is_undone() {
    ends_soon(async || {
        let server = Server::start().await;
        server.house.open.send_replace(false);
        let mut raw = Raw::upgrades(server.port, "/ws").await;
        raw.frames(0x82, b"binary").await;
        assert_eq!(raw.close_code().await, 1003);
        let start = Instant::now();
        server.house.open.send_replace(true);
        eventually("joined", || server.house.joins() == 1).await;
        server.has_members(0).await;
        start.elapsed()
    })
    .await;
}

#[actix_web::test]
async fn a_panic_ends_that_socket_alone() {
    let server = Server::start().await;
    let (mut neighbour, _) = Visitor::enters(&server, "").await;
    for _ in 0..5 {
        let mut poisoner = Visitor::try_at(&server, "/parrot", &[]).await.unwrap();
        poisoner.says("hello").await;
        assert!(poisoner.next().await.is_ok());
        poisoner.says("poison").await;
        assert_eq!(poisoner.ends().await, End::Cut);
    }
    server.has_sockets(1).await;
    server.house.commit(1);
    assert_eq!(neighbour.sees(1).await, [1]);
}

#[actix_web::test]
async fn a_stop_tells_everyone_to_come_back_each_at_its_own_time() {
    let server = Server::start().await;
    let mut visitors = vec![];
    for _ in 0..5 {
        visitors.push(Visitor::enters(&server, "").await.0);
    }
    assert_eq!(server.registry.total(), 5);
    let closing = server.registry.close_all(ErrorCode::ShuttingDown, 2, Duration::from_millis(10));
    let ends = async {
        let mut reasons = std::collections::HashSet::new();
        for visitor in &mut visitors {
            let End::Close(1012, reason) = visitor.ends().await else { panic!("not 1012") };
            assert!(reason.starts_with("SHUTTING_DOWN; retry in "), "{reason}");
            reasons.insert(reason);
        }
        assert!(reasons.len() > 1);
    };
    futures_util::future::join(closing, ends).await;
    // A client's library answers the close when it is asked for more.
    for visitor in &mut visitors {
        visitor.ends().await;
    }
    server.has_sockets(0).await;
    server.has_members(0).await;
}

//! Peers that break the framing, do not read, do not answer.

use crate::{
    house::{Server, eventually},
    raw::Raw,
    visitor::Visitor,
};
use comanda::session::plain::Settings;
use std::time::{Duration, Instant};

/// One frame that declared 2^40 bytes made a codec take 400 MiB before it looked at the limit.
#[actix_web::test]
async fn a_frame_of_two_to_the_forty_is_refused_at_its_header() {
    let server = Server::start().await;
    let (mut neighbour, _) = Visitor::enters(&server, "").await;
    let mut raw = Raw::upgrades(server.port, "/parrot").await;
    raw.frames(0x81, b"before").await;
    let start = Instant::now();
    raw.sends(&[&[0x82, 0xFF][..], &(1_u64 << 40).to_be_bytes(), &[0; 4]].concat()).await;
    assert_eq!(raw.frame().await, (0x81, b"before".to_vec()));
    // It goes on sending: that is thrown away, and our close frame still arrives.
    raw.sends(&[7; 100_000]).await;
    assert_eq!(raw.close_code().await, 1009);
    assert!(start.elapsed() < Duration::from_secs(5));
    raw.frames(0x88, &1009_u16.to_be_bytes()).await;
    assert!(raw.is_closed().await);
    server.house.commit(1);
    assert_eq!(neighbour.sees(1).await, [1]);
    server.has_sockets(1).await;
}

#[actix_web::test]
async fn each_broken_frame_has_its_close_code() {
    let server = Server::start().await;
    let fragment = |first: u8| [first, 0x80, 0, 0, 0, 0];
    let many: Vec<u8> = (0..17).flat_map(|n| fragment(if n == 0 { 0x01 } else { 0x00 })).collect();
    let cases: [(&str, Vec<u8>, u16); 8] = [
        ("rsv", vec![0xC1, 0x80, 0, 0, 0, 0], 1002),
        ("unmasked", vec![0x81, 0x00], 1002),
        ("reserved opcode", vec![0x83, 0x80, 0, 0, 0, 0], 1002),
        ("continuation of nothing", fragment(0x80).to_vec(), 1002),
        ("one byte of close", vec![0x88, 0x81, 0, 0, 0, 0, 3], 1002),
        ("not utf-8", vec![0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
        ("not utf-8 in fragments", [&fragment(0x01)[..], &[0x80, 0x81, 0, 0, 0, 0, 0xFF]].concat(), 1007),
        ("seventeen fragments", many, 1009),
    ];
    let check = async |(name, bytes, code): (&str, Vec<u8>, u16)| {
        let mut raw = Raw::upgrades(server.port, "/parrot").await;
        raw.sends(&bytes).await;
        assert_eq!(raw.close_code().await, code, "{name}");
        assert!(raw.is_closed().await, "{name}");
    };
    futures_util::future::join_all(cases.into_iter().map(check)).await;
    server.has_sockets(0).await;
}

/// A frozen actor handles no mail: only its connection's end frees it, and the room must be the one to bring that about.
#[actix_web::test]
async fn a_reader_that_stalls_is_evicted_and_its_neighbour_notices_nothing() {
    let server = Server::start().await;
    let (mut neighbour, _) = Visitor::enters(&server, "").await;
    let _stalled = Raw::upgrades(server.port, "/ws").await;
    server.has_members(2).await;
    let mut committed = 0;
    while server.house.evicted() == 0 {
        assert!(committed < 20_000, "never evicted");
        server.house.commit(10);
        committed += 10;
        neighbour.sees(10).await;
    }
    assert_eq!(server.house.evicted(), 1);
    server.has_sockets(1).await;
    server.house.commit(1);
    assert_eq!(neighbour.sees(1).await, [committed + 1]);
}

/// Nothing more is delivered to it, so that no full mailbox gives it away: it is late for its own timer.
#[actix_web::test]
async fn a_frozen_socket_without_mail_is_swept() {
    let server =
        Server::with(|set| set.heartbeat = Duration::from_millis(100), Duration::from_secs(60)).await;
    let (mut healthy, _) = Visitor::enters(&server, "").await;
    let _stalled = Raw::upgrades(server.port, "/ws").await;
    server.has_members(2).await;
    for _ in 0..20 {
        server.house.commit_unbounded(100);
        healthy.sees(100).await;
    }
    assert_eq!((server.house.evicted(), server.registry.sweep(Instant::now())), (0, 0));
    // Five seconds in which its timer does not fire; the healthy one's may be late, but not by as much.
    eventually("swept", || server.registry.sweep(Instant::now()) == 1).await;
    server.has_sockets(1).await;
    assert!(server.metrics.render().contains("evictions_total{reason=\"stalled\"} 1\n"));
    assert_eq!(healthy.hears().await["event"], "heartbeat");
}

#[actix_web::test]
async fn a_killed_socket_ends_although_it_never_reads_and_killing_again_is_nothing() {
    let server = Server::start().await;
    let _stalled = Raw::upgrades(server.port, "/ws").await;
    server.has_members(1).await;
    for _ in 0..5 {
        server.house.commit_unbounded(200);
    }
    assert_eq!(server.house.members(), 1);
    assert_eq!(server.registry.kill_all(), 1);
    server.has_sockets(0).await;
    server.has_members(0).await;
    assert_eq!(server.registry.kill_all(), 0);
}

#[actix_web::test]
async fn a_peer_that_does_not_answer_pings_is_gone() {
    let impatient = |set: &mut Settings| {
        (set.ping_interval, set.pong_within) = (Duration::from_millis(300), Duration::from_secs(2));
    };
    let server = Server::with(impatient, Duration::from_secs(60)).await;
    let start = Instant::now();
    let mut dead = Raw::upgrades(server.port, "/ws").await;
    let (mut alive, _) = Visitor::enters(&server, "").await;
    let code = tokio::select! {
        code = dead.close_code() => code,
        end = alive.ends() => panic!("the living one ended: {end:?}"),
    };
    assert_eq!(code, 1001);
    assert!(start.elapsed() >= Duration::from_millis(2_300), "{:?}", start.elapsed());
    server.has_members(1).await;
}

#[actix_web::test]
async fn a_flood_is_cut_off() {
    let server = Server::start().await;
    let mut raw = Raw::upgrades(server.port, "/ws").await;
    for _ in 0..60 {
        raw.frames(0x81, br#"{"event":"seen","data":{"seq":1}}"#).await;
    }
    assert_eq!(raw.close_code().await, 1008);
    // The burst, and what the bucket gains meanwhile.
    let seen = server.house.seen().len();
    assert!((40..60).contains(&seen), "{seen}");

    let mut pinger = Raw::upgrades(server.port, "/parrot").await;
    for _ in 0..150 {
        pinger.frames(0x89, b"").await;
    }
    assert_eq!(pinger.close_code().await, 1008);
}

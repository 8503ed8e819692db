//! The plain WebSocket end to end.

use crate::{
    house::{Server, eventually},
    visitor::{End, Visitor},
};
use comanda::session::plain::Settings;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

#[actix_web::test]
async fn the_door_refuses_before_the_upgrade() {
    let server = Server::start().await;
    for (headers, status) in [
        (vec![("authorization", "Bearer forged")], 401),
        (vec![("authorization", "Bearer old")], 401),
        (vec![("authorization", "Basic good")], 401),
        (vec![("authorization", "Bearer good"), ("origin", "http://theirs.example")], 403),
        (vec![("authorization", "Bearer good"), ("origin", "null")], 403),
    ] {
        assert_eq!(Visitor::try_at(&server, "/ws", &headers).await.err(), Some(status), "{headers:?}");
    }
    let ours = [("authorization", "bearer good"), ("origin", "http://ours.example")];
    assert!(Visitor::try_at(&server, "/ws", &ours).await.is_ok());
}

#[actix_web::test]
async fn a_browser_authenticates_in_its_first_frame() {
    let server = Server::start().await;
    server.house.commit(3);
    let mut visitor = Visitor::try_at(&server, "/ws", &[]).await.unwrap();
    visitor.says(r#"{"event":"auth","data":{"token":"good","epoch":"e","since":1}}"#).await;
    let ready = visitor.hears().await;
    assert_eq!((&ready["data"]["recovered"], &ready["data"]["seq"]), (&true.into(), &1.into()), "{ready}");
    assert_eq!(visitor.sees(2).await, [2, 3]);

    let mut forger = Visitor::try_at(&server, "/ws", &[]).await.unwrap();
    forger.says(r#"{"event":"auth","data":{"token":"forged"}}"#).await;
    assert_eq!(forger.ends().await, End::Close(4500, "INVALID_TOKEN".into()));

    let impatient = |set: &mut Settings| set.authenticate_within = Duration::from_millis(500);
    let server = Server::with(impatient, Duration::from_secs(60)).await;
    let mut silent = Visitor::try_at(&server, "/ws", &[]).await.unwrap();
    assert_eq!(silent.ends().await, End::Close(4501, "AUTH_TIMEOUT".into()));
}

#[actix_web::test]
async fn a_replay_over_many_pages_meets_live_events_in_order() {
    let server = Server::start().await;
    for _ in 0..20 {
        server.house.commit(100);
    }
    let (mut visitor, ready) = Visitor::enters(&server, "?epoch=e&since=5").await;
    assert_eq!(ready["recovered"], true);
    for _ in 0..10 {
        server.house.commit(3);
        tokio::task::yield_now().await;
    }
    assert_eq!(visitor.sees(2_025).await, (6..=2_030).collect::<Vec<_>>());
    server.house.commit(2);
    assert_eq!(visitor.sees(2).await, [2_031, 2_032]);
}

#[actix_web::test]
async fn a_position_of_another_life_is_a_resync() {
    let server = Server::start().await;
    server.house.commit(3);
    let (mut visitor, ready) = Visitor::enters(&server, "?epoch=old&since=1").await;
    assert_eq!((&ready["recovered"], &ready["seq"]), (&false.into(), &3.into()));
    let resync = visitor.hears().await;
    assert_eq!(resync.to_string(), r#"{"data":{"epoch":"e","seq":3},"event":"resync"}"#);
    server.house.commit(1);
    assert_eq!(visitor.sees(1).await, [4]);
}

#[actix_web::test]
async fn silence_has_heartbeats_and_seen_is_counted() {
    let server = Server::with(|set| set.heartbeat = Duration::from_millis(50), Duration::from_secs(60)).await;
    let (mut visitor, _) = Visitor::enters(&server, "").await;
    server.house.commit(2);
    assert_eq!(visitor.sees(2).await, [1, 2]);
    let beat = visitor.hears().await;
    assert_eq!((&beat["event"], &beat["data"]["seq"]), (&"heartbeat".into(), &2.into()));
    visitor.says(r#"{"event":"seen","data":{"seq":2}}"#).await;
    eventually("seen", || server.house.seen() == [2]).await;
}

#[actix_web::test]
async fn a_token_ends_on_a_live_socket_unless_refreshed() {
    // Long enough for two to come and one to be refreshed.
    let lives = Duration::from_secs(6);
    let server = Server::with(|set| set.heartbeat = Duration::from_millis(50), lives).await;
    let (mut refreshed, _) = Visitor::enters(&server, "").await;
    refreshed.says(r#"{"event":"auth-refresh","data":{"token":"longer"},"id":1}"#).await;
    let (mut still, _) = Visitor::enters(&server, "").await;
    loop {
        let frame = refreshed.hears().await;
        if frame["id"] == 1 {
            assert!(frame["data"]["expiresAt"].is_string(), "{frame}");
            break;
        }
    }
    assert_eq!(still.ends().await, End::Close(4003, "TOKEN_EXPIRED".into()));
    // The first token of this one ended before that.
    server.has_members(1).await;
    server.house.commit(1);
    assert_eq!(refreshed.sees(1).await, [1]);
}

#[actix_web::test]
async fn pings_are_answered_and_fragments_joined() {
    let server = Server::start().await;
    let mut visitor = Visitor::try_at(&server, "/parrot", &[]).await.unwrap();
    visitor.says(Message::Ping("abc".into())).await;
    assert_eq!(visitor.next().await, Ok(Message::Pong("abc".into())));
    visitor.says(Message::Binary(vec![0, 1, 2].into())).await;
    assert_eq!(visitor.next().await, Ok(Message::Binary(vec![0, 1, 2].into())));
    visitor.says("é".repeat(20_000)).await;
    assert_eq!(visitor.next().await, Ok(Message::Text("é".repeat(20_000).into())));
}

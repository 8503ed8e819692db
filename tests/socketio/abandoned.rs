//! What a long-polling session leaves behind, however it ends: nothing.

use crate::{
    by_hand::{Hand, refusal},
    server::{Server, eventually},
};
use std::{sync::Arc, time::Duration};

/// No ping comes that a test here waits for.
const NEVER: Duration = Duration::from_secs(60);

/// A server, and how many hold its directory of sessions: its workers, and each session's actor.
async fn server(ping: Duration) -> (Hand, usize) {
    let hand = Hand::on(Server::pinging(ping, ping).await);
    // Both workers stand once a request is answered.
    assert_eq!(hand.get("EIO=4").await.0, 400);
    let holders = Arc::strong_count(&hand.server.directory);
    (hand, holders)
}

impl Hand {
    /// A session that is a member of the room; its CONNECT is answered.
    async fn member(&self) -> String {
        let session = self.open().await;
        assert_eq!(self.post(&session, r#"40{"token":"good"}"#).await.0, 200);
        assert!(self.get(&session).await.1.starts_with("40{"));
        self.server.has_members(1).await;
        session
    }

    /// Rooms, sockets, sessions and actors are as many as before; the id is unknown.
    async fn nothing_is_left(&self, session: &str, holders: usize) {
        self.server.is_empty().await;
        eventually("no actors", || Arc::strong_count(&self.server.directory) == holders).await;
        assert_eq!(self.get(session).await, refusal(1, "Session ID unknown"));
    }
}

#[actix_web::test]
async fn one_that_is_never_polled_again_ends_with_its_ping() {
    let (hand, holders) = server(Duration::from_secs(1)).await;
    let session = hand.open().await;
    hand.post(&session, r#"40{"token":"good"}"#).await;
    eventually("joined", || hand.server.house.joins() == 1).await;
    hand.nothing_is_left(&session, holders).await;
}

/// A hang-up is no answer's failure: nothing is written to the connection until the next event, or the ping.
#[actix_web::test]
async fn one_whose_poll_hung_up_ends_at_once() {
    let (hand, holders) = server(NEVER).await;
    let session = hand.member().await;
    let poll = hand.http.get(hand.url(&session)).timeout(Duration::from_millis(500));
    assert!(poll.send().await.is_err());
    hand.nothing_is_left(&session, holders).await;
}

#[actix_web::test]
async fn one_that_its_client_closes_ends_at_once() {
    let (hand, holders) = server(NEVER).await;
    let session = hand.member().await;
    let close = async {
        eventually("a member", || hand.server.house.members() == 1).await;
        hand.post(&session, "1").await
    };
    let (last, closed) = tokio::join!(hand.get(&session), close);
    assert_eq!(closed.0, 200);
    assert_eq!(last, (200, "6".to_owned()));
    hand.nothing_is_left(&session, holders).await;
}

#[actix_web::test]
async fn one_that_its_room_evicts_ends_at_once() {
    let (hand, holders) = server(NEVER).await;
    let session = hand.member().await;
    hand.server.house.evict();
    hand.nothing_is_left(&session, holders).await;
}

#[actix_web::test]
async fn one_that_only_opened_ends_with_the_time_to_connect() {
    let (hand, holders) = server(NEVER).await;
    let session = hand.open().await;
    hand.nothing_is_left(&session, holders).await;
}

//! What broke others: what is left in the server of a client that was refused, or went away in the middle.

use crate::{
    http::Session,
    server::{Server, eventually},
    socket::Socket,
};
use futures_util::future::join_all;
use std::time::Duration;

/// Sessions that nobody polls end with their ping, soon.
async fn house() -> Server {
    Server::pinging(Duration::from_secs(1), Duration::from_secs(1)).await
}

async fn socket(server: &Server) -> Socket {
    let url = format!("{}/socket.io/?EIO=4&transport=websocket", server.url);
    let mut socket = Socket::open(&url).await;
    assert!(socket.hears().await.starts_with("0{"));
    socket
}

async fn polls(server: &Server) -> Session {
    Session::open(format!("{}/socket.io/?EIO=4&transport=polling", server.url)).await
}

/// A socket was put into its room before its token was looked at, and stayed there when it was refused.
#[actix_web::test]
async fn a_refused_connect_leaves_no_room_behind() {
    let server = house().await;
    let connects = [r#"40{"token":"bad"}"#, r#"40{"token":"old"}"#, "40", r#"40/nowhere,{"token":"good"}"#];
    for connect in connects {
        let mut client = socket(&server).await;
        client.says(connect).await;
        assert!(client.packet().await.starts_with("44"), "{connect}");
        let session = polls(&server).await;
        let (polled, ()) = futures_util::join!(session.hears(), session.says(connect));
        assert!(polled.starts_with("44"), "{connect}: {polled}");
        session.says("1").await;
    }
    assert_eq!((server.house.joins(), server.house.members()), (0, 0));
    server.is_empty().await;
}

/// The client is gone before the verifier, or the room, has answered: the late answer must not bring it back.
#[actix_web::test]
async fn a_client_that_leaves_before_its_answer_leaves_no_room_behind() {
    let server = house().await;
    *server.house.answers_after.lock().unwrap() = Duration::from_millis(100);
    let connect = r#"40{"token":"good"}"#;
    for last in ["41", "1", ""] {
        let leave = async |after: u64| {
            let mut client = socket(&server).await;
            client.says(connect).await;
            // Before the verifier's answer, between that and the room's, after both.
            tokio::time::sleep(Duration::from_millis(after)).await;
            if !last.is_empty() {
                client.tries(last).await;
            }
            drop(client);
            let session = polls(&server).await;
            session.says(connect).await;
            tokio::time::sleep(Duration::from_millis(after)).await;
            session.post("1").await;
        };
        join_all([0, 50, 99, 101, 150, 250].map(leave)).await;
        server.is_empty().await;
    }
    // Some did get as far as the room.
    assert!(server.house.joins() > 0);
}

/// Nobody polls, nobody closes: a hundred sessions are gone with their ping, members or not, and what they were sent too.
#[actix_web::test]
async fn abandoned_polling_sessions_cost_nothing_after_their_ping() {
    let server = house().await;
    let abandon = async |member: bool| {
        let session = polls(&server).await;
        if member {
            session.says(r#"40{"token":"good"}"#).await;
        }
    };
    join_all((0..100).map(|n| abandon(n % 2 == 0))).await;
    eventually("joined", || server.house.joins() == 50).await;
    server.house.commit();
    server.is_empty().await;
}

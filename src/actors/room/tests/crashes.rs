//! A room that panics, in every place: it serves again, nothing is lost, its neighbour notices nothing.

use super::*;
use crate::actors::room::Place;
use std::time::Instant;

/// What is promised. On a log in memory it takes less than one.
const SERVES_AGAIN: Duration = Duration::from_millis(100);
/// Beside other tests on two cores a thread may have to wait for its turn: the best of these counts.
const ATTEMPTS: usize = 5;

#[actix::test]
async fn a_room_that_panics_serves_again_and_loses_nothing() {
    for place in Place::ALL {
        let mut best = Duration::MAX;
        for _ in 0..ATTEMPTS {
            best = best.min(panic_and_come_back(place).await);
            if best < SERVES_AGAIN {
                break;
            }
        }
        assert!(best < SERVES_AGAIN, "{place:?}: {best:?}");
    }
}

/// How long a join took that came right behind the panic.
async fn panic_and_come_back(place: Place) -> Duration {
    let node = Node::new();
    let (restaurant, next_door) = (RestaurantId::generate(), RestaurantId::generate());
    let mut client = node.joined(restaurant).await;
    let mut neighbour = node.joined(next_door).await;
    node.commit(restaurant, 2);
    client.expect(0, 2).await;

    // Committed and joined while it panics: the mail in its queue stays.
    let restarts = if matches!(place, Place::Started | Place::Restarting) { 2 } else { 1 };
    let panicked = Instant::now();
    node.directory.panic(restaurant.into(), place);
    node.commit(restaurant, 1);
    let (mut early, mut late) = (node.member(restaurant), node.member(restaurant));
    let early_head = early.join(&node, at(2)).await.unwrap().head;
    node.until(|node| node.count("room_restarts_total") == restarts).await;
    let late_head = late.join(&node, at(2)).await.unwrap().head;
    let took = panicked.elapsed();
    node.commit(restaurant, 1);
    node.commit(next_door, 1);

    // The old members hear where the log stands, and whatever they are not told they can read from there.
    client.follow(2, 4).await;
    early.follow(early_head, 4).await;
    late.expect(late_head, 4).await;
    neighbour.expect(0, 1).await;
    assert!(neighbour.is_quiet(), "{place:?}");
    node.directory.stop().await;
    took
}

#[actix::test]
async fn six_panics_quarantine_the_room_and_there_is_life_after_it() {
    for place in [Place::Handler, Place::Stopped, Place::Spawned] {
        let node = Node::new();
        let (restaurant, next_door) = (RestaurantId::generate(), RestaurantId::generate());
        let mut client = node.joined(restaurant).await;
        let mut neighbour = node.joined(next_door).await;
        for _ in 0..5 {
            node.directory.panic(restaurant.into(), place);
            assert!(matches!(client.next().await, Delivery::Head(0)));
        }
        node.directory.panic(restaurant.into(), place);
        client.expect_close(ErrorCode::RoomRestarting).await;
        assert_eq!(node.count("quarantines_total"), 1);
        assert_eq!(client.join(&node, None).await.err(), Some(ErrorCode::RoomRestarting));
        node.commit(restaurant, 1);
        node.commit(next_door, 1);
        neighbour.expect(0, 1).await;

        let join = async {
            while client.join(&node, None).await.is_err() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, join).await.expect("the quarantine ends");
        node.commit(restaurant, 1);
        client.expect(1, 2).await;
        assert_eq!(node.directory.stats().members, 2);
        assert_eq!((node.count("members"), node.count("rooms")), (2, 2));
        node.directory.stop().await;
    }
}

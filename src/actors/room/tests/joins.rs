//! Joining: what was missed, while the room loads, ahead of the room, with a broken log.

use super::*;
use std::sync::atomic::Ordering::SeqCst;

#[actix::test]
async fn a_join_is_told_what_it_missed() {
    let node = Node::with(|house| (house.rooms.ring_events, house.rooms.replay_max_events) = (6, 8));
    let restaurant = RestaurantId::generate();
    node.log.append(restaurant, 10);
    let mut first = node.joined(restaurant).await;
    for _ in 0..4 {
        node.commit(restaurant, 2);
    }
    first.expect(10, 18).await;
    let old = Some(Position { epoch: Epoch("old".into()), seq: 18 });
    let rows = [
        (None, "none"),
        (at(18), "ring"),
        (at(17), "ring 18-18"),
        (at(16), "ring 17-18"),
        (at(13), "ring 14-14 15-16 17-18"),
        (at(12), "ring 13-14 15-16 17-18"),
        (at(11), "log"),
        (at(10), "log"),
        (at(9), "lost"),
        (at(0), "lost"),
        (at(19), "lost"),
        (old, "lost"),
    ];
    for (since, expected) in rows {
        let joined = node.member(restaurant).join(&node, since.clone()).await.unwrap();
        assert_eq!((joined.epoch.0.as_ref(), joined.head), ("e", 18));
        assert_eq!(told(&joined.missed), expected, "since {since:?}");
    }
}

/// What the ring still holds is no younger for it than what is read from the log.
#[actix::test]
async fn what_is_too_old_is_lost_also_where_the_ring_has_it() {
    let node = Node::with(|house| house.rooms.recover_within = Span(Duration::from_nanos(1)));
    let restaurant = RestaurantId::generate();
    let mut first = node.joined(restaurant).await;
    node.commit(restaurant, 2);
    first.expect(0, 2).await;
    for (since, expected) in [(at(1), "lost"), (at(2), "ring")] {
        let joined = node.member(restaurant).join(&node, since).await.unwrap();
        assert_eq!(told(&joined.missed), expected);
    }
}

#[actix::test]
async fn a_join_waits_for_the_room_to_load_and_misses_nothing() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    node.log.append(restaurant, 3);
    node.log.open.send_replace(false);
    let (mut client, gone) = (node.member(restaurant), node.member(restaurant));
    let commits = async {
        node.until(|node| node.log.reads.load(SeqCst) == 1).await;
        node.commit(restaurant, 2);
        gone.leave(&node);
        node.log.open.send_replace(true);
    };
    let (joined, left, ()) = tokio::join!(client.join(&node, at(2)), gone.join(&node, None), commits);
    assert_eq!(joined.unwrap().head, 3, "the read was begun before the commit");
    assert!(left.is_err(), "{left:?}");
    assert_eq!(node.directory.stats().members, 1, "the seat of one that left");
    client.expect(3, 5).await;
    // The second one's board was read at a commit that its room had not seen.
    let ahead = node.log.append(restaurant, 1);
    let joined = node.member(restaurant).join(&node, at(6)).await.unwrap();
    assert_eq!((joined.head, told(&joined.missed)), (6, "ring".into()));
    node.directory.publish(restaurant, ahead);
    node.commit(restaurant, 1);
    client.expect(5, 7).await;
}

#[actix::test]
async fn a_broken_log_refuses_joins_and_heals() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    node.log.broken.store(true, SeqCst);
    let client = node.member(restaurant);
    for _ in 0..3 {
        assert_eq!(client.join(&node, None).await.err(), Some(ErrorCode::DatabaseUnavailable));
    }
    node.log.broken.store(false, SeqCst);
    let join = async {
        while client.join(&node, None).await.is_err() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, join).await.expect("the room tries again by itself");
}

/// Two displays come back with the newest events of a board, the second in the room's pause after a failed read.
#[actix::test]
async fn a_join_that_comes_while_the_room_waits_to_read_again_is_read_for() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    node.joined(restaurant).await;
    node.log.append(restaurant, 1);
    node.log.broken.store(true, SeqCst);
    let (one, two) = (node.member(restaurant), node.member(restaurant));
    assert_eq!(one.join(&node, at(1)).await.err(), Some(ErrorCode::DatabaseUnavailable));
    node.log.broken.store(false, SeqCst);
    assert_eq!(two.join(&node, at(1)).await.map(|joined| joined.head), Ok(1));
}

#[actix::test]
async fn a_restored_log_sends_everyone_to_resync() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut client = node.joined(restaurant).await;
    *node.log.epoch.lock().unwrap() = Epoch("new".into());
    // Only a read of the log can tell; a gap brings one about.
    node.log.append(restaurant, 1);
    node.commit(restaurant, 1);
    client.expect_close(ErrorCode::Resync).await;
    let joined = node.member(restaurant).join(&node, at(1)).await.unwrap();
    assert_eq!((joined.epoch.0.as_ref(), told(&joined.missed)), ("new", "lost".into()));
}

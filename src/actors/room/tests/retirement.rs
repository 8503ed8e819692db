//! Rooms that retire while others join: every joiner gets every event after its position exactly once.

use super::*;
use crate::actors::{
    room::{Join, Room},
    supervise::{self, Overseer, Tolerance},
};
use actix::Arbiter;
use futures_util::future::join_all;
use std::{
    sync::{atomic::Ordering::SeqCst, mpsc},
    time::Instant,
};
use tokio::sync::oneshot;

const RESTAURANTS: usize = 50;
const JOINERS: usize = 100;
const ROUNDS: usize = 50;

#[actix::test]
async fn an_idle_room_leaves_the_directory_and_starts_anew() {
    let node = Node::with(|house| house.rooms.idle = Span(Duration::from_millis(20)));
    let restaurant = RestaurantId::generate();
    let client = node.joined(restaurant).await;
    node.commit(restaurant, 1);
    client.leave(&node);
    node.until(|node| node.directory.stats().rooms == 0).await;
    node.commit(restaurant, 1);
    let mut client = node.member(restaurant);
    assert_eq!(client.join(&node, at(0)).await.unwrap().head, 2);
    node.commit(restaurant, 1);
    client.expect(2, 3).await;
}

/// The race itself: a join that reaches a room between its leaving the directory and its end. Answered, it would make a
/// member that no publish ever finds; dropped, the directory makes it again.
#[actix::test]
async fn a_join_in_the_mail_of_a_retiring_room_is_dropped() {
    struct Nobody;
    impl Overseer for Nobody {
        fn panicked(&self, _: usize, _: &str) {}
        fn gave_up(&self, _: &str) {}
        fn ended(&self) {}
    }
    let restaurant = RestaurantId::generate();
    let house = Arc::new(house(Log::new(), Metrics::new(), |house| house.rooms.idle = Span(Duration::ZERO)));
    let client = Client::new(restaurant, 256, false);
    let (reply, answer) = oneshot::channel();
    let join = Join { member: client.member, principal: client.principal, since: None, reply };
    let (late, mail) = mpsc::channel();
    let make = move || {
        Room::new(restaurant.into(), house, Arc::default(), move || {
            if let Ok((room, join)) = mail.recv() {
                Addr::<Room>::do_send(&room, join);
            }
        })
    };
    let tolerance = Tolerance { panics: 0, window: Duration::ZERO };
    let room = supervise::start(&Arbiter::new().handle(), tolerance, Nobody, make);
    late.send((room, join)).unwrap();
    drop(late);
    assert!(timeout(PATIENCE, answer).await.expect("an end").is_err(), "a member of a room that is gone");
}

/// A socket that panicked is forgotten by the next sweep, every half second. Promised is one; the best of some counts, since
/// a thread may have to wait for its turn.
#[actix::test]
async fn a_member_that_vanished_is_forgotten_and_keeps_no_room_open() {
    let node = Node::with(|house| house.rooms.idle = Span(Duration::from_secs(1)));
    let mut took = Vec::new();
    while took.iter().all(|took| *took >= Duration::from_secs(1)) {
        assert!(took.len() < 5, "{took:?}");
        let client = node.joined(RestaurantId::generate()).await;
        let crashed = Instant::now();
        client.crash();
        node.until(|node| node.directory.stats().members == 0).await;
        took.push(crashed.elapsed());
    }
    node.until(|node| node.directory.stats().rooms == 0).await;
}

/// One socket's visit: joins since a position of its own, follows for some events, leaves.
async fn visit(node: &Node, restaurant: RestaurantId, turn: usize) {
    let mut client = node.member(restaurant);
    let since = match turn % 3 {
        0 => None,
        1 => Some(node.log.at(restaurant)),
        _ => Some(node.log.at(restaurant).saturating_sub(turn as u64 % 40)),
    };
    let joined = client.join(node, since.and_then(at)).await.unwrap();
    let mut reached = since.unwrap_or(joined.head);
    match joined.missed {
        Missed::Ring(batches) => {
            for batch in batches {
                assert_eq!(batch.first, reached + 1);
                reached = batch.last;
            }
        }
        Missed::Log => assert!(joined.head <= node.log.at(restaurant)),
        Missed::NotAsked => assert!(since.is_none()),
        Missed::Lost => panic!("nothing was lost: since {since:?}, head {}", joined.head),
    }
    if !turn.is_multiple_of(5) {
        let last = joined.head + turn as u64 % 7;
        let mut at = joined.head;
        while at < last {
            let batch = client.batch().await;
            assert_eq!(batch.first, at + 1, "a gap or a double after {at}");
            at = batch.last;
        }
    }
    client.leave(node);
}

#[actix::test]
async fn thousands_of_joins_race_with_retirement_and_none_is_lost() {
    for idle in [Duration::ZERO, Duration::from_millis(1)] {
        let node = Node::with(|house| (house.rooms.idle, house.rooms.arbiters) = (Span(idle), 2));
        let restaurants: Vec<_> = (0..RESTAURANTS).map(|_| RestaurantId::generate()).collect();
        let done = AtomicBool::new(false);
        let publishes = async {
            while !done.load(SeqCst) {
                for &restaurant in &restaurants {
                    node.commit(restaurant, 2);
                }
                sleep(Duration::from_millis(1)).await;
            }
        };
        let joins = async {
            let visits = (0..JOINERS).map(|joiner| {
                let (node, restaurants) = (&node, &restaurants);
                async move {
                    for round in 0..ROUNDS {
                        visit(node, restaurants[(joiner + round) % RESTAURANTS], joiner * 7 + round).await;
                        if round % 8 == joiner % 8 {
                            sleep(Duration::from_millis(2)).await;
                        }
                    }
                }
            });
            join_all(visits).await;
            done.store(true, SeqCst);
        };
        timeout(6 * PATIENCE, async { tokio::join!(joins, publishes) }).await.expect("an end");
        // Otherwise nothing raced.
        assert!(node.log.loads.load(SeqCst) > 5 * RESTAURANTS, "{} rooms", node.log.loads.load(SeqCst));
        node.until(|node| node.directory.stats().rooms == 0).await;
        assert_eq!(node.directory.stats().members, 0);
        node.directory.stop().await;
    }
}

//! Publishing: to this room alone, once, whole; gaps from the log; slow members out.

use super::*;
use crate::domain::ids::StreamId;
use std::sync::{Mutex, atomic::Ordering::SeqCst};

#[actix::test]
async fn one_encoding_goes_to_every_member_of_the_room_and_to_no_other() {
    let node = Node::new();
    let (restaurant, other) = (RestaurantId::generate(), RestaurantId::generate());
    let mut ours = [node.joined(restaurant).await, node.joined(restaurant).await];
    let mut foreign = node.joined(other).await;
    node.commit(restaurant, 3);
    let [a, b] = &mut ours;
    let (a, b) = (a.batch().await, b.batch().await);
    assert_eq!(seqs(&a), [1, 2, 3]);
    assert!(Arc::ptr_eq(&a, &b));
    node.commit(other, 1);
    foreign.expect(0, 1).await;
}

#[actix::test]
async fn gaps_are_read_from_the_log_and_doubles_dropped() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut client = node.joined(restaurant).await;
    let lost = node.log.append(restaurant, 700);
    node.commit(restaurant, 2);
    node.commit(restaurant, 1);
    client.expect(0, 703).await;
    node.directory.publish(restaurant.into(), lost);
    node.commit(restaurant, 1);
    client.expect(703, 704).await;
    let [older, newer] = [node.log.append(restaurant, 2), node.log.append(restaurant, 2)];
    node.directory.publish(restaurant.into(), newer);
    node.directory.publish(restaurant.into(), older);
    client.expect(704, 708).await;
    // A page may hold more than what was published, and publishes go on while it is read.
    node.log.open.send_replace(false);
    node.log.append(restaurant, 1);
    (0..5).for_each(|_| node.commit(restaurant, 1));
    node.log.open.send_replace(true);
    client.expect(708, 714).await;
    assert!(client.is_quiet());
}

/// The answer to a commit was lost on its way: nobody knows whether it happened.
#[actix::test]
async fn a_look_finds_what_nobody_published() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut client = node.joined(restaurant).await;
    node.directory.look(restaurant.into());
    node.log.append(restaurant, 1);
    node.directory.look(restaurant.into());
    client.expect(0, 1).await;
    // One that was asked for while a read is under way is not answered by it; one that fails is made again.
    node.log.open.send_replace(false);
    node.log.broken.store(true, SeqCst);
    node.directory.look(restaurant.into());
    node.until(|node| node.log.reads.load(SeqCst) > 2).await;
    node.log.broken.store(false, SeqCst);
    node.log.append(restaurant, 1);
    node.directory.look(restaurant.into());
    node.log.open.send_replace(true);
    client.expect(1, 2).await;
}

/// Another process wrote to the log: the poller sees it reach further than the room stands, and wakes the room.
#[actix::test]
async fn a_room_hears_of_what_another_process_wrote() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let stream = StreamId::from(restaurant);
    let mut client = node.joined(restaurant).await;
    assert_eq!(node.directory.heads(), [(stream, 0)]);
    node.commit(restaurant, 2);
    client.expect(0, 2).await;
    assert_eq!(node.directory.heads(), [(stream, 2)], "what was published here is known");
    node.log.append(restaurant, 3);
    assert!(client.is_quiet(), "nobody said so");
    node.directory.wake(stream);
    client.expect(2, 5).await;
    assert_eq!(node.directory.heads(), [(stream, 5)]);
}

#[actix::test]
async fn a_log_that_breaks_meanwhile_is_read_later() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut client = node.joined(restaurant).await;
    node.log.broken.store(true, SeqCst);
    node.log.append(restaurant, 1);
    node.commit(restaurant, 1);
    let ahead = node.member(restaurant).join(&node, at(2)).await;
    assert_eq!(ahead.err(), Some(ErrorCode::DatabaseUnavailable));
    node.log.broken.store(false, SeqCst);
    client.expect(0, 2).await;
}

/// A room slower than its lane: what waits for it is bounded, the log has the rest.
#[actix::test]
async fn a_flood_of_commits_is_read_from_the_log() {
    /// Holds up whoever ends the connection.
    struct Gate(Arc<Mutex<()>>);
    impl Kill for Gate {
        fn kill(&self) {
            drop(self.0.lock().unwrap());
        }
    }
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let gate = Arc::new(Mutex::new(()));
    let mut frozen = Client::new(restaurant, 1, true);
    frozen.member.kill = Arc::new(Gate(gate.clone()));
    frozen.join(&node, None).await.unwrap();
    let mut client = Client::new(restaurant, 10_000, false);
    client.join(&node, None).await.unwrap();
    // Its actor has started, and with it its mailbox has its size: this thread does not let it run again until the end.
    node.commit(restaurant, 1);
    client.expect(0, 1).await;
    let closed = gate.lock().unwrap();
    (0..5_000).for_each(|_| node.commit(restaurant, 1));
    assert_eq!(node.log.reads.load(SeqCst), 1, "the room is held up");
    drop(closed);
    let (mut at, mut batches) = (1, 0);
    while at < 5_001 {
        let batch = client.batch().await;
        assert_eq!(batch.first, at + 1, "a gap or a double");
        (at, batches) = (batch.last, batches + 1);
    }
    assert!(batches < 500, "{batches} messages waited");
    node.commit(restaurant, 1);
    client.expect(5_001, 5_002).await;
}

#[actix::test]
async fn the_slowest_display_is_known() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let (silent, one, two) =
        (node.joined(restaurant).await, node.joined(restaurant).await, node.joined(restaurant).await);
    node.commit(restaurant, 5);
    for (client, seq) in [(&one, 2), (&two, 4)] {
        node.directory.seen(restaurant, client.member.socket, seq);
    }
    node.until(|node| node.directory.lag() == 3).await;
    node.directory.seen(restaurant, one.member.socket, 1);
    one.leave(&node);
    node.until(|node| node.directory.lag() == 1).await;
    silent.leave(&node);
    two.leave(&node);
    node.until(|node| node.directory.lag() == 0).await;
}

/// Anybody who came in without a token said `seen` 0, and the gauge of the slowest display rose to the length of the log.
#[actix::test]
async fn only_staff_who_have_shown_something_are_slow() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let (display, silent) = (node.joined(restaurant).await, node.joined(restaurant).await);
    let mut guest = node.member(restaurant);
    guest.principal = Principal::public(restaurant);
    guest.join(&node, None).await.unwrap();
    node.commit(restaurant, 5);
    node.directory.seen(restaurant, guest.member.socket, 1);
    node.directory.seen(restaurant, silent.member.socket, 0);
    // Told last: by then the room has heard the others.
    node.directory.seen(restaurant, display.member.socket, 4);
    node.until(|node| node.directory.lag() > 0).await;
    assert_eq!(node.directory.lag(), 1);
}

/// A tablet in a pocket: its socket takes no more data, so its actor handles no more mail.
#[actix::test]
async fn a_member_that_does_not_keep_up_is_cut_and_the_others_get_everything() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let frozen = Client::new(restaurant, 4, true);
    frozen.join(&node, None).await.unwrap();
    let mut healthy = node.joined(restaurant).await;
    for round in 0..100 {
        node.commit(restaurant, 1);
        healthy.expect(round, round + 1).await;
    }
    assert!(frozen.killed.load(SeqCst));
    assert!(!healthy.killed.load(SeqCst));
    assert_eq!(
        (node.count("evictions_total{reason=\"mailbox_full\"}"), node.directory.stats().members),
        (1, 1)
    );
}

/// A commit is one message: the mailbox would take a hundred of them.
#[actix::test]
async fn what_waits_for_a_member_is_counted_in_events() {
    const MAILBOX: usize = 100;
    const TOGETHER: u64 = 30;
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let frozen = Client::new(restaurant, MAILBOX, true);
    frozen.join(&node, None).await.unwrap();
    let mut healthy = Client::new(restaurant, MAILBOX, false);
    healthy.join(&node, None).await.unwrap();
    for commit in 0..5 {
        assert!(!frozen.killed.load(SeqCst), "cut when {commit} commits waited");
        node.commit(restaurant, TOGETHER);
        healthy.expect(commit * TOGETHER, (commit + 1) * TOGETHER).await;
    }
    node.until(|node| node.directory.stats().members == 1).await;
    assert!(frozen.killed.load(SeqCst));
    assert!(!healthy.killed.load(SeqCst));
}

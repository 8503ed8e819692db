//! A member that changes its carrier keeps its seat: no log is read, nothing is replayed, and nobody has joined.

use super::*;
use crate::actors::delivery::Reach;
use std::sync::atomic::Ordering::SeqCst;

impl Client {
    /// Another carrier of the same socket.
    fn carrier(&self) -> Self {
        let mut other = Self::new(self.principal.restaurant, 256, false);
        other.member.socket = self.member.socket;
        other.principal = self.principal.clone();
        other
    }

    async fn relocate(&self, node: &Node) -> bool {
        let Member { socket, transport, recipient, queue, kill, .. } = self.member.clone();
        let reach = Reach { transport, recipient, queue, kill };
        node.directory.relocate(self.principal.restaurant, socket, reach).await
    }
}

/// What joins have cost: where their missed events came from, as `/metrics` tells it.
fn replays(node: &Node) -> Vec<String> {
    let page = node.metrics.render();
    page.lines().filter(|line| line.starts_with("comanda_replays")).map(ToOwned::to_owned).collect()
}

/// An upgrade once made the socket join again: a read of the log where the room's ring was too short, and a moment in
/// which the room sent to nobody and threw the member out.
#[actix::test]
async fn any_number_of_moves_under_commits_loses_nothing_and_joins_nobody() {
    const MOVES: u64 = 20;
    let node = Node::with(|house| house.rooms.ring_events = 1);
    let restaurant = RestaurantId::generate();
    let mut carriers = vec![node.joined(restaurant).await];
    let (reads, joins) = (node.log.reads.load(SeqCst), replays(&node));
    for _ in 0..MOVES {
        node.commit(restaurant, 3);
        let next = carriers[carriers.len() - 1].carrier();
        let meanwhile = async { node.commit(restaurant, 2) };
        assert!(tokio::join!(next.relocate(&node), meanwhile).0);
        carriers.push(next);
    }
    // Three before the first move; two behind a move and three before the next one.
    let (mut after, mut last) = (0, 3);
    for carrier in &mut carriers {
        carrier.expect(after, last.min(5 * MOVES)).await;
        assert!(carrier.is_quiet(), "both carriers were told");
        (after, last) = (last, last + 5);
    }
    assert_eq!(node.log.reads.load(SeqCst), reads, "the log was read");
    assert_eq!(replays(&node), joins, "somebody joined");
    assert_eq!((node.count("members"), node.directory.stats().members), (1, 1));
}

#[actix::test]
async fn a_move_of_nobody_says_so() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let stranger = node.member(restaurant);
    assert!(!stranger.relocate(&node).await, "there is no room");
    let mut member = node.joined(restaurant).await;
    assert!(!stranger.relocate(&node).await, "there is no such member");
    node.directory.dismiss_user(member.principal.user, ErrorCode::Removed);
    let other = member.carrier();
    assert!(!other.relocate(&node).await, "it was dismissed");
    member.expect_close(ErrorCode::Removed).await;
    assert_eq!(other.join(&node, None).await.err(), Some(ErrorCode::Removed));
}

/// A dismissal reaches the carrier that has the seat, before and after the move.
#[actix::test]
async fn a_dismissal_finds_the_new_carrier() {
    let node = Node::new();
    let mut old = node.joined(RestaurantId::generate()).await;
    let mut new = old.carrier();
    assert!(new.relocate(&node).await);
    node.directory.dismiss_user(old.principal.user, ErrorCode::Removed);
    new.expect_close(ErrorCode::Removed).await;
    assert!(old.is_quiet());
}

//! Two connections that are one to their client: the newer stays, whichever the room hears of first.

use super::*;

/// The next connection of `first`'s client.
fn again(first: &Client) -> Client {
    let mut next = Client::new(first.principal.restaurant, 256, false);
    next.principal = first.principal.clone();
    next.member.sid = first.member.sid;
    next
}

#[actix::test]
async fn the_newest_connection_of_a_client_is_the_only_one() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut bystander = node.joined(restaurant).await;
    let mut first = node.joined(restaurant).await;
    let mut second = again(&first);
    second.join(&node, at(0)).await.unwrap();
    first.expect_close(ErrorCode::Superseded).await;
    assert_eq!(node.directory.stats().members, 2);

    // What the older one still says concerns nobody.
    first.leave(&node);
    node.directory.seen(restaurant, first.member.socket, 9);
    node.commit(restaurant, 1);
    second.expect(0, 1).await;
    bystander.expect(0, 1).await;
    assert!(first.is_quiet());

    // The third, of which the room knows by the second.
    let mut third = again(&second);
    third.join(&node, at(1)).await.unwrap();
    second.expect_close(ErrorCode::Superseded).await;
    node.commit(restaurant, 1);
    third.expect(1, 2).await;
    assert_eq!(node.directory.stats().members, 2);
    assert!(bystander.batch().await.last == 2 && bystander.is_quiet());
}

/// The older one is on its way to another carrier, or was slow to ask.
#[actix::test]
async fn an_older_connection_that_joins_late_or_again_unseats_nobody() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let first = node.joined(restaurant).await;
    let (second, mut third) = (again(&first), again(&first));
    third.join(&node, at(0)).await.unwrap();
    for older in [&second, &first] {
        assert_eq!(older.join(&node, at(0)).await.err(), Some(ErrorCode::Superseded));
    }
    node.commit(restaurant, 1);
    third.expect(0, 1).await;
    assert_eq!(node.directory.stats().members, 1);

    // Once it has left, an older one may have the place; nobody else wants it.
    third.leave(&node);
    node.until(|node| node.directory.stats().members == 0).await;
    second.join(&node, at(1)).await.unwrap();
}

/// An upgrade joins again under the same ids.
#[actix::test]
async fn a_socket_is_no_twin_of_its_own() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let first = node.joined(restaurant).await;
    let mut second = again(&first);
    for _ in 0..3 {
        second.join(&node, at(0)).await.unwrap();
    }
    node.commit(restaurant, 1);
    second.expect(0, 1).await;
    assert_eq!(node.directory.stats().members, 1);
    // Its client was told that it has a new socket: the old name is free.
    second.member.sid = second.member.socket;
    second.join(&node, at(1)).await.unwrap();
    let stranger = again(&first);
    stranger.join(&node, at(1)).await.unwrap();
    assert_eq!(node.directory.stats().members, 2);
    assert!(second.is_quiet());
}

/// At the limit of a user's sockets a client that comes back takes the place of its own dead connection.
#[actix::test]
async fn the_place_of_the_older_is_free_and_what_it_had_seen_is_kept() {
    let node = Node::with(|house| house.per_user = 1);
    let restaurant = RestaurantId::generate();
    let first = node.joined(restaurant).await;
    node.directory.seen(restaurant, first.member.socket, 3);
    let second = again(&first);
    second.join(&node, at(0)).await.unwrap();
    node.commit(restaurant, 5);
    node.until(|node| node.directory.lag() == 2).await;
    let mut other = again(&first);
    other.member.sid = other.member.socket;
    assert_eq!(other.join(&node, None).await.err(), Some(ErrorCode::TooManySockets));
}

#[actix::test]
async fn one_that_left_or_was_dismissed_leaves_no_name_behind() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let first = node.joined(restaurant).await;
    let second = again(&first);
    second.join(&node, at(0)).await.unwrap();
    let mut third = again(&first);
    third.principal.user = UserId::generate();
    node.directory.dismiss_user(second.principal.user, ErrorCode::TokenExpired);
    node.until(|node| node.directory.stats().members == 0).await;
    // An older id than the third's: it would be refused if the name were still held.
    third.join(&node, at(0)).await.unwrap();
    third.crash();
    node.until(|node| node.directory.stats().members == 0).await;
    second.join(&node, at(0)).await.unwrap();
}

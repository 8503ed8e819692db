//! Limits of a room, and the ways a membership ends.

use super::*;

#[actix::test]
async fn sockets_are_limited_by_user_and_by_restaurant() {
    let node = Node::with(|house| (house.per_user, house.per_restaurant) = (2, 3));
    let restaurant = RestaurantId::generate();
    let of = |user| {
        let mut client = node.member(restaurant);
        client.principal.user = user;
        client
    };
    let (ana, bo) = (UserId::generate(), UserId::generate());
    let [one, two, three] = [of(ana), of(ana), of(ana)];
    one.join(&node, None).await.unwrap();
    two.join(&node, None).await.unwrap();
    assert_eq!(three.join(&node, None).await.err(), Some(ErrorCode::TooManySockets));
    // The same socket again counts once, and its new recipient is the one that counts.
    let mut again = of(ana);
    again.member.socket = two.member.socket;
    again.join(&node, None).await.unwrap();
    node.commit(restaurant, 1);
    again.expect(0, 1).await;
    let four = of(bo);
    four.join(&node, None).await.unwrap();
    assert_eq!(of(bo).join(&node, None).await.err(), Some(ErrorCode::TooManySockets));
    one.leave(&node);
    one.leave(&node);
    three.join(&node, None).await.unwrap();
    assert_eq!(node.directory.stats(), crate::actors::directory::Stats { rooms: 1, members: 3 });
    // A socket whose actor is gone makes room at once.
    four.crash();
    timeout(PATIENCE, async {
        while of(bo).join(&node, None).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("a place");
}

/// They were one user to the limits: a thousand sockets of anybody's, and no other guest came in.
#[actix::test]
async fn the_public_has_a_limit_of_its_own() {
    let node = Node::with(|house| (house.per_user, house.public, house.per_restaurant) = (1, 2, 4));
    let restaurant = RestaurantId::generate();
    let guest = || {
        let mut client = node.member(restaurant);
        client.principal = Principal::public(restaurant);
        client
    };
    let guests = [guest(), guest(), guest()];
    guests[0].join(&node, None).await.unwrap();
    guests[1].join(&node, None).await.unwrap();
    assert_eq!(guests[2].join(&node, None).await.err(), Some(ErrorCode::TooManySockets));
    // Staff come in all the same.
    let mut staff = node.joined(restaurant).await;
    node.commit(restaurant, 1);
    staff.expect(0, 1).await;
    drop(guests);
}

/// One that opened them all had the places of every guest.
#[actix::test]
async fn one_address_takes_not_the_places_of_all_guests() {
    let node = Node::with(|house| (house.public, house.public_per_address) = (5, 2));
    let restaurant = RestaurantId::generate();
    let guest = |address: &str| {
        let mut client = node.member(restaurant);
        client.principal = Principal::public(restaurant);
        client.member.address = Some(address.parse().unwrap());
        client
    };
    let (one, two, three) = (guest("192.0.2.1"), guest("192.0.2.1"), guest("192.0.2.1"));
    one.join(&node, None).await.unwrap();
    two.join(&node, None).await.unwrap();
    assert_eq!(three.join(&node, None).await.err(), Some(ErrorCode::TooManySockets));
    let six = ["2001:db8::1", "2001:db8::2", "2001:db8::3"].map(guest);
    six[0].join(&node, None).await.unwrap();
    six[1].join(&node, None).await.unwrap();
    assert_eq!(
        six[2].join(&node, None).await.err(),
        Some(ErrorCode::TooManySockets),
        "one subscriber's network"
    );
    // Who has a token is counted as a user, wherever he comes from.
    let mut staff = node.member(restaurant);
    staff.member.address = Some("192.0.2.1".parse().unwrap());
    staff.join(&node, None).await.unwrap();
    one.leave(&node);
    three.join(&node, None).await.unwrap();
}

/// A board is shared: one tenant's people took all places of its room, and no other came in.
#[actix::test]
async fn a_tenant_takes_not_the_places_of_a_whole_board() {
    let node = Node::with(|house| house.per_restaurant = 2);
    let of = |tenant| {
        let mut client = node.member(tenant);
        client.member.vocabulary = Vocabulary::Donations;
        client
    };
    let (greedy, other) = (RestaurantId::generate(), RestaurantId::generate());
    let seats = [of(greedy), of(greedy), of(greedy)];
    seats[0].join(&node, None).await.unwrap();
    seats[1].join(&node, None).await.unwrap();
    assert_eq!(seats[2].join(&node, None).await.err(), Some(ErrorCode::TooManySockets));
    let mut other = of(other);
    other.join(&node, None).await.unwrap();
    // Who leaves the board is closed there, and nobody else; a room that one stays in is left alone.
    let board = StreamId::from(Stream::from(other.principal.board));
    node.directory.dismiss_elsewhere(other.principal.restaurant, &[board], ErrorCode::TokenExpired);
    assert_eq!(node.directory.stats().members, 3);
    node.directory.dismiss_elsewhere(other.principal.restaurant, &[], ErrorCode::TokenExpired);
    other.expect_close(ErrorCode::TokenExpired).await;
    seats[2].join(&node, None).await.err();
    assert_eq!(node.directory.stats().members, 2);
}

#[actix::test]
async fn whoever_logs_out_or_is_removed_is_closed_everywhere() {
    let node = Node::new();
    let (here, there) = (RestaurantId::generate(), RestaurantId::generate());
    let mut clients = [
        node.joined(here).await,
        node.joined(here).await,
        node.joined(there).await,
        node.joined(there).await,
    ];
    let login = clients[0].principal.login.unwrap();
    node.directory.dismiss_login(login, ErrorCode::Removed);
    node.directory.dismiss_user(clients[2].principal.user, ErrorCode::TokenExpired);
    clients[0].expect_close(ErrorCode::Removed).await;
    clients[2].expect_close(ErrorCode::TokenExpired).await;
    node.commit(here, 1);
    node.commit(there, 1);
    clients[1].expect(0, 1).await;
    clients[3].expect(0, 1).await;
    assert!(clients[0].is_quiet() && clients[2].is_quiet());
    assert_eq!(node.directory.stats().members, 2);
}

/// Its token was verified just before, its join comes just after: also to a room that was not there to be told.
#[actix::test]
async fn a_join_that_comes_behind_the_dismissal_is_refused() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let (mut here, there) = (node.joined(restaurant).await, node.member(RestaurantId::generate()));
    for client in [&here, &there] {
        node.directory.dismiss_login(client.principal.login.unwrap(), ErrorCode::Removed);
        assert_eq!(client.join(&node, None).await.err(), Some(ErrorCode::Removed));
    }
    here.expect_close(ErrorCode::Removed).await;
    let retrained = node.member(restaurant);
    node.directory.dismiss_user(retrained.principal.user, ErrorCode::TokenExpired);
    assert!(retrained.join(&node, None).await.is_ok(), "comes back at once, in its new role");
    assert_eq!(node.directory.stats().members, 1);
}

#[actix::test]
async fn the_stop_closes_everyone_and_lets_nobody_in() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut client = node.joined(restaurant).await;
    node.directory.close_all(ErrorCode::ShuttingDown);
    client.expect_close(ErrorCode::ShuttingDown).await;
    assert_eq!(client.join(&node, None).await.err(), Some(ErrorCode::ShuttingDown));
    node.directory.stop().await;
    assert_eq!(node.directory.stats().rooms, 0);

    let node = Node::new();
    let mut left_over = node.joined(restaurant).await;
    node.directory.stop().await;
    left_over.expect_close(ErrorCode::ShuttingDown).await;
    assert_eq!(node.directory.stats().members, 0);
}

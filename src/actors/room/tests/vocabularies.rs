//! Members who hear of the same events in other words, or of some only.

use super::*;
use crate::{
    actors::room::Place,
    domain::{
        event::{Event, Recorded},
        ids::OrderId,
    },
};

fn hears(node: &Node, restaurant: RestaurantId, vocabulary: Vocabulary) -> Client {
    let mut client = node.member(restaurant);
    client.member.vocabulary = vocabulary;
    client
}

/// `count` events, of which the last ships an order.
fn shipping(node: &Node, restaurant: RestaurantId, count: u64) -> Vec<Recorded> {
    let mut events = node.log.append(restaurant, count);
    events.last_mut().unwrap().event = Event::OrderShipped {
        order: OrderId(uuid::Uuid::nil()),
        order_version: 1,
        number: Some(7),
        customer: None,
    };
    events
}

fn names(batch: &Batch) -> Vec<&str> {
    batch.events.iter().map(|event| event.name.as_ref()).collect()
}

#[actix::test]
async fn each_hears_its_own_words_and_those_who_hear_the_same_share_them() {
    use Vocabulary::*;
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut heard = Vec::new();
    let mut clients: Vec<Client> =
        [Restaurant, Restaurant, Admin, Admin].map(|words| hears(&node, restaurant, words)).into();
    for client in &clients {
        client.join(&node, None).await.unwrap();
    }
    node.directory.publish(restaurant.into(), shipping(&node, restaurant, 3));
    for client in &mut clients {
        heard.push(client.batch().await);
    }
    // Whoever hears less still knows that it has missed nothing.
    assert!(heard.iter().all(|batch| (batch.first, batch.last) == (1, 3)));
    assert_eq!(names(&heard[0]), ["order.closed", "order.closed", "order.shipped"]);
    assert_eq!((names(&heard[2]), seqs(&heard[2])), (vec!["order_shipped"], vec![3]));
    assert!(Arc::ptr_eq(&heard[0], &heard[1]) && Arc::ptr_eq(&heard[2], &heard[3]), "encoded twice");
    // Two of three, two of one: what the number of deliveries counts.
    node.directory.settle(Duration::from_secs(10)).await;
    assert_eq!(node.count("deliveries_total"), 2 * 3 + 2);
}

#[actix::test]
async fn those_who_come_back_are_told_in_their_own_words() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut kitchen = node.joined(restaurant).await;
    node.commit(restaurant, 2);
    kitchen.expect(0, 2).await;
    let admin = hears(&node, restaurant, Vocabulary::Admin);
    // Nobody has heard these words here yet.
    let joined = admin.join(&node, at(0)).await.unwrap();
    assert_eq!(told(&joined.missed), "log");
    admin.leave(&node);
    node.directory.publish(restaurant.into(), shipping(&node, restaurant, 2));
    node.commit(restaurant, 1);
    kitchen.expect(2, 5).await;
    let again = hears(&node, restaurant, Vocabulary::Admin);
    let Missed::Ring(missed) = again.join(&node, at(2)).await.unwrap().missed else { panic!() };
    let covered: Vec<_> = missed.iter().map(|batch| (batch.first, batch.last, seqs(batch))).collect();
    assert_eq!(covered, [(3, 4, vec![4]), (5, 5, vec![])]);
    // The kitchen's ring is as it was.
    let late = node.member(restaurant);
    assert_eq!(told(&late.join(&node, at(0)).await.unwrap().missed), "ring 1-2 3-4 5-5");
}

/// Who may act and not hear had a mail for each commit, of nothing; and after a restart of its room, read a whole evening
/// of nothing from the log.
#[actix::test]
async fn who_hears_of_nothing_is_told_nothing_but_the_end() {
    let node = Node::new();
    let restaurant = RestaurantId::generate();
    let mut kitchen = node.joined(restaurant).await;
    let mut silent = hears(&node, restaurant, Vocabulary::Silence);
    silent.join(&node, None).await.unwrap();
    node.commit(restaurant, 3);
    kitchen.expect(0, 3).await;
    node.directory.panic(restaurant.into(), Place::Handler);
    assert!(matches!(kitchen.next().await, Delivery::Head(3)));
    // It has missed nothing, however much there was.
    let again = hears(&node, restaurant, Vocabulary::Silence);
    let Missed::Ring(missed) = again.join(&node, at(1)).await.unwrap().missed else { panic!() };
    let covered: Vec<_> = missed.iter().map(|batch| (batch.first, batch.last, seqs(batch))).collect();
    assert_eq!(covered, [(2, 3, vec![])]);
    node.directory.dismiss_user(silent.principal.user, ErrorCode::Removed);
    silent.expect_close(ErrorCode::Removed).await;
}

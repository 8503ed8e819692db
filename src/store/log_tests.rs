//! The log is kept for good: every shape in which an event was ever stored goes on being read.

use super::*;
use crate::domain::donation::DonationEvent;
use std::collections::BTreeMap;

/// One stored event a line, `{"kind","body"}`. A new shape of a kind comes behind its old ones, which stay.
const STORED: &str = include_str!("stored_events.jsonl");

/// Every kind. A new variant does not compile before it is named here, nor pass before it is in the file.
const KINDS: usize = 24;

fn number(event: &Event) -> usize {
    match event {
        Event::OrderConfirmed(_) => 0,
        Event::OrderStatusChanged(_) => 1,
        Event::ItemStatusChanged(_) => 2,
        Event::ItemsAdded { .. } => 3,
        Event::ItemUpdated { .. } => 4,
        Event::OrderCancelled { .. } => 5,
        Event::OrderClosed { .. } => 6,
        Event::OrderReopened { .. } => 7,
        Event::TableSessionOpened(_) => 8,
        Event::TableSessionClosed(_) => 9,
        Event::OrderAcknowledged(_) => 10,
        Event::OrderPriorityChanged(_) => 11,
        Event::TableSessionMoved(_) => 12,
        Event::TableSessionMerged(_) => 13,
        Event::MenuItemAvailabilityChanged(_) => 14,
        Event::OrderShipped { .. } => 15,
        Event::ProductionOrderCreated(_) => 16,
        Event::ProductionOrderUpdated(_) => 17,
        Event::ProductionOrderProgressed(_) => 18,
        Event::ProductionOrderDeleted { .. } => 19,
        Event::Donation(DonationEvent::Created { .. }) => 20,
        Event::Donation(DonationEvent::Claimed { .. }) => 21,
        Event::Donation(DonationEvent::StatusChanged { .. }) => 22,
        Event::ResourcesChanged(_) => 23,
        Event::Unreadable => panic!("not stored"),
    }
}

#[test]
fn every_shape_that_was_ever_stored_is_read_and_the_newest_is_what_is_written() {
    let mut newest = BTreeMap::new();
    for (n, line) in STORED.lines().enumerate() {
        let stored: Value = serde_json::from_str(line).unwrap();
        let (kind, body) = (stored["kind"].as_str().unwrap(), stored["body"].clone());
        let event = decode(kind, body.clone()).unwrap_or_else(|error| panic!("line {}: {error}", n + 1));
        newest.insert(number(&event), (event, kind.to_owned(), body));
    }
    assert_eq!(newest.len(), KINDS);
    for (event, kind, body) in newest.into_values() {
        assert_eq!(encode(&event).unwrap(), (kind, body), "a shape that is not in the file");
    }
}

#[test]
fn what_cannot_be_read_is_never_written() {
    assert!(decode("order_eaten", json!({})).is_err());
    assert!(decode("order_closed", json!({ "order": "x" })).is_err());
    assert!(decode("unreadable", json!({})).is_err());
    assert!(encode(&Event::Unreadable).is_err());
}

//! The log is kept for good: every shape in which an event was ever stored goes on being read.

use super::*;
use crate::domain::donation::DonationEvent;
use std::collections::{BTreeMap, BTreeSet};
use strum::VariantNames;

/// One stored event a line, `{"kind","body"}`. A new shape of a kind comes behind its old ones, which stay.
const STORED: &str = include_str!("stored_events.jsonl");

/// Every kind that is stored: a new variant is in the file too.
fn kinds() -> BTreeSet<String> {
    let own = Event::VARIANTS.iter().filter(|kind| !["unreadable", "donation"].contains(kind));
    let donations = DonationEvent::VARIANTS.iter().map(|what| format!("donation {what}"));
    own.map(|&kind| kind.to_owned()).chain(donations).collect()
}

#[test]
fn every_shape_that_was_ever_stored_is_read_and_the_newest_is_what_is_written() {
    let mut newest = BTreeMap::new();
    for (n, line) in STORED.lines().enumerate() {
        let stored: Value = serde_json::from_str(line).unwrap();
        let (kind, body) = (stored["kind"].as_str().unwrap(), stored["body"].clone());
        let event = decode(kind, body.clone()).unwrap_or_else(|error| panic!("line {}: {error}", n + 1));
        let name = match &body["what"] {
            Value::String(what) => format!("{kind} {what}"),
            _ => kind.to_owned(),
        };
        newest.insert(name, (event, kind.to_owned(), body));
    }
    assert_eq!(newest.keys().cloned().collect::<BTreeSet<_>>(), kinds());
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

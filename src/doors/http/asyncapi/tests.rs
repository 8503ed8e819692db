//! The AsyncAPI document against itself and against what sockets know.

use super::*;
use crate::{config::entities, doors::http::reserved_paths};
use std::collections::BTreeSet;

fn made(entities: &str) -> Value {
    let declared = entities::parse(entities, "the test's").unwrap();
    let catalog = Catalog::new(&declared, &reserved_paths()).unwrap();
    document(&catalog, &["/".to_owned(), "/api".to_owned()])
}

fn follow(value: &Value, document: &Value) {
    match value {
        Value::Object(members) => {
            if let Some(to) = members.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(to.strip_prefix('#').unwrap()).is_some(), "{to} leads nowhere");
            }
            members.values().for_each(|value| follow(value, document));
        }
        Value::Array(items) => items.iter().for_each(|item| follow(item, document)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = made(include_str!("../../../../config/entities.toml"));
    follow(&document, &document);
}

/// One name is one shape, whoever adds it.
#[test]
fn no_two_schemas_have_one_name() {
    let mut schemas = Schemas::new();
    let vocabularies = [Vocabulary::Restaurant, Vocabulary::Admin, Vocabulary::Donations];
    for word in vocabularies.into_iter().flat_map(vocabulary::words) {
        word.schema(&mut schemas);
    }
    accounts::CALLS.iter().for_each(|(_, asked, answered)| {
        asked(&mut schemas);
        answered(&mut schemas);
    });
    plain("x", "/x", Vocabulary::Donations, &mut schemas);
    socketio("y", "/y", Vocabulary::Admin, &mut schemas);
    let mut seen: Map<String, Value> = Map::new();
    for (name, schema) in schemas {
        let schema = json!(schema);
        let other = seen.insert(name.clone(), schema.clone());
        assert!(other.is_none_or(|other| other == schema), "{name} is two things");
    }
}

#[test]
fn names_are_told_once_in_a_vocabulary() {
    for vocabulary in [Vocabulary::Restaurant, Vocabulary::Admin, Vocabulary::Donations] {
        let mut seen = BTreeSet::new();
        for word in vocabulary::words(vocabulary) {
            assert!(seen.insert(word.name), "{} twice", word.name);
        }
    }
}

#[test]
fn the_logins_events_are_those_that_sockets_know() {
    let documented: BTreeSet<&str> = accounts::CALLS.iter().map(|(event, ..)| *event).collect();
    let known: BTreeSet<&str> = crate::session::orders::ACCOUNT_EVENTS.into_iter().collect();
    assert_eq!(documented, known);
}

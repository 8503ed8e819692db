//! The JSON shapes of documents, and of the events that tell of them.
//!
//! `{id, number?, …fields, createdAt, updatedAt, externalId?}`; a field without a value is absent.

use crate::{
    domain::{
        event::Recorded,
        resource::{Document, ResourcesChanged, Told, Value},
        stream::Epoch,
    },
    wire::{event::WireEvent, json::quote, time::Written},
};

fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => quote(text),
        Value::Number(number) => number.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
    }
}

pub fn document(document: &Document) -> String {
    let mut members = vec![format!(r#""id":"{}""#, document.id)];
    members.extend(document.number.map(|number| format!(r#""number":{number}"#)));
    let fields = document.fields.iter();
    members.extend(fields.map(|(name, field)| format!("{}:{}", quote(name), value(field))));
    members.push(format!(r#""createdAt":"{}""#, Written(document.created_at)));
    members.push(format!(r#""updatedAt":"{}""#, Written(document.updated_at)));
    let external_id = document.external_id.as_ref();
    members.extend(external_id.map(|id| format!(r#""externalId":{}"#, quote(id.as_str()))));
    format!("{{{}}}", members.join(","))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

pub fn documents(documents: &[Document]) -> String {
    list(documents.iter().map(document))
}

/// `{deletedCount}`
pub fn deleted(count: u64) -> String {
    format!(r#"{{"deletedCount":{count}}}"#)
}

/// A broadcast. On Socket.IO it is a list, or one entity in its older form (an id where it was deleted); everywhere else
/// `{items, eventId, seq}`.
pub fn told(changed: &ResourcesChanged, recorded: &Recorded, epoch: &Epoch) -> WireEvent {
    let items = match &changed.told {
        Told::Documents(all) => documents(all),
        Told::Deleted(ids) => list(ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#))),
    };
    let bare = match (changed.legacy, &changed.told) {
        (true, Told::Documents(all)) => all.first().map(document),
        (true, Told::Deleted(ids)) => ids.first().map(|id| format!(r#""{id}""#)),
        (false, _) => None,
    };
    let data = format!(r#"{{"items":{items},"eventId":"{}","seq":{}}}"#, recorded.id, recorded.seq);
    let name = changed.name.as_str();
    let event =
        WireEvent::new(epoch.clone(), recorded.seq, recorded.id.0, recorded.at, name.to_owned(), data);
    event.on_socketio(bare.unwrap_or(items), changed.caller)
}

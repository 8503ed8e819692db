//! The declared entities' routes and broadcasts on one channel of the AsyncAPI document.

use super::channel::{Carrier, Channel};
use crate::{
    domain::resource::{Broadcast, Entity, Route, RouteKind},
    doors::http::declared,
    vocabulary::resources::{
        Catalog,
        bodies::{MAX_LIMIT, MOST, WINDOW},
    },
    wire::{event::Vocabulary, socketio::MAIN},
};
use serde_json::{Map, Value, json};

pub fn add(channel: &mut Channel, catalog: &Catalog) {
    for entity in catalog.entities() {
        for route in &entity.routes {
            if route.socket && is_called(entity, channel) {
                let (asked, answered) = (asked(entity, route.kind), declared::answered(entity, route.kind));
                match route.kind {
                    RouteKind::GetMany => channel.lists(&route.event, asked, &answered),
                    _ => channel.answers(&route.event, asked, &answered),
                }
            }
            if is_told(entity, channel) {
                told(entity, route, channel);
            }
        }
    }
}

/// The data of an event that asks for this: where REST has ids in the path or the query, they stand in it.
fn asked(entity: &Entity, kind: RouteKind) -> Value {
    let id = json!({ "type": "string", "format": "uuid" });
    let (mut properties, mut required) = (Map::new(), Vec::new());
    match kind {
        RouteKind::CreateOne => return declared::reference(entity, "Body"),
        RouteKind::CreateMany => {
            let item = declared::reference(entity, "Body");
            let list = json!({ "type": "array", "items": item, "minItems": 1, "maxItems": MOST });
            properties.insert("list".to_owned(), list);
            required.push("list");
        }
        RouteKind::GetMany => {
            let number = |most: u64| json!({ "type": "integer", "minimum": 1, "maximum": most });
            properties.insert("page".to_owned(), number(WINDOW));
            properties.insert("limit".to_owned(), number(MAX_LIMIT));
            properties.insert("cursor".to_owned(), json!({ "type": "string" }));
            properties.insert("externalId".to_owned(), declared::external_id());
            properties.extend(declared::all_properties(entity));
        }
        kind if kind.is_many() => {
            let ids = json!({ "type": "array", "items": id, "minItems": 1, "maxItems": MOST });
            properties.insert("ids".to_owned(), ids);
            required.push("ids");
        }
        _ => {
            properties.insert("id".to_owned(), id);
            required.push("id");
        }
    }
    let bare =
        kind.deletes() || matches!(kind, RouteKind::CreateMany | RouteKind::GetMany | RouteKind::GetOne);
    if !bare {
        properties.extend(declared::writable_properties(entity));
    }
    if kind == RouteKind::ReplaceOne {
        required.extend(declared::required(entity));
    }
    json!({
        "type": "object", "additionalProperties": false, "properties": properties, "required": required,
    })
}

/// The vocabulary that is spoken on a channel.
fn spoken(channel: &Channel) -> Option<Vocabulary> {
    match (channel.carrier, channel.address.as_str()) {
        (Carrier::SocketIo | Carrier::Plain, "/donations") => Some(Vocabulary::Donations),
        (Carrier::SocketIo, namespace) => Vocabulary::of_namespace(namespace),
        (Carrier::Plain | Carrier::Stream, _) => Vocabulary::of_namespace(MAIN),
    }
}

fn is_called(entity: &Entity, channel: &Channel) -> bool {
    let here = spoken(channel);
    channel.carrier != Carrier::Stream
        && entity.namespaces.iter().any(|name| Vocabulary::of_namespace(name) == here)
}

/// The restaurant's own vocabulary is complete.
fn is_told(entity: &Entity, channel: &Channel) -> bool {
    match spoken(channel) {
        Some(Vocabulary::Restaurant) => true,
        Some(Vocabulary::Resources) => is_called(entity, channel),
        _ => false,
    }
}

fn told(entity: &Entity, route: &Route, channel: &mut Channel) {
    let item = declared::told(entity, route.kind);
    let (name, alone) = match route.broadcast {
        Broadcast::Off => return,
        Broadcast::On => (&route.event, json!({ "type": "array", "items": item })),
        Broadcast::Legacy if route.kind.deletes() => {
            (&route.legacy_event, json!({ "type": "string", "format": "uuid" }))
        }
        Broadcast::Legacy => (&route.legacy_event, item.clone()),
    };
    match channel.carrier {
        Carrier::SocketIo => channel.tells_logged(name, alone),
        Carrier::Plain | Carrier::Stream => channel.tells_logged(name, declared::numbered(&item)),
    }
}

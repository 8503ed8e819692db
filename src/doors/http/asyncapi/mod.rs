//! The AsyncAPI document (3.0): what goes over sockets and event streams, from the vocabularies, the declared entities and
//! the shapes that sockets themselves have.

mod accounts;
mod channel;
mod entities;
mod shapes;

use super::{declared, schema::NewCounterOrder};
use crate::{
    vocabulary::{
        self,
        admin::OrderBody,
        resources::Catalog,
        words::{Schemas, named},
    },
    wire::{
        event::{API, Vocabulary},
        said,
        socketio::MAIN,
    },
};
use channel::{Carrier, Channel, reference};
use serde_json::{Map, Value, json};
use shapes::{Connect, ConnectError, Connected, Nothing};

/// The document of a server that has these entities and answers `auth-*` on these namespaces.
pub fn document(catalog: &Catalog, accounts: &[String]) -> Value {
    let mut schemas = Schemas::new();
    let mut channels = vec![plain("ws", "/ws", Vocabulary::Restaurant, &mut schemas)];
    channels.push(plain("wsDonations", "/donations", Vocabulary::Donations, &mut schemas));
    for (key, namespace) in [("main", MAIN), ("admin", "/admin"), ("donations", "/donations"), ("api", API)] {
        let Some(vocabulary) = Vocabulary::of_namespace(namespace) else { continue };
        let mut channel = socketio(key, namespace, vocabulary, &mut schemas);
        if accounts.iter().any(|name| name == namespace) {
            accounts::add(&mut channel, &mut schemas);
        }
        channels.push(channel);
    }
    channels.push(stream(&mut schemas));
    for channel in &mut channels {
        entities::add(channel, catalog);
    }
    let mut all: Map<String, Value> = Map::new();
    for (name, schema) in schemas {
        all.insert(name, json!(schema));
    }
    catalog.entities().iter().for_each(|entity| all.extend(declared::shapes(entity)));
    let operations: Map<String, Value> = channels.iter().flat_map(Channel::operations).collect();
    let channels: Map<String, Value> = channels.into_iter().map(Channel::finish).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "comanda",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What a restaurant's displays, tablets and partners hear and say live. The REST part is `/openapi.json`.",
            "license": { "name": env!("CARGO_PKG_LICENSE") },
        },
        "defaultContentType": "application/json",
        "servers": servers(),
        "channels": channels,
        "operations": operations,
        "components": { "schemas": all, "securitySchemes": security() },
    })
}

fn servers() -> Value {
    let server = |protocol: &str, path: &str, what: &str| {
        json!({
            "host": "{address}",
            "pathname": path,
            "protocol": protocol,
            "description": what,
            "variables": { "address": { "default": "localhost:3000", "description": "Host and port" } },
            "security": [{ "$ref": "#/components/securitySchemes/token" }],
        })
    };
    let socketio = "Socket.IO 5 over Engine.IO 4, by long-polling or WebSocket. The token comes in CONNECT's `auth`, or in the header";
    let plain = "JSON texts over WebSocket. A browser, which cannot send the header, says its token in the first frame";
    json!({
        "socketio": server("socketio", "/socket.io/", socketio),
        "websocket": server("ws", "/", plain),
        "events": server("http", "/", "Server-sent events"),
    })
}

fn security() -> Value {
    let bearer = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token of a login" });
    let ticket = json!({
        "type": "httpApiKey", "name": "ticket", "in": "query",
        "description": "Of `POST /api/v1/events/ticket`, good once: browsers cannot send a header with an event stream",
    });
    json!({ "token": bearer, "ticket": ticket })
}

/// The events of the log, on any channel.
fn words(channel: &mut Channel, vocabulary: Vocabulary, schemas: &mut Schemas) {
    for word in vocabulary::words(vocabulary) {
        let schema = json!(word.schema(schemas).build());
        channel.tells_logged(word.name, schema);
    }
}

fn socketio(key: &str, namespace: &str, vocabulary: Vocabulary, schemas: &mut Schemas) -> Channel {
    let mut channel = Channel::new(Carrier::SocketIo, key, namespace);
    words(&mut channel, vocabulary, schemas);
    channel.tells("resync", reference(&named::<said::Resync<'_>>(schemas)));
    channel.tells("exception", reference(&named::<said::Exception<'_>>(schemas)));
    let [ask, yes, no] =
        [named::<Connect>(schemas), named::<Connected>(schemas), named::<ConnectError>(schemas)];
    channel.connects(reference(&ask), reference(&yes), reference(&no));
    channel.refuses(reference(&named::<said::Refusal<'_>>(schemas)));
    let token = reference(&named::<said::Token>(schemas));
    let refreshed = reference(&named::<said::Refreshed>(schemas));
    channel.answers("auth-refresh", token, &refreshed);
    let seen = reference(&named::<said::Seen>(schemas));
    channel.acknowledges("seen", seen.clone(), "seen", &seen);
    match vocabulary {
        Vocabulary::Restaurant => {
            let room = reference(&named::<said::Room>(schemas));
            let nothing = reference(&named::<Nothing>(schemas));
            channel.answers("joinRoom", nothing.clone(), &room);
            channel.answers("leaveRoom", nothing, &room);
        }
        Vocabulary::Admin => {
            let order = reference(&named::<NewCounterOrder>(schemas));
            channel.acknowledges("new_order", order, "new_order", &reference(&named::<OrderBody>(schemas)));
        }
        Vocabulary::Donations => {
            let pong = reference(&named::<said::Pong>(schemas));
            channel.tells("test-response", pong.clone());
            let nothing = reference(&named::<Nothing>(schemas));
            channel.acknowledges("test", nothing, "test-response", &pong);
        }
        Vocabulary::Resources | Vocabulary::Silence => {}
    }
    channel
}

fn plain(key: &str, address: &str, vocabulary: Vocabulary, schemas: &mut Schemas) -> Channel {
    let mut channel = Channel::new(Carrier::Plain, key, address);
    words(&mut channel, vocabulary, schemas);
    let ready = reference(&named::<said::Ready<'_>>(schemas));
    channel.tells("ready", ready.clone());
    channel.tells("heartbeat", reference(&named::<said::Heartbeat>(schemas)));
    channel.tells("resync", reference(&named::<said::Resync<'_>>(schemas)));
    let failure = reference(&named::<said::Failure<'_>>(schemas));
    channel.tells("error", failure.clone());
    channel.refuses(failure);
    channel.acknowledges("auth", reference(&named::<said::Auth>(schemas)), "ready", &ready);
    let refreshed = reference(&named::<said::Refreshed>(schemas));
    channel.answers("auth-refresh", reference(&named::<said::Token>(schemas)), &refreshed);
    let seen = reference(&named::<said::Seen>(schemas));
    channel.acknowledges("seen", seen.clone(), "seen", &seen);
    if vocabulary == Vocabulary::Donations {
        let (nothing, pong) = (named::<Nothing>(schemas), reference(&named::<said::Pong>(schemas)));
        channel.tells("test-response", pong.clone());
        channel.acknowledges("test", reference(&nothing), "test-response", &pong);
    }
    channel
}

fn stream(schemas: &mut Schemas) -> Channel {
    let mut channel = Channel::new(Carrier::Stream, "events", "/api/v1/events/stream");
    words(&mut channel, Vocabulary::Restaurant, schemas);
    channel.tells("resync", reference(&named::<said::Resync<'_>>(schemas)));
    channel
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

//! Commands over a socket: an event of the client becomes a question to the house, its answer an acknowledgement.

use super::answers::{self, refuse};
use crate::{
    domain::{command::IdempotencyKey, ids::SocketId, rejection::Rejection},
    session::{
        Answered, Asked,
        socketio::{Context, Event},
    },
    wire::{event::Vocabulary, json::Json},
};
use std::net::IpAddr;

/// What the house is asked for. The key goes along: a repetition from another connection is the database's to find. The
/// data is a slice of the packet, which the house reads at once or not at all; the name is kept until the answer.
pub fn asked(socket: SocketId, address: Option<IpAddr>, vocabulary: Vocabulary, event: Event) -> Asked {
    let key = event
        .key
        .as_ref()
        .map(|key| IdempotencyKey { key: key.to_string(), fingerprint: event.fingerprint() });
    let data = event.argument(0).map(Json::text).cloned().unwrap_or_default();
    Asked { socket, address, vocabulary, data, event: event.name.to_string().into(), key }
}

/// Tells the client what came of it: its acknowledgement, or else an event of the same name. On `/admin` who asked for no
/// acknowledgement hears of what was done as everybody does: a reply under the name of such an event would be taken for
/// another one.
pub fn answer(
    vocabulary: Vocabulary,
    event: &str,
    ack: Option<u64>,
    result: Result<Answered, Rejection>,
    context: &mut Context<'_>,
) {
    match (result, ack) {
        (Ok(_), None) if matches!(vocabulary, Vocabulary::Admin | Vocabulary::Silence) => {}
        (Ok(answered), ack) => answers::page(event, ack, &answered, context),
        (Err(rejection), ack) => refuse(event, ack, &rejection, context),
    }
}

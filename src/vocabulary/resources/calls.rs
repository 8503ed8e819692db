//! Calls over sockets: an event's data as a question to the store or a command, and their answers.

use super::{bodies, shapes};
use crate::{
    domain::{
        command::Reply,
        ids::{ResourceId, SocketId},
        principal::Principal,
        rejection::Rejection,
        resource::{Entity, ResourceCommand, RouteKind},
    },
    store::reads::Listing,
};
use std::sync::Arc;

/// Documents to be read.
#[derive(Debug)]
pub enum Reading {
    Many(Arc<Entity>, Listing),
    One(Arc<Entity>, ResourceId),
}

/// What a client asks for.
#[derive(Debug)]
pub enum Call {
    Read(Reading),
    Change(ResourceCommand),
}

/// Reads the data of an event. Whether its sender may is told before what is wrong with it.
pub fn read(
    entity: &Arc<Entity>,
    kind: RouteKind,
    by: &Principal,
    data: &[u8],
    caller: SocketId,
) -> Result<Call, Rejection> {
    if !by.role.any_of(entity.roles(kind)) {
        return Err(Rejection::forbidden());
    }
    let entity = Arc::clone(entity);
    // As null stands for absent within a body.
    let data = if data.trim_ascii() == b"null" { &[][..] } else { data };
    Ok(match kind {
        RouteKind::GetMany => {
            let listing = bodies::listing(&entity, data)?;
            Call::Read(Reading::Many(entity, listing))
        }
        RouteKind::GetOne => Call::Read(Reading::One(entity, bodies::one(data)?)),
        route => {
            let change = bodies::change(&entity, route, bodies::Target::InBody, data)?;
            let caller = Some(caller);
            Call::Change(ResourceCommand { entity, route, change, caller })
        }
    })
}

/// The JSON text of a reply; `None` for one that no route of entities has.
pub fn answer(reply: &Reply) -> Option<String> {
    match reply {
        Reply::Document(document) => Some(shapes::document(document)),
        Reply::Documents(documents) => Some(shapes::documents(documents)),
        Reply::Deleted(count) => Some(shapes::deleted(*count)),
        _ => None,
    }
}

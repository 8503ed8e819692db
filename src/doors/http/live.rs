//! `/live`: who is connected to a restaurant's room on this server, and what was handed out, for managers.

use super::{caller::Caller, error::HttpError};
use crate::{
    actors::room::{Attendance, Presence},
    code::ErrorCode,
    domain::{ids::UserId, people::Face, principal::Role},
    vocabulary::body::Time,
};
use actix_web::HttpResponse;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// One open socket.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LiveSocket)]
pub struct SocketBody {
    id: Uuid,
    /// Null for one who came without a token.
    user_id: Option<Uuid>,
    /// Null where the user is another service's.
    name: Option<String>,
    /// A role of staff, or `PUBLIC` for one who came without a token.
    role: &'static str,
    /// True for a display.
    device: bool,
    /// In whose words it is told: `restaurant` (specification 004), `admin` (000), `resources` (003), or `silence`, for one
    /// that may act and not hear.
    vocabulary: &'static str,
    /// What carries it now: `ws`, `socketio_websocket`, `socketio_polling` or `sse`.
    transport: &'static str,
    since: Time,
    /// Events it has not shown; null where it does not tell.
    lag: Option<u64>,
}

/// What the restaurant's room has done since it began; it ends where nobody has been connected for a while, and the next
/// one counts from 0.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LiveRoom)]
pub struct RoomBody {
    /// Every event up to here has gone out; null while nobody is connected.
    seq: Option<u64>,
    /// Events handed to sockets, each counted once a socket.
    deliveries: u64,
    /// Times that something was handed out,
    handed: u64,
    /// and how long it took from the commit to the sockets' mailboxes, in all, in seconds.
    seconds: f64,
}

/// Who is connected to this server, in the caller's restaurant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Live)]
pub struct LiveBody {
    server_time: Time,
    /// True where this server is the demo, which can play a lunch hour.
    demo: bool,
    room: RoomBody,
    /// Open sockets, all of them.
    connected: usize,
    /// The longest connected first, at most 1,000.
    sockets: Vec<SocketBody>,
}

/// Sockets that one answer tells of.
const MAX_SOCKETS: usize = 1_000;

impl LiveBody {
    fn new(demo: bool, present: Attendance, faces: &HashMap<UserId, Face>) -> Self {
        let Attendance { head, delivered, mut sockets } = present;
        sockets.sort_by_key(|one| (one.since, one.socket));
        let room = RoomBody {
            seq: head,
            deliveries: delivered.deliveries,
            handed: delivered.handed,
            seconds: delivered.took.as_secs_f64(),
        };
        let connected = sockets.len();
        let sockets =
            sockets.iter().take(MAX_SOCKETS).map(|one| SocketBody::new(one, faces.get(&one.user))).collect();
        Self { server_time: Time(Timestamp::now()), demo, room, connected, sockets }
    }
}

impl SocketBody {
    fn new(one: &Presence, face: Option<&Face>) -> Self {
        Self {
            id: one.socket.0,
            user_id: (one.user != UserId::NOBODY).then_some(one.user.0),
            name: face.map(|face| face.name.clone()),
            role: one.role.name(),
            device: face.is_some_and(|face| face.device),
            vocabulary: one.vocabulary.into(),
            transport: one.transport.label(),
            since: Time(one.since),
            lag: one.lag,
        }
    }
}

/// Who is connected, by what, since when, and how far behind (manager)
///
/// Of the caller's restaurant alone, and of this server: another node's sockets are that one's to tell.
#[utoipa::path(get, path = "/api/v1/live", operation_id = "list_live", tag = "live", responses((status = 200, body = LiveBody)))]
pub async fn live(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Manager])?;
    caller.query().finish()?;
    let faces = caller.read(caller.state.store.faces(caller.restaurant())).await?;
    let faces = faces.into_iter().map(|face| (face.user, face)).collect();
    let present = caller.state.rooms.present(caller.restaurant()).await;
    let present = present.ok_or(ErrorCode::RoomRestarting)?;
    Ok(HttpResponse::Ok().json(LiveBody::new(caller.state.lunches.is_some(), present, &faces)))
}

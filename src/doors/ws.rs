//! The door of the plain WebSocket: `GET /ws`, and `GET /donations` for a board. Token in the header or in the first frame; see README, "Sockets".

use super::bearer::Authorization;
use super::refusal::{method_not_allowed, refusal, refusal_saying};
use super::socket::{
    OriginCheck,
    backend::Backend,
    carrier::{self, Bounds},
    effects::Link,
    kill::KillSwitch,
    registry::{SocketRegistry, Transport},
};
use crate::{
    actors::queue::Capacity,
    code::ErrorCode,
    config::sections,
    domain::{
        ids::SocketId,
        stream::{Epoch, Seq},
    },
    session::{
        Now,
        plain::{self, Entry, Plain},
    },
    wire::{event::Vocabulary, guard::Limits},
};
use actix_web::{
    Error, HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use serde::Deserialize;
use std::sync::Arc;

/// The paths, each with a vocabulary of its own.
const RESTAURANT: &str = "/ws";
const DONATIONS: &str = "/donations";

/// Everything the door needs, shared by all workers.
#[derive(Clone)]
pub struct Door {
    pub backend: Arc<dyn Backend>,
    pub registry: Arc<SocketRegistry>,
    pub origins: OriginCheck,
    pub settings: Arc<plain::Settings>,
    pub bounds: Bounds,
}

/// A frame and a message have the same limit: it is the largest message that a client has a use for.
pub fn bounds(sockets: &sections::Sockets) -> Bounds {
    let max_frame = *sockets.max_frame as u64;
    let limits = Limits { max_frame, max_message: max_frame, max_fragments: sockets.max_fragments };
    Bounds { limits, mailbox: Capacity::of(sockets) }
}

/// Adds the route.
pub fn configure(door: Door) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        let others = |request: HttpRequest| async move { method_not_allowed(&request, "GET") };
        config.app_data(web::Data::new(door));
        for path in [RESTAURANT, DONATIONS] {
            config.service(web::resource(path).route(web::get().to(open)).default_service(web::to(others)));
        }
    }
}

#[derive(Deserialize)]
struct Query {
    epoch: Option<Epoch>,
    since: Option<Seq>,
    /// A donation board's name, for an NGO that is on several.
    board: Option<String>,
}

fn spoken(path: &str) -> Vocabulary {
    if path == DONATIONS { Vocabulary::Donations } else { Vocabulary::Restaurant }
}

async fn open(
    request: HttpRequest,
    query: Result<web::Query<Query>, Error>,
    payload: web::Payload,
    door: web::Data<Door>,
) -> Result<HttpResponse, Error> {
    let origin = request.headers().get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("null"));
    if !(door.origins)(origin) {
        return Ok(refusal(ErrorCode::OriginForbidden));
    }
    let vocabulary = spoken(request.path());
    let Ok(query) = query else { return Ok(refusal(ErrorCode::BadRequest)) };
    let Query { epoch, since, board } = query.into_inner();
    let entry = match Authorization::of(request.headers()).presented() {
        None => Entry::FirstFrame,
        Some(token) => {
            match door.backend.verify(token).await.and_then(|verified| verified.on_board(board.as_deref())) {
                Ok(verified) if !vocabulary.admits(verified.principal.role) => {
                    return Ok(refusal(ErrorCode::Forbidden));
                }
                Ok(verified) => Entry::Verified(verified, since.map(|seq| plain::position(epoch, seq))),
                Err(code) => return Ok(refusal(code)),
            }
        }
    };
    let socket = SocketId::generate();
    let session = Plain::new(Arc::clone(&door.settings), socket, entry, Now::read());
    let session = session.speaking(vocabulary, board);
    let link = Link {
        socket,
        transport: Transport::Plain,
        backend: Arc::clone(&door.backend),
        registry: Arc::clone(&door.registry),
        kill: Arc::new(KillSwitch::default()),
    };
    let answer = carrier::upgrade(&request, payload, session, link, door.bounds);
    // RFC 6455 §4.2.2: with the one version there is.
    Ok(answer.unwrap_or_else(|_| {
        let mut response = refusal_saying(ErrorCode::BadRequest, "a WebSocket handshake is expected here");
        response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        response
    }))
}

//! Long-polling's requests: the GET that opens a session, the GET that waits, the POST that brings packets.

use super::{
    Door, Visitor,
    directory::Entry,
    poller::{Broken, Cancelled, Get, Poller, PollerKill, Post},
    refusal::Refusal,
};
use crate::{
    doors::{
        address::{self, Trusted},
        bearer::Authorization,
        socket::{
            effects::Effects,
            kill::{Armed, KillSwitch},
            registry::Transport,
        },
    },
    session::{
        Now, Session,
        engine::{
            core::Engine,
            polling::{Answer, Polling},
        },
    },
};
use actix::{Actor, Addr, AsyncContext};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use bytes::BytesMut;
use bytestring::ByteString;
use futures_util::StreamExt;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};

/// Between two looks whether the client of a waiting GET is still there. actix-http says nothing of it where half-closed
/// connections are allowed, and REST wants them to be; the missing pong alone would tell 18 s later. A client that only
/// shut its sending side counts as gone, as it does on Node's server.
const LOOK: Duration = Duration::from_secs(1);

/// Who a browser says the page is; a header that is no text is the origin of nobody.
pub fn origin(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("null"))
}

pub fn is_upgrade(request: &HttpRequest) -> bool {
    let upgrade = request.headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Opens a session, which answers with its handshake.
pub async fn open<S: Session>(request: &HttpRequest, door: &Door<S>) -> Result<HttpResponse, Refusal> {
    let sid = door.directory.sid().ok_or(Refusal::Overloaded)?;
    let now = Now::read();
    let upper = (door.open)(now, visitor(request));
    let engine = Engine::new(sid.clone(), Arc::clone(&door.engine), upper, now);
    let state = Arc::new(Mutex::new(Polling::new(engine)));
    let actor = Poller::create(|ctx| {
        let kill = Arc::new(PollerKill(ctx.address().recipient()));
        let effects = Effects::new(door.link(Transport::SocketIoPolling, kill), door.bounds.mailbox);
        let directory = Arc::clone(&door.directory);
        Poller::new(sid.clone(), directory, Arc::clone(&state), effects, door.bounds.mailbox)
    });
    let entry = Arc::new(Entry::new(actor, state));
    door.directory.insert(sid, Arc::clone(&entry));
    poll(request, &entry, true).await
}

/// Waits for packets.
pub async fn get<S: Session>(request: &HttpRequest, entry: &Entry<S>) -> Result<HttpResponse, Refusal> {
    poll(request, entry, false).await
}

async fn poll<S: Session>(
    request: &HttpRequest,
    entry: &Entry<S>,
    opens: bool,
) -> Result<HttpResponse, Refusal> {
    let connection = request.conn_data::<Armed>().map(Armed::switch);
    let (reply, answer) = oneshot::channel();
    entry.actor.do_send(Get { ticket: entry.ticket(), opens, reply });
    let mut waiting = Waiting { actor: &entry.actor, answer };
    let answer = loop {
        match timeout(LOOK, &mut waiting.answer).await {
            Ok(answer) => break answer,
            // Let go of unanswered, it tells the session.
            Err(_) if connection.as_ref().is_some_and(KillSwitch::is_hung_up) => {
                return Err(Refusal::BadRequest);
            }
            Err(_) => {}
        }
    };
    match answer {
        Ok(Answer::Packets(packets)) => Ok(text(packets)),
        Ok(Answer::Refused) => Err(Refusal::BadRequest),
        // The session ended before this request reached it.
        Err(_) => Err(Refusal::UnknownSession),
    }
}

/// A GET under way. Dropped before its answer was taken, its client has hung up.
struct Waiting<'a, S: Session> {
    actor: &'a Addr<Poller<S>>,
    answer: oneshot::Receiver<Answer>,
}

impl<S: Session> Drop for Waiting<'_, S> {
    fn drop(&mut self) {
        match self.answer.try_recv() {
            Ok(Answer::Packets(_)) | Err(oneshot::error::TryRecvError::Empty) => {
                self.actor.do_send(Cancelled);
            }
            Ok(Answer::Refused) | Err(oneshot::error::TryRecvError::Closed) => {}
        }
    }
}

/// Takes packets.
pub async fn post<S: Session>(
    request: &HttpRequest,
    mut payload: web::Payload,
    door: &Door<S>,
    entry: &Entry<S>,
) -> Result<HttpResponse, Refusal> {
    // Two at once could overtake each other.
    if entry.posting.swap(true, Ordering::AcqRel) {
        entry.actor.do_send(Broken);
        return Err(Refusal::BadRequest);
    }
    let _turn = Turn(&entry.posting);
    let body = match read(request, &mut payload, door).await {
        Ok(body) => body,
        Err(status) => {
            entry.actor.do_send(Broken);
            let mut response = HttpResponse::build(status).finish();
            // actix-http closes after an answer before which the body was not read. One that was dropped by then, and is
            // chunked, it would read on and throw away for as long as it comes.
            response.extensions_mut().insert(payload);
            return Ok(response);
        }
    };
    match entry.actor.send(Post(body)).await {
        Ok(true) => Ok(HttpResponse::Ok()
            .content_type("text/html")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body("ok")),
        Ok(false) => Err(Refusal::BadRequest),
        Err(_) => Err(Refusal::UnknownSession),
    }
}

struct Turn<'a>(&'a AtomicBool);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// A body of text, not larger and not slower than allowed.
async fn read<S: Session>(
    request: &HttpRequest,
    payload: &mut web::Payload,
    door: &Door<S>,
) -> Result<ByteString, StatusCode> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    // Binary travels as base64 since version 4.
    if header(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/octet-stream")) {
        return Err(StatusCode::BAD_REQUEST);
    }
    let largest = *door.engine.max_payload;
    let declared = header(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if declared.is_some_and(|declared| declared > largest) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let collect = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| StatusCode::BAD_REQUEST)?;
            if body.len() + chunk.len() > largest {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    let body = timeout(door.body_within, collect).await.map_err(|_| StatusCode::REQUEST_TIMEOUT)??;
    ByteString::try_from(body).map_err(|_| StatusCode::BAD_REQUEST)
}

fn text(packets: ByteString) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=UTF-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(packets.into_bytes())
}

/// The handshake's token; without a proper one the client may still send it with its CONNECT.
pub fn visitor(request: &HttpRequest) -> Visitor {
    let trusted = request.app_data::<web::Data<Trusted>>();
    Visitor {
        token: Authorization::of(request.headers()).token().map(|token| token.to_owned().into()),
        address: address::client(request, trusted.map_or(&[][..], |trusted| &trusted.0)),
    }
}

//! Sessions that say what they hear: on Engine.IO, and on a WebSocket as it is.

use crate::nobody::Nobody;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use comanda::{
    actors::queue::Capacity,
    domain::ids::SocketId,
    doors::socket::{
        carrier::{self, Bounds},
        effects::Link,
        kill::KillSwitch,
        registry::{SocketRegistry, Transport},
    },
    session::{Action, Frame, Input, Now, Session},
    wire::guard::Limits,
};
use std::{sync::Arc, time::Instant};

/// Conformance suites go up to 16 MiB a message, in one frame or many.
const LIMITS: Limits = Limits { max_frame: 16 << 20, max_message: 16 << 20, max_fragments: 1_000 };

/// Above Engine.IO, whose messages are text behind a `4`, or binary.
pub struct Messages;

impl Session for Messages {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}

    fn handle(&mut self, _: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) => out.push(Action::Send(Frame::Text(format!("4{text}").into()))),
            Input::Binary(bytes) => out.push(Action::Send(Frame::Binary(bytes))),
            _ => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        None
    }
}

/// On a WebSocket itself.
struct Frames;

impl Session for Frames {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}

    fn handle(&mut self, _: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) => out.push(Action::Send(Frame::Text(text))),
            Input::Binary(bytes) => out.push(Action::Send(Frame::Binary(bytes))),
            Input::Shutdown(code) => out.push(Action::Close(Some(code))),
            _ => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        None
    }
}

/// The door to [`Frames`].
#[derive(Clone)]
pub struct Raw {
    pub registry: Arc<SocketRegistry>,
    pub mailbox: Capacity,
}

/// Adds the route.
pub fn configure(path: &'static str, raw: Raw) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config.app_data(web::Data::new(raw)).route(path, web::get().to(open));
    }
}

async fn open(
    request: HttpRequest,
    payload: web::Payload,
    raw: web::Data<Raw>,
) -> Result<HttpResponse, Error> {
    let link = Link {
        socket: SocketId::generate(),
        transport: Transport::Plain,
        backend: Arc::new(Nobody),
        registry: Arc::clone(&raw.registry),
        kill: Arc::new(KillSwitch::default()),
    };
    let bounds = Bounds { limits: LIMITS, mailbox: raw.mailbox };
    carrier::upgrade(&request, payload, Frames, link, bounds)
}

//! WebSockets of Engine.IO: new sessions, and those that take over from long-polling.

use super::{
    Door,
    directory::{Directory, Entry},
    poller::Probed,
    refusal::Refusal,
    requests::visitor,
};
use crate::{
    code::ErrorCode,
    doors::socket::{carrier, effects::Heir},
    session::{
        Now, Session,
        engine::{
            core::Engine,
            polling::takeover::Switch,
            upgrade::{Source, Unwanted, Upgrading},
            websocket::WebSocket,
        },
    },
};
use actix_web::{Error, HttpRequest, HttpResponse, web};
use bytestring::ByteString;
use std::sync::Arc;

/// A session that begins on a WebSocket. Nobody else needs its id, so the directory does not have it.
pub fn open<S: Session>(
    request: &HttpRequest,
    payload: web::Payload,
    door: &Door<S>,
) -> Result<HttpResponse, Error> {
    let Some(sid) = door.directory.sid() else { return Ok(Refusal::Overloaded.response()) };
    let now = Now::read();
    let upper = (door.open)(now, visitor(request));
    let session = WebSocket(Engine::new(sid, Arc::clone(&door.engine), upper, now));
    carrier::upgrade(request, payload, session, door.websocket_link(), door.bounds)
}

/// A WebSocket with the id of a session. One that may not take over is accepted and closed, as clients expect.
pub fn take_over<S: Session>(
    request: &HttpRequest,
    payload: web::Payload,
    door: &Door<S>,
    sid: &str,
    entry: Arc<Entry<S>>,
) -> Result<HttpResponse, Error> {
    if !entry.lock().begin_upgrade() {
        return carrier::upgrade(request, payload, Unwanted, door.websocket_link(), door.bounds);
    }
    let (directory, heir) = (Arc::clone(&door.directory), Heir::default());
    let source = Taker { entry, directory, sid: sid.into(), heir: heir.clone(), moved: false };
    let session = Upgrading::new(source, Now::read(), *door.engine.upgrade_timeout);
    carrier::inherit(request, payload, session, door.websocket_link(), door.bounds, Some(heir))
}

/// A WebSocket's hold on the session it takes over.
struct Taker<S: Session> {
    entry: Arc<Entry<S>>,
    directory: Arc<Directory<S>>,
    sid: ByteString,
    heir: Heir,
    moved: bool,
}

impl<S: Session> Source<S> for Taker<S> {
    fn probed(&mut self, now: Now) -> bool {
        let probed = self.entry.lock().probed(now);
        self.entry.actor.do_send(Probed(self.heir.clone()));
        probed
    }

    fn switch(&mut self, _: Now) -> Switch<S> {
        // The session panicked on long-polling: it ends there, half done, and goes nowhere.
        if self.entry.state.is_poisoned() {
            return Switch::Over(Vec::new(), Some(ErrorCode::Internal));
        }
        let switch = self.entry.lock().switch();
        self.moved = matches!(switch, Switch::Done(_));
        self.entry.wake();
        switch
    }
}

impl<S: Session> Drop for Taker<S> {
    fn drop(&mut self) {
        if self.moved {
            self.directory.remove(&self.sid);
        } else {
            self.entry.lock().abandon_upgrade();
            self.entry.wake();
        }
    }
}

//! The door of Socket.IO: `/socket.io/`, long-polling and WebSocket, and the upgrade from the one to the other.
//!
//! Generic over the session that runs on the engine: the product's is Socket.IO with its namespaces.

mod directory;
mod poller;
mod query;
mod refusal;
mod requests;
mod websocket;

pub use directory::Directory;

use super::socket::{
    OriginCheck,
    backend::Backend,
    carrier::Bounds,
    effects::Link,
    kill::KillSwitch,
    registry::{SocketRegistry, Transport},
};
use crate::{
    actors::{delivery::Kill, queue::Capacity},
    config::{
        Settings,
        sections::{EngineIo, Sockets},
    },
    domain::{ids::SocketId, principal::PublicAccess},
    session::{
        Now, Session,
        orders::{Accounts, Namespaces, Orders},
        places::Places,
        recovery::Recovery,
        socketio::{Limits, SocketIo},
    },
    wire::guard,
};
use actix_web::{Error, HttpRequest, HttpResponse, http::Method, web};
use query::Query;
use refusal::Refusal;
use secrecy::{ExposeSecret, SecretString};
use std::{net::IpAddr, sync::Arc, time::Duration};

/// What the handshake of a new client tells of it.
#[derive(Debug, Default)]
pub struct Visitor {
    /// The bearer token, where it has one.
    pub token: Option<SecretString>,
    /// The client's address, behind trusted proxies too.
    pub address: Option<IpAddr>,
}

/// Makes the session of a new client.
pub type Opener<S> = Arc<dyn Fn(Now, Visitor) -> S + Send + Sync>;

/// Everything the door needs, shared by all workers.
pub struct Door<S: Session> {
    pub backend: Arc<dyn Backend>,
    pub registry: Arc<SocketRegistry>,
    pub directory: Arc<Directory<S>>,
    pub origins: OriginCheck,
    pub engine: Arc<EngineIo>,
    pub bounds: Bounds,
    /// For the whole body of a POST.
    pub body_within: Duration,
    pub open: Opener<S>,
}

impl<S: Session> Clone for Door<S> {
    fn clone(&self) -> Self {
        Self {
            backend: Arc::clone(&self.backend),
            registry: Arc::clone(&self.registry),
            directory: Arc::clone(&self.directory),
            origins: Arc::clone(&self.origins),
            engine: Arc::clone(&self.engine),
            bounds: self.bounds,
            body_within: self.body_within,
            open: Arc::clone(&self.open),
        }
    }
}

impl<S: Session> Door<S> {
    /// A new client's ties to the house.
    fn link(&self, transport: Transport, kill: Arc<dyn Kill>) -> Link {
        Link {
            socket: SocketId::generate(),
            transport,
            backend: Arc::clone(&self.backend),
            registry: Arc::clone(&self.registry),
            kill,
        }
    }

    /// As above, where the carrier brings the kill switch.
    fn websocket_link(&self) -> Link {
        self.link(Transport::SocketIoWebSocket, Arc::new(KillSwitch::default()))
    }
}

/// The product's sessions.
pub fn orders(settings: &Settings, public: Option<PublicAccess>) -> Opener<SocketIo<Orders>> {
    let Settings { socket_io, rooms, auth, sockets, .. } = settings;
    let limits = limits(settings);
    let max_replay_bytes = *rooms.replay_max_bytes;
    let secret = auth.jwt_secret.as_ref().map(|secret| secret.expose_secret().as_bytes());
    let recovery = secret.and_then(|secret| Recovery::new(secret, socket_io.recovery.clone()).ok());
    let recovery = recovery.map(Arc::new);
    let namespaces = Arc::new(Namespaces {
        answered: auth.namespaces.clone(),
        anonymous: auth.anonymous_namespaces.clone(),
    });
    let places = Places::new(sockets.anonymous_per_address, sockets.public);
    let anonymous_within = *sockets.anonymous_within;
    Arc::new(move |now, Visitor { token, address }| {
        let (namespaces, places) = (Arc::clone(&namespaces), Arc::clone(&places));
        let accounts = Accounts { namespaces, address, places, anonymous_within };
        let orders = Orders { token, max_replay_bytes, recovery: recovery.clone(), public, accounts };
        SocketIo::new(orders, limits, now)
    })
}

/// What one connection may do.
pub fn limits(settings: &Settings) -> Limits {
    let Settings { engine_io: engine, socket_io, sockets, .. } = settings;
    Limits {
        connect_within: *engine.connect_timeout,
        max_namespaces: socket_io.max_namespaces,
        max_attachments: socket_io.max_attachments,
        max_attachment_bytes: *engine.max_payload,
        max_pending_acks: socket_io.max_pending_acks,
        ack_within: *socket_io.ack_within,
        msgpack: socket_io.msgpack,
        events_per_second: sockets.events_per_second,
        events_burst: sockets.events_burst,
    }
}

/// What one client may cost: a message may be as large as the handshake says.
pub fn bounds(engine: &EngineIo, sockets: &Sockets) -> Bounds {
    let largest = *engine.max_payload as u64;
    let limits =
        guard::Limits { max_frame: largest, max_message: largest, max_fragments: sockets.max_fragments };
    Bounds { limits, mailbox: Capacity::of(sockets) }
}

/// Adds the route; `path` has no slash at its end and is served with and without.
pub fn configure<S: Session>(path: &str, door: Door<S>) -> impl FnOnce(&mut web::ServiceConfig) {
    let paths = [format!("{path}/"), path.to_owned()];
    move |config| {
        config.app_data(web::Data::new(door));
        for path in paths {
            config.route(&path, web::route().to(serve::<S>));
        }
    }
}

async fn serve<S: Session>(
    request: HttpRequest,
    payload: web::Payload,
    door: web::Data<Door<S>>,
) -> Result<HttpResponse, Error> {
    answer(&request, payload, &door).await.unwrap_or_else(|refusal| Ok(refusal.response()))
}

/// Checks in the order of Engine.IO's own server, so that each mistake has the answer that clients know.
async fn answer<S: Session>(
    request: &HttpRequest,
    payload: web::Payload,
    door: &Door<S>,
) -> Result<Result<HttpResponse, Error>, Refusal> {
    if !(door.origins)(requests::origin(request)) {
        return Err(Refusal::Forbidden);
    }
    let query = Query::parse(request.query_string())?;
    let upgrade = requests::is_upgrade(request);
    match (query.sid, query.websocket) {
        (Some(sid), websocket) => {
            let entry = door.directory.find(sid).ok_or(Refusal::UnknownSession)?;
            match (websocket, upgrade, request.method()) {
                (true, true, _) => Ok(websocket::take_over(request, payload, door, sid, entry)),
                (false, false, &Method::GET) => requests::get(request, &entry).await.map(Ok),
                (false, false, &Method::POST) => requests::post(request, payload, door, &entry).await.map(Ok),
                _ => Err(Refusal::BadRequest),
            }
        }
        (None, _) if request.method() != Method::GET => Err(Refusal::BadMethod),
        (None, websocket) if websocket != upgrade => Err(Refusal::BadRequest),
        (None, _) if !query.version_4 => Err(Refusal::UnsupportedVersion),
        (None, true) => Ok(websocket::open(request, payload, door)),
        (None, false) => requests::open(request, door).await.map(Ok),
    }
}

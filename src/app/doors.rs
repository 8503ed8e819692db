//! The doors, hung into one HTTP server: which routes there are, and in which order a request passes what.

use super::{Failure, faults, listen::Bound, resources::Declared};
use crate::{
    actors::{directory::RoomDirectory, order_registry::OrdersHandle, queue::Capacity},
    auth::{Tokens, Verifier, people::People},
    code::ErrorCode,
    config::{Settings, origins::Origins},
    domain::{principal::PublicAccess, production::Stages},
    doors::{
        address::Trusted,
        http::{self, HttpState, lunch::Lunches},
        sio,
        socket::{OriginCheck, backend::Backend, connect, heads, registry::SocketRegistry},
        sse,
        tickets::Tickets,
        ws,
    },
    session::plain,
    store::Store,
    telemetry::metrics::Metrics,
};
use actix_web::{
    App, HttpServer,
    body::{BoxBody, MessageBody},
    dev::{Server, ServiceRequest, ServiceResponse},
    http::Method,
    middleware::{Next, from_fn},
    web::Data,
};
use rustls::ServerConfig;
use std::sync::{Arc, atomic::AtomicBool};

/// Where Socket.IO's clients look for it.
const SOCKET_IO: &str = "/socket.io";
/// For the last bytes of answers at the stop; sockets have been told by then.
const SHUTDOWN_SECONDS: u64 = 1;

/// What the doors need of the house.
pub struct Doors {
    pub store: Store,
    pub orders: OrdersHandle,
    pub rooms: RoomDirectory,
    pub verifier: Verifier,
    pub tokens: Tokens,
    pub people: People,
    pub metrics: Metrics,
    pub backend: Arc<dyn Backend>,
    pub declared: Declared,
    pub origins: Origins,
    pub public: Option<PublicAccess>,
    pub lunches: Option<Arc<dyn Lunches>>,
    pub guests: Arc<http::Guests>,
    pub sockets: Arc<SocketRegistry>,
    pub draining: Arc<AtomicBool>,
}

/// The stages of the house's production orders.
pub fn stages(settings: &Settings) -> Result<Stages, Failure> {
    Stages::new(&settings.production.stages)
        .map_err(|error| Failure::mistake(format!("setting production.stages: {error}")))
}

/// Makes the server; it serves once it is polled.
pub fn serve(
    doors: Doors,
    settings: &Settings,
    bound: Bound,
    tls: Option<ServerConfig>,
) -> Result<Server, Failure> {
    let Doors { backend, origins, sockets, .. } = &doors;
    let may_connect: OriginCheck = {
        let origins = origins.clone();
        Arc::new(move |origin| origins.allows(origin))
    };
    let plain = Arc::new(plain::Settings::new(&settings.sockets, &settings.rooms));
    let tickets = Arc::new(Tickets::new(*settings.http.ticket_ttl));
    let ws = ws::Door {
        backend: backend.clone(),
        registry: sockets.clone(),
        origins: may_connect.clone(),
        settings: plain.clone(),
        bounds: ws::bounds(&settings.sockets),
    };
    let sio = sio::Door {
        backend: backend.clone(),
        registry: sockets.clone(),
        directory: Arc::new(sio::Directory::default()),
        origins: may_connect,
        engine: Arc::new(settings.engine_io.clone()),
        bounds: sio::bounds(&settings.engine_io, &settings.sockets),
        body_within: *settings.http.body_within,
        open: sio::orders(settings, doors.public),
    };
    let sse = sse::Door {
        stream: sse::Stream {
            backend: backend.clone(),
            registry: sockets.clone(),
            settings: plain,
            mailbox: Capacity::of(&settings.sockets),
        },
        tickets: tickets.clone(),
    };
    let stages = stages(settings)?;
    let trusted = Data::new(Trusted(settings.server.trusted_proxies.clone()));
    let rooms = doors.rooms.clone();
    let origins = origins.clone();
    let catalog = doors.declared.catalog.clone();
    let documents = http::Documents::new(&catalog, &doors.declared.profile, &settings.auth.namespaces)
        .map_err(|error| Failure::new(format!("cannot write the API's documents: {error}")))?;
    let state = Data::new(HttpState {
        documents,
        store: doors.store,
        orders: doors.orders,
        verifier: doors.verifier,
        tokens: doors.tokens,
        people: doors.people,
        rooms: doors.rooms,
        tickets,
        metrics: doors.metrics,
        catalog: doors.declared.catalog,
        profile: doors.declared.profile,
        origins: origins.clone(),
        public: doors.public,
        guests: doors.guests,
        lunches: doors.lunches,
        settings: settings.http.clone(),
        donations_per_minute: settings.donations.per_minute,
        stages,
        trusted_proxies: settings.server.trusted_proxies.clone(),
        metrics_token: settings.metrics.token.clone(),
        draining: doors.draining,
        // At once, and not only when the poller of revocations comes by.
        login_ended: Arc::new(move |login| rooms.dismiss_login(login, ErrorCode::Removed)),
    });

    let may_panic = state.rooms.clone();
    let app = move || {
        App::new()
            .app_data(state.clone())
            .app_data(Data::new(origins.clone()))
            .app_data(trusted.clone())
            // The outermost is the last one here.
            .wrap(http::origin::cors(origins.clone()))
            .wrap(from_fn(check_origin))
            .wrap(from_fn(http::shield::shield))
            .wrap(from_fn(http::trace::request_id))
            .wrap(http::trace::logger())
            .wrap(from_fn(heads::busy))
            .configure(ws::configure(ws.clone()))
            .configure(sio::configure(SOCKET_IO, sio.clone()))
            .configure(sse::configure(sse.clone()))
            .configure(faults::configure(may_panic.clone()))
            // Last: it answers what nobody else does.
            .configure(http::resources::configure(catalog.clone()))
            .configure(http::configure)
    };
    let workers = match settings.server.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    };
    let watched = heads::Heads::new(*settings.http.head_within, *settings.http.keep_alive);
    actix::spawn(heads::sweeps(Arc::downgrade(&watched)));
    // `h1_allow_half_closed` stays on. Off, it drops the handler of any request whose client has shut its sending side
    // down behind it (`nc -N`, some proxies), and the answer with it, also a POST's that waits for its COMMIT: see
    // actix-http's test `disallow_half_closed`. What it would tell of polls, their door finds out by itself.
    let server = HttpServer::new(app)
        .workers(workers)
        .max_connections(settings.http.max_connections.div_ceil(workers))
        .client_request_timeout(*settings.http.head_within)
        .keep_alive(*settings.http.keep_alive)
        .on_connect(connect::on_connect(&settings.sockets, watched))
        .shutdown_timeout(SHUTDOWN_SECONDS)
        // Signals are the application's: it has more to stop than a server.
        .disable_signals();
    let server = bound.listen()?.into_iter().try_fold(server, |server, listener| match &tls {
        None => server.listen(listener),
        Some(tls) => server.listen_rustls_0_23(listener, tls.clone()),
    });
    server.map(HttpServer::run).map_err(|error| Failure::new(format!("cannot listen: {error}")))
}

/// The same check for every door; but Engine.IO has an answer of its own for a foreign page, so that door gives it.
async fn check_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let engine_io = matches!(request.path().strip_prefix(SOCKET_IO), Some("" | "/"));
    if engine_io && request.method() != Method::OPTIONS {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    http::origin::check(request, next).await
}

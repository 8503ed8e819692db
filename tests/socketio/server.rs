//! A server on a free port with Socket.IO's door and a house in memory behind it.

use crate::house::{Back, House};
use actix_web::{App, HttpServer};
use comanda::{
    actors::queue::Capacity,
    config::{
        sections::EngineIo,
        units::{Bytes, Span},
    },
    doors::{
        sio::{Directory, Door, configure},
        socket::{backend::Backend, carrier::Bounds, connect, registry::SocketRegistry},
    },
    session::{
        orders::Orders,
        socketio::{Application, Limits, SocketIo},
    },
    wire::guard,
};
use secrecy::SecretString;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The product's.
const MAILBOX: Capacity = Capacity { events: 256, bytes: 256 << 10 };

/// A server of an application; the product's, unless told otherwise.
pub struct Server<A: Application = Orders> {
    pub house: Arc<House>,
    pub registry: Arc<SocketRegistry>,
    pub directory: Arc<Directory<SocketIo<A>>>,
    pub url: String,
    handle: actix_web::dev::ServerHandle,
}

impl Server {
    pub async fn start() -> Self {
        Self::pinging(Duration::from_secs(10), Duration::from_secs(8)).await
    }

    /// With another ping interval and timeout.
    pub async fn pinging(interval: Duration, timeout: Duration) -> Self {
        let orders = |token| Orders { token, max_replay_bytes: 8 << 20, ..Orders::default() };
        Self::hosting(orders, limits(), interval, timeout).await
    }
}

/// What one connection may do.
pub fn limits() -> Limits {
    Limits {
        connect_within: Duration::from_secs(5),
        max_namespaces: 8,
        max_attachments: 10,
        max_attachment_bytes: 65_536,
        max_pending_acks: 64,
        ack_within: Duration::from_secs(10),
        msgpack: false,
        events_per_second: 10,
        events_burst: 40,
    }
}

impl<A: Application> Server<A> {
    /// With any application, made for each client with its bearer token.
    pub async fn hosting(
        application: impl Fn(Option<SecretString>) -> A + Send + Sync + 'static,
        limits: Limits,
        interval: Duration,
        timeout: Duration,
    ) -> Self {
        let house = House::open();
        let registry = Arc::new(SocketRegistry::default());
        let directory = Arc::new(Directory::default());
        let engine = EngineIo {
            ping_interval: Span(interval),
            ping_timeout: Span(timeout),
            max_payload: Bytes(65_536),
            connect_timeout: Span(limits.connect_within),
            upgrade_timeout: Span(Duration::from_secs(10)),
        };
        let frames = guard::Limits { max_frame: 65_536, max_message: 65_536, max_fragments: 16 };
        let door = Door {
            backend: Arc::new(Back(Arc::clone(&house))) as Arc<dyn Backend>,
            registry: Arc::clone(&registry),
            directory: Arc::clone(&directory),
            origins: Arc::new(|origin: Option<&str>| {
                origin.is_none_or(|origin| origin == "http://ours.example")
            }),
            engine: Arc::new(engine),
            bounds: Bounds { limits: frames, mailbox: MAILBOX },
            body_within: Duration::from_secs(3),
            open: Arc::new(move |now, visitor| SocketIo::new(application(visitor.token), limits, now)),
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let server = HttpServer::new(move || App::new().configure(configure("/socket.io", door.clone())))
            .on_connect(connect::on_connect_with(Duration::from_secs(10), 16 << 10))
            .workers(2)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { house, registry, directory, url, handle }
    }

    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }

    pub async fn has_members(&self, count: usize) {
        eventually("members", || self.house.members() == count).await;
    }

    /// Nothing of any socket is left.
    pub async fn is_empty(&self) {
        eventually("nobody in the room", || self.house.members() == 0).await;
        eventually("no sockets", || self.registry.total() == 0).await;
        eventually("no sessions", || self.directory.is_empty()).await;
    }
}

/// Waits, at most 10 s, until something is so.
pub async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

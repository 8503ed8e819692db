//! The application as a value: built from settings, asked for its address, run until it is told to stop.

use super::{
    Failure,
    accounts::Accounts,
    backend::House,
    database::Database,
    demo, descriptors,
    doors::{self, Doors},
    listen, mail,
    resources::Declared,
    threads, upkeep,
};
use crate::{
    actors::{
        directory::RoomDirectory,
        order_registry::{OrderRegistry, OrdersHandle},
        room,
    },
    auth::{Keys, Passwords, Tokens, Verifier, people::People},
    code::ErrorCode,
    config::Settings,
    doors::{
        http::Guests,
        socket::{backend::Backend, registry::SocketRegistry},
    },
    flaws::{self, Flaw},
    store::Store,
    telemetry::metrics::Metrics,
};
use actix::Arbiter;
use actix_web::dev::{Server, ServerHandle};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// Sockets told to go at once, and the pause to the next lot: what they do when they come back is spread as well.
const FAREWELL: (usize, Duration) = (500, Duration::from_millis(20));
/// For sockets to end after they were told so, and between two looks whether they have.
const LAST_WORDS: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Between two looks whether the registry is there.
const REGISTRY: Duration = Duration::from_secs(1);
/// For answers that are being written; sockets are gone by then.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// A server that is bound and ready to run.
pub struct Application {
    address: SocketAddr,
    server: Server,
    parts: Parts,
}

/// What has to be stopped, in the end.
struct Parts {
    settings: Settings,
    database: Database,
    store: Store,
    orders: OrdersHandle,
    rooms: RoomDirectory,
    sockets: Arc<SocketRegistry>,
    draining: Arc<AtomicBool>,
    lanes: Vec<Arbiter>,
    upkeep: Vec<JoinHandle<()>>,
}

impl Application {
    /// Starts everything but the serving: database, migrations, demo, actors, and the socket to listen on. To be called
    /// within an actix system.
    pub async fn build(settings: Settings, demo: bool) -> Result<Self, Failure> {
        // Before anything is started: mistakes cost nothing to find here.
        let declared = Declared::new(&settings)?;
        let tls = listen::tls(&settings.tls)?;
        let bound = listen::bind(&settings.server)?;
        let address = bound.address;
        descriptors::raise(settings.http.max_connections, settings.database.pool_size);

        let database = Database::open(&settings).await?;
        let built = Self::on(&database, &settings, demo, address, declared).await;
        let (doors, orders, rooms, lanes, upkeep) = match built {
            Ok(built) => built,
            Err(failure) => {
                // Why it could not be built is what people need to read.
                if let Err(error) = database.stop().await {
                    tracing::warn!(%error, "the private database does not stop");
                }
                return Err(failure);
            }
        };
        let (sockets, draining, store) = (doors.sockets.clone(), doors.draining.clone(), doors.store.clone());
        let server = doors::serve(doors, &settings, bound, tls)?;
        let parts = Parts { settings, database, store, orders, rooms, sockets, draining, lanes, upkeep };
        Ok(Self { address, server, parts })
    }

    async fn on(
        database: &Database,
        settings: &Settings,
        demo: bool,
        address: SocketAddr,
        declared: Declared,
    ) -> Result<(Doors, OrdersHandle, RoomDirectory, Vec<Arbiter>, Vec<JoinHandle<()>>), Failure> {
        let applied = database.migrate().await?;
        tracing::info!(database = database.describe(), migrations = applied.len(), "the database is ready");
        database.hold(&declared.catalog, &settings.entities.origin).await?;
        let store = database.connect(settings).await?;
        let failed = |error: &dyn std::fmt::Display| Failure::new(error.to_string());

        let auth = &settings.auth;
        let passwords = Passwords::new(auth.hash_concurrency, auth.hash_queue).map_err(|e| failed(&e))?;
        demo::settle(demo, database, &store, &passwords).await?;
        let public = database.public_access(&settings.orders).await?;
        let keys = Arc::new(Keys::new(auth).map_err(|e| failed(&e))?);
        let verifier = Verifier::new(keys.clone(), Arc::new(store.clone()), auth);
        let tokens = Tokens::new(store.clone(), keys, verifier.clone(), passwords, auth);
        let mailer = mail::mailer(settings, demo)?;
        let people = People::new(tokens.clone(), mailer.clone(), auth);

        let metrics = Metrics::new();
        let house = room::House::new(
            Arc::new(store.clone()),
            metrics.clone(),
            settings.rooms.clone(),
            &settings.sockets,
        );
        let rooms = RoomDirectory::new(house).map_err(|e| failed(&e))?;
        let lanes = threads::arbiters(&settings.rooms)?;
        let handles = lanes.iter().map(Arbiter::handle).collect();
        let publisher = Arc::new(rooms.clone());
        let orders = OrderRegistry::start(
            settings.registry.clone(),
            store.clone(),
            publisher,
            metrics.clone(),
            handles,
        );

        let expire_every = *settings.donations.expire_every;
        let upkeep = vec![
            actix::spawn(database.keep_alive()),
            actix::spawn(database.daily_backups(settings, metrics.clone())),
            actix::spawn(upkeep::watch_revocations(store.clone(), verifier.clone(), rooms.clone())),
            actix::spawn(upkeep::follow_logs(store.clone(), rooms.clone())),
            actix::spawn(upkeep::watch_menu(store.clone(), orders.clone())),
            actix::spawn(upkeep::watch_gauges(store.clone(), rooms.clone(), metrics.clone())),
            actix::spawn(upkeep::expire_donations(store.clone(), orders.clone(), expire_every)),
            actix::spawn(upkeep::chores(store.clone(), mailer, upkeep::Chores::of(settings))),
        ];
        let guests = Arc::new(Guests::new(settings.orders.public_per_minute));
        let backend: Arc<dyn Backend> = Arc::new(House {
            verifier: verifier.clone(),
            rooms: rooms.clone(),
            store: store.clone(),
            orders: orders.clone(),
            catalog: declared.catalog.clone(),
            answer_within: *settings.http.answer_within,
            settings: settings.rooms.clone(),
            metrics: metrics.clone(),
            accounts: Accounts::new(&tokens, &people, &declared.profile, &rooms, &metrics),
            guests: guests.clone(),
        });
        let mut origins = settings.server.origins();
        if demo {
            origins = origins.with_loopback(address.port());
        }
        let lunches = demo.then(|| demo::lunches(store.clone(), orders.clone()));
        let doors = Doors {
            store,
            orders: orders.clone(),
            rooms: rooms.clone(),
            verifier,
            tokens,
            people,
            sockets: Arc::new(SocketRegistry::new(metrics.clone())),
            metrics,
            backend,
            declared,
            origins,
            public,
            lunches,
            guests,
            draining: Arc::new(AtomicBool::new(false)),
        };
        Ok((doors, orders, rooms, lanes, upkeep))
    }

    /// Where it listens; the port is a real one where the settings asked for any.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the database is, for people.
    pub fn database(&self) -> &str {
        self.parts.database.describe()
    }

    /// The settings it was built from.
    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// The database, for tests and tools.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// The rooms, for tests.
    pub fn rooms(&self) -> &RoomDirectory {
        &self.parts.rooms
    }

    /// Serves until `until` resolves, then stops in order; nothing that was answered is lost. An error where it ended by
    /// itself, so that whoever runs it starts it again.
    pub async fn run(self, until: impl Future<Output = ()>) -> Result<(), Failure> {
        let handle = self.server.handle();
        let watch = actix::spawn(self.parts.sockets.clone().watch());
        let mut serving = actix::spawn(self.server);
        let by_itself = tokio::select! {
            ended = &mut serving => {
                let why = ended.map_err(|e| e.to_string()).and_then(|e| e.map_err(|e| e.to_string()));
                Some(Failure::new(format!("the server ended by itself: {}", why.err().unwrap_or_default())))
            }
            () = registry_gone(&self.parts.orders) => {
                Some(Failure::new("the registry panics again and again; the log says where"))
            }
            () = until => None,
        };
        watch.abort();
        self.parts.stop(handle).await?;
        by_itself.map_or(Ok(()), Err)
    }
}

/// Without the registry there is no service, only a process that looks like one.
async fn registry_gone(orders: &OrdersHandle) {
    while orders.is_alive() {
        tokio::time::sleep(REGISTRY).await;
    }
}

impl Parts {
    /// No new work, then the work under way, then farewells, then what they all stood on; each with what is left of
    /// `server.stop_within`.
    async fn stop(self, server: ServerHandle) -> Result<(), Failure> {
        tracing::info!("stopping");
        if flaws::planted(Flaw::HastyStop) {
            return Ok(());
        }
        let end = Instant::now() + *self.settings.server.stop_within;
        // Half is the database's, which writes out what it holds.
        let before_database = Instant::now() + *self.settings.server.stop_within / 2;
        let left = |most: Duration| most.min(before_database.saturating_duration_since(Instant::now()));
        self.draining.store(true, Ordering::SeqCst);
        server.pause().await;
        let registry = &self.settings.registry;
        if !self.orders.drain(left(*registry.wait_within + *registry.transaction_within)).await {
            tracing::warn!(commands = self.orders.under_way(), "commands were still under way");
        }
        // What was answered is told before the farewells.
        self.rooms.settle(left(LAST_WORDS)).await;
        let farewell = self.sockets.close_all(ErrorCode::ShuttingDown, FAREWELL.0, FAREWELL.1);
        drop(tokio::time::timeout(left(LAST_WORDS), farewell).await);
        self.rooms.close_all(ErrorCode::ShuttingDown);
        drop(tokio::time::timeout(left(LAST_WORDS), self.sockets_gone()).await);
        self.sockets.kill_all();
        drop(tokio::time::timeout(LAST_ANSWERS, server.stop(true)).await);
        server.stop(false).await;
        self.upkeep.iter().for_each(JoinHandle::abort);
        self.rooms.stop().await;
        self.store.close().await;
        self.lanes.iter().for_each(|lane| _ = lane.stop());
        // Told to stop, it goes on to do so where we cannot wait for it.
        let stopping =
            tokio::time::timeout(end.saturating_duration_since(Instant::now()), self.database.stop());
        match stopping.await {
            Ok(stopped) => stopped?,
            Err(_) => tracing::warn!("the private database is still stopping"),
        }
        tracing::info!("stopped");
        Ok(())
    }

    /// The Close frames are out and answered.
    async fn sockets_gone(&self) {
        while self.sockets.total() > 0 {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

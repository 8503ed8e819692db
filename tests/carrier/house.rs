//! A server on a free port, a room and a log in memory.

use crate::parrot::parrot;
use actix_web::{App, HttpResponse, HttpServer, web};
use comanda::{
    actors::{delivery::Member, queue::Capacity},
    code::ErrorCode,
    domain::{
        ids::{RestaurantId, SocketId, UserId},
        principal::{Principal, Role},
        stream::{Epoch, Position, Seq},
    },
    doors::{
        socket::{
            backend::{Answer, Backend},
            carrier::Bounds,
            connect,
            registry::SocketRegistry,
        },
        sse, ws,
    },
    session::{Delivery, Joined, Missed, Page, Verified, plain},
    telemetry::metrics::Metrics,
    wire::{
        event::{Batch, Vocabulary, WireEvent},
        guard::Limits,
    },
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::watch;
use uuid::Uuid;

/// Payload bytes of an event, so that pages and buffers fill.
const PADDING: usize = 600;

/// The product's.
const MAILBOX: Capacity = Capacity { events: 256, bytes: 256 << 10 };

#[derive(Default)]
struct Room {
    members: HashMap<SocketId, Member>,
    log: Vec<Arc<WireEvent>>,
    seen: Vec<Seq>,
    evicted: usize,
    joins: usize,
}

/// The house: one restaurant, and one user with two tokens: "good", and "longer", which lives an hour.
pub struct House {
    room: Mutex<Room>,
    principal: Principal,
    token_lives: Duration,
    /// False holds every join back.
    pub open: watch::Sender<bool>,
}

fn epoch() -> Epoch {
    Epoch("e".into())
}

impl House {
    /// Commits `count` events, one batch, and hands it on as a room does.
    pub fn commit(&self, count: usize) {
        let batch = self.record(count);
        let Room { members, evicted, .. } = &mut *self.room.lock().unwrap();
        members.retain(|_, member| {
            let sent = member.tell(Delivery::Events(Arc::clone(&batch))).is_ok();
            if !sent {
                *evicted += 1;
                member.kill.kill();
            }
            sent
        });
    }

    /// The same, and nobody is evicted, whatever waits.
    pub fn commit_unbounded(&self, count: usize) {
        let batch = self.record(count);
        self.tell(&Delivery::Events(batch));
    }

    fn record(&self, count: usize) -> Arc<Batch> {
        let mut room = self.room.lock().unwrap();
        let first = room.log.len() as Seq + 1;
        let data = format!(r#"{{"pad":"{}"}}"#, "x".repeat(PADDING));
        let event =
            |seq| WireEvent::new(epoch(), seq, Uuid::nil(), Timestamp::UNIX_EPOCH, "order.new", data.clone());
        let events: Vec<_> = (first..first + count as Seq).map(|seq| Arc::new(event(seq))).collect();
        room.log.extend(events.iter().cloned());
        batch(&events)
    }

    pub fn tell(&self, delivery: &Delivery) {
        for member in self.room.lock().unwrap().members.values() {
            member.insist(delivery.clone());
        }
    }

    fn joined(&self, member: Member, since: Option<Position>) -> Joined {
        let mut room = self.room.lock().unwrap();
        room.joins += 1;
        room.members.insert(member.socket, member);
        let head = room.log.len() as Seq;
        let missed = match since {
            None => Missed::NotAsked,
            Some(since) if since.epoch.0.as_ref() == "old" || since.seq > head => Missed::Lost,
            Some(_) => Missed::Log,
        };
        Joined { epoch: epoch(), head, missed }
    }

    pub fn joins(&self) -> usize {
        self.room.lock().unwrap().joins
    }

    pub fn members(&self) -> usize {
        self.room.lock().unwrap().members.len()
    }

    pub fn evicted(&self) -> usize {
        self.room.lock().unwrap().evicted
    }

    pub fn seen(&self) -> Vec<Seq> {
        self.room.lock().unwrap().seen.clone()
    }
}

fn batch(events: &[Arc<WireEvent>]) -> Arc<Batch> {
    let (first, last) = (events[0].seq, events[events.len() - 1].seq);
    Arc::new(Batch { epoch: epoch(), first, last, events: events.into() })
}

pub struct Back(pub Arc<House>);

impl Backend for Back {
    fn verify(&self, token: SecretString) -> Answer<Verified> {
        let (principal, token_lives) = (self.0.principal.clone(), self.0.token_lives);
        Box::pin(async move {
            let valid_for = match token.expose_secret() {
                "good" => token_lives,
                "longer" => Duration::from_secs(3_600),
                "old" => return Err(ErrorCode::TokenExpired),
                _ => return Err(ErrorCode::InvalidToken),
            };
            Ok(Verified {
                principal,
                expires_at: Timestamp::now() + valid_for,
                valid_for,
                boards: Default::default(),
            })
        })
    }

    fn join(&self, _: Principal, member: Member, since: Option<Position>) -> Answer<Joined> {
        let house = Arc::clone(&self.0);
        Box::pin(async move {
            let _ = house.open.subscribe().wait_for(|open| *open).await;
            Ok(house.joined(member, since))
        })
    }

    fn leave(&self, _: &Principal, socket: SocketId) {
        self.0.room.lock().unwrap().members.remove(&socket);
    }

    fn seen(&self, _: &Principal, _: SocketId, seq: Seq) {
        self.0.room.lock().unwrap().seen.push(seq);
    }

    fn page(&self, _: Vocabulary, _: Principal, after: Seq, limit: u32) -> Answer<Page> {
        let house = Arc::clone(&self.0);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(2)).await;
            let room = house.room.lock().unwrap();
            let rest = &room.log[(after as usize).min(room.log.len())..];
            let rest = &rest[..rest.len().min(limit as usize)];
            Ok(Page::Events((!rest.is_empty()).then(|| batch(rest))))
        })
    }
}

pub struct Server {
    pub house: Arc<House>,
    pub registry: Arc<SocketRegistry>,
    pub metrics: Metrics,
    pub port: u16,
    _handle: actix_web::dev::ServerHandle,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(|_| {}, Duration::from_secs(3_600)).await
    }

    /// With other timers, and tokens that live so long.
    pub async fn with(change: impl FnOnce(&mut plain::Settings), token_lives: Duration) -> Self {
        Self::listening(change, token_lives, None)
    }

    /// Behind TLS.
    pub async fn start_tls(tls: rustls::ServerConfig) -> Self {
        Self::listening(|_| {}, Duration::from_secs(3_600), Some(tls))
    }

    fn listening(
        change: impl FnOnce(&mut plain::Settings),
        token_lives: Duration,
        tls: Option<rustls::ServerConfig>,
    ) -> Self {
        let principal = Principal::of(UserId::generate(), Role::Kitchen, RestaurantId::generate());
        let house = Arc::new(House {
            room: Mutex::default(),
            principal,
            token_lives,
            open: watch::Sender::new(true),
        });
        let metrics = Metrics::new();
        let registry = Arc::new(SocketRegistry::new(metrics.clone()));
        let mut settings = plain::Settings {
            authenticate_within: Duration::from_secs(5),
            heartbeat: Duration::from_secs(2),
            ping_interval: Duration::from_secs(10),
            pong_within: Duration::from_secs(8),
            events_per_second: 10,
            events_burst: 40,
            max_replay_bytes: 8 << 20,
        };
        change(&mut settings);
        let limits = Limits { max_frame: 65_536, max_message: 65_536, max_fragments: 16 };
        let backend: Arc<dyn Backend> = Arc::new(Back(Arc::clone(&house)));
        let door = ws::Door {
            backend: Arc::clone(&backend),
            registry: Arc::clone(&registry),
            origins: Arc::new(|origin| origin.is_none_or(|origin| origin == "http://ours.example")),
            settings: Arc::new(settings),
            bounds: Bounds { limits, mailbox: MAILBOX },
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = HttpServer::new(move || {
            App::new()
                .configure(ws::configure(door.clone()))
                .app_data(web::Data::new(door.clone()))
                .route("/parrot", web::get().to(parrot))
                .route("/events", web::get().to(events))
        })
        .on_connect(connect::on_connect_with(Duration::from_secs(10), 16 << 10))
        .workers(1)
        .disable_signals();
        let server = match tls {
            None => server.listen(listener),
            Some(tls) => server.listen_rustls_0_23(listener, tls),
        };
        let server = server.unwrap().run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { house, registry, metrics, port, _handle: handle }
    }

    pub async fn has_members(&self, count: usize) {
        eventually("members", || self.house.members() == count).await;
    }

    pub async fn has_sockets(&self, count: usize) {
        eventually("sockets", || self.registry.total() == count).await;
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

async fn events(request: actix_web::HttpRequest, door: web::Data<ws::Door>) -> HttpResponse {
    let verified = door.backend.verify("good".to_owned().into()).await.unwrap();
    let since = sse::last_event_id(&request);
    let stream = sse::Stream {
        backend: Arc::clone(&door.backend),
        registry: Arc::clone(&door.registry),
        settings: Arc::clone(&door.settings),
        mailbox: MAILBOX,
    };
    stream.open(&request, verified, since)
}

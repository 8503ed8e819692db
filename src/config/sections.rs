//! The sections of the configuration, as the rest of the program sees them.
//!
//! Each field's default, unit and reason stand in `config/default.toml`; nothing here has a default of its own.

mod auth;
mod backup;
mod donations;
mod telemetry;

pub use super::log_format::LogFormat;
pub use auth::{Auth, NewUserRole, Register};
pub use backup::Backup;
pub use donations::Donations;
pub use telemetry::Telemetry;

use super::{
    entities,
    origins::{self, Origin, Origins},
    units::{Bytes, Span},
};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error};
use std::{net::IpAddr, path::PathBuf};

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub tls: Tls,
    pub database: Database,
    pub backup: Backup,
    pub auth: Auth,
    pub mail: Mail,
    pub orders: Orders,
    pub donations: Donations,
    pub http: Http,
    pub sockets: Sockets,
    pub engine_io: EngineIo,
    pub socket_io: SocketIo,
    pub rooms: Rooms,
    pub registry: Registry,
    pub log: Log,
    pub production: Production,
    pub telemetry: Telemetry,
    pub metrics: Metrics,
    /// From a file of its own.
    #[serde(skip)]
    pub entities: entities::Declared,
}

/// Where the server listens and what it is called from outside.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    #[serde(deserialize_with = "host")]
    pub host: IpAddr,
    pub port: u16,
    /// Origin under which browsers reach this server.
    pub public_url: Option<Origin>,
    /// Origins of other pages that may call it; written comma separated.
    #[serde(default, deserialize_with = "origins::comma_separated")]
    pub frontend_url: Vec<Origin>,
    pub data_dir: PathBuf,
    /// Threads that serve HTTP and sockets; 0 is one per core.
    pub workers: usize,
    /// CIDRs whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// From SIGTERM to exit, at most.
    pub stop_within: Span,
}

impl Server {
    /// The pages that may call this server, as far as they are named; the demo adds loopback names on its port.
    pub fn origins(&self) -> Origins {
        Origins::new(self.frontend_url.iter().chain(&self.public_url).cloned())
    }
}

/// An address, or the one name that people write for one.
fn host<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    match String::deserialize(deserializer)?.trim() {
        "localhost" => Ok(std::net::Ipv4Addr::LOCALHOST.into()),
        text => text.parse().map_err(|_| {
            D::Error::custom(format!("\"{text}\" is not an IP address like \"127.0.0.1\" or \"0.0.0.0\""))
        }),
    }
}

/// Networks, or single addresses.
fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ipnet::IpNet>, D::Error> {
    let parse = |text: String| {
        let single = |_| text.parse::<IpAddr>().map(Into::into);
        text.parse().or_else(single).map_err(|_| {
            D::Error::custom(format!("\"{text}\" is not a network like \"10.0.0.0/8\" or an address"))
        })
    };
    Vec::<String>::deserialize(deserializer)?.into_iter().map(parse).collect()
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM files; both or neither.
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Absent: a private PostgreSQL in the data folder.
    pub url: Option<SecretString>,
    /// The role the server works as, where it has a login of its own.
    pub app_url: Option<SecretString>,
    pub pool_size: usize,
    pub connect_within: Span,
    /// For a free connection of the pool.
    pub wait_within: Span,
    pub statement_within: Span,
    pub lock_within: Span,
    /// Between two rounds of upkeep.
    pub upkeep_every: Span,
    /// Allows a database with `synchronous_commit` off; for tests.
    pub allow_async_commit: bool,
}

/// How mail leaves, and what it says of us.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// `smtp://…` or `smtps://…`, with user and password; absent: into files of the data folder.
    pub smtp: Option<SecretString>,
    /// The sender: an address, with a name where one likes.
    pub from: Option<String>,
    /// The page on which a password's reset is completed; the token follows behind a `#`.
    pub reset_page: Option<String>,
}

/// Who may do what with orders without a token (specification 000 knows no login).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// Name or id of the restaurant in which everyone may order over the counter; absent: nowhere.
    pub public_orders: Option<String>,
    /// There everyone may also read, hear of and ship orders.
    pub public_orders_read: bool,
    /// Commands without a token of one address; more are answered 429.
    pub public_per_minute: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub max_body: Bytes,
    /// For the whole body of a request.
    pub body_within: Span,
    /// For a request's head.
    pub head_within: Span,
    pub keep_alive: Span,
    pub max_connections: usize,
    /// For the answer to a command; then 503, and only the key tells what became of it.
    pub answer_within: Span,
    pub ticket_ttl: Span,
}

/// Limits and timers of every socket, whichever protocol it speaks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sockets {
    /// From the upgrade to a token.
    pub authenticate_within: Span,
    /// Silence after which a plain WebSocket and an event stream get a heartbeat.
    pub heartbeat: Span,
    /// Between WebSocket pings on the plain WebSocket.
    pub ping_interval: Span,
    /// For the Pong to a Ping.
    pub pong_within: Span,
    pub max_frame: Bytes,
    pub max_fragments: usize,
    pub events_per_second: u32,
    pub events_burst: u32,
    pub per_user: usize,
    pub public: usize,
    pub public_per_address: usize,
    /// Sockets without a user, of one address, and how long each may stay that.
    pub anonymous_per_address: usize,
    pub anonymous_within: Span,
    pub per_restaurant: usize,
    /// Events in the mail of one socket's actor, and bytes of them; beside the largest commit among it; a room evicts on more.
    pub mailbox: usize,
    pub mailbox_bytes: Bytes,
    /// Unacknowledged data on the connection ends it after this time (`TCP_USER_TIMEOUT`).
    pub tcp_user_timeout: Span,
    /// Kernel send buffer of a connection (`SO_SNDBUF`).
    pub send_buffer: Bytes,
}

/// Engine.IO's own numbers, told to every client in the handshake.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineIo {
    pub ping_interval: Span,
    pub ping_timeout: Span,
    pub max_payload: Bytes,
    pub connect_timeout: Span,
    pub upgrade_timeout: Span,
}

/// What one Socket.IO connection may have at once, and which namespaces can be recovered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SocketIo {
    pub max_namespaces: usize,
    /// Binary attachments of one packet.
    pub max_attachments: usize,
    /// Events sent to a client whose acknowledgement is awaited.
    pub max_pending_acks: usize,
    /// For such an acknowledgement.
    pub ack_within: Span,
    /// Let clients that begin with a binary message speak `socket.io-msgpack-parser`.
    pub msgpack: bool,
    /// Namespaces whose connections get a `pid`.
    pub recovery: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rooms {
    /// Threads that rooms are spread over; 0 is one per core.
    pub arbiters: usize,
    /// Newest events a room keeps in memory.
    pub ring_events: usize,
    pub ring_bytes: Bytes,
    /// A room without members retires after this time.
    pub idle: Span,
    /// A reconnecting client that missed more events must resync.
    pub replay_max_events: u64,
    /// A replay of more bytes ends in a resync.
    pub replay_max_bytes: Bytes,
    /// Positions older than this cannot be recovered.
    pub recover_within: Span,
    /// More panics than this within `panic_window` quarantine the room.
    pub panics: u32,
    pub panic_window: Span,
    pub quarantine: Span,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// Commands that may wait in one restaurant's lane.
    pub lane_queue: usize,
    /// Commands that may wait in all lanes together.
    pub total_queue: usize,
    /// Commands that go in one transaction, at most.
    pub group: usize,
    /// A command that has waited longer is answered 503 and not begun.
    pub wait_within: Span,
    /// For one transaction with its connection; then its outcome is unknown.
    pub transaction_within: Span,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Stored answers to keyed requests are kept this long.
    pub idempotency_ttl: Span,
    /// Monthly partitions of the event log that are made ahead.
    pub partitions_ahead: u32,
}

/// Production orders.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Production {
    /// The stages they pass, in this order; they begin in the first.
    pub stages: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// With it `/metrics` answers others than loopback too.
    pub token: Option<SecretString>,
}

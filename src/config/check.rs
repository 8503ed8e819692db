//! What no single type can tell: ranges, settings that need each other, what each purpose must have.

use super::{Mistake, Purpose, Settings};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// RFC 7518 §3.2: a key at least as long as the hash.
const MIN_SECRET_BYTES: usize = 32;
const MIN_METRICS_TOKEN_BYTES: usize = 16;
/// Below this a room evicts healthy displays in an ordinary burst (17 events in one poll evicted 96 of 100 at 16).
const MIN_MAILBOX: usize = 32;

/// All checks, the first mistake ends them; what is missing is told together.
pub fn all(settings: &Settings, purpose: Purpose) -> Result<(), Mistake> {
    secrets(settings)?;
    database(settings)?;
    tls(settings)?;
    ranges(settings)?;
    demo_address(settings, purpose)?;
    missing(settings, purpose)
}

/// The demo's passwords are public, so it keeps to this machine unless told otherwise.
pub fn demo_address(settings: &Settings, purpose: Purpose) -> Result<(), Mistake> {
    let host = settings.server.host;
    if purpose == (Purpose::Demo { on_network: false }) && !host.is_loopback() {
        let what = format_args!(
            "{host} would open the demo, whose passwords everyone knows, to the network; add --demo-on-network if you want that, or keep 127.0.0.1"
        );
        return Err(Mistake::about("server.host", what, None));
    }
    Ok(())
}

fn secrets(settings: &Settings) -> Result<(), Mistake> {
    let long_enough = |key: &str, secret: &Option<SecretString>, least: usize| match secret {
        Some(secret) if secret.expose_secret().len() < least => {
            let has = secret.expose_secret().len();
            Err(Mistake::about(
                key,
                format_args!(
                    "it has {has} bytes and needs at least {least} (`openssl rand -base64 48` makes a good one)"
                ),
                None,
            ))
        }
        _ => Ok(()),
    };
    long_enough("auth.jwt_secret", &settings.auth.jwt_secret, MIN_SECRET_BYTES)?;
    long_enough("metrics.token", &settings.metrics.token, MIN_METRICS_TOKEN_BYTES)
}

fn database(settings: &Settings) -> Result<(), Mistake> {
    let database = &settings.database;
    for (key, url) in [("database.url", &database.url), ("database.app_url", &database.app_url)] {
        let Some(url) = url else { continue };
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
            return Err(Mistake::about(key, "it does not begin with postgresql://", None));
        }
    }
    if database.app_url.is_some() && database.url.is_none() {
        return Err(Mistake::about("database.app_url", "it needs DATABASE_URL beside it", None));
    }
    Ok(())
}

fn tls(settings: &Settings) -> Result<(), Mistake> {
    let (cert, key) = (&settings.tls.cert, &settings.tls.key);
    match (cert, key) {
        (Some(_), None) => return Err(Mistake::about("tls.key", "it is not set, and tls.cert is", None)),
        (None, Some(_)) => return Err(Mistake::about("tls.cert", "it is not set, and tls.key is", None)),
        _ => {}
    }
    for (name, path) in [("tls.cert", cert), ("tls.key", key)] {
        if let Some(path) = path
            && let Err(error) = std::fs::File::open(path)
        {
            return Err(Mistake::about(
                name,
                format_args!("{} cannot be read: {error}", path.display()),
                None,
            ));
        }
    }
    Ok(())
}

/// Nothing here may be nothing; the few with a floor of their own come after.
fn ranges(settings: &Settings) -> Result<(), Mistake> {
    let Settings { server, database, auth, http, sockets, engine_io, rooms, registry, log, .. } = settings;
    let spans: [(&str, Duration); 28] = [
        ("server.stop_within", *server.stop_within),
        ("database.connect_within", *database.connect_within),
        ("database.wait_within", *database.wait_within),
        ("database.statement_within", *database.statement_within),
        ("database.lock_within", *database.lock_within),
        ("auth.access_ttl", *auth.access_ttl),
        ("auth.refresh_ttl", *auth.refresh_ttl),
        ("auth.failure_window", *auth.failure_window),
        ("http.body_within", *http.body_within),
        ("http.head_within", *http.head_within),
        ("http.keep_alive", *http.keep_alive),
        ("http.answer_within", *http.answer_within),
        ("http.ticket_ttl", *http.ticket_ttl),
        ("sockets.authenticate_within", *sockets.authenticate_within),
        ("sockets.heartbeat", *sockets.heartbeat),
        ("sockets.ping_interval", *sockets.ping_interval),
        ("sockets.pong_within", *sockets.pong_within),
        ("sockets.tcp_user_timeout", *sockets.tcp_user_timeout),
        ("engine_io.ping_interval", *engine_io.ping_interval),
        ("engine_io.ping_timeout", *engine_io.ping_timeout),
        ("engine_io.connect_timeout", *engine_io.connect_timeout),
        ("engine_io.upgrade_timeout", *engine_io.upgrade_timeout),
        ("rooms.idle", *rooms.idle),
        ("rooms.recover_within", *rooms.recover_within),
        ("rooms.panic_window", *rooms.panic_window),
        ("rooms.quarantine", *rooms.quarantine),
        ("registry.wait_within", *registry.wait_within),
        ("log.idempotency_ttl", *log.idempotency_ttl),
    ];
    for (key, span) in spans {
        if span.is_zero() {
            return Err(Mistake::about(key, "it is no time at all", None));
        }
    }
    let counts: [(&str, u64, u64); 22] = [
        ("database.pool_size", database.pool_size as u64, 2),
        ("auth.hash_concurrency", auth.hash_concurrency as u64, 1),
        ("auth.hash_queue", auth.hash_queue as u64, 1),
        ("auth.failures_per_account", auth.failures_per_account.into(), 1),
        ("auth.failures_per_address", auth.failures_per_address.into(), 1),
        ("http.max_body", http.max_body.0 as u64, 1024),
        ("http.max_connections", http.max_connections as u64, 1),
        ("sockets.max_frame", sockets.max_frame.0 as u64, 1024),
        ("sockets.max_fragments", sockets.max_fragments as u64, 1),
        ("sockets.events_per_second", sockets.events_per_second.into(), 1),
        ("sockets.events_burst", sockets.events_burst.into(), 1),
        ("sockets.per_user", sockets.per_user as u64, 1),
        ("sockets.per_restaurant", sockets.per_restaurant as u64, 1),
        ("sockets.mailbox", sockets.mailbox as u64, MIN_MAILBOX as u64),
        ("sockets.send_buffer", sockets.send_buffer.0 as u64, 4096),
        ("engine_io.max_payload", engine_io.max_payload.0 as u64, 1024),
        ("rooms.ring_events", rooms.ring_events as u64, 1),
        ("rooms.replay_max_events", rooms.replay_max_events, 1),
        ("registry.lane_queue", registry.lane_queue as u64, 1),
        ("registry.total_queue", registry.total_queue as u64, registry.lane_queue as u64),
        ("registry.group", registry.group as u64, 1),
        ("log.partitions_ahead", log.partitions_ahead.into(), 1),
    ];
    for (key, value, least) in counts {
        if value < least {
            return Err(Mistake::about(
                key,
                format_args!("{value} is too small, the least is {least}"),
                None,
            ));
        }
    }
    Ok(())
}

/// No default secret, and no page that nobody named: outside the demo these three are somebody's decision.
fn missing(settings: &Settings, purpose: Purpose) -> Result<(), Mistake> {
    let serves = purpose == Purpose::Serve;
    let needed = [
        (
            "JWT_SECRET (32 bytes or more, `openssl rand -base64 48` makes one)",
            purpose != Purpose::Migrate && settings.auth.jwt_secret.is_none(),
        ),
        (
            "FRONTEND_URL (origins of the pages that call this server)",
            serves && settings.server.frontend_url.is_empty(),
        ),
        (
            "PUBLIC_URL (origin of this server, as browsers see it)",
            serves && settings.server.public_url.is_none(),
        ),
    ];
    let names: Vec<_> = needed.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
    let demo = if serves { "; or start with --demo to try things out" } else { "" };
    match names.as_slice() {
        [] => Ok(()),
        names => {
            let names = names.join(", ");
            Err(Mistake::new(format_args!("not set: {names}; set them in the environment or in .env{demo}")))
        }
    }
}

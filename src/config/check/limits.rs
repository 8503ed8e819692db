//! The least and the most of each number, and what some of them must be to each other.

use crate::config::{Mistake, Settings};
use std::time::Duration;

/// Ten years. What is longer was meant otherwise, and would leave what times can hold.
const MAX_SPAN: Duration = Duration::from_secs(3650 * 86_400);
/// Nobody waits longer for an answer, and within as much all is well again once the database is; a removed user loses
/// his access, a display knows that it is stale.
const PROMISED: Duration = Duration::from_secs(5);
/// What a removal leaves of [`PROMISED`] for looking the user up.
const LOOK_UP: Duration = Duration::from_secs(1);
/// From the last sign of life of a client to the end of its socket.
const DEAD_WITHIN: Duration = Duration::from_secs(20);
/// Below this a room evicts healthy displays in an ordinary burst (17 events in one poll evicted 96 of 100 at 16).
const MIN_MAILBOX: usize = 32;
/// The same of bytes: an order of the day has 1 KiB.
const MIN_MAILBOX_BYTES: u64 = 32 * 1024;

/// All of them, the first mistake ends it.
pub fn check(settings: &Settings) -> Result<(), Mistake> {
    spans(settings)?;
    counts(settings)?;
    promises(settings)
}

fn spans(settings: &Settings) -> Result<(), Mistake> {
    let Settings {
        server,
        database,
        backup,
        auth,
        donations,
        http,
        sockets,
        engine_io,
        socket_io,
        rooms,
        registry,
        log,
        ..
    } = settings;
    let spans = [
        ("server.stop_within", server.stop_within),
        ("database.connect_within", database.connect_within),
        ("database.wait_within", database.wait_within),
        ("database.statement_within", database.statement_within),
        ("database.lock_within", database.lock_within),
        ("backup.catch_up_after", backup.catch_up_after),
        ("database.upkeep_every", database.upkeep_every),
        ("auth.access_ttl", auth.access_ttl),
        ("auth.refresh_ttl", auth.refresh_ttl),
        ("auth.failure_window", auth.failure_window),
        ("auth.invite_ttl", auth.invite_ttl),
        ("auth.invites_kept", auth.invites_kept),
        ("auth.foreign_hashes_kept", auth.foreign_hashes_kept),
        ("auth.reset_ttl", auth.reset_ttl),
        ("auth.pairing_ttl", auth.pairing_ttl),
        ("donations.expire_every", donations.expire_every),
        ("http.body_within", http.body_within),
        ("http.head_within", http.head_within),
        ("http.keep_alive", http.keep_alive),
        ("http.answer_within", http.answer_within),
        ("http.ticket_ttl", http.ticket_ttl),
        ("sockets.authenticate_within", sockets.authenticate_within),
        ("sockets.anonymous_within", sockets.anonymous_within),
        ("sockets.heartbeat", sockets.heartbeat),
        ("sockets.ping_interval", sockets.ping_interval),
        ("sockets.pong_within", sockets.pong_within),
        ("sockets.tcp_user_timeout", sockets.tcp_user_timeout),
        ("engine_io.ping_interval", engine_io.ping_interval),
        ("engine_io.ping_timeout", engine_io.ping_timeout),
        ("engine_io.connect_timeout", engine_io.connect_timeout),
        ("engine_io.upgrade_timeout", engine_io.upgrade_timeout),
        ("socket_io.ack_within", socket_io.ack_within),
        ("rooms.idle", rooms.idle),
        ("rooms.recover_within", rooms.recover_within),
        ("rooms.panic_window", rooms.panic_window),
        ("rooms.quarantine", rooms.quarantine),
        ("registry.wait_within", registry.wait_within),
        ("registry.transaction_within", registry.transaction_within),
        ("log.idempotency_ttl", log.idempotency_ttl),
    ];
    for (key, span) in spans {
        if span.is_zero() {
            return Err(Mistake::about(key, "it is no time at all", None));
        }
        at_most(key, *span, MAX_SPAN, "")?;
    }
    Ok(())
}

fn counts(settings: &Settings) -> Result<(), Mistake> {
    let Settings {
        database,
        backup,
        auth,
        orders,
        donations,
        http,
        sockets,
        engine_io,
        socket_io,
        rooms,
        registry,
        log,
        ..
    } = settings;
    let counts: &[(&str, u64, u64)] = &[
        ("database.pool_size", database.pool_size as u64, 2),
        ("backup.keep", backup.keep as u64, 1),
        ("auth.hash_concurrency", auth.hash_concurrency as u64, 1),
        ("auth.hash_queue", auth.hash_queue as u64, 1),
        ("auth.failures_per_account", auth.failures_per_account.into(), 1),
        ("auth.failures_per_address", auth.failures_per_address.into(), 1),
        ("auth.registrations_per_hour", auth.registrations_per_hour.into(), 1),
        ("auth.taken_per_hour", auth.taken_per_hour.into(), 1),
        ("auth.resets_per_account", auth.resets_per_account.into(), 1),
        ("auth.resets_per_mailbox", auth.resets_per_mailbox.into(), 1),
        ("auth.resets_per_address", auth.resets_per_address.into(), 1),
        ("auth.welcomes_per_hour", auth.welcomes_per_hour.into(), 1),
        ("auth.wrong_codes_per_hour", auth.wrong_codes_per_hour.into(), 1),
        ("orders.public_per_minute", orders.public_per_minute.into(), 1),
        ("donations.per_minute", donations.per_minute.into(), 1),
        ("http.max_body", http.max_body.0 as u64, 1024),
        ("http.max_connections", http.max_connections as u64, 1),
        ("sockets.max_frame", sockets.max_frame.0 as u64, 1024),
        ("sockets.max_fragments", sockets.max_fragments as u64, 1),
        ("sockets.events_per_second", sockets.events_per_second.into(), 1),
        ("sockets.events_burst", sockets.events_burst.into(), 1),
        ("sockets.per_user", sockets.per_user as u64, 1),
        ("sockets.public_per_address", sockets.public_per_address as u64, 1),
        ("sockets.anonymous_per_address", sockets.anonymous_per_address as u64, 1),
        ("sockets.per_restaurant", sockets.per_restaurant as u64, sockets.public as u64 + 1),
        ("sockets.mailbox", sockets.mailbox as u64, MIN_MAILBOX as u64),
        ("sockets.mailbox_bytes", sockets.mailbox_bytes.0 as u64, MIN_MAILBOX_BYTES),
        ("sockets.send_buffer", sockets.send_buffer.0 as u64, 4096),
        ("socket_io.max_namespaces", socket_io.max_namespaces as u64, 1),
        ("socket_io.max_attachments", socket_io.max_attachments as u64, 1),
        ("socket_io.max_pending_acks", socket_io.max_pending_acks as u64, 1),
        ("engine_io.max_payload", engine_io.max_payload.0 as u64, 1024),
        ("rooms.ring_events", rooms.ring_events as u64, 1),
        ("rooms.ring_bytes", rooms.ring_bytes.0 as u64, 1024),
        ("rooms.replay_max_events", rooms.replay_max_events, 1),
        ("rooms.replay_max_bytes", rooms.replay_max_bytes.0 as u64, 1024),
        ("rooms.panics", rooms.panics.into(), 1),
        ("registry.lane_queue", registry.lane_queue as u64, 1),
        ("registry.total_queue", registry.total_queue as u64, registry.lane_queue as u64),
        ("registry.group", registry.group as u64, 1),
        ("log.partitions_ahead", log.partitions_ahead.into(), 1),
    ];
    for &(key, value, least) in counts {
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

/// What the product promises about time, whatever is set. `http.answer_within` may be shorter than a command takes: it
/// goes on, and its key tells.
fn promises(settings: &Settings) -> Result<(), Mistake> {
    let Settings { server, database, auth, http, sockets, engine_io, registry, .. } = settings;
    let answered = "nobody waits longer than 5 s for an answer";
    at_most("http.answer_within", *http.answer_within, PROMISED, answered)?;
    at_most("database.wait_within", *database.wait_within, PROMISED, answered)?;
    // What was given up still holds its locks until PostgreSQL ends it.
    at_most("database.statement_within", *database.statement_within, PROMISED, answered)?;
    let waited = "a lock is waited for within a statement";
    at_most("database.lock_within", *database.lock_within, *database.statement_within, waited)?;
    let left = PROMISED.saturating_sub(*registry.wait_within);
    let with_wait = "with registry.wait_within that makes the 5 s within which a command is answered";
    at_most("registry.transaction_within", *registry.transaction_within, left, with_wait)?;
    let at_stop = "server.stop_within has to leave time for it";
    at_most("registry.transaction_within", *registry.transaction_within, *server.stop_within, at_stop)?;

    let removed = "a removed user is out within 5 s";
    at_most("auth.principal_ttl", *auth.principal_ttl, PROMISED - LOOK_UP, removed)?;
    let stale = "a display is stale after 5 s, and one heartbeat may be lost";
    at_most("sockets.heartbeat", *sockets.heartbeat, PROMISED / 2, stale)?;
    let dead = "with the interval between pings that makes the 20 s after which a dead client is gone";
    let left = DEAD_WITHIN.saturating_sub(*sockets.ping_interval);
    at_most("sockets.pong_within", *sockets.pong_within, left, dead)?;
    let left = DEAD_WITHIN.saturating_sub(*engine_io.ping_interval);
    at_most("engine_io.ping_timeout", *engine_io.ping_timeout, left, dead)
}

fn at_most(key: &str, span: Duration, most: Duration, why: &str) -> Result<(), Mistake> {
    if span <= most {
        return Ok(());
    }
    let (span, most) = (humantime::format_duration(span), humantime::format_duration(most));
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    Err(Mistake::about(key, format_args!("{span} is too long, the most is {most}{why}"), None))
}

//! What a plain WebSocket begins with: how its client came in, and the numbers it goes by, out of the configuration.

use super::super::Verified;
use crate::{config::sections, domain::stream::Position};
use std::time::Duration;

/// How a client came in.
#[derive(Debug)]
pub enum Entry {
    /// Its token was in the header and is good.
    Verified(Verified, Option<Position>),
    /// Its token is to come in the first frame.
    FirstFrame,
}

/// See `[sockets]` and `[rooms]` in `config/default.toml`.
#[derive(Debug, Clone)]
pub struct Settings {
    pub authenticate_within: Duration,
    pub heartbeat: Duration,
    pub ping_interval: Duration,
    pub pong_within: Duration,
    pub events_per_second: u32,
    pub events_burst: u32,
    /// Bytes.
    pub max_replay_bytes: usize,
}

impl Settings {
    pub fn new(sockets: &sections::Sockets, rooms: &sections::Rooms) -> Self {
        Self {
            authenticate_within: *sockets.authenticate_within,
            heartbeat: *sockets.heartbeat,
            ping_interval: *sockets.ping_interval,
            pong_within: *sockets.pong_within,
            events_per_second: sockets.events_per_second,
            events_burst: sockets.events_burst,
            max_replay_bytes: *rooms.replay_max_bytes,
        }
    }
}

//! Which clients there are, and how each travels.

use crate::{stock_client::Client, support::evening::every_event};
use serde_json::json;

const POLLING: &[&str] = &["polling"];
const WEBSOCKET: &[&str] = &["websocket"];
const UPGRADE: &[&str] = &["polling", "websocket"];

/// A client as somebody may have it.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    transports: &'static [&'static str],
}

pub const NEWEST: &str = "socket.io-client";
pub const OLDEST: &str = "socket.io-client-oldest";
pub const PYTHON: &str = "python";

pub const KINDS: [Kind; 7] = [
    Kind { name: NEWEST, transports: POLLING },
    Kind { name: NEWEST, transports: WEBSOCKET },
    Kind { name: NEWEST, transports: UPGRADE },
    Kind { name: OLDEST, transports: POLLING },
    Kind { name: OLDEST, transports: WEBSOCKET },
    Kind { name: PYTHON, transports: POLLING },
    Kind { name: PYTHON, transports: WEBSOCKET },
];

impl Kind {
    /// Whether it comes back by itself where the engine is closed. python-socketio takes the packet `1`, by which
    /// long-polling ends, for a farewell: it reports the disconnect and leaves the rest to its user.
    pub fn comes_back(self) -> bool {
        (self.name, self.transports) != (PYTHON, POLLING)
    }

    /// Starts one, which connects.
    pub fn start(self, url: &str, token: &str) -> Client {
        // A python handler of one argument breaks on an event that carries its offset as a second.
        let auth = match self.name {
            PYTHON => json!({ "token": token, "recovery": false }),
            _ => json!({ "token": token }),
        };
        let events: Vec<&str> = every_event().into_iter().chain(["exception", "resync"]).collect();
        let options = json!({ "transports": self.transports });
        Client::with(
            &json!({ "client": self.name, "url": url, "auth": auth, "options": options, "events": events }),
        )
    }

    /// Starts on long-polling and moves to a WebSocket.
    pub fn upgrades(self) -> bool {
        self.transports == UPGRADE
    }
}

//! Engine.IO 4: one session over long-polling, over a WebSocket, or first over the one and then over the other.
//!
//! ```text
//! GET ──> Polling ──(2probe, 3probe, 5)──> Upgrading ──┐
//! GET with upgrade ────────────────────> WebSocket <───┘
//! ```
//! Each is a shell around one [`core::Engine`], which moves from one to the other. What it carries is a [`Session`] of
//! its own, which receives the messages without their packet type and sends text with it (`4…`), so that an event
//! encoded once serves every transport. Pings are Engine.IO's; WebSocket's own are not used.

pub mod core;
pub mod outbox;
pub mod polling;
pub mod upgrade;
pub mod websocket;

use super::{Action, Session};

/// True for the action after which nothing follows.
fn closes(action: &Action) -> bool {
    matches!(action, Action::Close(_))
}

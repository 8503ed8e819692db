//! Framing: bytes ↔ packets, pure. Knows the protocols, nothing of orders or sockets.

pub mod engineio;
pub mod event;
pub mod guard;
pub mod json;
pub mod msgpack;
pub mod offset;
pub mod plain;
pub mod said;
pub mod socketio;
pub mod sse;
pub mod time;

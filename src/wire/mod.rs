//! Framing: bytes ↔ packets, pure. Knows the protocols, nothing of orders or sockets.

pub mod event;
pub mod guard;
pub mod plain;
pub mod sse;

//! Framing: bytes ↔ packets, pure. Knows the protocols, nothing of orders or sockets.

pub mod event;

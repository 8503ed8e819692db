//! The ways in: HTTP, plain WebSocket, Socket.IO, server-sent events. They share `socket` and never know each other.

pub mod bearer;
pub mod http;
pub mod sio;
pub mod socket;
pub mod sse;
pub mod tickets;
pub mod ws;

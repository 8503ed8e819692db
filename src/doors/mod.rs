//! The ways in: HTTP, plain WebSocket, Socket.IO, server-sent events. They share what is no door
//! (`address`, `bearer`, `refusal`, `socket`, `tickets`) and never know each other.

pub mod address;
pub mod bearer;
pub mod http;
pub mod refusal;
pub mod sio;
pub mod socket;
pub mod sse;
pub mod tickets;
pub mod ws;

//! Doors: the ways in. Each stands by itself; `socket` is the floor under those that carry sockets.

pub mod socket;
pub mod sse;
pub mod ws;

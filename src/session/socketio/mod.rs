//! Socket.IO 5 as a session: namespaces on one engine, and the application behind them.
//!
//! The application is a parameter; it knows namespaces, events and acknowledgements, nothing of packets or transports.

pub mod application;
mod asks;
pub mod context;
pub mod core;
mod keys;
mod reader;

pub use application::{Application, Event, Socket, TimedOut};
pub use context::{Context, NotAsked};
pub use core::{Limits, SocketIo};

#[cfg(test)]
mod tests;

//! Socket.IO 5 as a session: namespaces on one engine, and the application behind them.
//!
//! The application is a parameter; it knows namespaces, events and acknowledgements, nothing of packets or transports.

pub mod application;
pub mod context;
pub mod core;

pub use application::{Application, Event, Socket};
pub use context::Context;
pub use core::{Limits, SocketIo};

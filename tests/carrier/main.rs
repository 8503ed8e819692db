//! Sockets on a real server with an in-memory house behind them: what peers do to us, and what we do to them.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails fails its test")]

mod endings;
mod hostile;
mod house;
mod parrot;
mod plain;
mod raw;
mod sse;
#[path = "tls/mod.rs"]
mod tls;
mod visitor;

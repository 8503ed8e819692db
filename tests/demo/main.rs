//! The demo as `make run` gives it, and what README prints of it: five systems' clients side by side, the tour, and the diff of
//! an added event.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/display.rs"]
mod display;
#[path = "../support/proxy.rs"]
mod proxy;
#[path = "../support/server.rs"]
mod server;
#[path = "../socketio/client.rs"]
mod stock_client;
#[path = "../support/stream.rs"]
mod stream;

mod diff;
mod lunch;
mod systems;
mod tour;

const README: &str = include_str!("../../README.md");

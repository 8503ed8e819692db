//! Backups: made under load, the database destroyed, restored; files that are no backups; what ends a restore midway; the
//! daily one.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/display.rs"]
mod display;
#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../support/server.rs"]
mod server;
#[path = "../socketio/client.rs"]
mod stock_client;

mod configured;
mod daily;
mod interrupted;
mod outcome;
mod program;
mod refusals;
mod under_load;
mod writers;

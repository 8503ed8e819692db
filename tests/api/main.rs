//! Tests of the whole server: the real thing on port 0, a database of its own for each test, clients with verbs.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/display.rs"]
mod display;
#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../support/server.rs"]
mod server;
mod support;

mod flow;
mod keys;
mod lanes;
mod logins;
mod races;
mod rest;
mod sql;

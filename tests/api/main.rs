//! Tests of the whole server: the real thing on port 0, a database of its own for each test, clients with verbs.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "../support/display.rs"]
mod display;
#[path = "../support/postgres.rs"]
mod postgres;
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "../support/server.rs"]
mod server;
mod support;

mod databases;
mod flow;
mod groups;
mod keys;
mod lanes;
mod logins;
mod races;
mod rest;
mod sql;

//! Tests of the whole server: the real thing on port 0, a database of its own for each test, clients with verbs.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/display.rs"]
mod display;
#[path = "../support/mute.rs"]
mod mute;
#[path = "../support/poller.rs"]
mod poller;
#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../support/proxy.rs"]
mod proxy;
#[path = "../support/server.rs"]
mod server;
#[path = "../socketio/client.rs"]
mod stock_client;
#[path = "../support/stream.rs"]
mod stream;
mod support;

mod admin;
mod contract;
mod crowd;
mod databases;
mod displays;
mod donations;
mod flow;
mod forged;
mod gauges;
mod groups;
mod half_closed;
mod heads;
mod hung_up;
mod import;
mod isolation;
mod keys;
mod kitchen;
mod lanes;
mod live;
mod login_times;
mod logins;
mod lunch;
mod origins;
mod people;
mod production;
mod races;
mod recovery;
mod replay;
mod resources;
mod rest;
mod restores;
#[cfg(feature = "faults")]
mod rooms;
mod sessions_end;
mod slow;
mod sql;
mod stock;
mod streams;
mod tls;

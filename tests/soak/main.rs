//! A bad network, and what must come through it: the server as a process, killed and started again, behind proxies that
//! fail, while displays on every transport watch.
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

mod chance;
mod checker;
mod displays;
mod faults;
mod long;
mod proxies;
mod screen;
mod writers;

//! A bad network, and what must come through it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/proxy.rs"]
mod proxy;

mod proxies;

//! The instruments of `chaos` do what they say: without that, what is measured with them shows nothing.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../chaos/chance.rs"]
mod chance;
#[path = "../chaos/checker.rs"]
mod checker;
#[path = "../chaos/journal.rs"]
mod journal;
#[path = "../chaos/options.rs"]
mod options;
#[path = "../support/proxy.rs"]
mod proxy;
#[path = "../chaos/state.rs"]
mod state;
#[path = "../chaos/tally.rs"]
mod tally;

mod asked;
mod chances;
mod checkers;
mod journals;
mod proxies;
mod states;
mod tallies;

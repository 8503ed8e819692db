//! Everything broken on purpose: `make chaos` measures what the table of guarantees promises, and `make test` the least of
//! it, in some minutes.
//!
//! A scenario (`scenarios/`) is a value: its property and target, how much of it there is, and a bout that runs the real
//! server on a real PostgreSQL, breaks something by a schedule from a seed, and checks. Each is first run with flaws planted
//! in the server (`src/flaws.rs`) or in the bout, and must find them.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a bout fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/display.rs"]
mod display;
#[path = "../support/frozen.rs"]
mod frozen;
#[path = "../support/mute.rs"]
mod mute;
#[path = "../support/proxy.rs"]
mod proxy;
#[path = "../support/server.rs"]
mod server;
#[path = "../socketio/client.rs"]
mod stock_client;
#[path = "../support/stream.rs"]
mod stream;

mod boards;
mod chance;
mod checker;
mod disk;
mod displays;
mod followers;
mod gauges;
mod harness;
mod journal;
mod ledger;
mod options;
mod plot;
mod postgres;
mod pulse;
mod readers;
mod report;
mod scenario;
mod scenarios;
mod screen;
mod state;
mod tally;
mod terminal;
mod timeline;
mod trial;
mod trouble;
mod world;
mod writers;

use harness::Harness;
use options::{Options, Size};
use std::{
    fs::{self, File},
    path::Path,
    process::ExitCode,
};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            terminal::say(&error);
            return ExitCode::from(2);
        }
    };
    if options.list {
        scenarios::ALL.iter().for_each(|scenario| terminal::say(&format!("{}: test", scenario.id)));
        return ExitCode::SUCCESS;
    }
    let chosen: Vec<_> =
        scenarios::ALL.iter().copied().filter(|scenario| options.chooses(scenario.id)).collect();
    if chosen.is_empty() {
        terminal::say("\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
        return ExitCode::SUCCESS;
    }
    let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chaos");
    let folder = match options.size {
        Size::Quick => results.join("quick"),
        Size::Scale(_) => results,
    };
    let _alone = alone(&folder);
    match Harness::start(options, folder).run(&chosen) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Held for as long as this run lasts: another one would throw its journals away.
fn alone(folder: &Path) -> File {
    fs::create_dir_all(folder).expect("a folder for results");
    let lock = File::create(folder.join("lock")).expect("a lock");
    if lock.try_lock().is_err() {
        terminal::say("another run uses the same target folder: waiting for its end");
        lock.lock().expect("a lock");
    }
    lock
}

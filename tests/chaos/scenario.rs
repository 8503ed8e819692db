//! A scenario: a property of the table, its target, and a bout that breaks something and checks it.

use crate::trial::Trial;
use futures_util::future::LocalBoxFuture;

/// One row of the table. A new one is a file in `scenarios/` and a line in its list.
pub struct Scenario {
    /// As in the table: `R1`.
    pub id: &'static str,
    pub property: &'static str,
    pub target: &'static str,
    /// Into how many bouts SCALE=1 is divided: each has a database, a server and a seed of its own, takes some minutes,
    /// and its result is kept, so that a run that was broken off goes on behind it.
    pub bouts: u32,
    /// Flaws that the bout must find before it is believed.
    pub controls: &'static [Control],
    /// A bout. What it counts, measures and finds wrong it tells the trial; a panic is wrong too.
    pub run: fn(Trial) -> LocalBoxFuture<'static, ()>,
}

/// A planted flaw. The bout is run with it, in the quick size, and must fail.
pub struct Control {
    /// One that the server knows, see `src/flaws.rs`, or one of the scenario's own: see [`Trial::has`].
    pub flaw: &'static str,
    /// One of the failures says this, so that it is found for what it is.
    pub says: &'static str,
}

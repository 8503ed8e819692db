//! Bouts add up over runs of one server, and of no other.

use crate::{
    state::{Done, State},
    tally::Tally,
};
use std::path::Path;

const BOUTS: u32 = 10;

fn done(build: &str, share: f64) -> Done {
    let mut tally = Tally::default();
    tally.count("orders", 100);
    Done { build: build.into(), at: jiff::Timestamp::now(), seed: 7, share, tally }
}

/// A run towards `scale` that is broken off after `most` bouts; those it did.
async fn run(folder: &Path, build: &str, scale: f64, most: usize) -> (Vec<f64>, Tally) {
    let (mut state, mut shares) = (State::open(folder, "R1", build, scale), Vec::new());
    while let Some(share) = state.next(scale, BOUTS).filter(|_| shares.len() < most) {
        state.add(done(build, share)).await;
        shares.push((share * 100.0).round() / 100.0);
    }
    (shares, state.total())
}

#[tokio::test]
async fn a_run_goes_on_where_the_last_was_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), "a", 0.25, 1).await.0, [0.1]);
    let (shares, total) = run(folder.path(), "a", 0.25, 9).await;
    assert_eq!((shares, total.counts["orders"]), (vec![0.1, 0.05], 300));
    // More of the same adds up too.
    let (shares, total) = run(folder.path(), "a", 0.45, 9).await;
    assert_eq!((shares, total.counts["orders"]), (vec![0.1, 0.1], 500));
    // What was reached begins anew, and so does another server.
    assert_eq!(run(folder.path(), "a", 0.1, 9).await.1.counts["orders"], 100);
    assert_eq!(run(folder.path(), "b", 0.2, 9).await.1.counts["orders"], 200);
}

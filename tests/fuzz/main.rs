//! The fuzz targets without a fuzzer: the kept corpus, mutations of it from a fixed seed, and any sequence of steps.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a broken invariant fails its test")]

mod mutate;
mod targets;

use mutate::Mutator;
use proptest::prelude::*;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};
use targets::engine::{Flaw, run_with};

/// For the mutations of one target.
const WITHIN: Duration = Duration::from_secs(1);
const MOST: usize = 20_000;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Runs a target, and says with which bytes it failed.
fn tried(name: &str, target: targets::Target, bytes: &[u8]) {
    if catch_unwind(|| target(bytes)).is_err() {
        panic!("{name} fails with {:?}", bytes.escape_ascii().to_string());
    }
}

#[test]
fn the_corpus_and_its_mutations_break_no_invariant() {
    for (name, target) in targets::ALL {
        let corpus = corpus(name);
        assert!(!corpus.is_empty(), "{name} has a corpus");
        corpus.iter().for_each(|bytes| tried(name, target, bytes));
        let mut mutator = Mutator::new(corpus);
        let start = Instant::now();
        let mut count = 0;
        while count < MOST && start.elapsed() < WITHIN {
            tried(name, target, &mutator.next());
            count += 1;
        }
        eprintln!("{name}: {count} mutations");
    }
}

/// A checker that finds nothing may be one that looks at nothing.
#[test]
fn the_engines_checker_finds_each_flaw() {
    let corpus = corpus("engine");
    for flaw in Flaw::ALL {
        let mut mutator = Mutator::new(corpus.clone());
        let mut tries = corpus.iter().cloned().chain((0..MOST).map(|_| mutator.next()));
        let found = tries.any(|bytes| catch_unwind(AssertUnwindSafe(|| run_with(&bytes, flaw))).is_err());
        assert!(found, "{flaw:?} was not noticed");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Open, poll, post, hang up, upgrade, reset, wait: in any order.
    #[test]
    fn an_engine_session_keeps_its_promises(steps in proptest::collection::vec(any::<u8>(), 0..400)) {
        targets::engine::run(&steps);
    }
}

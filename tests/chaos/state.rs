//! What earlier runs of this very server have shown, so that hours of it can be done in several sittings.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use crate::{journal, journal::Journal, tally::Tally};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A share is a sum of fractions.
const ALMOST: f64 = 1e-9;

/// One bout, done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Done {
    /// Which server; figures of another one do not add up with ours.
    pub build: String,
    pub at: jiff::Timestamp,
    pub seed: u64,
    pub share: f64,
    pub tally: Tally,
}

/// The bouts of one scenario.
pub struct State {
    file: PathBuf,
    pub done: Vec<Done>,
}

impl State {
    /// What was done towards `scale` with this build; nothing where that was reached: then it begins anew.
    pub fn open(folder: &Path, id: &str, build: &str, scale: f64) -> Self {
        fs::create_dir_all(folder).expect("a folder for results");
        let file = folder.join(format!("{id}.jsonl"));
        let done: Vec<Done> = journal::read(&file);
        let is_ours = done.iter().all(|done| done.build == build);
        let mut state = Self { file, done };
        if !is_ours || state.missing(scale) <= ALMOST {
            let _ = fs::rename(&state.file, state.file.with_extension("old.jsonl"));
            state.done.clear();
        }
        state
    }

    /// The share of the next bout, of `bouts` at SCALE=1; `None` when `scale` is reached.
    pub fn next(&self, scale: f64, bouts: u32) -> Option<f64> {
        let missing = self.missing(scale);
        (missing > ALMOST).then(|| missing.min(1.0 / f64::from(bouts)))
    }

    fn missing(&self, scale: f64) -> f64 {
        scale - self.done.iter().map(|done| done.share).sum::<f64>()
    }

    /// Durable when it returns.
    pub async fn add(&mut self, done: Done) {
        Journal::open(self.file.clone()).write(&done).await;
        self.done.push(done);
    }

    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.done.iter().for_each(|done| total.absorb(&done.tally));
        total
    }
}

/// Tells one server from another: a digest of the program.
pub fn build() -> String {
    let program = fs::read(env!("CARGO_BIN_EXE_comanda")).expect("the program");
    let digest = ring::digest::digest(&ring::digest::SHA256, &program);
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

//! A trial: one bout of a scenario, with its seed, its size, the flaw that is planted in it, and what it measures.

use crate::{
    chance::Chance,
    postgres::Cluster,
    tally::{Tally, grouped},
    timeline::{Record, Timeline},
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How much longer than promised anything may take in the quick run: it is part of `make test`, on machines that are busy
/// with something else, in a debug build. What is counted is held to the table there too.
const QUICK_IS_LENIENT: Duration = Duration::from_secs(20);

/// Cheap to clone.
#[derive(Clone)]
pub struct Trial(Arc<Inner>);

struct Inner {
    seed: u64,
    share: f64,
    flaw: Option<&'static str>,
    folder: PathBuf,
    cluster: Arc<Cluster>,
    tally: Mutex<Tally>,
    timeline: Timeline,
}

impl Trial {
    /// `share` of the scenario's counts, 0 for the least; `folder` is for journals and logs.
    pub fn new(
        cluster: Arc<Cluster>,
        folder: PathBuf,
        seed: u64,
        share: f64,
        flaw: Option<&'static str>,
    ) -> Self {
        let timeline = Timeline::start();
        Self(Arc::new(Inner { seed, share, flaw, folder, cluster, tally: Mutex::default(), timeline }))
    }

    /// This bout's part of `total`, which is what SCALE=1 counts; `least` in the quick run.
    pub fn of(&self, total: u64, least: u64) -> u64 {
        least.max((total as f64 * self.0.share).ceil() as u64)
    }

    pub fn is_quick(&self) -> bool {
        self.0.share == 0.0
    }

    /// A promised time, as it is checked here.
    pub fn limit(&self, promised: Duration) -> Duration {
        if self.is_quick() { promised + QUICK_IS_LENIENT } else { promised }
    }

    /// How long to wait for it: with a flaw planted no longer than promised, for then it need not come.
    pub fn patience(&self, promised: Duration) -> Duration {
        if self.flaw().is_some() { promised } else { self.limit(promised) }
    }

    /// Of one seed there are as many independent sequences as wanted.
    pub fn chance(&self, sequence: u64) -> Chance {
        Chance::new(self.0.seed, sequence)
    }

    /// True in the control that shows that this flaw is found.
    pub fn has(&self, flaw: &str) -> bool {
        self.0.flaw == Some(flaw)
    }

    /// True in any control: what it needs to be found is enough.
    pub fn is_control(&self) -> bool {
        self.0.flaw.is_some()
    }

    pub fn flaw(&self) -> Option<&'static str> {
        self.0.flaw
    }

    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    pub fn cluster(&self) -> &Cluster {
        &self.0.cluster
    }

    pub fn count(&self, what: &str, more: u64) {
        self.with(|tally| tally.count(what, more));
    }

    /// What was counted so far.
    pub fn counted(&self, what: &str) -> u64 {
        self.tally().counts.get(what).copied().unwrap_or(0)
    }

    /// A measured time against what is promised.
    pub fn within(&self, what: &str, took: Duration, promised: Duration) {
        let limit = self.limit(promised);
        self.with(|tally| tally.within(what, took, limit));
    }

    pub fn fail(&self, what: impl Into<String>) {
        self.with(|tally| tally.fail(what));
    }

    /// This machine cannot show it, for this reason.
    pub fn skip(&self, why: impl Into<String>) {
        self.with(|tally| tally.skipped = Some(why.into()));
    }

    pub fn check(&self, what: &str, result: Result<(), String>) {
        if let Err(error) = result {
            self.fail(format!("{what}: {error}"));
        }
    }

    /// Something is broken on purpose, now.
    pub fn fault(&self, what: &str) {
        self.count(what, 1);
        self.0.timeline.fault(what);
    }

    pub fn timeline(&self) -> &Timeline {
        &self.0.timeline
    }

    pub fn record(&self) -> Record {
        self.0.timeline.record()
    }

    pub fn tally(&self) -> Tally {
        let mut copy = Tally::default();
        self.with(|tally| copy = tally.clone());
        copy
    }

    /// For the live line.
    pub fn status(&self) -> String {
        let Tally { counts, failures, .. } = self.tally();
        let seconds = self.0.timeline.elapsed().as_secs();
        let mut words = vec![format!("{:02}:{:02}", seconds / 60, seconds % 60)];
        words.extend(counts.iter().map(|(what, count)| format!("{} {what}", grouped(*count))));
        words.extend((!failures.is_empty()).then(|| format!("{} WRONG", failures.len())));
        words.join("  ")
    }

    fn with(&self, change: impl FnOnce(&mut Tally)) {
        change(&mut self.0.tally.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

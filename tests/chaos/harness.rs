//! Runs what is asked for: the controls first, then bout after bout, and the report at the end.

use crate::{
    chance::Chance,
    options::{Options, Size},
    postgres::Cluster,
    report::{self, Row},
    scenario::{Control, Scenario},
    state::{self, Done, State},
    tally::Tally,
    terminal::{Live, say},
    timeline::Record,
    trial::Trial,
};
use jiff::Timestamp;
use std::{
    any::Any,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{runtime::Runtime, time::timeout};

/// A bout that takes longer hangs.
const BOUT_WITHIN: Duration = Duration::from_secs(2 * 60 * 60);
const QUICK_BOUT_WITHIN: Duration = Duration::from_secs(5 * 60);
/// Failures of one bout that are printed: the first tell the story.
const SAID: usize = 10;
/// Where the seeds of quick runs come from: every run of `make test` breaks the same things in the same order.
const QUICK_SEED: u64 = 20_261_120;
/// For tasks that a bout left behind.
const END_WITHIN: Duration = Duration::from_secs(2);

pub struct Harness {
    options: Options,
    runtime: Runtime,
    cluster: Arc<Cluster>,
    folder: PathBuf,
    build: String,
    seeds: Chance,
    passed: u32,
    failed: u32,
    skipped: u32,
    rows: Vec<Row>,
}

impl Harness {
    pub fn start(options: Options, folder: PathBuf) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let cluster = Arc::new(runtime.block_on(Cluster::start()));
        let seed = match options.size {
            Size::Quick => QUICK_SEED,
            Size::Scale(_) => Timestamp::now().as_millisecond().cast_unsigned(),
        };
        Self {
            options,
            runtime,
            cluster,
            folder,
            build: state::build(),
            seeds: Chance::new(seed, 0),
            passed: 0,
            failed: 0,
            skipped: 0,
            rows: Vec::new(),
        }
    }

    /// These, one after another; true where all passed.
    pub fn run(mut self, scenarios: &[&Scenario]) -> bool {
        let begun = Instant::now();
        for scenario in scenarios {
            // A seed that is run again is about the scenario, not about its controls.
            if self.options.seed.is_none() {
                scenario.controls.iter().for_each(|control| self.control(scenario, control));
            }
            let total = match (self.options.seed, self.options.size) {
                (None, Size::Scale(scale)) => self.sitting(scenario, scale),
                (seed, size) => {
                    let share = match size {
                        Size::Quick => 0.0,
                        Size::Scale(scale) => scale.min(1.0 / f64::from(scenario.bouts)),
                    };
                    let seed = seed.unwrap_or_else(|| self.seed());
                    self.bout(scenario, share, seed, None)
                }
            };
            self.settle_total(&total);
            self.rows.push(Row::new(scenario, total));
        }
        self.finish(begun.elapsed())
    }

    /// The bouts that are missing to `scale`.
    fn sitting(&mut self, scenario: &Scenario, scale: f64) -> Tally {
        let mut state = State::open(&self.folder.join("state"), scenario.id, &self.build, scale);
        if !state.done.is_empty() {
            say(&format!("{}: {} bouts of earlier runs add up", scenario.id, state.done.len()));
        }
        while let Some(share) = state.next(scale, scenario.bouts) {
            let seed = self.seed();
            let tally = self.bout(scenario, share, seed, None);
            let done = Done { build: self.build.clone(), at: Timestamp::now(), seed, share, tally };
            self.runtime.block_on(state.add(done));
        }
        state.total()
    }

    /// With its flaw the bout must fail, and say why.
    fn control(&mut self, scenario: &Scenario, control: &Control) {
        let seed = self.seed();
        let tally = self.bout(scenario, 0.0, seed, Some(control.flaw));
        if tally.skipped.is_some() {
            // The bout without the flaw says why.
            self.skipped += 1;
            return;
        }
        let found = tally.failures.iter().find(|failure| failure.contains(control.says));
        let (is_found, what) = match (found, tally.failures.first()) {
            (Some(failure), _) => (true, format!("found: {failure}")),
            (None, Some(other)) => (false, format!("NOT FOUND for what it is, but: {other}")),
            (None, None) => (false, "NOT FOUND".to_owned()),
        };
        say(&format!("{} with {}: {what}", scenario.id, control.flaw));
        self.settle(is_found);
        self.rows.push(Row::control(scenario, control, is_found, &what));
    }

    fn bout(&mut self, scenario: &Scenario, share: f64, seed: u64, flaw: Option<&'static str>) -> Tally {
        let id = scenario.id;
        let name = flaw.map_or(id.to_owned(), |flaw| format!("{id}-{flaw}"));
        let folder = self.folder.join("bouts").join(&name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for journals");
        let trial = Trial::new(self.cluster.clone(), folder.clone(), seed, share, flaw);
        let within = if share == 0.0 { QUICK_BOUT_WITHIN } else { BOUT_WITHIN };
        let shown = trial.clone();
        let live = Live::show(name.clone(), move || shown.status());
        if let Err(error) = attempt(scenario, trial.clone(), within) {
            trial.fail(error);
        }
        drop(live);
        let (tally, took) = (trial.tally(), trial.timeline().elapsed().as_secs_f64());
        self.keep(&folder, &name, &trial.record());
        fs::write(folder.join("failures"), tally.failures.join("\n")).expect("a file for what went wrong");
        if flaw.is_none() {
            let verdict = match tally.skipped {
                Some(_) => "not shown",
                None if tally.passed() => "ok",
                None => "FAILED",
            };
            say(&format!("{id} {verdict} in {took:.1} s: {tally}"));
            tally.failures.iter().take(SAID).for_each(|failure| say(&format!("    {failure}")));
        }
        if flaw.is_none() && !tally.passed() {
            say(&format!("    journals and logs: {}", folder.display()));
            say(&format!("    again: {}", self.options.replay(id, seed)));
        }
        tally
    }

    /// The plot of a bout, for the report.
    fn keep(&self, folder: &Path, name: &str, record: &Record) {
        let plot = report::plot(name, record);
        fs::write(folder.join("plot.svg"), plot).expect("a file for the plot");
    }

    /// What could not be shown here has neither passed nor failed.
    fn settle_total(&mut self, total: &Tally) {
        match total.skipped {
            Some(_) if total.passed() => self.skipped += 1,
            _ => self.settle(total.passed()),
        }
    }

    fn settle(&mut self, passed: bool) {
        match passed {
            true => self.passed += 1,
            false => self.failed += 1,
        }
    }

    fn seed(&mut self) -> u64 {
        // Short enough to be typed.
        self.seeds.within(1..1_000_000_000)
    }

    /// The table, the report, and the line that `.ci/test` counts.
    fn finish(self, took: Duration) -> bool {
        let Self { runtime, cluster, folder, options, rows, passed, failed, skipped, .. } = self;
        say(&report::table(&rows));
        let written = report::write(&folder, &options, &rows).expect("a file for the report");
        say(&format!("report: {}", written.display()));
        match Arc::into_inner(cluster) {
            Some(cluster) => runtime.block_on(cluster.stop()),
            None => say("a bout left its database in use"),
        }
        let verdict = if failed == 0 { "ok" } else { "FAILED" };
        let seconds = took.as_secs_f64();
        say(&format!(
            "\ntest result: {verdict}. {passed} passed; {failed} failed; {skipped} ignored; 0 measured; 0 filtered out; \
             finished in {seconds:.2}s"
        ));
        failed == 0
    }
}

/// One bout in a runtime of its own: whatever it left running ends with it.
fn attempt(scenario: &Scenario, trial: Trial, within: Duration) -> Result<(), String> {
    let runtime = Runtime::new().expect("a runtime");
    let bout = async { timeout(within, (scenario.run)(trial)).await };
    let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(bout)));
    runtime.shutdown_timeout(END_WITHIN);
    match ended {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(format!("no end within {within:?}")),
        Err(panic) => Err(format!("panicked: {}", message(&*panic))),
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

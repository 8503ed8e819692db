//! What a bout has measured: counts that add up over bouts, worst times against their limits, and what went wrong.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, time::Duration};

/// Most failures that are kept of one bout: a flaw makes thousands.
const FAILURES: usize = 200;

/// The longest of all times measured, and what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Worst {
    pub seconds: f64,
    pub limit: f64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub counts: BTreeMap<String, u64>,
    pub worst: BTreeMap<String, Worst>,
    pub failures: Vec<String>,
    /// Why this machine cannot show it.
    #[serde(default)]
    pub skipped: Option<String>,
}

impl Tally {
    pub fn count(&mut self, what: &str, more: u64) {
        if more > 0 {
            *self.counts.entry(what.to_owned()).or_default() += more;
        }
    }

    /// A time that may not be longer than its limit.
    pub fn within(&mut self, what: &str, took: Duration, limit: Duration) {
        if took > limit {
            self.fail(format!("{what}: {took:.2?}, and {limit:?} at most was promised"));
        }
        let (seconds, limit) = (took.as_secs_f64(), limit.as_secs_f64());
        let worst = self.worst.entry(what.to_owned()).or_insert(Worst { seconds, limit });
        worst.seconds = worst.seconds.max(seconds);
    }

    pub fn fail(&mut self, what: impl Into<String>) {
        if self.failures.len() < FAILURES {
            self.failures.push(what.into());
        }
    }

    /// Another bout of the same scenario.
    pub fn absorb(&mut self, other: &Self) {
        for (what, more) in &other.counts {
            self.count(what, *more);
        }
        for (what, other) in &other.worst {
            let worst = self.worst.entry(what.clone()).or_insert(*other);
            worst.seconds = worst.seconds.max(other.seconds);
        }
        other.failures.iter().for_each(|failure| self.fail(failure));
        self.skipped = self.skipped.take().or_else(|| other.skipped.clone());
    }

    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// For the column "measured".
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.skipped {
            return write!(f, "skipped: {why}");
        }
        let times = self.worst.iter().map(|(what, Worst { seconds, limit })| {
            format!("{what} at most {seconds:.2} s (limit {limit} s)")
        });
        let counts = self.counts.iter().map(|(what, count)| format!("{} {what}", grouped(*count)));
        let wrong = format!("{} wrong", self.failures.len());
        f.write_str(&std::iter::once(wrong).chain(times).chain(counts).collect::<Vec<_>>().join("; "))
    }
}

/// 1234567 as 1,234,567.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

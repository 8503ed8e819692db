//! What an import did, or would do: counted by kind, and every bad line with all that is wrong with it.

use super::{
    hashes::Hashes,
    kind::{Fault, Kind},
};
use std::{collections::BTreeMap, fmt};

/// Bad lines that are told one by one; nobody mends more by hand.
const TOLD: usize = 1_000;

/// Lines of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    created: u64,
    there: u64,
    refused: u64,
}

/// See above.
#[derive(Debug, Default)]
pub struct Report {
    /// Of no kind: lines that cannot be read.
    counts: BTreeMap<Option<Kind>, Count>,
    /// By line, the first ones of the file.
    refused: BTreeMap<u64, Vec<String>>,
    /// Customers who are not numbered as their old ids say.
    renumbered: u64,
    pub hashes: Hashes,
}

impl Report {
    /// `hashes` are the kinds that were there before.
    pub fn new(hashes: Hashes) -> Self {
        Self { hashes, ..Self::default() }
    }

    fn count(&mut self, kind: Option<Kind>) -> &mut Count {
        self.counts.entry(kind).or_default()
    }

    pub fn created(&mut self, kind: Kind) {
        self.count(Some(kind)).created += 1;
    }

    pub fn was_there(&mut self, kind: Kind) {
        self.count(Some(kind)).there += 1;
    }

    pub fn renumbered(&mut self) {
        self.renumbered += 1;
    }

    /// To be called once for a line.
    pub fn refuse(&mut self, line: u64, fault: Fault) {
        self.count(fault.kind).refused += 1;
        self.refused.insert(line, fault.why);
        if self.refused.len() > TOLD {
            self.refused.pop_last();
        }
    }

    /// True where every line is good.
    pub fn is_clean(&self) -> bool {
        self.refused.is_empty()
    }

    pub fn refusals(&self) -> u64 {
        self.counts.values().map(|count| count.refused).sum()
    }

    /// `12: name should not be empty; …`, by their order in the file, and how many more there are.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        let more = self.refusals() - self.refused.len() as u64;
        let told = self.refused.iter().map(|(line, why)| format!("{line}: {}", why.join("; ")));
        told.chain((more > 0).then(|| format!(" and {more} more")))
    }
}

/// A line for each kind that the file has: `customer: 2 created, 0 already there, 1 refused`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for kind in Kind::ALL {
            let Some(Count { created, there, refused }) = self.counts.get(&Some(kind)) else { continue };
            writeln!(f, "{}: {created} created, {there} already there, {refused} refused", kind.name())?;
        }
        if let Some(Count { refused, .. }) = self.counts.get(&None) {
            writeln!(f, "of no kind: {refused} refused")?;
        }
        if self.renumbered > 0 {
            writeln!(f, "customer: {} not numbered as their externalId says", self.renumbered)?;
        }
        self.hashes.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_thousand_bad_lines_are_told_and_all_are_counted() {
        let mut report = Report::default();
        assert_eq!((report.is_clean(), report.faults().count()), (true, 0));
        let lines = (1..=2_500).filter(|line| line % 2 == 0).chain((1..=2_500).filter(|line| line % 2 == 1));
        for line in lines {
            let kind = (line % 2 == 1).then_some(Kind::Order);
            report.refuse(line, Fault { kind, why: vec!["bad".into(), "worse".into()] });
        }
        let faults: Vec<String> = report.faults().collect();
        assert_eq!((faults.len(), report.refusals(), report.is_clean()), (TOLD + 1, 2_500, false));
        assert_eq!((faults[0].as_str(), faults[TOLD - 1].as_str()), ("1: bad; worse", "1000: bad; worse"));
        assert_eq!(faults[TOLD], " and 1500 more");
        let counts = "order: 0 created, 0 already there, 1250 refused\nof no kind: 1250 refused\n";
        assert_eq!(report.to_string(), counts);
    }
}

//! What an import did, or would do: counted by kind, and every bad line with all that is wrong with it.

use super::record::{Fault, Kind};
use std::{collections::BTreeMap, fmt};

/// Lines of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    created: u64,
    there: u64,
}

/// See above.
#[derive(Debug, Default)]
pub struct Report {
    counts: BTreeMap<Kind, Count>,
    /// By line.
    refused: BTreeMap<u64, Fault>,
}

impl Report {
    pub fn created(&mut self, kind: Kind) {
        self.counts.entry(kind).or_default().created += 1;
    }

    pub fn was_there(&mut self, kind: Kind) {
        self.counts.entry(kind).or_default().there += 1;
    }

    /// The same line again, at another reading, is one line.
    pub fn refuse(&mut self, line: u64, fault: Fault) {
        self.refused.insert(line, fault);
    }

    /// True where every line is good.
    pub fn is_clean(&self) -> bool {
        self.refused.is_empty()
    }

    pub fn refusals(&self) -> u64 {
        self.refused.len() as u64
    }

    /// `12: name should not be empty; …`, by their order in the file.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        self.refused.iter().map(|(line, fault)| format!("{line}: {}", fault.why.join("; ")))
    }
}

/// A line for each kind that the file has: `customer: 2 created, 0 already there, 1 refused`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for kind in Kind::ALL {
            let Count { created, there } = self.counts.get(&kind).copied().unwrap_or_default();
            let refused = self.refused.values().filter(|fault| fault.kind == Some(kind)).count();
            if created > 0 || there > 0 || refused > 0 {
                let kind = kind.name();
                writeln!(f, "{kind}: {created} created, {there} already there, {refused} refused")?;
            }
        }
        let unread = self.refused.values().filter(|fault| fault.kind.is_none()).count();
        if unread > 0 {
            writeln!(f, "of no kind: {unread} refused")?;
        }
        Ok(())
    }
}

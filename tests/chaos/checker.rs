//! Whether what a display has shown is the log.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use serde_json::Value;
use std::collections::BTreeMap;

/// An event as a display shows it: its position, and which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub seq: u64,
    pub id: String,
}

impl Shown {
    /// Of a payload.
    pub fn of(data: &Value) -> Self {
        let id = data["eventId"].as_str().unwrap_or_else(|| panic!("no eventId in {data}"));
        Self { seq: data["seq"].as_u64().expect("a seq"), id: id.to_owned() }
    }
}

/// The first way in which a display's list is not the log.
pub fn compare(log: &[Shown], shown: &[Shown]) -> Result<(), String> {
    for (n, expected) in log.iter().enumerate() {
        match shown.get(n) {
            Some(found) if found == expected => {}
            Some(found) if shown[..n].contains(found) => return Err(format!("{found:?} twice")),
            Some(found) => return Err(format!("{found:?} where {expected:?} belongs")),
            None => return Err(format!("it ends after {n} of {}", log.len())),
        }
    }
    match shown.get(log.len()) {
        None => Ok(()),
        Some(more) => Err(format!("{more:?} after the log's end")),
    }
}

/// What a display has shown without a break: the events that follow a position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stretch {
    pub after: u64,
    pub events: Vec<Shown>,
}

impl Stretch {
    /// Up to where whoever shows it knows the log.
    pub fn end(&self) -> u64 {
        self.events.last().map_or(self.after, |last| last.seq)
    }
}

/// The first way in which a display's stretches are not the log: each is that part of it which follows its position, none
/// begins before the end of the one before, and the last goes on to the log's end.
pub fn compare_stretches(log: &[Shown], stretches: &[Stretch]) -> Result<(), String> {
    let mut known = 0;
    for (n, stretch) in (1..).zip(stretches) {
        let Stretch { after, events } = stretch;
        if *after < known {
            return Err(format!("stretch {n} goes back from {known} to {after}"));
        }
        let rest =
            log.get(*after as usize..).ok_or(format!("stretch {n} is after {after}, beyond the log"))?;
        let shown = if n == stretches.len() { rest } else { &rest[..rest.len().min(events.len())] };
        compare(shown, events).map_err(|error| format!("stretch {n}, after {after}: {error}"))?;
        known = stretch.end();
    }
    if stretches.is_empty() { Err("it has shown nothing".into()) } else { Ok(()) }
}

/// Whether positions follow each other from 1, and no event is there twice.
pub fn is_gapless(log: &[Shown]) -> Result<(), String> {
    let mut places = BTreeMap::new();
    for (n, event) in (1..).zip(log) {
        if event.seq != n {
            return Err(format!("{event:?} is number {n}"));
        }
        if let Some(before) = places.insert(&event.id, n) {
            return Err(format!("{event:?} is {before} too"));
        }
    }
    Ok(())
}

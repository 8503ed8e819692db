//! Whether what a display has shown is the log, and whether the log has what was acknowledged.

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

/// A write that was answered with success, as the event that it must have made: its name, whose it is, the new status.
pub type Acknowledged = (&'static str, String, Option<&'static str>);

/// Whether every acknowledged write is in the log once, and no order is that nobody was told of.
pub fn holds(log: &[Value], acknowledged: &[Acknowledged]) -> Result<(), String> {
    let mut counts: BTreeMap<(&str, &str, Option<&str>), usize> = BTreeMap::new();
    for event in log {
        let (name, data) = (event["event"].as_str().unwrap_or_default(), &event["data"]);
        let whose = data["itemId"].as_str().or_else(|| data["orderId"].as_str()).unwrap_or_default();
        *counts.entry((name, whose, data["newStatus"].as_str())).or_default() += 1;
    }
    for (name, whose, status) in acknowledged {
        match counts.get(&(*name, whose.as_str(), *status)) {
            Some(1) => {}
            found => return Err(format!("{name} {whose} {status:?} is there {} times", found.unwrap_or(&0))),
        }
    }
    let orders = |name: &str| name == "order.new";
    let logged = counts.iter().filter(|((name, ..), _)| orders(name)).count();
    let answered = acknowledged.iter().filter(|(name, ..)| orders(name)).count();
    if logged == answered { Ok(()) } else { Err(format!("{logged} orders, and {answered} were answered")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn log() -> Vec<Shown> {
        (1..=5).map(|seq| Shown { seq, id: format!("event {seq}") }).collect()
    }

    #[test]
    fn a_lost_a_doubled_and_a_moved_event_are_found() {
        let log = log();
        assert_eq!(compare(&log, &log), Ok(()));
        assert_eq!(compare(&[], &[]), Ok(()));
        for n in 0..log.len() {
            let mut lost = log.clone();
            lost.remove(n);
            assert!(compare(&log, &lost).is_err(), "without {n}");
            for to in 0..=log.len() {
                let mut doubled = log.clone();
                doubled.insert(to, log[n].clone());
                assert!(compare(&log, &doubled).is_err(), "{n} again at {to}");
            }
            for other in n + 1..log.len() {
                let mut moved = log.clone();
                moved.swap(n, other);
                assert!(compare(&log, &moved).is_err(), "{n} for {other}");
            }
            let mut forged = log.clone();
            forged[n].id.push('?');
            assert!(compare(&log, &forged).is_err(), "another at {n}");
        }
        let mut more = log.clone();
        more.push(Shown { seq: 6, id: "event 6".into() });
        assert!(compare(&log, &more).is_err());
        assert!(compare(&more, &log).is_err());
    }

    #[test]
    fn stretches_are_parts_of_the_log_and_the_last_goes_to_its_end() {
        let log = log();
        let stretch =
            |after: usize, end: usize| Stretch { after: after as u64, events: log[after..end].into() };
        let good = [stretch(0, 2), stretch(2, 2), stretch(3, 4), stretch(4, 5)];
        for n in 0..=3 {
            assert_eq!(compare_stretches(&log, &good[n..]), Ok(()), "from {n}");
        }
        assert_eq!(compare_stretches(&log, &[stretch(0, 5)]), Ok(()));
        assert_eq!(compare_stretches(&log, &[stretch(0, 3), stretch(5, 5)]), Ok(()));
        assert!(compare_stretches(&log, &[]).is_err(), "nothing");
        assert!(compare_stretches(&log, &good[..3]).is_err(), "it ends too early");
        assert!(compare_stretches(&log, &[stretch(0, 3), stretch(2, 5)]).is_err(), "back, and shown twice");
        assert!(compare_stretches(&log, &[Stretch { after: 6, events: vec![] }]).is_err(), "beyond the end");
        // It was told to fetch and did not: what was missed is missing.
        let gap = Stretch { after: 0, events: [&log[..2], &log[3..]].concat() };
        assert!(compare_stretches(&log, std::slice::from_ref(&gap)).is_err());
        assert!(compare_stretches(&log, &[gap, stretch(5, 5)]).is_err(), "nor does a later stretch hide it");
        // It shows what the board has already, or drops one event too many.
        assert!(compare_stretches(&log, &[Stretch { after: 2, events: log[1..].into() }]).is_err());
        assert!(compare_stretches(&log, &[Stretch { after: 2, events: log[3..].into() }]).is_err());
    }

    #[test]
    fn a_log_with_a_gap_or_a_double_is_found() {
        assert_eq!(is_gapless(&log()), Ok(()));
        let mut gap = log();
        gap.remove(2);
        assert!(is_gapless(&gap).is_err());
        let mut double = log();
        double[3].id = double[1].id.clone();
        assert!(is_gapless(&double).is_err());
    }

    #[test]
    fn an_acknowledged_write_that_is_not_there_once_is_found() {
        let new = |order: &str| json!({ "event": "order.new", "data": { "orderId": order } });
        let ready = json!({
            "event": "order.item.status.changed",
            "data": { "orderId": "a", "itemId": "i", "newStatus": "READY" },
        });
        let order = |id: &str| ("order.new", id.to_owned(), None);
        let bump = ("order.item.status.changed", "i".to_owned(), Some("READY"));
        let log = [new("a"), ready.clone()];
        assert_eq!(holds(&log, &[order("a"), bump.clone()]), Ok(()));
        assert!(holds(&log, &[order("a"), order("b")]).is_err(), "lost");
        assert!(holds(&log[..1], &[order("a"), bump.clone()]).is_err(), "lost");
        assert!(holds(&[new("a"), ready.clone(), ready], &[order("a"), bump]).is_err(), "done twice");
        assert!(holds(&[new("a"), new("b")], &[order("a")]).is_err(), "an order nobody was told of");
    }
}

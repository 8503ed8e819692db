//! The checker finds what it is for: each wrong list that it must not pass.

use crate::checker::*;

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
    let stretch = |after: usize, end: usize| Stretch { after: after as u64, events: log[after..end].into() };
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

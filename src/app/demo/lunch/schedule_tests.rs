//! A lunch hour is one that could have been: by table, and over many seeds.

use super::*;
use std::collections::{HashMap, HashSet};

const MENU: [Course; 9] = [
    Course::Drink,
    Course::Drink,
    Course::Starter,
    Course::Starter,
    Course::Main,
    Course::Main,
    Course::Main,
    Course::Dessert,
    Course::Dessert,
];

fn minutes(at: Duration) -> f64 {
    at.as_secs_f64() / 60.0
}

#[test]
fn the_same_seed_is_the_same_lunch_and_another_is_another() {
    assert_eq!(lunch(7, 60, 12, &MENU), lunch(7, 60, 12, &MENU));
    assert_ne!(lunch(7, 60, 12, &MENU), lunch(8, 60, 12, &MENU));
}

#[test]
fn nobody_comes_where_there_is_no_table_and_nobody_orders_what_there_is_not() {
    for (tables, menu, seated, ordered) in [
        (0, &MENU[..], false, false),
        (3, &[], true, false),
        (3, &MENU[..2], true, true),
        (1, &MENU[..], true, true),
    ] {
        let moments = lunch(1, 60, tables, menu);
        let some = |is: fn(&Step) -> bool| moments.iter().any(|moment| is(&moment.step));
        assert_eq!(some(|step| matches!(step, Step::Seat { .. })), seated, "{tables}");
        let lines = some(|step| matches!(step, Step::Order { lines, .. } if !lines.is_empty()));
        assert_eq!(lines, ordered, "{tables} {menu:?}");
    }
}

#[test]
fn guests_come_in_a_hump_and_all_go_again() {
    for (length, tables) in [(20, 12), (60, 12), (120, 4)] {
        let mut thirds = [0; 3];
        for seed in 0..40 {
            let moments = lunch(seed, length, tables, &MENU);
            assert_eq!(
                moments.first().map(|first| first.at),
                Some(Duration::ZERO),
                "the door opens with a guest"
            );
            assert!(moments.is_sorted_by_key(|moment| moment.at));
            let (mut sitting, mut paid) = (HashMap::new(), 0);
            for Moment { at, party, step } in &moments {
                match step {
                    Step::Seat { table, .. } => {
                        assert!(*table < tables);
                        assert_eq!(sitting.insert(*table, *party), None, "two parties at one table");
                        thirds[((minutes(*at) / f64::from(length) * 3.0) as usize).min(2)] += 1;
                    }
                    Step::Pay => {
                        sitting.retain(|_, sits| sits != party);
                        paid += 1;
                    }
                    _ => {
                        assert!(sitting.values().any(|sits| sits == party), "{step:?} of one who is not here")
                    }
                }
            }
            assert!(sitting.is_empty() && paid > 0);
            let last = moments.last().map_or(0.0, |last| minutes(last.at));
            assert!(last < f64::from(length) + 75.0, "{last}");
        }
        assert!(tables < 12 || thirds[1] > thirds[2], "{length}: {thirds:?}");
    }
}

/// What is carried was made, what was made was begun, what was begun was ordered; and everything ordered ends.
#[test]
fn every_line_goes_its_way() {
    let (mut voids, mut late, mut notes) = (0, 0, 0);
    for seed in 0..60 {
        let (mut lines, mut begun, mut over) = (HashMap::new(), HashSet::new(), HashSet::new());
        for Moment { party, step, .. } in lunch(seed, 60, 12, &MENU) {
            match step {
                Step::Order { meal, lines: ordered } => {
                    notes += ordered.iter().filter(|line| line.note.is_some()).count();
                    assert!(ordered.iter().all(|line| line.dish < MENU.len() && line.qty > 0));
                    assert_eq!(lines.insert((party, meal), ordered.len()), None);
                }
                Step::Start { meal, line } => {
                    assert!(line < lines[&(party, meal)]);
                    assert!(begun.insert((party, meal, line)));
                }
                Step::Ready { meal, line } => {
                    assert!(begun.contains(&(party, meal, line)));
                    assert!(over.insert((party, meal, line)), "made twice");
                }
                Step::Void { meal, line } => {
                    assert!(begun.contains(&(party, meal, line)));
                    assert!(over.insert((party, meal, line)), "void after it was made");
                    voids += 1;
                }
                Step::Late { .. } => late += 1,
                Step::Pay => {
                    let left = lines
                        .iter()
                        .filter(|((of, _), _)| *of == party)
                        .map(|((_, meal), count)| (*meal, *count));
                    for (meal, count) in left {
                        assert!((0..count).all(|line| over.contains(&(party, meal, line))), "left behind");
                    }
                }
                Step::Seat { .. } | Step::Bump { .. } | Step::See { .. } | Step::Serve { .. } => {}
            }
        }
    }
    assert!(voids > 0 && late > 0 && notes > 0, "{voids} {late} {notes}");
}

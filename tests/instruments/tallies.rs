//! A tally keeps the worst of all bouts, and nothing that is over its limit passes.

use crate::tally::{Tally, grouped};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(1);

#[test]
fn one_late_answer_among_many_is_wrong() {
    let mut tally = Tally::default();
    for millis in [1, 1_000, 30] {
        tally.within("an answer", Duration::from_millis(millis), LIMIT);
    }
    assert!(tally.passed());
    assert_eq!(tally.worst["an answer"].seconds, 1.0);
    tally.within("an answer", Duration::from_millis(1_001), LIMIT);
    assert!(!tally.passed());
}

#[test]
fn bouts_add_up_and_a_failure_of_one_is_a_failure_of_all() {
    let (mut total, mut good, mut bad) = (Tally::default(), Tally::default(), Tally::default());
    good.count("orders", 1_200_000);
    good.within("ready", LIMIT / 2, LIMIT);
    bad.count("orders", 34_567);
    bad.within("ready", LIMIT / 4, LIMIT);
    bad.fail("lost");
    total.absorb(&good);
    assert!(total.passed());
    total.absorb(&bad);
    assert!(!total.passed());
    assert_eq!(total.to_string(), "1 wrong; ready at most 0.50 s (limit 1 s); 1,234,567 orders");
}

#[test]
fn numbers_are_grouped() {
    assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
}

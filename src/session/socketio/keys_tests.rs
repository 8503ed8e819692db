//! Twins wait for the first one's answer, and what is remembered stays bounded.

use super::*;

const ONE: [u8; 32] = [1; 32];
const OTHER: [u8; 32] = [2; 32];

fn content(text: &str) -> Content {
    Content::new(vec![Json::trusted(text.to_owned())])
}

fn twins(list: &[u64]) -> Twins {
    Twins::from_slice(list)
}

#[test]
fn a_twin_waits_and_a_late_one_hears_the_same_again() {
    let mut keys = Keys::default();
    assert_eq!(keys.begin("a", ONE, Some(1)), Begun::First);
    assert_eq!(keys.begin("a", ONE, Some(2)), Begun::Waits);
    assert_eq!(keys.begin("a", OTHER, Some(3)), Begun::Reused);
    assert_eq!(keys.begin("a", ONE, None), Begun::Waits);
    assert_eq!(keys.begin("b", OTHER, Some(4)), Begun::First);
    assert_eq!(keys.answer(9, &content("9")), twins(&[]), "an event without a key");
    assert_eq!(keys.answer(1, &content("1")), twins(&[2]));
    assert_eq!(keys.answer(1, &content("again")), twins(&[]));
    assert_eq!(keys.begin("a", ONE, Some(5)), Begun::Answered(content("1")));
    assert_eq!(keys.begin("a", OTHER, Some(6)), Begun::Reused);
    assert_eq!(keys.begin("b", OTHER, Some(7)), Begun::Waits);
}

#[test]
fn without_an_acknowledgement_there_is_nothing_to_repeat() {
    let mut keys = Keys::default();
    assert_eq!(keys.begin("a", ONE, None), Begun::First);
    assert_eq!(keys.begin("a", ONE, None), Begun::Waits);
    assert_eq!(keys.begin("a", ONE, Some(1)), Begun::Reused);
}

#[test]
fn the_oldest_answered_key_makes_room_and_what_runs_stays() {
    let mut keys = Keys::default();
    for number in 0..MAX_KEYS as u64 {
        assert_eq!(keys.begin(&number.to_string(), ONE, Some(number)), Begun::First);
    }
    assert_eq!(keys.begin("more", ONE, Some(1_000)), Begun::Full);
    keys.answer(5, &content("5"));
    assert_eq!(keys.begin("more", ONE, Some(1_000)), Begun::First);
    assert_eq!(keys.entries.len(), MAX_KEYS);
    assert_eq!(keys.begin("0", ONE, Some(1_001)), Begun::Waits);
    assert_eq!(keys.begin("5", ONE, Some(1_002)), Begun::Full, "forgotten, and no room");
    for twin in 1..MAX_TWINS as u64 {
        assert_eq!(keys.begin("0", ONE, Some(2_000 + twin)), Begun::Waits);
    }
    assert_eq!(keys.begin("0", ONE, Some(3_000)), Begun::Full);
}

#[test]
fn answers_are_kept_up_to_a_size_and_the_newest_always() {
    let mut keys = Keys::default();
    for number in 0..4 {
        keys.begin(&number.to_string(), ONE, Some(number));
    }
    // Answered in another order than asked.
    let half = content(&"x".repeat(MAX_KEPT / 2));
    for number in [3, 1, 0] {
        keys.answer(number, &half);
        assert!(keys.kept <= MAX_KEPT);
    }
    assert_eq!(keys.begin("0", ONE, Some(9)), Begun::Answered(half.clone()));
    assert_eq!(keys.begin("3", ONE, Some(9)), Begun::Answered(half));
    assert_eq!(keys.begin("1", ONE, Some(10)), Begun::First, "the oldest made room");
    let huge = Content { values: vec![], attachments: Some(vec![vec![0; 2 * MAX_KEPT].into()]) };
    keys.answer(2, &huge);
    assert_eq!(keys.begin("2", ONE, Some(11)), Begun::Answered(huge.clone()));
    assert_eq!(keys.kept, size(&huge), "and nothing else");
}

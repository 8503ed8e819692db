//! What of a publish goes out, over every way in which it can lie to the head.

use super::*;
use crate::actors::room::tests::log::recorded;
use crate::domain::ids::RestaurantId;
use proptest::prelude::*;

fn seqs(events: &[Recorded]) -> Vec<Seq> {
    events.iter().map(|event| event.seq).collect()
}

proptest! {
    #[test]
    fn whatever_comes_goes_out_once_and_in_order(
        runs in proptest::collection::vec((1u64..30, 1u64..6), 1..60),
    ) {
        let restaurant = RestaurantId::generate();
        let (mut head, mut out) = (0, Vec::new());
        for (first, len) in runs {
            let events = (first..first + len).map(|seq| recorded(restaurant, seq)).collect();
            let next = next(head, events);
            if first > head + 1 {
                prop_assert!(next.is_empty(), "{first} does not follow on {head}");
            } else {
                prop_assert_eq!(next.len() as u64, (first + len - 1).saturating_sub(head));
            }
            head += next.len() as u64;
            out.extend(seqs(&next));
        }
        prop_assert_eq!(out, (1..=head).collect::<Vec<_>>());
    }
}

#[test]
fn a_hole_within_a_publish_cuts_it() {
    let restaurant = RestaurantId::generate();
    let events = [3, 4, 6].map(|seq| recorded(restaurant, seq)).to_vec();
    assert_eq!(seqs(&next(2, events.clone())), [3, 4]);
    assert_eq!(seqs(&next(3, events.clone())), [4]);
    assert_eq!(seqs(&next(5, events)), [6]);
}

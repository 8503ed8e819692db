//! A seed is a schedule: it gives the same numbers again.

use crate::chance::Chance;

#[test]
fn a_seed_gives_the_same_again_and_another_one_does_not() {
    let numbers = |seed, sequence| {
        let mut chance = Chance::new(seed, sequence);
        std::array::from_fn::<u64, 8, _>(|_| chance.within(0..1_000))
    };
    assert_eq!(numbers(7, 1), numbers(7, 1));
    assert_ne!(numbers(7, 1), numbers(7, 2));
    assert_ne!(numbers(7, 1), numbers(8, 1));
    let mut chance = Chance::new(1, 1);
    assert!((0..1_000).all(|_| (5..8).contains(&chance.within(5..8))));
}

#[test]
fn a_shuffled_list_is_the_same_list_in_another_order() {
    let mut list: Vec<u64> = (0..100).collect();
    Chance::new(3, 0).shuffle(&mut list);
    assert!(!list.is_sorted());
    list.sort_unstable();
    assert!(list.into_iter().eq(0..100));
}

//! Chance that can be had again: numbers from a seed (SplitMix64, Steele, Lea and Flood, 2014).
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::{ops::Range, time::Duration};

pub struct Chance(u64);

impl Chance {
    /// Of one seed there are as many independent sequences as wanted.
    pub fn new(seed: u64, sequence: u64) -> Self {
        let mut chance = Self(seed ^ sequence.wrapping_mul(0xD1B5_4A32_D192_ED03));
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn within(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    pub fn millis(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.within(range))
    }

    pub fn one_of<T: Copy>(&mut self, choice: &[T]) -> T {
        choice[usize::try_from(self.within(0..choice.len() as u64)).unwrap()]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            list.swap(end, usize::try_from(self.within(0..end as u64 + 1)).unwrap());
        }
    }
}

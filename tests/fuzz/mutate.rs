//! Mutations as libFuzzer makes them, from a fixed seed: the same in every run.

/// xorshift64* (Vigna 2016): good enough to choose places, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        high as usize % end.max(1)
    }
}

/// Makes inputs out of a corpus, one after another.
pub struct Mutator {
    corpus: Vec<Vec<u8>>,
    random: Random,
}

/// Longest input; the fuzzer itself tries longer ones.
const LONGEST: usize = 4_096;

impl Mutator {
    pub fn new(corpus: Vec<Vec<u8>>) -> Self {
        Self { corpus, random: Random(0x9E37_79B9_7F4A_7C15) }
    }

    pub fn next(&mut self) -> Vec<u8> {
        let chosen = self.random.below(self.corpus.len());
        let mut bytes = self.corpus.get(chosen).cloned().unwrap_or_default();
        for _ in 0..=self.random.below(4) {
            self.mutate(&mut bytes);
        }
        bytes.truncate(LONGEST);
        bytes
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        let at = self.random.below(bytes.len() + 1);
        let byte = self.random.below(256) as u8;
        match self.random.below(7) {
            0 => bytes.insert(at, byte),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 if at < bytes.len() => bytes[at] = byte,
            3 if at < bytes.len() => bytes[at] ^= 1 << (byte % 8),
            4 => bytes.truncate(at),
            // A piece of it again.
            5 => {
                let end = at + self.random.below(bytes.len() - at + 1);
                let piece = bytes[at..end].to_vec();
                let place = self.random.below(bytes.len() + 1);
                bytes.splice(place..place, piece);
            }
            // Crossed with another one.
            _ => {
                let other = &self.corpus[self.random.below(self.corpus.len())];
                let from = self.random.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
}

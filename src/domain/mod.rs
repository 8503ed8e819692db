//! What a restaurant is, in plain values and pure functions: no actors, no SQL, no framing.

pub mod ids;
pub mod principal;
pub mod stream;

//! What is fuzzed: each target takes any bytes and panics where an invariant does not hold.

pub mod engine;
pub mod guard;
pub mod packet;
pub mod payload;
pub mod plain;

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// By the names that cargo-fuzz and the folders of the corpus have.
pub const ALL: [(&str, Target); 5] = [
    ("payload", payload::run),
    ("packet", packet::run),
    ("guard", guard::run),
    ("engine", engine::run),
    ("plain", plain::run),
];

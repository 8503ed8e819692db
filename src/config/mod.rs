//! Settings: typed sections with units, read once, validated once.

pub mod sections;
pub mod units;

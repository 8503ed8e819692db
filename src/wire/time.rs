//! Times as clients read them.

use jiff::Timestamp;
use std::fmt;

/// RFC 3339, UTC, milliseconds: `2024-01-01T00:00:00.000Z`.
#[derive(Debug, Clone, Copy)]
pub struct Written(pub Timestamp);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

/// The year 1, in seconds. PostgreSQL's times begin in 4713 BC, ours in 9999 BC; nothing of ours is older than this.
const YEAR_ONE: i64 = -62_135_596_800;

/// False for a time that no row has and the database may not be able to hold.
pub fn is_storable(time: &Timestamp) -> bool {
    time.as_second() >= YEAR_ONE
}

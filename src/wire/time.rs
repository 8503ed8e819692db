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

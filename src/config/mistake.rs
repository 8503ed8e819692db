//! A mistake in the settings, told in one line to the person who can mend it.

use super::names;
use std::fmt;

/// One line: which setting, what is wrong with it, where it comes from, how to set it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Mistake(String);

impl Mistake {
    /// About no single setting.
    pub fn new(message: impl fmt::Display) -> Self {
        // A cause from a library may have several lines.
        Self(message.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// About one setting, whose value came from `origin` where it is known.
    pub fn about(key: &str, what: impl fmt::Display, origin: Option<&str>) -> Self {
        let origin = origin.map(|origin| format!(" (from {origin})")).unwrap_or_default();
        Self::new(format_args!("setting {key}: {what}{origin}; set it with {}", names::variables(key)))
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

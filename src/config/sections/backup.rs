//! `[backup]`: the daily copy of the private database.

use crate::config::units::{Bytes, Span};
use jiff::civil::Time;
use serde::{Deserialize, Deserializer, de::Error};

/// When it is made, how many are kept, what it leaves to others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Time of day, UTC; absent: none is made.
    #[serde(deserialize_with = "time_of_day")]
    pub at: Option<Time>,
    pub keep: usize,
    /// From the start to the first look whether one was missed.
    pub catch_up_after: Span,
    /// Of the disk, for the database.
    pub leave_free: Bytes,
}

fn time_of_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "off" {
        return Ok(None);
    }
    Time::strptime("%H:%M", &text)
        .map(Some)
        .map_err(|_| D::Error::custom(format!("\"{text}\" is not a time of day like \"04:30\", nor \"off\"")))
}

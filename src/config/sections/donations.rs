//! `[donations]`: specification 002.

use crate::config::units::Span;
use serde::Deserialize;

/// What a donation board allows, and how soon it hears the clock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Donations {
    /// New donations of one restaurant; more are answered 429.
    pub per_minute: u32,
    /// Between two looks for donations whose time is over.
    pub expire_every: Span,
}

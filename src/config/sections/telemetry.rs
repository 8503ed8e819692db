//! `[telemetry]`: how it logs.

use crate::config::log_format::LogFormat;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    pub format: LogFormat,
    /// Filter directives, as in `RUST_LOG`, which wins over this.
    pub filter: String,
}

//! Seeing what happens: logs for people and machines, numbers for Prometheus.

mod labels;
pub mod logs;
pub mod metrics;
pub mod panics;

pub use metrics::Metrics;

//! Seeing what happens: logs for people and machines, numbers for Prometheus.

pub mod backups;
mod labels;
pub mod logs;
pub mod metrics;
#[cfg(test)]
mod metrics_tests;
pub mod panics;

pub use metrics::Metrics;

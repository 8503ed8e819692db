//! Logs: `tracing` events as text or JSON lines on standard error, filtered by directives.

use std::io::{IsTerminal, stderr};
use tracing::{Level, Metadata};
use tracing_subscriber::{EnvFilter, filter::filter_fn, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people; coloured on a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

/// Why logging cannot start.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("\"{filter}\" is not a filter like \"info,comanda::wire=trace\": {reason}")]
    Filter { filter: String, reason: String },
    #[error("logging was started twice")]
    Twice,
}

/// Starts logging for the whole process, once. `filter` holds directives as `RUST_LOG` has them; the settings have
/// already let that variable win.
pub fn init(format: Format, filter: &str) -> Result<(), LogError> {
    let registry = tracing_subscriber::registry().with(parse(filter)?).with(filter_fn(keeps_secrets));
    let started = match format {
        Format::Text => {
            registry.with(fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal())).try_init()
        }
        Format::Json => {
            let lines = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
            registry.with(lines.with_writer(stderr)).try_init()
        }
    };
    started.map_err(|_| LogError::Twice)
}

/// The database driver tells every statement's parameters at DEBUG: names, orders, hashes of passwords. No filter that
/// somebody sets in need may bring those into a log.
fn keeps_secrets(of: &Metadata<'_>) -> bool {
    *of.level() <= Level::INFO || !of.target().starts_with("tokio_postgres")
}

fn parse(filter: &str) -> Result<EnvFilter, LogError> {
    EnvFilter::builder()
        .parse(filter)
        .map_err(|error| LogError::Filter { filter: filter.to_owned(), reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_checked_before_they_silence_anything() {
        for good in ["info", "warn,comanda::wire=trace", "comanda[{order.id}]=debug"] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for bad in ["info,comanda=loud", "comanda=info=debug"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}

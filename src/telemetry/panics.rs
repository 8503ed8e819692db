//! Panics in the log: one line with place and message, like everything else that happens.

use std::panic::{self, PanicHookInfo};

/// Replaces the standard hook, whose backtrace takes a tenth of a second, in which every actor of that thread waits.
pub fn install() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, message = info.payload_as_str().unwrap_or("?"), "panic");
    }));
}

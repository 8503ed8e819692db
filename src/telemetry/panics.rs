//! Panics in the log: one line with place and message, like everything else that happens.

use std::panic::{self, PanicHookInfo};

/// Replaces the standard hook, whose backtrace takes a tenth of a second, in which every actor of that thread waits.
pub fn install() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, message = info.payload_as_str().unwrap_or("?"), "panic");
    }));
}

/// For tests: what panics because it was asked to is not told, with its backtrace; what fails is.
#[cfg(test)]
pub fn install_for_tests() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let standard = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !info.payload_as_str().is_some_and(|message| message.starts_with("asked to panic")) {
                standard(info);
            }
        }));
    });
}

//! Flaws that are planted on purpose: what must find them is shown to find them. A build without the feature `faults` has
//! none, and asks nobody.

/// What can be wrong on purpose; the name in `COMANDA_FLAW` is the same with dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Answers and displays hear of a transaction a moment before its COMMIT.
    PublishBeforeCommit,
    /// An answer is not kept under its key, so that a retry does it again.
    ForgottenKey,
    /// The board's query does not say of which restaurant.
    ForgottenWhere,
    /// A display that comes back misses one event at the edge of what the room still knows.
    SkippedEdge,
    /// What waits for a socket is not bounded.
    UnboundedQueue,
    /// SIGTERM ends the process as it stands.
    HastyStop,
    /// A socket that panics leaves behind what the house keeps of it.
    LeakedSocket,
}

/// True where this process was started with that flaw.
#[cfg(feature = "faults")]
pub fn planted(flaw: Flaw) -> bool {
    static PLANTED: std::sync::LazyLock<Option<Flaw>> = std::sync::LazyLock::new(|| {
        let flaw = match std::env::var("COMANDA_FLAW").ok()?.as_str() {
            "publish-before-commit" => Flaw::PublishBeforeCommit,
            "forgotten-key" => Flaw::ForgottenKey,
            "forgotten-where" => Flaw::ForgottenWhere,
            "skipped-edge" => Flaw::SkippedEdge,
            "unbounded-queue" => Flaw::UnboundedQueue,
            "hasty-stop" => Flaw::HastyStop,
            "leaked-socket" => Flaw::LeakedSocket,
            _ => return None,
        };
        tracing::warn!(?flaw, "this server is wrong on purpose");
        Some(flaw)
    });
    *PLANTED == Some(flaw)
}

/// Never.
#[cfg(not(feature = "faults"))]
pub const fn planted(_: Flaw) -> bool {
    false
}

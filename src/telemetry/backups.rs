//! The daily backup's numbers: whoever watches for a failure, or for one that is too old, finds it here.

use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// Clones share them.
#[derive(Clone, Default)]
pub struct Backups {
    made: Family<[(&'static str, &'static str); 1], Counter>,
    newest: Gauge,
    bytes: Gauge,
}

impl Backups {
    pub(super) fn register(&self, registry: &mut Registry) {
        for outcome in ["made", "failed"] {
            drop(self.made.get_or_create(&[("outcome", outcome)]));
        }
        registry.register("backups", "Daily backups attempted", self.made.clone());
        let about = "When the newest daily backup was made, in seconds since 1970; 0 while there is none";
        registry.register("newest_backup_timestamp_seconds", about, self.newest.clone());
        registry.register("newest_backup_bytes", "Size of the newest daily backup", self.bytes.clone());
    }

    /// The newest there is: when it was made, in seconds since 1970, and its size.
    pub fn newest(&self, at: i64, bytes: u64) {
        self.newest.set(at);
        self.bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    /// One was tried.
    pub fn tried(&self, made: bool) {
        self.made.get_or_create(&[("outcome", if made { "made" } else { "failed" })]).inc();
    }
}

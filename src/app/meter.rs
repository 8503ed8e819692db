//! What rooms count, as the metrics name it.

use crate::{
    actors::room::Meter,
    telemetry::metrics::{Eviction, Metrics, Replay},
};

impl Meter for Metrics {
    fn delivered(&self, events: usize, members: usize) {
        Metrics::delivered(self, events * members);
    }

    fn evicted(&self) {
        self.member_evicted(Eviction::MailboxFull);
    }

    fn replayed(&self, from: &'static str) {
        match from {
            "ring" => Metrics::replayed(self, Replay::Ring),
            "log" => Metrics::replayed(self, Replay::Log),
            "lost" => Metrics::replayed(self, Replay::Resync),
            _ => {}
        }
    }

    fn restarted(&self) {
        self.room_restarted();
    }

    fn quarantined(&self) {
        self.room_quarantined();
    }
}

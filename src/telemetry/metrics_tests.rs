//! Every number is there from the start, and clones count together.

use super::metrics::*;
use std::time::Duration;

fn has(metrics: &Metrics, line: &str) -> bool {
    metrics.render().lines().any(|found| found == line)
}

#[test]
fn every_number_is_there_from_the_start() {
    let metrics = Metrics::new();
    for line in [
        "comanda_sockets{transport=\"socketio_polling\"} 0",
        "comanda_evictions_total{reason=\"mailbox_full\"} 0",
        "comanda_replays_total{source=\"resync\"} 0",
        "comanda_logins_total{outcome=\"throttled\"} 0",
        "comanda_rooms 0",
        "comanda_events_total 0",
        "comanda_command_duration_seconds_count 0",
        "# EOF",
    ] {
        assert!(has(&metrics, line), "{line}\n{}", metrics.render());
    }
}

#[test]
fn clones_count_together() {
    let metrics = Metrics::new();
    let other = metrics.clone();
    other.socket_opened(Transport::Plain);
    other.socket_opened(Transport::Plain);
    metrics.socket_closed(Transport::Plain);
    other.command_queued();
    other.commands_dequeued(1);
    other.command_answered("confirm_order", "ok", Duration::from_millis(3));
    other.events_committed(2);
    other.delivered(200, Duration::from_micros(80));
    other.pool(16, 12, 0);
    for line in [
        "comanda_sockets{transport=\"ws\"} 1",
        "comanda_lane_queue 0",
        "comanda_commands_total{kind=\"confirm_order\",outcome=\"ok\"} 1",
        "comanda_command_duration_seconds_bucket{le=\"0.004\"} 1",
        "comanda_events_total 2",
        "comanda_deliveries_total 200",
        "comanda_pool_available 12",
    ] {
        assert!(has(&metrics, line), "{line}\n{}", metrics.render());
    }
}

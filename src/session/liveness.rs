//! Is the peer still there: a Ping at intervals, a Pong in time.

use super::Now;
use std::time::{Duration, Instant};

/// What to do when time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    Nothing,
    Ping,
    /// No Pong came in time.
    Dead,
}

/// Pings and pongs of one connection. A Pong nobody asked for changes nothing (RFC 6455 §5.5.3).
#[derive(Debug, Clone)]
pub struct Liveness {
    interval: Duration,
    within: Duration,
    next_ping: Instant,
    pong_due: Option<Instant>,
}

impl Liveness {
    pub fn new(interval: Duration, within: Duration, now: Now) -> Self {
        Self { interval, within, next_ping: now.mono + interval, pong_due: None }
    }

    pub fn pong(&mut self) {
        self.pong_due = None;
    }

    pub fn tick(&mut self, now: Now) -> Beat {
        if self.pong_due.is_some_and(|due| due <= now.mono) {
            return Beat::Dead;
        }
        if now.mono < self.next_ping {
            return Beat::Nothing;
        }
        self.next_ping = now.mono + self.interval;
        // A second Ping does not give the first one's Pong more time.
        self.pong_due.get_or_insert(now.mono + self.within);
        Beat::Ping
    }

    pub fn deadline(&self) -> Instant {
        self.pong_due.map_or(self.next_ping, |due| due.min(self.next_ping))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pings_every_ten_seconds_and_waits_eight() {
        let start = Now::read();
        let at = |seconds| Now { mono: start.mono + Duration::from_secs(seconds), ..start };
        let mut live = Liveness::new(Duration::from_secs(10), Duration::from_secs(8), start);
        let mut seen = vec![];
        for second in 0..=38 {
            if second == 12 {
                live.pong();
                live.pong();
            }
            match live.tick(at(second)) {
                Beat::Nothing => {}
                beat => seen.push((second, beat)),
            }
            if seen.last().is_some_and(|(_, beat)| *beat == Beat::Dead) {
                break;
            }
        }
        assert_eq!(seen, [(10, Beat::Ping), (20, Beat::Ping), (28, Beat::Dead)]);
        assert_eq!(live.deadline(), at(28).mono);
    }
}

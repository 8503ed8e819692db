//! Is the peer still there: the server pings, the client's pong arms the next ping (Engine.IO's heartbeat, RFC 6455
//! §5.5.2 on a plain WebSocket).

use std::time::{Duration, Instant};

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    Nothing,
    /// Send a ping now.
    Ping,
    /// The pong did not come: the peer is gone.
    Silent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Quiet { ping_at: Instant },
    Pinged { pong_by: Instant },
}

/// Times are kept as they were planned, not as they were noticed, so that a late tick delays no deadline.
#[derive(Debug)]
pub struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    state: State,
}

impl Heartbeat {
    pub fn new(now: Instant, interval: Duration, timeout: Duration) -> Self {
        Self { interval, timeout, state: State::Quiet { ping_at: now + interval } }
    }

    /// Asks what is due; a ping is due once.
    pub fn tick(&mut self, now: Instant) -> Beat {
        match self.state {
            State::Quiet { ping_at } if ping_at <= now => {
                // A server that stood still longer than a client may (a suspended machine) asks before it judges.
                let planned = if now - ping_at < self.timeout { ping_at } else { now };
                self.state = State::Pinged { pong_by: planned + self.timeout };
                Beat::Ping
            }
            State::Pinged { pong_by } if pong_by <= now => Beat::Silent,
            _ => Beat::Nothing,
        }
    }

    /// A pong came. One that was not asked for changes nothing.
    pub fn pong(&mut self, now: Instant) {
        if let State::Pinged { .. } = self.state {
            self.state = State::Quiet { ping_at: now + self.interval };
        }
    }

    /// When something is due next.
    pub fn deadline(&self) -> Instant {
        match self.state {
            State::Quiet { ping_at } => ping_at,
            State::Pinged { pong_by } => pong_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn pong_arms_the_next_ping() {
        let start = Instant::now();
        let mut beat = Heartbeat::new(start, ms(300), ms(200));
        assert_eq!(beat.tick(start + ms(299)), Beat::Nothing);
        assert_eq!(beat.tick(start + ms(300)), Beat::Ping);
        assert_eq!(beat.tick(start + ms(301)), Beat::Nothing);
        beat.pong(start + ms(350));
        assert_eq!(beat.deadline(), start + ms(650));
        // An extra pong neither delays the ping nor is taken for a fault.
        beat.pong(start + ms(400));
        assert_eq!(beat.tick(start + ms(650)), Beat::Ping);
    }

    /// The official suite sleeps exactly 500 ms with ping 300/200 and expects the session gone.
    #[test]
    fn a_late_ping_does_not_delay_the_timeout() {
        let start = Instant::now();
        let mut beat = Heartbeat::new(start, ms(300), ms(200));
        assert_eq!(beat.tick(start + ms(310)), Beat::Ping);
        assert_eq!(beat.deadline(), start + ms(500));
        assert_eq!(beat.tick(start + ms(500)), Beat::Silent);
    }

    #[test]
    fn a_server_that_stood_still_asks_before_it_judges() {
        let start = Instant::now();
        let mut beat = Heartbeat::new(start, ms(300), ms(200));
        assert_eq!(beat.tick(start + ms(60_000)), Beat::Ping);
        assert_eq!(beat.tick(start + ms(60_199)), Beat::Nothing);
        assert_eq!(beat.tick(start + ms(60_200)), Beat::Silent);
    }
}

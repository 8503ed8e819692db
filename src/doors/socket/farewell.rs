//! The last words: close code and reason of a WebSocket.

use crate::{code::ErrorCode, domain::ids::SocketId, wire::guard::Refusal};
use std::time::Duration;

/// Displays come back within this time after a restart, each at its own moment, so that they do not come all at once.
const SPREAD: Duration = Duration::from_secs(5);
/// A flooding client is to stay away this long.
const FLOOD_PAUSE: Duration = Duration::from_secs(10);
/// RFC 6455 §7.4.1.
const NORMAL: u16 = 1000;
const INVALID_TEXT: u16 = 1007;

/// A close frame's code and reason, at most 123 bytes of it (RFC 6455 §5.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    pub code: u16,
    /// The error's stable name, and where waiting is asked for, `; retry in N ms`.
    pub reason: String,
}

impl Farewell {
    /// For an error; without one, a normal close.
    pub fn new(code: Option<ErrorCode>, socket: SocketId) -> Self {
        let Some(code) = code else { return Self { code: NORMAL, reason: String::new() } };
        let pause = match code {
            ErrorCode::ShuttingDown => Some(spread(socket)),
            ErrorCode::Flood => Some(FLOOD_PAUSE),
            _ => None,
        };
        let reason = match pause {
            Some(pause) => format!("{code}; retry in {} ms", pause.as_millis()),
            None => code.name().to_owned(),
        };
        Self { code: code.face().close, reason }
    }

    pub fn refusal(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::TooLarge => ErrorCode::PayloadTooLarge,
            Refusal::Protocol(_) => ErrorCode::ProtocolError,
        };
        Self { code: code.face().close, reason: refusal.to_string() }
    }

    /// A text that was not UTF-8 (RFC 6455 §8.1).
    pub fn invalid_text() -> Self {
        Self { code: INVALID_TEXT, reason: "text is not UTF-8".into() }
    }
}

/// This socket's moment within [`SPREAD`], taken from the random part of its id.
fn spread(socket: SocketId) -> Duration {
    let within = u32::try_from(SPREAD.as_millis()).unwrap_or(u32::MAX);
    let random = (socket.0.as_u128() & u128::from(u32::MAX)) as u32;
    Duration::from_millis(u64::from(random % within.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_is_spread_and_every_reason_fits_its_frame() {
        let mut moments: Vec<_> = (0..100).map(|_| spread(SocketId::generate())).collect();
        moments.sort_unstable();
        moments.dedup();
        assert!(moments.len() > 50 && moments.iter().all(|moment| *moment < SPREAD), "{moments:?}");
        for &code in ErrorCode::ALL {
            let farewell = Farewell::new(Some(code), SocketId::generate());
            assert_eq!(farewell.code, code.face().close);
            assert!(farewell.reason.len() <= 123 && farewell.reason.starts_with(code.name()));
        }
        assert_eq!(Farewell::new(None, SocketId::generate()).code, 1000);
    }
}

//! Server-sent events beside those of the log (HTML Living Standard §9.2); a log event frames itself.

use crate::domain::stream::{Position, Seq};
use bytestring::ByteString;
use std::time::Duration;

/// First on a stream: when to come back, and an `id` without data, which browsers remember and do not show. A client
/// that is cut off before its first event resumes from there.
pub fn welcome(at: &Position, retry: Duration) -> ByteString {
    format!("retry: {}\nid: {at}\n\n", retry.as_millis()).into()
}

/// What lies before `at` is not delivered: read the board.
pub fn resync(at: &Position) -> ByteString {
    let Position { epoch, seq } = at;
    format!("id: {at}\nevent: resync\ndata: {{\"epoch\":\"{epoch}\",\"seq\":{seq}}}\n\n").into()
}

/// A comment, said in silence: the log is known to reach `seq`.
pub fn heartbeat(seq: Seq) -> ByteString {
    format!(": seq {seq}\n\n").into()
}

/// The last comment: why the stream ends.
pub fn farewell(reason: &str) -> ByteString {
    format!(": {reason}\n\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_end_in_a_blank_line() {
        let at: Position = "e:7".parse().unwrap();
        assert_eq!(welcome(&at, Duration::from_secs(2)), "retry: 2000\nid: e:7\n\n");
        assert_eq!(resync(&at), "id: e:7\nevent: resync\ndata: {\"epoch\":\"e\",\"seq\":7}\n\n");
        assert_eq!(heartbeat(7), ": seq 7\n\n");
        assert_eq!(farewell("X"), ": X\n\n");
    }
}

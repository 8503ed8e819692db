//! Frames of the plain WebSocket: JSON texts `{"event","data","id"?}`, answered with the same `id`.

use super::{
    json::{is_too_deep, object},
    said::{Failure, Heartbeat, Pong, Ready, Resync, text},
    time::Written,
};
use crate::{
    code::ErrorCode,
    domain::{
        ids::SocketId,
        stream::{Position, Seq},
    },
};
use bytestring::ByteString;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Bytes of an event's name.
const MAX_EVENT: usize = 64;
/// Bytes of an `id`, as JSON.
const MAX_ID: usize = 64;

/// A client's frame. `data` and `id` are JSON texts, not looked into.
#[derive(Debug, Deserialize)]
pub struct Incoming<'a> {
    #[serde(borrow)]
    pub event: Cow<'a, str>,
    #[serde(borrow, default)]
    pub data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub id: Option<&'a RawValue>,
    /// As `Idempotency-Key`.
    #[serde(borrow, default)]
    pub key: Option<Cow<'a, str>>,
}

/// The text was not a frame of this protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    #[error("frame is not an object with an event and data")]
    NotAFrame,
    #[error("frame is nested too deeply")]
    TooDeep,
    #[error("event name is too long")]
    LongEvent,
    #[error("id is not a string or a number of at most 64 bytes")]
    BadId,
}

/// Reads one frame. Its size is bounded by the frame guard.
pub fn parse(text: &str) -> Result<Incoming<'_>, BadFrame> {
    if is_too_deep(text.as_bytes()) {
        return Err(BadFrame::TooDeep);
    }
    let frame: Incoming<'_> = object(text).map_err(|_| BadFrame::NotAFrame)?;
    if frame.event.len() > MAX_EVENT {
        return Err(BadFrame::LongEvent);
    }
    let scalar = |id: &RawValue| {
        id.get().len() <= MAX_ID && id.get().starts_with(|c: char| c == '"' || c == '-' || c.is_ascii_digit())
    };
    if !frame.id.is_none_or(scalar) {
        return Err(BadFrame::BadId);
    }
    Ok(frame)
}

#[derive(Serialize)]
struct Outgoing<'a, D> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    event: &'a str,
    data: D,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
}

/// `{"id"?,"event","data"}`.
pub fn event<D: Serialize>(id: Option<&RawValue>, event: &str, data: D) -> ByteString {
    page(id, event, data, None)
}

/// The same of a page, with the cursor of the next where there is one.
pub fn page<D: Serialize>(id: Option<&RawValue>, event: &str, data: D, cursor: Option<&str>) -> ByteString {
    text(&Outgoing { id, event, data, cursor }).into()
}

/// The subscription stands at `at`; `recovered`: what the client missed follows.
pub fn ready(
    id: Option<&RawValue>,
    sid: SocketId,
    at: &Position,
    recovered: bool,
    now: Timestamp,
) -> ByteString {
    let ready =
        Ready { sid, epoch: &at.epoch, seq: at.seq, recovered, server_time: Written(now).to_string() };
    event(id, "ready", ready)
}

/// Said in silence: the log is known to reach `seq`. A display that has less is waiting for the rest.
pub fn heartbeat(seq: Seq, now: Timestamp) -> ByteString {
    event(None, "heartbeat", Heartbeat { seq, server_time: Written(now).to_string() })
}

/// Specification 002's answer to `test`.
pub fn pong(id: Option<&RawValue>, now: Timestamp) -> ByteString {
    event(id, "test-response", Pong::new(Written(now).to_string()))
}

/// What lies before `at` is not delivered: read the board.
pub fn resync(at: &Position) -> ByteString {
    event(None, "resync", Resync::from(at))
}

/// `{"id","error":{"code","message"}}`; where the frame had no id, an event `error`.
pub fn error(id: Option<&RawValue>, code: ErrorCode, message: &str) -> ByteString {
    #[derive(Serialize)]
    struct Answer<'a> {
        id: &'a RawValue,
        error: Failure<'a>,
    }
    let failure = Failure::new(code, message);
    match id {
        Some(id) => text(&Answer { id, error: failure }).into(),
        None => event(None, "error", failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json::MAX_DEPTH;

    #[test]
    fn reads_frames_and_refuses_the_rest() {
        let frame = parse(r#"{"event":"seen","data":{"seq":4},"id":"a1"}"#).unwrap();
        assert_eq!(frame.event, "seen");
        assert_eq!(frame.data.unwrap().get(), r#"{"seq":4}"#);
        assert_eq!(frame.id.unwrap().get(), r#""a1""#);
        assert!(parse(r#"{"event":"x\n","key":"k"}"#).unwrap().id.is_none());

        let deep =
            |levels| format!(r#"{{"event":"x","data":{}1{}}}"#, "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&deep(MAX_DEPTH - 1)).is_ok());
        let cases = [
            (deep(MAX_DEPTH), BadFrame::TooDeep),
            ("[".repeat(60_000), BadFrame::TooDeep),
            (r#"{"event":"x","id":{}}"#.into(), BadFrame::BadId),
            (r#"{"event":"x","id":true}"#.into(), BadFrame::BadId),
            (format!(r#"{{"event":"x","id":"{}"}}"#, "a".repeat(63)), BadFrame::BadId),
            (format!(r#"{{"event":"{}"}}"#, "a".repeat(65)), BadFrame::LongEvent),
            ("".into(), BadFrame::NotAFrame),
            ("[]".into(), BadFrame::NotAFrame),
            (r#" ["x"]"#.into(), BadFrame::NotAFrame),
            (r#"{"data":{}}"#.into(), BadFrame::NotAFrame),
            (r#"{"event":7}"#.into(), BadFrame::NotAFrame),
            (r#"{"event":"x"} {}"#.into(), BadFrame::NotAFrame),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(&text).unwrap_err(), expected, "{text:.80}");
        }
    }

    #[test]
    fn frames_are_written_as_the_protocol_says() {
        let at: Position = "e:7".parse().unwrap();
        let now: Timestamp = "2026-01-02T03:04:05.6789Z".parse().unwrap();
        let sid = SocketId(uuid::Uuid::nil());
        assert_eq!(
            ready(None, sid, &at, true, now),
            r#"{"event":"ready","data":{"sid":"00000000-0000-0000-0000-000000000000","epoch":"e","seq":7,"recovered":true,"serverTime":"2026-01-02T03:04:05.678Z"}}"#
        );
        assert_eq!(
            heartbeat(9, now),
            r#"{"event":"heartbeat","data":{"seq":9,"serverTime":"2026-01-02T03:04:05.678Z"}}"#
        );
        assert_eq!(resync(&at), r#"{"event":"resync","data":{"epoch":"e","seq":7}}"#);
        let id = RawValue::from_string("7".into()).unwrap();
        assert_eq!(
            error(Some(&id), ErrorCode::NotFound, "unknown event"),
            r#"{"id":7,"error":{"code":"NOT_FOUND","message":"unknown event"}}"#
        );
        assert_eq!(
            error(None, ErrorCode::BadRequest, "x"),
            r#"{"event":"error","data":{"code":"BAD_REQUEST","message":"x"}}"#
        );
    }
}

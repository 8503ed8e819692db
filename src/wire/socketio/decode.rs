//! Decoding of Socket.IO packets: strict, bounded, in linear time; attachments are joined to their header.

use super::{Body, Content, MAIN, Packet};
use crate::wire::json::Json;
use bytes::Bytes;
use bytestring::ByteString;
use serde_json::Value;

/// Digits of a number of attachments: more than any setting allows.
const MAX_COUNT_DIGITS: usize = 9;
/// Bytes of a namespace's name, slash included.
pub const MAX_NAMESPACE: usize = 128;
/// Digits of an acknowledgement's number: those of the largest integer JavaScript counts to.
pub const MAX_ACK_DIGITS: usize = 16;
/// Values in one event or acknowledgement, name included.
pub const MAX_VALUES: usize = 64;

/// Names that clients and servers use for themselves; an application's event cannot have one.
const RESERVED: [&str; 7] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "error"];

/// Why a packet was refused; each ends the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("unknown socket.io packet type")]
    UnknownType,
    #[error("illegal number of attachments")]
    Attachments,
    #[error("illegal namespace")]
    Namespace,
    #[error("illegal acknowledgement id")]
    AckId,
    #[error("illegal payload")]
    Payload,
    #[error("reserved event name")]
    Reserved,
    #[error("illegal placeholder")]
    Placeholder,
    #[error("text while attachments are due")]
    UnexpectedText,
    #[error("binary without a header")]
    UnexpectedBinary,
    #[error("attachments are too large")]
    TooLarge,
}

/// Joins headers and their attachments.
#[derive(Debug)]
pub struct Decoder {
    /// Attachments that one packet may have.
    max_attachments: usize,
    /// Bytes that the attachments of one packet may have together.
    max_bytes: usize,
    waiting: Option<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    packet: Packet,
    due: usize,
    bytes: usize,
}

impl Decoder {
    pub fn new(max_attachments: usize, max_bytes: usize) -> Self {
        Self { max_attachments, max_bytes, waiting: None }
    }

    /// Takes a text message; `None` while its attachments are due.
    pub fn text(&mut self, text: &ByteString) -> Result<Option<Packet>, DecodeError> {
        if self.waiting.is_some() {
            return Err(DecodeError::UnexpectedText);
        }
        let (packet, due) = decode(text, self.max_attachments)?;
        if due == 0 {
            return Ok(Some(packet));
        }
        self.waiting = Some(Waiting { packet, due, bytes: 0 });
        Ok(None)
    }

    /// Takes a binary message; `None` while more are due.
    pub fn binary(&mut self, bytes: Bytes) -> Result<Option<Packet>, DecodeError> {
        let mut waiting = self.waiting.take().ok_or(DecodeError::UnexpectedBinary)?;
        waiting.bytes += bytes.len();
        if waiting.bytes > self.max_bytes {
            return Err(DecodeError::TooLarge);
        }
        waiting.due -= 1;
        if let Body::Event { content, .. } | Body::Ack { content, .. } = &mut waiting.packet.body {
            content.attachments.get_or_insert_default().push(bytes);
        }
        if waiting.due == 0 {
            return Ok(Some(waiting.packet));
        }
        self.waiting = Some(waiting);
        Ok(None)
    }
}

/// Reads a packet's text and how many attachments follow it.
fn decode(text: &ByteString, max_attachments: usize) -> Result<(Packet, usize), DecodeError> {
    let kind = *text.as_bytes().first().ok_or(DecodeError::UnknownType)?;
    tracing::trace!(kind = %char::from(kind), bytes = text.len(), "socket.io packet in");
    let mut rest = &text[text.chars().next().map_or(0, char::len_utf8)..];
    let mut due = None;
    if matches!(kind, b'5' | b'6') {
        let (digits, after) = digits(rest, MAX_COUNT_DIGITS).ok_or(DecodeError::Attachments)?;
        rest = after.strip_prefix('-').ok_or(DecodeError::Attachments)?;
        let count = digits.parse().map_err(|_| DecodeError::Attachments)?;
        if count > max_attachments {
            return Err(DecodeError::Attachments);
        }
        due = Some(count);
    }
    let namespace;
    (namespace, rest) = split_namespace(text, rest)?;
    let (number, payload) = digits(rest, MAX_ACK_DIGITS).ok_or(DecodeError::AckId)?;
    let id = if number.is_empty() { None } else { Some(number.parse().map_err(|_| DecodeError::AckId)?) };
    let payload = text.slice_ref(payload);
    let body = match (kind, id) {
        (b'0', None) => Body::Connect(connect_payload(&payload)?),
        (b'1', None) if payload.is_empty() => Body::Disconnect,
        (b'2' | b'5', id) => Body::Event { id, content: event_content(&payload, due)? },
        (b'3' | b'6', Some(id)) => Body::Ack { id, content: list(&payload, due)? },
        (b'3' | b'6', None) => return Err(DecodeError::AckId),
        (b'4', None) => Body::ConnectError(error_payload(&payload)?),
        (b'0' | b'1' | b'4', _) => return Err(DecodeError::Payload),
        _ => return Err(DecodeError::UnknownType),
    };
    Ok((Packet { namespace, body }, due.unwrap_or(0)))
}

/// Splits leading digits off; `None` where there are more than `max`.
fn digits(text: &str, max: usize) -> Option<(&str, &str)> {
    let count = text.bytes().take(max + 1).take_while(u8::is_ascii_digit).count();
    (count <= max).then(|| text.split_at(count))
}

/// Splits `/name,` off; the comma may be missing at the end.
fn split_namespace<'a>(whole: &ByteString, rest: &'a str) -> Result<(ByteString, &'a str), DecodeError> {
    if !rest.starts_with('/') {
        return Ok((ByteString::from_static(MAIN), rest));
    }
    let end = rest.bytes().take(MAX_NAMESPACE + 1).position(|byte| byte == b',').unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    if name.len() > MAX_NAMESPACE || name.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(DecodeError::Namespace);
    }
    Ok((whole.slice_ref(name), rest.strip_prefix(',').unwrap_or(rest)))
}

fn connect_payload(payload: &ByteString) -> Result<Option<Json>, DecodeError> {
    if payload.is_empty() {
        return Ok(None);
    }
    let json = Json::parse(payload).map_err(|_| DecodeError::Payload)?;
    if json.is_object() { Ok(Some(json)) } else { Err(DecodeError::Payload) }
}

/// An object since version 5, a string before.
fn error_payload(payload: &ByteString) -> Result<Json, DecodeError> {
    let json = Json::parse(payload).map_err(|_| DecodeError::Payload)?;
    if json.is_object() || json.is_string() { Ok(json) } else { Err(DecodeError::Payload) }
}

fn list(payload: &ByteString, due: Option<usize>) -> Result<Content, DecodeError> {
    let values = Json::array(payload).map_err(|_| DecodeError::Payload)?;
    if values.len() > MAX_VALUES {
        return Err(DecodeError::Payload);
    }
    if let Some(due) = due {
        for value in &values {
            check_placeholders(&value.value().map_err(|_| DecodeError::Payload)?, due)?;
        }
    }
    Ok(Content { values, attachments: due.map(|_| Vec::new()) })
}

fn event_content(payload: &ByteString, due: Option<usize>) -> Result<Content, DecodeError> {
    let content = list(payload, due)?;
    check_event(&content)?;
    Ok(content)
}

/// An event begins with its name: a string that is not reserved, or a number.
pub fn check_event(content: &Content) -> Result<(), DecodeError> {
    let first = content.values.first().ok_or(DecodeError::Payload)?;
    match first.string() {
        Some(name) if RESERVED.contains(&name.as_ref()) => Err(DecodeError::Reserved),
        Some(_) => Ok(()),
        None if first.is_number() => Ok(()),
        None => Err(DecodeError::Payload),
    }
}

/// Depth is bounded by [`Json`], so this may recurse.
fn check_placeholders(value: &Value, count: usize) -> Result<(), DecodeError> {
    match value {
        Value::Array(values) => values.iter().try_for_each(|value| check_placeholders(value, count)),
        Value::Object(members) if members.get("_placeholder") == Some(&Value::Bool(true)) => {
            let number = members.get("num").and_then(Value::as_u64);
            let legal = number.is_some_and(|number| number < count as u64);
            if legal { Ok(()) } else { Err(DecodeError::Placeholder) }
        }
        Value::Object(members) => members.values().try_for_each(|value| check_placeholders(value, count)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;

//! Socket.IO 5: packets and their text form. Decoding, with binary attachments, stands in [`decode`].
//!
//! Follows `socket.io-protocol` v5 with its default (JSON) parser.

pub mod decode;
pub mod framings;

use super::json::{Json, quote};
use bytes::Bytes;
use bytestring::ByteString;
use std::fmt::Write;

/// The main namespace, which is left out of packets.
pub const MAIN: &str = "/";

/// How a connection writes its packets: the client chooses, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parser {
    /// The default: text, each attachment a binary message of its own.
    Json,
    /// `socket.io-msgpack-parser`: see [`crate::wire::msgpack`].
    Msgpack,
}

/// One packet, with its binary attachments where it has any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Begins with a slash.
    pub namespace: ByteString,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// From a client: it wants in, with what it authenticates by. From the server: it is in.
    Connect(Option<Json>),
    Disconnect,
    Event {
        /// Asks for an acknowledgement under this number.
        id: Option<u64>,
        /// What is sent: a name, then the arguments.
        content: Content,
    },
    Ack {
        id: u64,
        content: Content,
    },
    /// From the server: the namespace stays closed. A stock client does not come back by itself.
    ConnectError(Json),
}

/// A list of JSON values in which `{"_placeholder":true,"num":N}` stands for attachment N.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    pub values: Vec<Json>,
    /// `None` in a packet of a textual type; such packets have no placeholders.
    pub attachments: Option<Vec<Bytes>>,
}

impl Content {
    pub fn new(values: Vec<Json>) -> Self {
        Self { values, attachments: None }
    }

    /// The first value as an event's name; a number by its digits.
    pub fn name(&self) -> ByteString {
        let Some(first) = self.values.first() else { return ByteString::new() };
        first.string().unwrap_or_else(|| first.as_str().into())
    }

    /// What follows the name.
    pub fn arguments(&self) -> &[Json] {
        self.values.get(1..).unwrap_or_default()
    }
}

impl Packet {
    pub fn new(namespace: impl Into<ByteString>, body: Body) -> Self {
        Self { namespace: namespace.into(), body }
    }

    /// Its text as an Engine.IO message, packet type included; the attachments follow as binary messages.
    pub fn message(&self) -> ByteString {
        let mut out = String::with_capacity(64);
        out.push('4');
        self.write(&mut out);
        out.into()
    }

    /// Appends its text form.
    pub fn write(&self, out: &mut String) {
        let (kind, id, content) = match &self.body {
            Body::Connect(_) => ('0', None, None),
            Body::Disconnect => ('1', None, None),
            Body::Event { id, content } => {
                (if content.attachments.is_some() { '5' } else { '2' }, *id, Some(content))
            }
            Body::Ack { id, content } => {
                (if content.attachments.is_some() { '6' } else { '3' }, Some(*id), Some(content))
            }
            Body::ConnectError(_) => ('4', None, None),
        };
        out.push(kind);
        if let Some(attachments) = content.and_then(|content| content.attachments.as_ref()) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}-", attachments.len());
        }
        if self.namespace != MAIN {
            out.push_str(&self.namespace);
            out.push(',');
        }
        if let Some(id) = id {
            let _ = write!(out, "{id}");
        }
        match &self.body {
            Body::Connect(Some(json)) | Body::ConnectError(json) => out.push_str(json.as_str()),
            Body::Connect(None) | Body::Disconnect => {}
            Body::Event { content, .. } | Body::Ack { content, .. } => write_list(&content.values, out),
        }
    }

    /// The attachments, in their order.
    pub fn attachments(&self) -> &[Bytes] {
        match &self.body {
            Body::Event { content, .. } | Body::Ack { content, .. } => {
                content.attachments.as_deref().unwrap_or_default()
            }
            _ => &[],
        }
    }
}

fn write_list(values: &[Json], out: &mut String) {
    out.push('[');
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(value.as_str());
    }
    out.push(']');
}

/// The answer to an accepted CONNECT; `pid` only where the connection can be recovered.
pub fn connected(namespace: &ByteString, sid: &str, pid: Option<&str>) -> Packet {
    let json = match pid {
        Some(pid) => format!(r#"{{"sid":"{sid}","pid":"{pid}"}}"#),
        None => format!(r#"{{"sid":"{sid}"}}"#),
    };
    Packet::new(namespace.clone(), Body::Connect(Some(Json::trusted(json))))
}

/// The answer to a refused CONNECT; `code` goes to `data.code`, where clients read it.
pub fn refused(namespace: &ByteString, message: &str, code: Option<&str>) -> Packet {
    let message = quote(message);
    let json = match code {
        Some(code) => format!(r#"{{"message":{message},"data":{{"code":"{code}"}}}}"#),
        None => format!(r#"{{"message":{message}}}"#),
    };
    Packet::new(namespace.clone(), Body::ConnectError(Json::trusted(json)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_to_the_byte() {
        let main = ByteString::from_static(MAIN);
        let rows = [
            (connected(&main, "abc", None), r#"40{"sid":"abc"}"#),
            (connected(&"/custom".into(), "abc", Some("p")), r#"40/custom,{"sid":"abc","pid":"p"}"#),
            (
                refused(&"/random".into(), "Invalid namespace", None),
                r#"44/random,{"message":"Invalid namespace"}"#,
            ),
            (
                refused(&main, "Unauthorized", Some("INVALID_TOKEN")),
                r#"44{"message":"Unauthorized","data":{"code":"INVALID_TOKEN"}}"#,
            ),
            (Packet::new(MAIN, Body::Disconnect), "41"),
            (Packet::new("/custom", Body::Disconnect), "41/custom,"),
        ];
        for (packet, text) in rows {
            assert_eq!(packet.message(), text);
        }
    }
}

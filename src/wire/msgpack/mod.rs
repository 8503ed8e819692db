//! Socket.IO packets of `socket.io-msgpack-parser`: one binary message each, `{type, data, nsp, id?}` in MessagePack.
//!
//! Inside they are the packets of the default parser: values as JSON, bytes as attachments. As strict, too: what the
//! default parser refuses is refused here. The format's primitives are `rmp`'s. npm's parser (3.0, on `notepack.io` 2.2)
//! uses extension type 0 for what JSON has no word for: one byte is `undefined`, eight are a `Date`, and of any length
//! written out an `ArrayBuffer`.

mod read;
mod write;

use super::{
    json::Json,
    socketio::{
        Body, Content, Packet,
        decode::{DecodeError, MAX_NAMESPACE, MAX_VALUES, check_event},
    },
};
use bytes::Bytes;
use bytestring::ByteString;
use read::{Reader, Value};

/// The largest integer JavaScript counts to and back, 2^53.
const MAX_ID: u64 = 1 << 53;

/// Reads one message; time is linear in its length.
///
/// # Errors
/// As of the default parser's decoder, and for what JSON cannot say: NaN, infinities, other extension types, keys that
/// are no strings.
pub fn decode(message: &Bytes, max_attachments: usize) -> Result<Packet, DecodeError> {
    tracing::trace!(bytes = message.len(), "socket.io packet in");
    let mut reader = Reader::new(message, max_attachments);
    let (mut kind, mut namespace, mut id, mut data) = (None, None, None, None);
    for _ in 0..reader.map()? {
        let key = reader.text()?;
        let repeated = match key {
            "type" => kind.replace(reader.unsigned()?.ok_or(DecodeError::UnknownType)?).is_some(),
            "nsp" => namespace.replace(checked_namespace(reader.text()?)?).is_some(),
            "id" => id.replace(reader.unsigned()?).is_some(),
            "data" => data.replace(reader.data()?).is_some(),
            // `options` comes with every packet of the stock client, and is about its transport.
            _ => {
                reader.skip()?;
                false
            }
        };
        if repeated {
            return Err(DecodeError::Payload);
        }
    }
    let (Some(kind), Some(namespace)) = (kind, namespace) else { return Err(DecodeError::Payload) };
    let id = id.flatten();
    if id.is_some_and(|id| id > MAX_ID) {
        return Err(DecodeError::AckId);
    }
    let (data, attachments) = reader.finish(data.unwrap_or(Value::Undefined))?;
    let inline = attachments.is_some();
    let list = |data| match data {
        Data::List(values) if values.len() <= MAX_VALUES => Ok(Content { values, attachments }),
        _ => Err(DecodeError::Payload),
    };
    let body = match (kind, id, data) {
        (0, None, Data::Undefined) => Body::Connect(None),
        (0, None, Data::One(json)) if json.is_object() && !inline => Body::Connect(Some(json)),
        (1, None, Data::Undefined) => Body::Disconnect,
        (2, id, data) => {
            let content = list(data)?;
            check_event(&content)?;
            Body::Event { id, content }
        }
        (3, Some(id), data) => Body::Ack { id, content: list(data)? },
        (3, None, _) => return Err(DecodeError::AckId),
        (4, None, Data::One(json)) if (json.is_object() || json.is_string()) && !inline => {
            Body::ConnectError(json)
        }
        (0 | 1 | 4, ..) => return Err(DecodeError::Payload),
        _ => return Err(DecodeError::UnknownType),
    };
    Ok(Packet { namespace, body })
}

/// What a packet carries, as JSON.
#[derive(Debug)]
enum Data {
    Undefined,
    One(Json),
    List(Vec<Json>),
}

fn checked_namespace(name: &str) -> Result<ByteString, DecodeError> {
    let legal = name.starts_with('/')
        && name.len() <= MAX_NAMESPACE
        && !name.bytes().any(|byte| byte == b',' || byte.is_ascii_control());
    if legal { Ok(ByteString::from(name.to_owned())) } else { Err(DecodeError::Namespace) }
}

/// Writes one message, attachments and all. Null stands for a value that is not JSON, which nothing is that was decoded
/// or made by `serde_json`.
pub fn encode(packet: &Packet) -> Bytes {
    write::packet(packet)
}

#[cfg(test)]
mod tests;

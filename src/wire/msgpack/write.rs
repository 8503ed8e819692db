//! JSON text into MessagePack, placeholders into the bytes they stand for: one pass over the text, keys in its order.
//!
//! Fractions of up to 15 digits are exact; of longer ones the last place may differ.

use super::super::{
    json::Json,
    socketio::{Body, Packet},
};
use bytes::Bytes;
use rmp::{Marker, decode::read_int, encode};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Writing to a vector cannot fail, so what `rmp` says of it is dropped here.
pub(super) fn packet(packet: &Packet) -> Bytes {
    let mut out = Vec::with_capacity(128);
    let (kind, id) = match &packet.body {
        Body::Connect(_) => (0, None),
        Body::Disconnect => (1, None),
        Body::Event { id, .. } => (2, *id),
        Body::Ack { id, .. } => (3, Some(*id)),
        Body::ConnectError(_) => (4, None),
    };
    let has_data = !matches!(packet.body, Body::Connect(None) | Body::Disconnect);
    let members = 2 + u32::from(has_data) + u32::from(id.is_some());
    let _ = encode::write_map_len(&mut out, members);
    let _ = encode::write_str(&mut out, "type");
    let _ = encode::write_uint(&mut out, kind);
    if has_data {
        let _ = encode::write_str(&mut out, "data");
    }
    match &packet.body {
        Body::Connect(Some(json)) | Body::ConnectError(json) => value(json, None, &mut out),
        Body::Connect(None) | Body::Disconnect => {}
        Body::Event { content, .. } | Body::Ack { content, .. } => {
            let count = content.values.len().try_into().unwrap_or(u32::MAX);
            let _ = encode::write_array_len(&mut out, count);
            let attachments = content.attachments.as_deref();
            content.values.iter().for_each(|json| value(json, attachments, &mut out));
        }
    }
    let _ = encode::write_str(&mut out, "nsp");
    let _ = encode::write_str(&mut out, &packet.namespace);
    if let Some(id) = id {
        let _ = encode::write_str(&mut out, "id");
        let _ = encode::write_uint(&mut out, id);
    }
    out.into()
}

fn value(json: &Json, attachments: Option<&[Bytes]>, out: &mut Vec<u8>) {
    let start = out.len();
    let mut reader = serde_json::Deserializer::from_str(json.as_str());
    let written = Writer { out, attachments }.deserialize(&mut reader).and_then(|()| reader.end());
    if let Err(error) = written {
        tracing::error!(%error, "a value of our own making is not json");
        out.truncate(start);
        out.push(Marker::Null.to_u8());
    }
}

/// Writes what serde reads.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
    attachments: Option<&'a [Bytes]>,
}

impl Writer<'_> {
    fn again(&mut self) -> Writer<'_> {
        Writer { out: self.out, attachments: self.attachments }
    }

    /// Puts the head of a list or map before what was written since `start`, where a byte was left for it.
    fn head(self, start: usize, head: Vec<u8>) {
        self.out.splice(start..=start, head);
    }
}

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        encode::write_nil(self.out).map_err(E::custom)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        encode::write_bool(self.out, value).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        encode::write_uint(self.out, value).map(drop).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        encode::write_sint(self.out, value).map(drop).map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        encode::write_f64(self.out, value).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        encode::write_str(self.out, value).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let start = self.out.len();
        self.out.push(0);
        let mut count = 0;
        while list.next_element_seed(self.again())?.is_some() {
            count += 1;
        }
        let mut head = Vec::with_capacity(5);
        encode::write_array_len(&mut head, count).map_err(A::Error::custom)?;
        self.head(start, head);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let start = self.out.len();
        self.out.push(0);
        let (mut count, mut placeholder, mut num) = (0, false, None);
        while let Some(key) = map.next_key::<String>()? {
            encode::write_str(self.out, &key).map_err(A::Error::custom)?;
            let from = self.out.len();
            map.next_value_seed(self.again())?;
            count += 1;
            match key.as_str() {
                "_placeholder" => placeholder = self.out[from..] == [Marker::True.to_u8()],
                "num" => num = read_int::<usize, _>(&mut &self.out[from..]).ok(),
                _ => {}
            }
        }
        let attachment = self.attachments.filter(|_| placeholder).zip(num);
        if let Some(bytes) = attachment.and_then(|(list, num)| list.get(num)) {
            self.out.truncate(start);
            return encode::write_bin(self.out, bytes).map_err(A::Error::custom);
        }
        let mut head = Vec::with_capacity(5);
        encode::write_map_len(&mut head, count).map_err(A::Error::custom)?;
        self.head(start, head);
        Ok(())
    }
}

//! MessagePack values into JSON text, their bytes into attachments: one pass, bounded in depth.

use super::{
    super::{
        json::{Json, MAX_DEPTH},
        socketio::decode::DecodeError,
        time::Written,
    },
    Data,
};
use bytes::Bytes;
use bytestring::ByteString;
use jiff::Timestamp;
use rmp::{Marker, decode};
use std::{io::Write, ops::Range};

type Result<T> = std::result::Result<T, DecodeError>;

/// What stands at `data`, as pieces of the JSON text that was written.
pub(super) enum Value {
    Undefined,
    One(Range<usize>),
    List(Vec<Range<usize>>),
}

/// Walks over a message and writes its values down.
pub(super) struct Reader<'a> {
    message: &'a Bytes,
    rest: &'a [u8],
    json: Vec<u8>,
    attachments: Vec<Bytes>,
    max_attachments: usize,
    /// A map says of itself that it is a placeholder.
    placeholder: bool,
}

impl<'a> Reader<'a> {
    pub fn new(message: &'a Bytes, max_attachments: usize) -> Self {
        Self {
            message,
            rest: message,
            json: Vec::with_capacity(message.len()),
            attachments: Vec::new(),
            max_attachments,
            placeholder: false,
        }
    }

    /// The number of a map's members.
    pub fn map(&mut self) -> Result<u32> {
        decode::read_map_len(&mut self.rest).map_err(bad)
    }

    pub fn text(&mut self) -> Result<&'a str> {
        let length = decode::read_str_len(&mut self.rest).map_err(bad)?;
        std::str::from_utf8(self.take(length)?).map_err(bad)
    }

    /// A number that counts something; `None` where it is undefined.
    pub fn unsigned(&mut self) -> Result<Option<u64>> {
        if self.marker()? == Marker::FixExt1 {
            let written = self.value(1)?;
            return if written { Err(DecodeError::Payload) } else { Ok(None) };
        }
        decode::read_int(&mut self.rest).map(Some).map_err(bad)
    }

    /// A packet's data.
    pub fn data(&mut self) -> Result<Value> {
        if !is_array(self.marker()?) {
            let start = self.json.len();
            let written = self.value(1)?;
            return Ok(if written { Value::One(start..self.json.len()) } else { Value::Undefined });
        }
        let count = decode::read_array_len(&mut self.rest).map_err(bad)?;
        let mut list = Vec::new();
        for _ in 0..count {
            let start = self.json.len();
            self.element(2)?;
            list.push(start..self.json.len());
        }
        Ok(Value::List(list))
    }

    /// Passes over a value of no interest.
    pub fn skip(&mut self) -> Result<()> {
        let (json, attachments, placeholder) = (self.json.len(), self.attachments.len(), self.placeholder);
        self.value(1)?;
        self.json.truncate(json);
        self.attachments.truncate(attachments);
        self.placeholder = placeholder;
        Ok(())
    }

    /// The whole message was read: its data as JSON, and its attachments where it has any.
    pub fn finish(self, data: Value) -> Result<(Data, Option<Vec<Bytes>>)> {
        // Beside real ones, a map that looks like a placeholder would stand for another's bytes.
        if self.placeholder && !self.attachments.is_empty() {
            return Err(DecodeError::Placeholder);
        }
        if !self.rest.is_empty() {
            return Err(DecodeError::Payload);
        }
        let text = ByteString::try_from(Bytes::from(self.json)).map_err(bad)?;
        let piece = |range: Range<usize>| Json::trusted(text.slice_ref(&text[range]));
        let data = match data {
            Value::Undefined => Data::Undefined,
            Value::One(range) => Data::One(piece(range)),
            Value::List(list) => Data::List(list.into_iter().map(piece).collect()),
        };
        let attachments = self.attachments;
        Ok((data, if attachments.is_empty() { None } else { Some(attachments) }))
    }

    fn marker(&self) -> Result<Marker> {
        self.rest.first().copied().map(Marker::from_u8).ok_or(DecodeError::Payload)
    }

    fn take(&mut self, length: u32) -> Result<&'a [u8]> {
        let length = usize::try_from(length).map_err(bad)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(DecodeError::Payload)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Writes the next value; false where it is undefined and nothing was written.
    fn value(&mut self, depth: usize) -> Result<bool> {
        match self.marker()? {
            Marker::Null => self.word("null"),
            Marker::False => self.word("false"),
            Marker::True => self.word("true"),
            Marker::F32 => {
                let number = decode::read_f32(&mut self.rest).map_err(bad)?;
                self.float(number.into())?;
            }
            Marker::F64 => {
                let number = decode::read_f64(&mut self.rest).map_err(bad)?;
                self.float(number)?;
            }
            Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
                let text = self.text()?;
                self.string(text)?;
            }
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
                let length = decode::read_bin_len(&mut self.rest).map_err(bad)?;
                self.bytes(length)?;
            }
            marker if is_array(marker) => self.list(depth)?,
            Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => self.object(depth)?,
            Marker::FixExt1 | Marker::FixExt8 | Marker::Ext8 | Marker::Ext16 | Marker::Ext32 => {
                return self.extension();
            }
            Marker::FixExt2 | Marker::FixExt4 | Marker::FixExt16 | Marker::Reserved => {
                return Err(DecodeError::Payload);
            }
            _ => {
                let number: i128 = decode::read_int(&mut self.rest).map_err(bad)?;
                write!(self.json, "{number}").map_err(bad)?;
            }
        }
        Ok(true)
    }

    /// A value in a list: JSON has null there for undefined.
    fn element(&mut self, depth: usize) -> Result<()> {
        if !self.value(depth)? {
            self.json.extend_from_slice(b"null");
        }
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Result<()> {
        let count = decode::read_array_len(&mut self.rest).map_err(bad)?;
        refuse_deep(depth)?;
        self.json.push(b'[');
        for index in 0..count {
            if index > 0 {
                self.json.push(b',');
            }
            self.element(depth + 1)?;
        }
        self.json.push(b']');
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<()> {
        let count = self.map()?;
        refuse_deep(depth)?;
        self.json.push(b'{');
        let first = self.json.len();
        for _ in 0..count {
            let before = self.json.len();
            if before > first {
                self.json.push(b',');
            }
            let key = self.text()?;
            self.string(key)?;
            self.json.push(b':');
            self.placeholder |= key == "_placeholder" && self.marker()? == Marker::True;
            // JSON leaves out what is undefined.
            if !self.value(depth + 1)? {
                self.json.truncate(before);
            }
        }
        self.json.push(b'}');
        Ok(())
    }

    fn extension(&mut self) -> Result<bool> {
        let marker = self.marker()?;
        let meta = decode::read_ext_meta(&mut self.rest).map_err(bad)?;
        if meta.typeid != 0 {
            return Err(DecodeError::Payload);
        }
        match marker {
            Marker::FixExt1 => {
                self.take(1)?;
                return Ok(false);
            }
            Marker::FixExt8 => {
                let bytes = self.take(8)?.try_into().map_err(bad)?;
                let time = Timestamp::from_millisecond(i64::from_be_bytes(bytes)).map_err(bad)?;
                write!(self.json, r#""{}""#, Written(time)).map_err(bad)?;
            }
            _ => self.bytes(meta.size)?,
        }
        Ok(true)
    }

    fn bytes(&mut self, length: u32) -> Result<()> {
        if self.attachments.len() == self.max_attachments {
            return Err(DecodeError::Attachments);
        }
        let bytes = self.take(length)?;
        write!(self.json, r#"{{"_placeholder":true,"num":{}}}"#, self.attachments.len()).map_err(bad)?;
        self.attachments.push(self.message.slice_ref(bytes));
        Ok(())
    }

    fn float(&mut self, number: f64) -> Result<()> {
        if !number.is_finite() {
            return Err(DecodeError::Payload);
        }
        serde_json::to_writer(&mut self.json, &number).map_err(bad)
    }

    fn string(&mut self, text: &str) -> Result<()> {
        serde_json::to_writer(&mut self.json, text).map_err(bad)
    }

    /// Writes the word that the next byte alone stands for.
    fn word(&mut self, word: &str) {
        self.rest = &self.rest[1..];
        self.json.extend_from_slice(word.as_bytes());
    }
}

fn is_array(marker: Marker) -> bool {
    matches!(marker, Marker::FixArray(_) | Marker::Array16 | Marker::Array32)
}

fn refuse_deep(depth: usize) -> Result<()> {
    if depth > MAX_DEPTH { Err(DecodeError::Payload) } else { Ok(()) }
}

/// Whatever is wrong with the bytes: the client is told no more than that.
fn bad<E>(_: E) -> DecodeError {
    DecodeError::Payload
}

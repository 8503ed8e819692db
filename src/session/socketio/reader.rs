//! A client's messages into packets, by the parser that its first message tells.

use super::Limits;
use crate::wire::{
    msgpack,
    socketio::{
        Packet, Parser,
        decode::{DecodeError, Decoder},
    },
};
use bytes::Bytes;
use bytestring::ByteString;

/// A stock client of the default parser begins with a text, and nobody changes later.
#[derive(Debug)]
pub(super) enum Reader {
    Undecided,
    Json(Decoder),
    Msgpack,
}

impl Reader {
    pub fn parser(&self) -> Parser {
        match self {
            Self::Undecided | Self::Json(_) => Parser::Json,
            Self::Msgpack => Parser::Msgpack,
        }
    }

    /// Takes a text message; `None` while its attachments are due.
    pub fn text(&mut self, text: &ByteString, limits: &Limits) -> Result<Option<Packet>, DecodeError> {
        match self.decide(false, limits) {
            Some(decoder) => decoder.text(text),
            None => Err(DecodeError::UnexpectedText),
        }
    }

    /// Takes a binary message; `None` while more are due.
    pub fn binary(&mut self, bytes: Bytes, limits: &Limits) -> Result<Option<Packet>, DecodeError> {
        match self.decide(true, limits) {
            Some(decoder) => decoder.binary(bytes),
            None => msgpack::decode(&bytes, limits.max_attachments).map(Some),
        }
    }

    /// The default parser's decoder; `None` where the client speaks msgpack.
    fn decide(&mut self, binary: bool, limits: &Limits) -> Option<&mut Decoder> {
        if let Self::Undecided = self {
            *self = match binary && limits.msgpack {
                true => Self::Msgpack,
                false => Self::Json(Decoder::new(limits.max_attachments, limits.max_attachment_bytes)),
            };
        }
        match self {
            Self::Json(decoder) => Some(decoder),
            Self::Undecided | Self::Msgpack => None,
        }
    }
}

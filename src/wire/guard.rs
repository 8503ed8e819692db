//! The frame guard: reads WebSocket frame headers in the raw bytes, before anything buffers a payload.
//!
//! A codec that checks a frame's length only once it has the frame can be made to hold what the header declares: one
//! frame of 2^40 bytes took 400 MiB. The guard holds fourteen bytes and decides at the header (RFC 6455 §5.2).

use thiserror::Error;

/// What a peer may send.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Payload bytes of one frame.
    pub max_frame: u64,
    /// Payload bytes of a message in all its fragments.
    pub max_message: u64,
    /// Frames of one message.
    pub max_fragments: usize,
}

/// Why the connection must fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Close code 1002.
    #[error("{0}")]
    Protocol(&'static str),
    /// Close code 1009.
    #[error("frame or message too large")]
    TooLarge,
}

const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PONG: u8 = 0xA;
/// RFC 6455 §5.5.
const MAX_CONTROL_PAYLOAD: u64 = 125;
const MASK_KEY_LEN: u64 = 4;

#[derive(Debug, Clone, Copy)]
enum State {
    First,
    Second,
    /// Bytes of an extended length that are to come, and its value so far.
    Length(u8, u64),
    /// The masking key and the payload, let through unread.
    Skip(u64),
}

/// The headers read so far on one connection.
#[derive(Debug)]
pub struct Guard {
    limits: Limits,
    state: State,
    fin: bool,
    opcode: u8,
    /// Frames and bytes of the message that is not finished; no frames: none is open.
    fragments: usize,
    total: u64,
}

impl Guard {
    pub fn new(limits: Limits) -> Self {
        Self { limits, state: State::First, fin: true, opcode: 0, fragments: 0, total: 0 }
    }

    /// Reads on. On a refusal: how many bytes of `chunk` were good; all that follows is to be thrown away.
    pub fn check(&mut self, chunk: &[u8]) -> Result<(), (usize, Refusal)> {
        let mut at = 0;
        while let Some(&byte) = chunk.get(at) {
            if let State::Skip(left) = self.state {
                let here = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len() - at);
                at += here;
                let left = left - here as u64;
                self.state = if left == 0 { State::First } else { State::Skip(left) };
            } else {
                self.state = self.header(byte).map_err(|refusal| (at, refusal))?;
                at += 1;
            }
        }
        Ok(())
    }

    fn header(&mut self, byte: u8) -> Result<State, Refusal> {
        match self.state {
            State::First => self.first(byte),
            State::Second if byte & 0x80 == 0 => Err(Refusal::Protocol("unmasked frame")),
            State::Second => match byte & 0x7F {
                126 if self.is_control() => Err(Refusal::Protocol("long control frame")),
                127 if self.is_control() => Err(Refusal::Protocol("long control frame")),
                126 => Ok(State::Length(2, 0)),
                127 => Ok(State::Length(8, 0)),
                short => self.payload(u64::from(short)),
            },
            // The top bit must be 0 (RFC 6455 §5.2).
            State::Length(8, _) if byte & 0x80 != 0 => Err(Refusal::Protocol("negative length")),
            State::Length(left, so_far) => {
                let length = so_far << 8 | u64::from(byte);
                if left > 1 { Ok(State::Length(left - 1, length)) } else { self.payload(length) }
            }
            State::Skip(_) => Ok(self.state),
        }
    }

    fn first(&mut self, byte: u8) -> Result<State, Refusal> {
        self.fin = byte & 0x80 != 0;
        self.opcode = byte & 0x0F;
        let open = self.fragments > 0;
        match self.opcode {
            // No extension is ever negotiated.
            _ if byte & 0x70 != 0 => Err(Refusal::Protocol("reserved bits")),
            CONTINUATION if !open => Err(Refusal::Protocol("continuation of nothing")),
            TEXT | BINARY if open => Err(Refusal::Protocol("message within a message")),
            CLOSE..=PONG if !self.fin => Err(Refusal::Protocol("fragmented control frame")),
            CONTINUATION | TEXT | BINARY | CLOSE..=PONG => Ok(State::Second),
            _ => Err(Refusal::Protocol("reserved opcode")),
        }
    }

    fn is_control(&self) -> bool {
        self.opcode >= CLOSE
    }

    /// The header is whole: `length` bytes follow the masking key.
    fn payload(&mut self, length: u64) -> Result<State, Refusal> {
        if self.is_control() {
            debug_assert!(length <= MAX_CONTROL_PAYLOAD);
        } else {
            self.total = self.total.saturating_add(length);
            self.fragments += 1;
            let Limits { max_frame, max_message, max_fragments } = self.limits;
            if length > max_frame || self.total > max_message || self.fragments > max_fragments {
                return Err(Refusal::TooLarge);
            }
            if self.fin {
                (self.fragments, self.total) = (0, 0);
            }
        }
        Ok(State::Skip(MASK_KEY_LEN.saturating_add(length)))
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;

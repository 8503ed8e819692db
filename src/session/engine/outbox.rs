//! What waits for the next poll of a long-polling client, and how much of it may wait.

use crate::{
    session::Frame,
    wire::engineio::{SEPARATOR, binary_len, write_binary},
};
use bytestring::ByteString;

/// Packets that may wait beside the largest batch; a client that keeps up has a few.
pub const MAX_PACKETS: usize = 256;
/// Bytes that may wait, as above.
pub const MAX_BYTES: usize = 256 * 1024;

/// Packets whose place in memory a session keeps when they have left: a commit's.
const KEPT: usize = 64;

/// The client does not keep up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

#[derive(Debug, Default, Clone, Copy)]
struct Load {
    packets: usize,
    bytes: usize,
}

impl Load {
    fn add(&mut self, bytes: usize) {
        self.packets += 1;
        self.bytes += bytes;
    }
}

/// Packets in order. How large a batch is says nothing of its client, which gets it in one answer: so the limits are for
/// what waits beside the largest one. Those of a replay do not count, because it goes on only when they have left.
#[derive(Debug, Default)]
pub struct Outbox {
    frames: Vec<Frame>,
    waiting: Load,
    batch: Load,
    largest: Load,
}

impl Outbox {
    /// What is pushed from here on is one batch, e.g. what came of a commit.
    pub fn begin(&mut self) {
        self.batch = Load::default();
    }

    pub fn push(&mut self, frame: Frame, counts: bool) -> Result<(), Full> {
        if counts {
            let bytes = match &frame {
                Frame::Text(text) => text.len(),
                Frame::Binary(bytes) => bytes.len(),
                Frame::Ping => 0,
            };
            self.waiting.add(bytes);
            self.batch.add(bytes);
            let Self { waiting, batch, largest, .. } = self;
            largest.packets = largest.packets.max(batch.packets);
            largest.bytes = largest.bytes.max(batch.bytes);
            if waiting.packets - largest.packets > MAX_PACKETS || waiting.bytes - largest.bytes > MAX_BYTES {
                return Err(Full);
            }
        }
        self.frames.push(frame);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Everything, as frames.
    pub fn take(&mut self) -> Vec<Frame> {
        std::mem::take(self).frames
    }

    /// Everything, as one payload, and `last` after it. A single packet is shared; several are copied once, into what
    /// they need.
    pub fn payload(&mut self, last: Option<&'static str>) -> ByteString {
        self.frames.extend(last.map(|last| Frame::Text(ByteString::from_static(last))));
        let payload = joined(&self.frames);
        // Its memory serves the next batch, unless that was an uncommonly large one.
        let mut frames = self.take();
        frames.clear();
        frames.shrink_to(KEPT);
        self.frames = frames;
        payload
    }
}

fn joined(frames: &[Frame]) -> ByteString {
    if let [Frame::Text(text)] = frames {
        return text.clone();
    }
    let length: usize = frames.iter().map(|frame| SEPARATOR.len_utf8() + written(frame)).sum();
    let mut out = String::with_capacity(length.saturating_sub(SEPARATOR.len_utf8()));
    for frame in frames {
        if !out.is_empty() {
            out.push(SEPARATOR);
        }
        match frame {
            Frame::Text(text) => out.push_str(text),
            Frame::Binary(bytes) => write_binary(bytes, &mut out),
            // Engine.IO pings in packets of its own.
            Frame::Ping => {}
        }
    }
    out.into()
}

/// The length of a packet in a payload.
fn written(frame: &Frame) -> usize {
    match frame {
        Frame::Text(text) => text.len(),
        Frame::Binary(bytes) => binary_len(bytes.len()),
        Frame::Ping => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn text(text: &'static str) -> Frame {
        Frame::Text(ByteString::from_static(text))
    }

    #[test]
    fn several_packets_leave_in_one_payload() {
        let mut outbox = Outbox::default();
        outbox.push(text("4a"), true).unwrap();
        outbox.push(Frame::Binary(Bytes::from_static(&[1, 2, 3, 4])), true).unwrap();
        assert_eq!(outbox.payload(Some("1")), "4a\x1ebAQIDBA==\x1e1");
        assert!(outbox.is_empty());
        assert_eq!(outbox.payload(Some("6")), "6");
    }

    fn large(outbox: &mut Outbox) -> Result<(), Full> {
        outbox.begin();
        outbox.push(Frame::Binary(vec![0; MAX_BYTES + 1].into()), true)
    }

    #[test]
    fn is_bounded_in_packets_and_bytes_beside_the_largest_batch_but_not_for_a_replay() {
        let mut outbox = Outbox::default();
        let mut one = |counts| {
            outbox.begin();
            outbox.push(text("4a"), counts)
        };
        for _ in 0..=MAX_PACKETS {
            one(false).unwrap();
            one(true).unwrap();
        }
        assert_eq!(one(true), Err(Full));
        outbox.take();
        // Whichever of the two came first.
        for small_first in [true, false] {
            if small_first {
                outbox.push(text("4a"), true).unwrap();
            }
            large(&mut outbox).unwrap();
            outbox.begin();
            (0..MAX_PACKETS - 1).for_each(|_| outbox.push(text("4a"), true).unwrap());
            assert_eq!(large(&mut outbox), Err(Full));
            outbox.take();
        }
    }
}

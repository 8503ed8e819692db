//! Joins the fragments of a message (RFC 6455 §5.4). Their number and total size were checked by the frame guard.

use bytes::{Bytes, BytesMut};
use bytestring::ByteString;

/// A whole message.
#[derive(Debug, PartialEq, Eq)]
pub enum Whole {
    Text(ByteString),
    Binary(Bytes),
}

/// A text message whose fragments together are not UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub struct NotText;

/// The message that is being received.
#[derive(Debug, Default)]
pub struct Assembly {
    text: bool,
    bytes: BytesMut,
}

impl Assembly {
    pub fn begin(&mut self, text: bool, fragment: &[u8]) {
        self.text = text;
        self.bytes.clear();
        self.bytes.extend_from_slice(fragment);
    }

    pub fn go_on(&mut self, fragment: &[u8]) {
        self.bytes.extend_from_slice(fragment);
    }

    pub fn finish(&mut self, fragment: &[u8]) -> Result<Whole, NotText> {
        self.go_on(fragment);
        // Takes the memory along: an idle socket holds none.
        let bytes = std::mem::take(&mut self.bytes).freeze();
        if !self.text {
            return Ok(Whole::Binary(bytes));
        }
        ByteString::try_from(bytes).map(Whole::Text).map_err(|_| NotText)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_texts_also_within_a_character() {
        let mut assembly = Assembly::default();
        let euro = "€".as_bytes();
        assembly.begin(true, &euro[..1]);
        assembly.go_on(&euro[1..2]);
        assert_eq!(assembly.finish(&euro[2..]), Ok(Whole::Text("€".into())));
        assembly.begin(true, &euro[..1]);
        assert_eq!(assembly.finish(b""), Err(NotText));
        assembly.begin(false, &euro[..1]);
        assert_eq!(assembly.finish(b"x"), Ok(Whole::Binary(Bytes::from_static(b"\xE2x"))));
    }
}

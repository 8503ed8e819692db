//! Joins the fragments of a message (RFC 6455 §5.4). Their number and total size were checked by the frame guard.

use bytes::{Bytes, BytesMut};
use bytestring::ByteString;

/// A whole message.
#[derive(Debug, PartialEq, Eq)]
pub enum Whole {
    Text(ByteString),
    Binary(Bytes),
}

/// A text message that is not UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub struct NotText;

/// The message that is being received.
#[derive(Debug, Default)]
pub struct Assembly {
    text: bool,
    bytes: BytesMut,
    /// How much of a text is known to be UTF-8; what follows is the beginning of a character.
    checked: usize,
}

impl Assembly {
    pub fn begin(&mut self, text: bool, fragment: &[u8]) -> Result<(), NotText> {
        self.text = text;
        self.bytes.clear();
        self.checked = 0;
        self.go_on(fragment)
    }

    /// A text fails at the first fragment that makes it none: the rest of it is not waited for (RFC 6455 §8.1).
    pub fn go_on(&mut self, fragment: &[u8]) -> Result<(), NotText> {
        self.bytes.extend_from_slice(fragment);
        if !self.text {
            return Ok(());
        }
        match std::str::from_utf8(&self.bytes[self.checked..]) {
            Ok(text) => self.checked += text.len(),
            // A character that is split between two fragments.
            Err(error) if error.error_len().is_none() => self.checked += error.valid_up_to(),
            Err(_) => return Err(NotText),
        }
        Ok(())
    }

    pub fn finish(&mut self, fragment: &[u8]) -> Result<Whole, NotText> {
        self.go_on(fragment)?;
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
        assert_eq!(assembly.begin(true, &euro[..1]), Ok(()));
        assert_eq!(assembly.go_on(&euro[1..2]), Ok(()));
        assert_eq!(assembly.finish(&euro[2..]), Ok(Whole::Text("€".into())));
        assert_eq!(assembly.begin(true, &euro[..1]), Ok(()));
        assert_eq!(assembly.finish(b""), Err(NotText), "half a character");
        assert_eq!(assembly.begin(false, &euro[..1]), Ok(()));
        assert_eq!(assembly.finish(b"x"), Ok(Whole::Binary(Bytes::from_static(b"\xE2x"))));
    }

    #[test]
    fn a_text_fails_at_the_fragment_that_breaks_it() {
        let mut assembly = Assembly::default();
        assert_eq!(assembly.begin(true, "aé€".as_bytes()), Ok(()));
        assert_eq!(assembly.go_on(b"\xE2\x82"), Ok(()));
        assert_eq!(assembly.go_on(b"x"), Err(NotText));
        assert_eq!(assembly.begin(true, b"\xC0"), Err(NotText));
        assert_eq!(assembly.begin(false, b"\xC0"), Ok(()));
    }
}

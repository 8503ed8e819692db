//! Socket.IO's packets with their attachments: bounded, and the same again after encoding.
//!
//! The input's frames are separated by 0x1e; one that begins with 0x1f, or is not UTF-8, is binary.

use bytes::Bytes;
use bytestring::ByteString;
use comanda::wire::socketio::{
    Body, Content, Packet,
    decode::{Decoder, MAX_NAMESPACE, MAX_VALUES},
};

/// Attachments of one packet.
const MAX_ATTACHMENTS: usize = 10;
/// Bytes of all attachments of one packet.
const MAX_BYTES: usize = 64;

pub fn run(bytes: &[u8]) {
    let mut decoder = Decoder::new(MAX_ATTACHMENTS, MAX_BYTES);
    for frame in bytes.split(|&byte| byte == 0x1e) {
        let packet = match (frame.strip_prefix(b"\x1f"), std::str::from_utf8(frame)) {
            (None, Ok(text)) => decoder.text(&text.into()),
            (binary, _) => decoder.binary(Bytes::copy_from_slice(binary.unwrap_or(frame))),
        };
        match packet {
            Ok(Some(packet)) => sound(&packet),
            Ok(None) => {}
            // The engine closes.
            Err(_) => return,
        }
    }
}

fn sound(packet: &Packet) {
    assert!(packet.namespace.starts_with('/') && packet.namespace.len() <= MAX_NAMESPACE);
    match &packet.body {
        Body::Event { content, .. } => {
            assert!(!content.values.is_empty(), "an event has a name");
            let reserved = ["connect", "connect_error", "disconnect", "error", "newListener"];
            assert!(!reserved.contains(&content.name().as_ref()));
            bounded(content);
        }
        Body::Ack { content, .. } => bounded(content),
        Body::Connect(_) | Body::Disconnect | Body::ConnectError(_) => {}
    }
    assert_eq!(again(packet).as_ref(), Some(packet));
}

fn bounded(content: &Content) {
    assert!(content.values.len() <= MAX_VALUES);
    if let Some(attachments) = &content.attachments {
        assert!(attachments.len() <= MAX_ATTACHMENTS);
        assert!(attachments.iter().map(Bytes::len).sum::<usize>() <= MAX_BYTES);
    }
}

/// Encoded and decoded once more.
fn again(packet: &Packet) -> Option<Packet> {
    let message = packet.message();
    let text = ByteString::from(message.strip_prefix('4').expect("an engine message"));
    let mut decoder = Decoder::new(MAX_ATTACHMENTS, MAX_BYTES);
    let mut decoded = decoder.text(&text).expect("what was read can be read again");
    for attachment in packet.attachments() {
        assert_eq!(decoded, None);
        decoded = decoder.binary(attachment.clone()).expect("as above");
    }
    decoded
}

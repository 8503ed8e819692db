//! Engine.IO's payloads and packets: decoding agrees with the protocol's own words, and with encoding.

use bytestring::ByteString;
use comanda::wire::engineio::{Packet, PacketError, SEPARATOR, payload};

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let body = ByteString::from(text);
    let pieces: Vec<_> = text.split(SEPARATOR).collect();
    let packets: Vec<_> = payload(&body).collect();
    assert_eq!(packets.len(), pieces.len(), "a piece is a packet or an error");
    for (piece, packet) in pieces.into_iter().zip(packets) {
        agrees(piece, &packet);
        frame(piece, &packet);
        if let Ok(packet) = packet {
            round_trip(&packet);
        }
    }
}

/// The protocol in its own words: one character says the type, the rest is data.
fn agrees(piece: &str, packet: &Result<Packet, PacketError>) {
    let data = |skip| piece.get(skip..).unwrap_or_default();
    match packet {
        Ok(Packet::Open(text)) => assert_eq!((&piece[..1], data(1)), ("0", text.as_ref())),
        Ok(Packet::Close) => assert_eq!(piece, "1"),
        Ok(Packet::Ping(text)) => assert_eq!((&piece[..1], data(1)), ("2", text.as_ref())),
        Ok(Packet::Pong(text)) => assert_eq!((&piece[..1], data(1)), ("3", text.as_ref())),
        Ok(Packet::Message(text)) => assert_eq!((&piece[..1], data(1)), ("4", text.as_ref())),
        Ok(Packet::Upgrade) => assert_eq!(piece, "5"),
        Ok(Packet::Noop) => assert_eq!(piece, "6"),
        Ok(Packet::Binary(bytes)) => {
            let digits = piece.strip_prefix('b').expect("binary begins with b").trim_end_matches('=');
            assert_eq!(bytes.len(), digits.len() * 3 / 4, "four characters are three bytes");
        }
        Err(_) => {
            let legal = piece.starts_with(['0', '2', '3', '4']) || matches!(piece, "1" | "5" | "6" | "b");
            assert!(!legal, "refused {piece:?}");
        }
    }
}

/// On a WebSocket the same text is the same packet, but for binary, which has frames of its own there.
fn frame(piece: &str, packet: &Result<Packet, PacketError>) {
    let frame = Packet::from_frame(&piece.into());
    match piece.starts_with('b') {
        true => assert_eq!(frame, Err(PacketError::UnknownType)),
        false => assert_eq!(&frame, packet),
    }
}

fn round_trip(packet: &Packet) {
    let mut text = String::new();
    packet.write(&mut text);
    let again: Vec<_> = payload(&text.into()).collect();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].as_ref(), Ok(packet));
}

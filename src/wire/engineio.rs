//! Engine.IO 4: packets as text, payloads of several packets for long-polling, the handshake.
//!
//! Follows `engine.io-protocol` v4. On a WebSocket binary data travels as binary frames without a packet type.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use bytestring::ByteString;
use std::time::Duration;

/// Stands between the packets of a payload (ASCII record separator).
pub const SEPARATOR: char = '\x1e';

/// Clients pad as they like.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One packet. Data are slices of the received text, never copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet {
    /// The handshake, from the server only.
    Open(ByteString),
    Close,
    /// Data is empty in a heartbeat, `probe` in an upgrade.
    Ping(ByteString),
    Pong(ByteString),
    Message(ByteString),
    Binary(Bytes),
    Upgrade,
    Noop,
}

/// The text was not a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    #[error("unknown engine.io packet type")]
    UnknownType,
    #[error("data after a packet that has none")]
    UnexpectedData,
    #[error("binary packet is not base64")]
    NotBase64,
}

impl Packet {
    /// Reads one packet. `b…` is binary in base64, which only payloads may have: see [`payload`].
    fn decode(text: &ByteString, base64: bool) -> Result<Self, PacketError> {
        let mut chars = text.chars();
        let kind = chars.next().ok_or(PacketError::UnknownType)?;
        tracing::trace!(%kind, bytes = text.len(), "engine.io packet in");
        let data = || text.slice_ref(&text[1..]);
        let alone = |packet| if text.len() == 1 { Ok(packet) } else { Err(PacketError::UnexpectedData) };
        match kind {
            '0' => Ok(Self::Open(data())),
            '1' => alone(Self::Close),
            '2' => Ok(Self::Ping(data())),
            '3' => Ok(Self::Pong(data())),
            '4' => Ok(Self::Message(data())),
            '5' => alone(Self::Upgrade),
            '6' => alone(Self::Noop),
            'b' if base64 => {
                let bytes = BASE64.decode(&text[1..]).map_err(|_| PacketError::NotBase64)?;
                Ok(Self::Binary(bytes.into()))
            }
            _ => Err(PacketError::UnknownType),
        }
    }

    /// A text frame of a WebSocket.
    pub fn from_frame(text: &ByteString) -> Result<Self, PacketError> {
        Self::decode(text, false)
    }

    /// Appends the packet as it stands in a payload.
    pub fn write(&self, out: &mut String) {
        let (kind, data) = match self {
            Self::Open(data) => ('0', data.as_ref()),
            Self::Close => ('1', ""),
            Self::Ping(data) => ('2', data.as_ref()),
            Self::Pong(data) => ('3', data.as_ref()),
            Self::Message(data) => ('4', data.as_ref()),
            Self::Binary(bytes) => return write_binary(bytes, out),
            Self::Upgrade => ('5', ""),
            Self::Noop => ('6', ""),
        };
        out.push(kind);
        out.push_str(data);
    }
}

/// The length of a packet with so many bytes, as it stands in a payload.
pub fn binary_len(bytes: usize) -> usize {
    1 + bytes.div_ceil(3) * 4
}

/// Appends a binary packet as it stands in a payload.
pub fn write_binary(bytes: &[u8], out: &mut String) {
    out.push('b');
    BASE64.encode_string(bytes, out);
}

/// The packets of a polled or posted payload, in order; time is linear in its length.
pub fn payload(body: &ByteString) -> impl Iterator<Item = Result<Packet, PacketError>> + '_ {
    body.split(SEPARATOR).map(|text| Packet::decode(&body.slice_ref(text), true))
}

/// What the server tells a client that opens a session.
#[derive(Debug, Clone, Copy)]
pub struct Handshake<'a> {
    /// The session's id: a secret of this client.
    pub sid: &'a str,
    /// True where a WebSocket may take over.
    pub upgradable: bool,
    pub ping_interval: Duration,
    pub ping_timeout: Duration,
    /// Bytes of a POST or frame, at most.
    pub max_payload: usize,
}

impl Handshake<'_> {
    /// The `open` packet, with exactly the five members of the protocol.
    pub fn encode(&self) -> ByteString {
        let upgrades = if self.upgradable { r#"["websocket"]"# } else { "[]" };
        format!(
            r#"0{{"sid":"{}","upgrades":{upgrades},"pingInterval":{},"pingTimeout":{},"maxPayload":{}}}"#,
            self.sid,
            self.ping_interval.as_millis(),
            self.ping_timeout.as_millis(),
            self.max_payload
        )
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Instant;

    fn encode(packets: &[Packet]) -> ByteString {
        let mut out = String::new();
        for (index, packet) in packets.iter().enumerate() {
            if index > 0 {
                out.push(SEPARATOR);
            }
            packet.write(&mut out);
        }
        out.into()
    }

    #[test]
    fn the_protocols_own_example() {
        let body = ByteString::from("4hello\x1e2\x1e4world\x1ebAQIDBA==\x1ebAQIDBA");
        let packets: Vec<_> = payload(&body).map(Result::unwrap).collect();
        let binary = Packet::Binary(Bytes::from_static(&[1, 2, 3, 4]));
        let expected = [
            Packet::Message("hello".into()),
            Packet::Ping("".into()),
            Packet::Message("world".into()),
            binary.clone(),
            binary,
        ];
        assert_eq!(packets, expected);
    }

    #[test]
    fn refuses_what_is_no_packet() {
        for bad in ["", "abc", "7", "4a\x1e", "\x1e4a", "4a\x1e\x1e4b", "b!", "1x", "5x", "6x", "é"] {
            assert!(payload(&bad.into()).any(|packet| packet.is_err()), "{bad:?}");
        }
        assert_eq!(Packet::from_frame(&"bAQ==".into()), Err(PacketError::UnknownType));
    }

    #[test]
    fn the_handshake_has_exactly_five_members() {
        let handshake = Handshake {
            sid: "abc",
            upgradable: true,
            ping_interval: Duration::from_secs(10),
            ping_timeout: Duration::from_secs(8),
            max_payload: 65_536,
        };
        let expected = r#"0{"sid":"abc","upgrades":["websocket"],"pingInterval":10000,"pingTimeout":8000,"maxPayload":65536}"#;
        assert_eq!(handshake.encode(), expected);
    }

    /// Very many tiny packets in one POST took others quadratic time.
    #[test]
    fn many_tiny_packets_take_linear_time() {
        let body = ByteString::from("4\x1e".repeat(500_000) + "4");
        let start = Instant::now();
        assert_eq!(payload(&body).filter(|packet| packet.is_ok()).count(), 500_001);
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    fn packets() -> impl Strategy<Value = Vec<Packet>> {
        let text = || "[^\x1e]{0,20}".prop_map(ByteString::from);
        let packet = prop_oneof![
            text().prop_map(Packet::Open),
            Just(Packet::Close),
            text().prop_map(Packet::Ping),
            text().prop_map(Packet::Pong),
            text().prop_map(Packet::Message),
            any::<Vec<u8>>().prop_map(|bytes| Packet::Binary(bytes.into())),
            Just(Packet::Upgrade),
            Just(Packet::Noop),
        ];
        proptest::collection::vec(packet, 1..10)
    }

    proptest! {
        #[test]
        fn payloads_round_trip(packets in packets()) {
            let decoded: Result<Vec<_>, _> = payload(&encode(&packets)).collect();
            prop_assert_eq!(decoded.unwrap(), packets);
        }

        #[test]
        fn arbitrary_text_never_panics(text in "\\PC*|[0-7b\x1e]*") {
            let text = ByteString::from(text);
            payload(&text).for_each(drop);
            let _ = Packet::from_frame(&text);
        }
    }
}

//! What the client has seen: packets in order, answers to its requests, once each.

use comanda::{
    session::{Frame, engine::polling::Answer},
    wire::engineio::{Packet, payload},
};
use std::collections::BTreeSet;

/// The other end.
#[derive(Debug, Default)]
pub struct Client {
    /// Newest number received; all before it were received as well.
    pub received: u64,
    /// Newest number it has sent.
    pub said: u64,
    /// GETs without an answer.
    pub waiting: BTreeSet<u64>,
    tickets: u64,
    /// A ping came that was not answered yet.
    pub pinged: bool,
    /// The probe was answered.
    pub probed: bool,
    /// It has sent its `5`, and speaks over the WebSocket only.
    pub switched: bool,
    /// The next answer does not reach it.
    pub loses: bool,
}

impl Client {
    pub fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.waiting.insert(self.tickets);
        self.tickets
    }

    /// True where an answer got lost on the way.
    pub fn answered(&mut self, ticket: u64, answer: &Answer) -> bool {
        assert!(self.waiting.remove(&ticket), "GET {ticket} was answered twice");
        let lost = std::mem::take(&mut self.loses);
        let Answer::Packets(text) = answer else { return false };
        if lost {
            return true;
        }
        for packet in payload(text) {
            self.packet(packet.expect("the server sends packets"));
        }
        false
    }

    pub fn frame(&mut self, frame: Frame) {
        match frame {
            Frame::Text(text) => self.packet(Packet::from_frame(&text).expect("the server sends packets")),
            Frame::Binary(bytes) => self.packet(Packet::Binary(bytes)),
            Frame::Ping => panic!("Engine.IO has pings of its own"),
        }
    }

    fn packet(&mut self, packet: Packet) {
        match packet {
            Packet::Message(text) => self.number(&text),
            Packet::Binary(bytes) => self.number(std::str::from_utf8(&bytes).expect("digits")),
            Packet::Ping(_) => self.pinged = true,
            Packet::Pong(data) => {
                assert_eq!(data, "probe");
                self.probed = true;
            }
            Packet::Open(_) | Packet::Noop | Packet::Close => {}
            Packet::Upgrade => panic!("only a client upgrades"),
        }
    }

    fn number(&mut self, digits: &str) {
        let number: u64 = digits.parse().expect("a number");
        assert_eq!(number, self.received + 1, "a message was lost, doubled or overtaken");
        self.received = number;
    }
}

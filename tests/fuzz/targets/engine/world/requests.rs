//! What a client, a network, a room and a clock can do to the world: one step each.

use super::{
    super::{Flaw, room::Mail},
    Taker, World,
};
use comanda::{
    code::ErrorCode,
    session::{Delivery, Input, engine::upgrade::Upgrading},
};
use std::{sync::Arc, time::Duration};

/// Bodies that no client sends; some are legal and mean nothing.
const BODIES: [&str; 12] =
    ["", "x", "2", "0", "5", "4a\u{1e}", "\u{1e}4a", "1x", "b!", "6", "bAQIDBA==", "4\u{1e}4\u{1e}4\u{1e}4"];
/// The same as frames. What a client that upgrades sends is not among them.
const FRAMES: [&str; 6] = ["", "x", "2", "2prob", "0{}", "bAQ=="];
/// A deadline that does not move on when it is due makes a server spin.
const MANY: usize = 10_000;

impl World {
    /// Asks for packets; `anyway`: although another GET waits, or the client has switched.
    pub fn get(&mut self, anyway: bool) {
        if self.polls && (anyway || !self.client.switched && self.client.waiting.is_empty()) {
            let ticket = self.client.ticket();
            self.poller(|polling, now, acts| polling.get(now, ticket, acts));
        }
    }

    fn post(&mut self, body: &str) -> bool {
        let body = body.into();
        self.poller(|polling, now, acts| polling.post(now, &body, acts)).unwrap_or_default()
    }

    /// Numbers, and a question that takes its time.
    pub fn post_messages(&mut self, count: usize, asks: bool) {
        let first = self.client.said + 1;
        let last = self.client.said + count as u64;
        let mut packets: Vec<_> = (first..=last).map(|number| format!("4c{number}")).collect();
        if asks {
            packets.push(if count.is_multiple_of(2) { "4verify".into() } else { "4read".into() });
        }
        if self.post(&packets.join("\u{1e}")) {
            assert!(!self.client.switched, "a POST was taken after the switch");
            self.client.said = last;
        }
    }

    pub fn post_garbage(&mut self, which: u8) {
        self.post(BODIES[usize::from(which) % BODIES.len()]);
    }

    pub fn pong(&mut self) {
        (self.client.pinged, self.heard) = (false, self.ms);
        match self.client.switched {
            true => self.frames(Input::Text("3".into())),
            false => drop(self.post("3")),
        }
    }

    /// The client lets go of its GET.
    pub fn hang_up(&mut self) {
        if !self.client.waiting.is_empty() {
            self.client.loses = true;
            self.poller(|polling, now, acts| polling.cancelled(now, acts));
            assert!(self.ended || self.client.switched, "a client that hung up is gone");
        }
    }

    pub fn lose_next_answer(&mut self) {
        self.client.loses = !self.client.waiting.is_empty();
    }

    pub fn websocket_comes(&mut self) {
        let free = self.state.lock().expect("nothing has failed yet").begin_upgrade();
        if !free {
            return;
        }
        assert!(self.websocket.is_none() && self.polls, "it may not take over");
        let (state, room, flaw) = (Arc::clone(&self.state), Arc::clone(&self.room), self.flaw);
        let taker = Taker { state, room, flaw, moved: false };
        self.websocket = Some(Upgrading::new(taker, self.now(), Duration::from_secs(10)));
    }

    pub fn websocket_sends(&mut self, text: &'static str) {
        self.frames(Input::Text(text.into()));
    }

    /// The client goes over to its WebSocket.
    pub fn switch(&mut self) {
        if self.client.probed && !self.client.switched {
            self.client.switched = true;
            self.websocket_sends("5");
        }
    }

    pub fn websocket_messages(&mut self, count: usize) {
        for _ in 0..count {
            if self.client.switched && self.websocket.is_some() {
                self.client.said += 1;
                self.frames(Input::Text(format!("4c{}", self.client.said).into()));
            }
        }
    }

    pub fn websocket_garbage(&mut self, which: u8) {
        match usize::from(which) % (FRAMES.len() + 1) {
            0 => self.frames(Input::Binary(bytes::Bytes::from_static(b"\xff"))),
            which => self.websocket_sends(FRAMES[which - 1]),
        }
    }

    pub fn websocket_is_reset(&mut self) {
        if self.websocket.is_some() {
            self.websocket_is_gone();
        }
    }

    /// Time passes, and every timer fires on time.
    pub fn delay(&mut self, ms: u64) {
        let until = self.ms + ms;
        for _ in 0..MANY {
            match self.due() {
                Some(due) if due <= until && self.flaw != Flaw::NoTimeout => {
                    self.ms = self.ms.max(due);
                    self.tick();
                }
                _ => {
                    self.ms = until;
                    return;
                }
            }
        }
        panic!("a timer fires again and again");
    }

    /// The whole machine stands still, and finds its timers late.
    pub fn stands_still(&mut self, seconds: u8) {
        self.ms += 1_000 * u64::from(seconds);
        self.heard = self.ms;
        self.tick();
    }

    pub fn room_sends(&mut self, count: usize) {
        for _ in 0..count {
            if !self.ended {
                self.room().send();
            }
        }
    }

    /// The room ends the membership.
    pub fn room_closes(&mut self) {
        let mut room = self.room();
        room.deliver(Delivery::Close(ErrorCode::RoomRestarting));
        room.seat = None;
    }

    pub fn room_takes_up(&mut self, forgets: bool) {
        let flaw = self.flaw;
        self.room().take_up(forgets, flaw);
    }

    pub fn poller_takes_up(&mut self) {
        self.poller_mail();
    }

    pub fn websocket_takes_up(&mut self) {
        self.websocket_mail();
    }

    pub fn answers_one(&mut self) {
        self.answer();
    }

    pub fn client_closes(&mut self) {
        match self.client.switched {
            true => self.websocket_sends("1"),
            false => drop(self.post("1")),
        }
    }

    /// Both actors are told, as both are registered.
    pub fn server_stops(&mut self) {
        let mut room = self.room();
        room.poller.push_back(Mail::Stop(ErrorCode::ShuttingDown));
        room.websocket.push_back(Mail::Stop(ErrorCode::ShuttingDown));
    }

    /// Everything under way arrives.
    pub fn settle(&mut self) {
        for _ in 0..MANY {
            let asked = !self.room().asked.is_empty();
            self.room_takes_up(false);
            let busy = asked | self.poller_mail() | self.websocket_mail() | self.answer();
            if !busy {
                return;
            }
        }
        panic!("it never comes to rest");
    }
}

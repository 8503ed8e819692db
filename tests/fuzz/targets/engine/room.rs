//! The room: numbers what it sends, to whichever carrier has the seat, and hands the seat over when asked.

use super::Flaw;
use comanda::{code::ErrorCode, session::Delivery};
use std::collections::VecDeque;

/// What an actor was sent and has not taken up yet.
#[derive(Debug)]
pub enum Mail {
    Deliver(Delivery),
    /// The session's state was changed from outside.
    Wake,
    /// The room delivers to the WebSocket, or knows no such member.
    Relocated(bool),
    /// The answer to a join.
    Joined(u64),
    Stop(ErrorCode),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    Poller,
    WebSocket,
}

#[derive(Debug, Clone, Copy)]
pub enum Asked {
    Move,
    Join,
}

#[derive(Debug)]
pub struct Room {
    pub head: u64,
    pub seat: Option<Carrier>,
    /// What it was asked and has not taken up yet.
    pub asked: VecDeque<Asked>,
    pub poller: VecDeque<Mail>,
    pub websocket: VecDeque<Mail>,
}

impl Room {
    pub fn new() -> Self {
        let (asked, poller, websocket) = Default::default();
        Self { head: 0, seat: Some(Carrier::Poller), asked, poller, websocket }
    }

    pub fn send(&mut self) {
        self.head += 1;
        self.deliver(Delivery::Head(self.head));
    }

    pub fn deliver(&mut self, delivery: Delivery) {
        match self.seat {
            Some(Carrier::Poller) => self.poller.push_back(Mail::Deliver(delivery)),
            Some(Carrier::WebSocket) => self.websocket.push_back(Mail::Deliver(delivery)),
            None => {}
        }
    }

    /// `forgets`: it was started anew and knows nobody.
    pub fn take_up(&mut self, forgets: bool, flaw: Flaw) {
        match self.asked.pop_front() {
            None => {}
            Some(Asked::Move) => {
                let forgets = forgets || self.seat.is_none();
                self.seat = (!forgets).then_some(Carrier::WebSocket);
                match flaw {
                    Flaw::AnswerOvertakes => self.poller.push_front(Mail::Relocated(!forgets)),
                    _ => self.poller.push_back(Mail::Relocated(!forgets)),
                }
            }
            Some(Asked::Join) => {
                self.seat = Some(Carrier::WebSocket);
                self.websocket.push_back(Mail::Joined(self.head));
            }
        }
    }
}

//! The session on the engine: hands a room's numbers on, takes a client's numbers, and refuses gaps in either.

use bytestring::ByteString;
use comanda::{
    code::ErrorCode,
    domain::{
        ids::{BoardId, RestaurantId, SocketId, UserId},
        principal::{Principal, Role},
    },
    session::{Action, Delivery, Frame, Input, Now, Session},
    wire::event::Vocabulary,
};
use std::time::Instant;

/// One member of one room.
#[derive(Debug)]
pub struct App {
    pub socket: SocketId,
    pub principal: Principal,
    /// Newest number handed on.
    sent: u64,
    /// Newest number of the client.
    heard: u64,
    /// Asked to join again; the newest number that came meanwhile.
    joining: Option<u64>,
}

impl App {
    pub fn new() -> Self {
        let principal = Principal {
            user: UserId(uuid::Uuid::nil()),
            role: Role::Kitchen,
            restaurant: RestaurantId(uuid::Uuid::nil()),
            board: BoardId::DEFAULT,
            login: None,
        };
        Self { socket: SocketId(uuid::Uuid::nil()), principal, sent: 0, heard: 0, joining: None }
    }

    /// Every seventh number is binary.
    fn send(&mut self, number: u64, out: &mut Vec<Action>) {
        self.sent = number;
        out.push(Action::Send(match number % 7 {
            0 => Frame::Binary(number.to_string().into()),
            _ => Frame::Text(format!("4{number}").into()),
        }));
    }

    fn delivered(&mut self, delivery: Delivery, out: &mut Vec<Action>) {
        match (delivery, &mut self.joining) {
            (Delivery::Close(code), _) => out.push(Action::Close(Some(code))),
            (Delivery::Head(number), Some(newest)) => *newest = number.max(*newest),
            (Delivery::Head(number), None) => {
                assert_eq!(number, self.sent + 1, "a delivery was lost, doubled or came early");
                self.send(number, out);
            }
            (Delivery::Events(_), _) => unreachable!("this room has none"),
        }
    }

    fn text(&mut self, text: &ByteString, out: &mut Vec<Action>) {
        let (socket, principal) = (self.socket, self.principal.clone());
        match text.strip_prefix('c').and_then(|number| number.parse().ok()) {
            Some(number) => {
                assert_eq!(self.heard + 1, number, "a client's message was lost, doubled or overtaken");
                self.heard = number;
            }
            None if text == "verify" => out.push(Action::Verify { socket, token: "t".into() }),
            None if text == "read" => out.push(Action::ReadLog {
                socket,
                vocabulary: Vocabulary::Restaurant,
                principal,
                after: 0,
                limit: 1,
                known: None,
            }),
            None => {}
        }
    }
}

impl Session for App {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}

    fn handle(&mut self, _: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) => self.text(&text, out),
            Input::Delivered { delivery, .. } => self.delivered(delivery, out),
            Input::Joined { result: Ok(joined), .. } => {
                let newest = self.joining.take().expect("a join was asked for").max(joined.head);
                for number in self.sent + 1..=newest {
                    self.send(number, out);
                }
            }
            Input::Joined { .. } => out.push(Action::Close(Some(ErrorCode::Overloaded))),
            _ => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        None
    }

    fn moved(&mut self, _: Now, socket: SocketId, out: &mut Vec<Action>) {
        self.joining = Some(self.sent);
        out.push(Action::Join {
            socket,
            sid: socket,
            vocabulary: Vocabulary::Restaurant,
            principal: self.principal.clone(),
            address: None,
            since: None,
        });
    }
}

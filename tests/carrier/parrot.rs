//! A session that says what it hears, and panics when it hears "poison".

use comanda::session::{Action, Frame, Input, Now, Session};
use std::time::Instant;

pub struct Parrot;

impl Session for Parrot {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}

    fn handle(&mut self, _: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) if text == "poison" => panic!("poison"),
            Input::Text(text) => out.push(Action::Send(Frame::Text(text))),
            Input::Binary(bytes) => out.push(Action::Send(Frame::Binary(bytes))),
            Input::Shutdown(code) => out.push(Action::Close(Some(code))),
            _ => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        None
    }
}

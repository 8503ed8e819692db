//! A session that says what it hears, and panics when it hears "poison".

use actix_web::{HttpRequest, HttpResponse, web};
use comanda::{
    domain::ids::SocketId,
    doors::{
        socket::{carrier, effects::Link, kill::KillSwitch, registry::Transport},
        ws,
    },
    session::{Action, Frame, Input, Now, Session},
};
use std::{sync::Arc, time::Instant};

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

/// Its route.
pub async fn parrot(request: HttpRequest, payload: web::Payload, door: web::Data<ws::Door>) -> HttpResponse {
    let link = Link {
        socket: SocketId::generate(),
        transport: Transport::Plain,
        backend: Arc::clone(&door.backend),
        registry: Arc::clone(&door.registry),
        kill: Arc::new(KillSwitch::default()),
    };
    carrier::upgrade(&request, payload, Parrot, link, door.bounds).unwrap()
}

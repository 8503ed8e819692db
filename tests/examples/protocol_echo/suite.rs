//! The application of the Socket.IO suite.
//!
//! Namespaces `/` and `/custom` emit `auth` with what the client sent to get in, `{}` where it sent nothing. In `/` a
//! `message` comes back as `message-back`, and a `message-with-ack` is acknowledged, each with its own arguments.

use comanda::{
    domain::ids::SocketId,
    session::{
        Now,
        socketio::{Application, Context, Event, Socket},
    },
    wire::{json::Json, socketio::Content},
};

pub struct Suite;

/// One client in one namespace.
pub struct Client {
    in_main: bool,
}

impl Application for Suite {
    type Socket = Client;

    fn open(&mut self, namespace: &str, _: SocketId) -> Option<Client> {
        matches!(namespace, "/" | "/custom").then_some(Client { in_main: namespace == "/" })
    }
}

impl Socket for Client {
    fn connect(&mut self, _: Now, auth: Option<&Json>, context: &mut Context<'_>) {
        context.accept(context.socket, None);
        let auth = auth.cloned().unwrap_or_else(|| Json::trusted("{}"));
        context.emit("auth", Content::new(vec![auth]));
    }

    fn event(&mut self, _: Now, event: Event, context: &mut Context<'_>) {
        if !self.in_main {
            return;
        }
        let Content { mut values, attachments } = event.content;
        values.remove(0);
        let content = Content { values, attachments };
        match (event.name.as_ref(), event.ack) {
            ("message", _) => context.emit("message-back", content),
            ("message-with-ack", Some(id)) => context.ack(id, content),
            _ => {}
        }
    }
}

//! The protocol layer with the application that the official conformance suites ask for.

use actix_web::{App, HttpServer};
use comanda::{
    actors::delivery::Member,
    code::ErrorCode,
    config::{
        sections::EngineIo,
        units::{Bytes, Span},
    },
    domain::{
        ids::SocketId,
        principal::Principal,
        stream::{Position, Seq},
    },
    doors::{
        sio::{Directory, Door, configure},
        socket::{
            backend::{Answer, Backend},
            carrier::Bounds,
            registry::SocketRegistry,
        },
    },
    session::{
        Action, Frame, Input, Joined, Now, Page, Session, Verified,
        socketio::{Application, Context, Event, Limits, Socket, SocketIo},
    },
    wire::{guard, json::Json, socketio::Content},
};
use secrecy::SecretString;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

struct Nobody;

impl Backend for Nobody {
    fn verify(&self, _: SecretString) -> Answer<Verified> {
        Box::pin(async { Err(ErrorCode::InvalidToken) })
    }
    fn join(&self, _: Principal, _: Member, _: Option<Position>) -> Answer<Joined> {
        Box::pin(async { Err(ErrorCode::NotFound) })
    }
    fn leave(&self, _: &Principal, _: SocketId) {}
    fn seen(&self, _: &Principal, _: SocketId, _: Seq) {}
    fn page(&self, _: Principal, _: Seq, _: u32) -> Answer<Page> {
        Box::pin(async { Err(ErrorCode::NotFound) })
    }
}

struct Echo;

impl Session for Echo {
    fn opened(&mut self, _: Now, _: &mut Vec<Action>) {}
    fn handle(&mut self, _: Now, input: Input, out: &mut Vec<Action>) {
        match input {
            Input::Text(text) => out.push(Action::Send(Frame::Text(format!("4{text}").into()))),
            Input::Binary(bytes) => out.push(Action::Send(Frame::Binary(bytes))),
            _ => {}
        }
    }
    fn deadline(&self) -> Option<Instant> {
        None
    }
}

struct Suite;
struct SuiteSocket;

impl Application for Suite {
    type Socket = SuiteSocket;
    fn open(&mut self, namespace: &str, _: SocketId) -> Option<SuiteSocket> {
        matches!(namespace, "/" | "/custom").then_some(SuiteSocket)
    }
}

impl Socket for SuiteSocket {
    fn connect(&mut self, _: Now, auth: Option<&Json>, context: &mut Context<'_>) {
        context.accept(context.socket, None);
        let auth = auth.cloned().unwrap_or_else(|| Json::trusted("{}"));
        context.emit("auth", Content::new(vec![auth]));
    }
    fn event(&mut self, _: Now, event: Event, context: &mut Context<'_>) {
        let Content { values, attachments } = event.content;
        let content = Content { values: values[1..].to_vec(), attachments };
        match (event.name.as_ref(), event.ack) {
            ("message", _) => context.emit("message-back", content),
            ("message-with-ack", Some(id)) => context.ack(id, content),
            _ => {}
        }
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port =
        std::env::args().skip_while(|a| a != "--port").nth(1).and_then(|p| p.parse().ok()).unwrap_or(3000);
    let ms = |ms| Span(Duration::from_millis(ms));
    let engine = Arc::new(EngineIo {
        ping_interval: ms(300),
        ping_timeout: ms(200),
        max_payload: Bytes(1_000_000),
        connect_timeout: ms(1000),
        upgrade_timeout: ms(10_000),
    });
    let limits = Limits {
        connect_within: *engine.connect_timeout,
        max_namespaces: 8,
        max_attachments: 10,
        max_attachment_bytes: 1_000_000,
        max_pending_acks: 64,
        ack_within: Duration::from_secs(10),
        msgpack: false,
        events_per_second: 1_000_000,
        events_burst: 1_000_000,
    };
    let bounds = Bounds {
        limits: guard::Limits { max_frame: 1_000_000, max_message: 1_000_000, max_fragments: 1000 },
        mailbox: 256,
    };
    let registry = Arc::new(SocketRegistry::default());
    let echo = Door {
        backend: Arc::new(Nobody),
        registry: registry.clone(),
        directory: Arc::new(Directory::default()),
        origins: Arc::new(|_| true),
        engine: engine.clone(),
        bounds,
        body_within: Duration::from_secs(10),
        open: Arc::new(|_, _| Echo),
    };
    let suite = Door {
        backend: Arc::new(Nobody),
        registry,
        directory: Arc::new(Directory::default()),
        origins: Arc::new(|_| true),
        engine,
        bounds,
        body_within: Duration::from_secs(10),
        open: Arc::new(move |now, _| SocketIo::new(Suite, limits, now)),
    };
    HttpServer::new(move || {
        App::new()
            .configure(configure("/engine.io", echo.clone()))
            .configure(configure("/socket.io", suite.clone()))
    })
    .workers(2)
    .bind(("127.0.0.1", port))?
    .run()
    .await
}

//! An application that asks its clients, is slow, counts what it applied, and sends what is stale soon.

use crate::server::{Server, limits};
use comanda::session::{
    Now,
    socketio::{Application, Context, Event, Limits, Socket, TimedOut},
};
use comanda::{
    domain::stream::Epoch,
    wire::{
        event::WireEvent,
        json::{Json, quote},
        socketio::Content,
    },
};
use jiff::Timestamp;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long `slow` takes: longer than the client waits for one try.
const SLOW: Duration = Duration::from_millis(1_500);

/// Bytes that no socket's buffers hold.
const FILL: usize = 12 << 20;

/// One house's desk; every namespace has one.
#[derive(Clone, Default)]
pub struct Desk {
    /// Events that were handled.
    pub applied: Arc<AtomicUsize>,
}

pub struct Clerk {
    desk: Desk,
    /// Acknowledgements that are due, and when.
    due: Vec<(Instant, u64)>,
}

impl Desk {
    /// A server of this desk, with a long time for the pong.
    pub async fn open(&self, change: impl FnOnce(&mut Limits)) -> Server<Self> {
        let (mut limits, desk) = (limits(), self.clone());
        change(&mut limits);
        Server::hosting(move |_| desk.clone(), limits, Duration::from_secs(10), Duration::from_secs(60)).await
    }
}

impl Application for Desk {
    type Socket = Clerk;

    fn open(&mut self, namespace: &str, _: comanda::domain::ids::SocketId) -> Option<Clerk> {
        matches!(namespace, "/" | "/admin").then(|| Clerk { desk: self.clone(), due: Vec::new() })
    }
}

impl Socket for Clerk {
    fn connect(&mut self, _: Now, _: Option<&Json>, context: &mut Context<'_>) {
        context.accept(context.socket, None);
    }

    fn event(&mut self, now: Now, event: Event, context: &mut Context<'_>) {
        self.desk.applied.fetch_add(1, Ordering::Relaxed);
        let Content { mut values, attachments } = event.content;
        values.remove(0);
        let content = Content { values, attachments };
        match (event.name.as_ref(), event.ack) {
            ("ask-me", _) => {
                let asked = context.emit_with_ack("question", content, Some(Duration::from_millis(800)));
                assert!(asked.is_ok());
            }
            ("slow", Some(id)) => self.due.push((now.mono + SLOW, id)),
            ("echo", Some(id)) => context.ack(id, content),
            ("fill", _) => {
                let text = Json::trusted(quote(&"x".repeat(FILL)));
                context.emit("filled", Content::new(vec![text]));
            }
            ("volatile", _) => context.emit_volatile("stale-soon", content),
            ("deliver", _) => {
                let (epoch, data) = (Epoch("e".into()), r#"{"seq":7}"#.to_owned());
                let event = WireEvent::new(epoch, 7, Uuid::nil(), Timestamp::UNIX_EPOCH, "order.new", data);
                context.deliver(&event, None);
            }
            _ => {}
        }
    }

    fn answered(&mut self, _: Now, _: u64, answer: Result<Content, TimedOut>, context: &mut Context<'_>) {
        match answer {
            Ok(content) => context.emit("heard", content),
            Err(late) => {
                let late = Json::trusted(quote(&late.to_string()));
                context.emit("not-heard", Content::new(vec![late]));
            }
        }
    }

    fn tick(&mut self, now: Now, context: &mut Context<'_>) {
        let applied = self.desk.applied.load(Ordering::Relaxed);
        self.due.retain(|&(at, id)| {
            if at <= now.mono {
                context.ack(id, Content::new(vec![Json::trusted(applied.to_string())]));
            }
            at > now.mono
        });
    }

    fn deadline(&self) -> Option<Instant> {
        self.due.iter().map(|&(at, _)| at).min()
    }
}

//! An event stream: a response that goes on, and the actor that feeds it.

use crate::doors::socket::{
    backend::Backend,
    connect,
    effects::{Driver, Effects, Link},
    registry::{SocketRegistry, Transport},
};
use crate::{
    actors::{
        delivery::{Deliver, Stop},
        queue::{Capacity, Place},
    },
    domain::{
        ids::SocketId,
        stream::{Position, Seq},
    },
    session::{
        Action, Frame, Input, Now, Session, Verified, cursor, event_stream::EventStream, plain::Settings,
    },
    telemetry::metrics::Eviction,
    wire::sse as wire,
};
use actix::{Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, fut::wrap_future};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Bytes, BytesMut},
};
use futures_util::stream;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::mpsc::{self, error::TrySendError};

/// Chunks that may wait for the connection. A chunk is a commit or a page; one page at most is among them.
const CHUNKS: usize = 256;
/// A reader that has not once taken all that waited for it in this time is cut off, in all within 10 s.
const STALLED: Duration = Duration::from_secs(6);

/// The position in `Last-Event-ID`: `epoch:seq`, or a bare seq. Anything else counts as absent.
pub fn last_event_id(request: &HttpRequest) -> Option<Position> {
    let text = request.headers().get("last-event-id")?.to_str().ok()?.trim();
    text.parse().ok().or_else(|| text.parse::<Seq>().ok().map(cursor::bare))
}

/// Opens event streams.
#[derive(Clone)]
pub struct Stream {
    pub backend: Arc<dyn Backend>,
    pub registry: Arc<SocketRegistry>,
    pub settings: Arc<Settings>,
    /// What may wait for one stream's actor from rooms.
    pub mailbox: Capacity,
}

impl Stream {
    /// Answers with what follows `since`, until the token expires, the reader leaves or is too slow.
    pub fn open(&self, request: &HttpRequest, verified: Verified, since: Option<Position>) -> HttpResponse {
        let socket = SocketId::generate();
        let Settings { heartbeat, max_replay_bytes, .. } = *self.settings;
        let link = Link {
            socket,
            transport: Transport::EventStream,
            backend: Arc::clone(&self.backend),
            registry: Arc::clone(&self.registry),
            kill: connect::kill_switch(request),
        };
        let (sender, receiver) = mpsc::channel(CHUNKS);
        let carrier = Carrier {
            session: EventStream::new(socket, verified, since, heartbeat, max_replay_bytes, Now::read()),
            effects: Effects::new(link, self.mailbox),
            mailbox: self.mailbox,
            sender,
            place: None,
            behind_since: None,
            timer: None,
        };
        carrier.start();
        let body = stream::unfold(receiver, |mut receiver| async {
            let (chunk, _place): Chunk = receiver.recv().await?;
            Some((Ok::<_, actix_web::Error>(chunk), receiver))
        });
        HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            // A compressor, ours or a proxy's, would hold events back.
            .insert_header(header::ContentEncoding::Identity)
            .insert_header(("x-accel-buffering", "no"))
            .streaming(body)
    }
}

/// What the reader gets next, and its place in the queue, where a room sent it: held until the connection takes it.
type Chunk = (Bytes, Option<Place>);

/// One event stream.
struct Carrier {
    session: EventStream,
    effects: Effects,
    mailbox: Capacity,
    sender: mpsc::Sender<Chunk>,
    /// Of the delivery that is being handled.
    place: Option<Place>,
    /// Since when something waits for the reader, seen at timers.
    behind_since: Option<Instant>,
    timer: Option<Instant>,
}

impl Carrier {
    fn step(&mut self, ctx: &mut Context<Self>, act: impl FnOnce(&mut EventStream, Now, &mut Vec<Action>)) {
        let mut actions = Vec::new();
        act(&mut self.session, Now::read(), &mut actions);
        let mut chunk = BytesMut::new();
        let mut last = None;
        for action in actions {
            match action {
                Action::Send(Frame::Text(text)) => chunk.extend_from_slice(text.as_bytes()),
                Action::Send(_) => {}
                Action::Close(code) => last = Some(code.map_or("SERVER_CLOSED", |code| code.name())),
                read @ Action::ReadLog { .. } => self.read_when_taken(read, ctx),
                other => self.effects.perform::<Self>(other, ctx),
            }
        }
        if let Some(reason) = last {
            self.effects.ends(reason);
            chunk.extend_from_slice(wire::farewell(reason).as_bytes());
        }
        // While something waits, it is not silent, and a comment would only queue up. The last one is no such comment.
        let idle = last.is_none() && chunk.first() == Some(&b':');
        if !(idle && self.is_behind()) {
            self.send(chunk.freeze(), ctx);
        }
        if last.is_some() {
            ctx.stop();
        }
        self.arm(ctx);
    }

    fn send(&mut self, chunk: Bytes, ctx: &mut Context<Self>) {
        if chunk.is_empty() {
            return;
        }
        match self.sender.try_send((chunk, self.place.take())) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.cut(Eviction::OutboxFull, ctx),
            Err(TrySendError::Closed(_)) => ctx.stop(),
        }
    }

    /// Asks for the next page of a replay when the last one has left.
    fn read_when_taken(&mut self, read: Action, ctx: &mut Context<Self>) {
        let sender = self.sender.clone();
        let taken = async move { drop(sender.reserve_many(CHUNKS).await) };
        let taken = wrap_future::<_, Self>(taken);
        ctx.spawn(taken.map(|(), carrier, ctx| carrier.effects.perform::<Self>(read, ctx)));
    }

    fn is_behind(&self) -> bool {
        self.sender.capacity() < CHUNKS
    }

    fn cut(&mut self, reason: Eviction, ctx: &mut Context<Self>) {
        self.effects.evicted(reason);
        self.effects.ends("SLOW_CONSUMER");
        self.effects.kill();
        ctx.stop();
    }

    fn arm(&mut self, ctx: &mut Context<Self>) {
        let Some(deadline) = self.session.deadline() else { return };
        if self.timer.is_some_and(|at| at <= deadline) {
            return;
        }
        self.timer = Some(deadline);
        ctx.run_later(deadline.saturating_duration_since(Instant::now()), move |carrier, ctx| {
            // A timer that a nearer one overtook.
            if carrier.timer != Some(deadline) {
                return;
            }
            carrier.timer = None;
            carrier.look_behind(ctx);
            carrier.drive(Input::Tick, ctx);
        });
    }

    fn look_behind(&mut self, ctx: &mut Context<Self>) {
        let now = Instant::now();
        if !self.is_behind() {
            self.behind_since = None;
        } else if now - *self.behind_since.get_or_insert(now) >= STALLED {
            self.cut(Eviction::Stalled, ctx);
        }
    }
}

impl Actor for Carrier {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.mailbox.events);
        self.effects.register::<Self>(ctx);
        let sender = self.sender.clone();
        let gone = async move { sender.closed().await };
        ctx.spawn(wrap_future::<_, Self>(gone).map(|(), carrier, ctx| {
            carrier.effects.ends("CLIENT_CLOSED");
            ctx.stop();
        }));
        self.step(ctx, |session, now, out| session.opened(now, out));
    }
}

impl Driver for Carrier {
    fn drive(&mut self, input: Input, ctx: &mut Self::Context) {
        self.step(ctx, |session, now, out| session.handle(now, input, out));
    }
}

impl Handler<Deliver> for Carrier {
    type Result = ();

    fn handle(&mut self, Deliver { socket, delivery, place }: Deliver, ctx: &mut Self::Context) {
        self.place = Some(place);
        self.drive(Input::Delivered { socket, delivery }, ctx);
        self.place = None;
    }
}

impl Handler<Stop> for Carrier {
    type Result = ();

    fn handle(&mut self, Stop(code): Stop, ctx: &mut Self::Context) {
        self.drive(Input::Shutdown(code), ctx);
    }
}

//! The actor that carries a session over a WebSocket: the one file that names actix-web-actors.
//!
//! Its authors call that crate deprecated, and it leaves much to us: a guard in front of its codec, joining fragments,
//! answering Close, ending after an error (an `Err` that is not followed by `stop` spins a core), reading on until the
//! peer has our close frame. While the peer does not read, this actor is not polled at all: see `registry` and `kill`.

use super::{
    assembly::{Assembly, NotText, Whole},
    connect,
    effects::{Driver, Effects, Heir, Link, Ready},
    farewell::Farewell,
    guarded::{Guarded, Verdict},
};
use crate::{
    actors::delivery::{Deliver, Stop},
    code::ErrorCode,
    session::{Action, Frame, Input, Now, Session, limits::Bucket, load::Capacity},
    wire::guard::{Limits, Refusal},
};
use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, Handler, SpawnHandle, StreamHandler, fut::wrap_future,
};
use actix_http::ws::Item;
use actix_web::{Error, HttpRequest, HttpResponse, web::Payload};
use actix_web_actors::ws::{self, Message, ProtocolError, WebsocketContext, WsResponseBuilder};
use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

/// From our Close to the connection's end, where the peer does not answer it. A round trip and no more.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// A timer this late was held up by the peer, not by a busy machine.
const HELD_UP: Duration = Duration::from_millis(500);

/// Pings a peer may send: a second, and at once. Each costs a Pong; conformance suites send ten in a row.
const PINGS: (u32, u32) = (10, 100);

thread_local! {
    /// Actions on their way from a session to its carrier: one buffer a thread, so that a delivery allocates nothing.
    static ACTIONS: RefCell<Vec<Action>> = const { RefCell::new(Vec::new()) };
}

/// What a WebSocket may cost.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub limits: Limits,
    /// What may wait for it from rooms.
    pub mailbox: Capacity,
}

/// Answers an upgrade request and starts the actor. The session's kill switch is the request's connection's.
///
/// # Errors
/// The request is no WebSocket handshake (RFC 6455 §4.2.1).
pub fn upgrade<S: Session>(
    request: &HttpRequest,
    payload: Payload,
    session: S,
    link: Link,
    bounds: Bounds,
) -> Result<HttpResponse, Error> {
    inherit(request, payload, session, link, bounds, None)
}

/// The same for a session that another carrier has: `heir` is told where this one is reached.
pub fn inherit<S: Session>(
    request: &HttpRequest,
    payload: Payload,
    session: S,
    mut link: Link,
    bounds: Bounds,
    heir: Option<Heir>,
) -> Result<HttpResponse, Error> {
    link.kill = connect::kill_switch(request);
    let guarded = Guarded::new(payload, bounds.limits);
    let carrier = Carrier {
        session,
        effects: Effects::new(link, bounds.mailbox),
        mailbox: bounds.mailbox,
        assembly: Assembly::default(),
        pings: Bucket::new(PINGS.0, PINGS.1, Instant::now()),
        verdict: guarded.verdict(),
        heir,
        timer: None,
        ended: false,
    };
    let max_frame = usize::try_from(bounds.limits.max_frame).unwrap_or(usize::MAX);
    WsResponseBuilder::new(carrier, request, guarded).frame_size(max_frame).start()
}

/// One WebSocket.
struct Carrier<S: Session> {
    session: S,
    effects: Effects,
    mailbox: Capacity,
    assembly: Assembly,
    pings: Bucket,
    verdict: Verdict<Payload>,
    heir: Option<Heir>,
    /// The one timer, at or before the session's deadline: it is moved only when it fires, because deadlines move on
    /// with every frame.
    timer: Option<(Instant, SpawnHandle)>,
    /// Our Close was sent; what comes is thrown away.
    ended: bool,
}

fn send<S: Session>(frame: Frame, ctx: &mut Ctx<S>) {
    trace_out(&frame);
    match frame {
        Frame::Text(text) => ctx.text(text),
        Frame::Binary(bytes) => ctx.binary(bytes),
        Frame::Ping => ctx.ping(b""),
    }
}

/// Under the codecs' own name, so that one filter shows both directions; sizes only.
fn trace_out(frame: &Frame) {
    let (kind, bytes) = match frame {
        Frame::Text(text) => ("text", text.len()),
        Frame::Binary(bytes) => ("binary", bytes.len()),
        Frame::Ping => ("ping", 0),
    };
    tracing::trace!(target: "comanda::wire", kind, bytes, "websocket frame out");
}

type Ctx<S> = WebsocketContext<Carrier<S>>;

impl<S: Session> Carrier<S> {
    fn step(&mut self, ctx: &mut Ctx<S>, act: impl FnOnce(&mut S, Now, &mut Vec<Action>)) {
        if self.ended {
            return;
        }
        let mut actions = ACTIONS.take();
        act(&mut self.session, Now::read(), &mut actions);
        for action in actions.drain(..) {
            match action {
                Action::Send(frame) => send(frame, ctx),
                Action::Volatile(_) if self.is_backed_up() => {}
                Action::Volatile(frames) => frames.into_iter().for_each(|frame| send(frame, ctx)),
                Action::Close(code) => {
                    self.finish(code, ctx);
                    break;
                }
                other => self.effects.perform::<Self>(other, ctx),
            }
        }
        ACTIONS.set(actions);
        self.arm(ctx);
    }

    /// Whether the peer has not taken what was sent before. This actor runs only while the connection's buffer is below
    /// its high-water mark; one that was held up wakes to an overdue timer. More than that cannot be known here.
    fn is_backed_up(&self) -> bool {
        self.timer.is_some_and(|(at, _)| at + HELD_UP < Instant::now())
    }

    fn finish(&mut self, code: Option<ErrorCode>, ctx: &mut Ctx<S>) {
        self.effects.ends(code.map_or("SERVER_CLOSED", |code| code.name()));
        self.close(Farewell::new(code, self.effects.socket()), ctx);
    }

    fn close(&mut self, farewell: Farewell, ctx: &mut Ctx<S>) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let Farewell { code, reason } = farewell;
        ctx.close(Some(ws::CloseReason { code: code.into(), description: Some(reason) }));
        self.effects.leave_all();
        self.cancel_timer(ctx);
        self.effects.due(Instant::now() + CLOSE_WITHIN);
        ctx.run_later(CLOSE_WITHIN, |carrier, ctx| {
            carrier.effects.kill();
            ctx.stop();
        });
    }

    fn arm(&mut self, ctx: &mut Ctx<S>) {
        let Some(deadline) = self.session.deadline().filter(|_| !self.ended) else { return };
        if self.timer.is_some_and(|(at, _)| at <= deadline) {
            return;
        }
        self.cancel_timer(ctx);
        let wait = deadline.saturating_duration_since(Instant::now());
        let handle = ctx.run_later(wait, |carrier, ctx| {
            carrier.timer = None;
            if carrier.session.deadline().is_some_and(|deadline| deadline <= Instant::now()) {
                carrier.drive(Input::Tick, ctx);
            } else {
                carrier.arm(ctx);
            }
        });
        self.timer = Some((deadline, handle));
        self.effects.due(deadline);
    }

    fn cancel_timer(&mut self, ctx: &mut Ctx<S>) {
        if let Some((_, handle)) = self.timer.take() {
            ctx.cancel_future(handle);
        }
    }

    fn continuation(&mut self, item: Item, ctx: &mut Ctx<S>) {
        let whole = match item {
            Item::FirstText(fragment) => self.assembly.begin(true, &fragment).map(|()| None),
            Item::FirstBinary(fragment) => self.assembly.begin(false, &fragment).map(|()| None),
            Item::Continue(fragment) => self.assembly.go_on(&fragment).map(|()| None),
            Item::Last(fragment) => self.assembly.finish(&fragment).map(Some),
        };
        match whole {
            Ok(None) => {}
            Ok(Some(Whole::Text(text))) => self.drive(Input::Text(text), ctx),
            Ok(Some(Whole::Binary(bytes))) => self.drive(Input::Binary(bytes), ctx),
            Err(NotText) => self.close(Farewell::invalid_text(), ctx),
        }
    }

    fn closed_by_peer(&mut self, reason: Option<ws::CloseReason>, ctx: &mut Ctx<S>) {
        if !self.ended {
            self.ended = true;
            self.effects.ends("CLIENT_CLOSED");
            // The peer's own code, and no reason (RFC 6455 §5.5.1).
            ctx.close(reason.map(|reason| ws::CloseReason { code: reason.code, description: None }));
        }
        self.effects.kill_soon();
        ctx.stop();
    }
}

impl<S: Session> Actor for Carrier<S> {
    type Context = WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.mailbox.events);
        self.effects.register::<Self>(ctx);
        if let Some(heir) = self.heir.take() {
            self.effects.inherits::<Self>(&heir, ctx);
        }
        self.step(ctx, |session, now, out| session.opened(now, out));
    }
}

impl<S: Session> Driver for Carrier<S> {
    fn drive(&mut self, input: Input, ctx: &mut Self::Context) {
        self.step(ctx, |session, now, out| session.handle(now, input, out));
    }
}

impl<S: Session> Handler<Deliver> for Carrier<S> {
    type Result = ();

    fn handle(&mut self, Deliver { socket, delivery, place: _place }: Deliver, ctx: &mut Self::Context) {
        self.drive(Input::Delivered { socket, delivery }, ctx);
    }
}

impl<S: Session> Handler<Ready> for Carrier<S> {
    type Result = ();

    fn handle(&mut self, _: Ready, ctx: &mut Self::Context) {
        self.drive(Input::Tick, ctx);
    }
}

impl<S: Session> Handler<Stop> for Carrier<S> {
    type Result = ();

    fn handle(&mut self, Stop(code): Stop, ctx: &mut Self::Context) {
        self.drive(Input::Shutdown(code), ctx);
    }
}

impl<S: Session> StreamHandler<Result<Message, ProtocolError>> for Carrier<S> {
    fn handle(&mut self, message: Result<Message, ProtocolError>, ctx: &mut Self::Context) {
        match message {
            Ok(Message::Close(reason)) => self.closed_by_peer(reason, ctx),
            _ if self.ended => {}
            Ok(Message::Text(text)) => self.drive(Input::Text(text), ctx),
            Ok(Message::Binary(bytes)) => self.drive(Input::Binary(bytes), ctx),
            Ok(Message::Continuation(item)) => self.continuation(item, ctx),
            Ok(Message::Ping(bytes)) if self.pings.take(Instant::now()) => ctx.pong(&bytes),
            Ok(Message::Ping(_)) => self.finish(Some(ErrorCode::Flood), ctx),
            Ok(Message::Pong(_)) => self.drive(Input::Pong, ctx),
            Ok(Message::Nop) => {}
            // The guard lets no input-output error through: what is left under this name is a text that is none.
            Err(ProtocolError::Io(_)) => self.close(Farewell::invalid_text(), ctx),
            Err(_) => self.close(Farewell::refusal(Refusal::Protocol("bad frame")), ctx),
        }
    }

    /// The guarded stream ended: with the connection, or at a frame that was refused.
    fn finished(&mut self, ctx: &mut Self::Context) {
        let Some(refused) = self.verdict.borrow_mut().take() else { return ctx.stop() };
        self.effects.ends("REFUSED_FRAME");
        self.close(Farewell::refusal(refused.refusal), ctx);
        ctx.spawn(wrap_future::<_, Self>(refused.drain()).map(|(), _, ctx| ctx.stop()));
    }
}

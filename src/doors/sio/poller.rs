//! The actor of a session on long-polling: hands requests in and answers out, keeps its timer, carries out its effects.

use super::directory::{Directory, lock};
use crate::{
    actors::{
        delivery::{Deliver, Kill, Stop},
        queue::Capacity,
    },
    code::ErrorCode,
    domain::ids::SocketId,
    doors::socket::effects::{Driver, Effects, Heir},
    session::{
        Input, Now, Session,
        engine::polling::{Act, Answer, Polling, Ticket},
    },
    telemetry::metrics::Eviction,
};
use actix::{
    Actor, ActorContext, AsyncContext, Context, Handler, Message, Recipient, SpawnHandle, fut::wrap_future,
};
use bytestring::ByteString;
use smallvec::SmallVec;
use std::{
    mem,
    sync::{Arc, Mutex},
    time::Instant,
};
use tokio::sync::oneshot;

/// A GET; the first one opens the session.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Get {
    pub ticket: Ticket,
    pub opens: bool,
    pub reply: oneshot::Sender<Answer>,
}

/// A GET's answer did not reach its request.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Cancelled;

/// A POST's body; answered with true for `ok`, false for 400.
#[derive(Debug, Message)]
#[rtype(result = "bool")]
pub struct Post(pub ByteString);

/// A request broke the protocol before it could be read.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Broken;

/// The state was changed from outside.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Wake;

/// A WebSocket has probed the session: this one is to have it.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Probed(pub Heir);

/// From the actor to itself, behind all that was delivered before: these sockets' rooms deliver to the WebSocket.
#[derive(Debug, Message)]
#[rtype(result = "()")]
struct Relocated(Vec<SocketId>);

/// Ends a session that a room gives up; there is no connection to cut.
pub struct PollerKill(pub Recipient<Stop>);

impl Kill for PollerKill {
    fn kill(&self) {
        self.0.do_send(Stop(ErrorCode::SlowConsumer));
    }
}

/// One session on long-polling, until it ends or moves.
pub struct Poller<S: Session> {
    pub sid: ByteString,
    pub directory: Arc<Directory<S>>,
    pub state: Arc<Mutex<Polling<S>>>,
    pub effects: Effects,
    pub mailbox: Capacity,
    replies: SmallVec<[(Ticket, oneshot::Sender<Answer>); 1]>,
    acts: Vec<Act>,
    /// At or before the session's deadline; moved only when it fires.
    timer: Option<(Instant, SpawnHandle)>,
    moved: bool,
    heir: Heir,
    /// Told to end from outside: by the server's stop, or by a room, which has counted it.
    stopped: bool,
}

impl<S: Session> Poller<S> {
    pub fn new(
        sid: ByteString,
        directory: Arc<Directory<S>>,
        state: Arc<Mutex<Polling<S>>>,
        effects: Effects,
        mailbox: Capacity,
    ) -> Self {
        Self {
            sid,
            directory,
            state,
            effects,
            mailbox,
            replies: SmallVec::new(),
            acts: Vec::new(),
            timer: None,
            moved: false,
            heir: Heir::default(),
            stopped: false,
        }
    }

    fn step<T>(
        &mut self,
        ctx: &mut Context<Self>,
        call: impl FnOnce(&mut Polling<S>, Now, &mut Vec<Act>) -> T,
    ) -> T {
        let mut acts = mem::take(&mut self.acts);
        let (result, deadline) = {
            let mut state = lock(&self.state);
            let result = call(&mut state, Now::read(), &mut acts);
            (result, state.deadline())
        };
        for act in acts.drain(..) {
            match act {
                Act::Answer(ticket, answer) => self.reply(ticket, answer),
                Act::Do(action) => self.effects.perform::<Self>(action, ctx),
                Act::End(code) => {
                    if code == Some(ErrorCode::SlowConsumer) && !self.stopped {
                        self.effects.evicted(Eviction::OutboxFull);
                    }
                    self.effects.ends(code.map_or("CLIENT_CLOSED", |code| code.name()));
                    ctx.stop();
                }
                Act::HandOver => self.relocate(ctx),
                Act::Ready => self.heir.call(),
                Act::Moved => {
                    self.lets_go();
                    ctx.stop();
                }
            }
        }
        self.acts = acts;
        self.arm(deadline, ctx);
        result
    }

    /// Its answer comes by the mailbox, not as a future's: the mailbox is in order.
    fn relocate(&mut self, ctx: &mut Context<Self>) {
        let (moved, me) = (self.effects.relocate(&self.heir), ctx.address());
        let told = async move { me.do_send(Relocated(moved.await)) };
        ctx.spawn(wrap_future::<_, Self>(told));
    }

    fn lets_go(&mut self) {
        self.moved = true;
        self.effects.hand_over();
    }

    fn reply(&mut self, ticket: Ticket, answer: Answer) {
        if let Some(index) = self.replies.iter().position(|(number, _)| *number == ticket) {
            // Where the request is gone it says so itself, and the session ends.
            let _ = self.replies.swap_remove(index).1.send(answer);
        }
    }

    fn arm(&mut self, deadline: Option<Instant>, ctx: &mut Context<Self>) {
        let Some(deadline) = deadline else { return };
        if self.timer.is_some_and(|(at, _)| at <= deadline) {
            return;
        }
        if let Some((_, handle)) = self.timer.take() {
            ctx.cancel_future(handle);
        }
        let wait = deadline.saturating_duration_since(Instant::now());
        let handle = ctx.run_later(wait, |poller, ctx| {
            poller.timer = None;
            poller.drive(Input::Tick, ctx);
        });
        self.timer = Some((deadline, handle));
    }
}

impl<S: Session> Drop for Poller<S> {
    fn drop(&mut self) {
        // However this ends: the WebSocket that has the session has its memberships.
        if !self.moved && lock(&self.state).has_moved() {
            self.lets_go();
        }
        // Once moved, the WebSocket keeps the entry, so that the id stays refused in the way clients expect.
        if !self.moved {
            self.directory.remove(&self.sid);
            self.heir.call();
        }
    }
}

impl<S: Session> Actor for Poller<S> {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.mailbox.events);
        self.effects.register::<Self>(ctx);
    }
}

impl<S: Session> Driver for Poller<S> {
    fn drive(&mut self, input: Input, ctx: &mut Self::Context) {
        self.step(ctx, |state, now, acts| state.input(now, input, acts));
    }
}

impl<S: Session> Handler<Get> for Poller<S> {
    type Result = ();

    fn handle(&mut self, Get { ticket, opens, reply }: Get, ctx: &mut Self::Context) {
        self.replies.push((ticket, reply));
        self.step(ctx, |state, now, acts| match opens {
            true => state.open(now, ticket, acts),
            false => state.get(now, ticket, acts),
        });
    }
}

impl<S: Session> Handler<Cancelled> for Poller<S> {
    type Result = ();

    fn handle(&mut self, _: Cancelled, ctx: &mut Self::Context) {
        self.step(ctx, Polling::cancelled);
    }
}

impl<S: Session> Handler<Post> for Poller<S> {
    type Result = bool;

    fn handle(&mut self, Post(body): Post, ctx: &mut Self::Context) -> bool {
        self.step(ctx, |state, now, acts| state.post(now, &body, acts))
    }
}

impl<S: Session> Handler<Broken> for Poller<S> {
    type Result = ();

    fn handle(&mut self, _: Broken, ctx: &mut Self::Context) {
        self.step(ctx, Polling::fail);
    }
}

impl<S: Session> Handler<Wake> for Poller<S> {
    type Result = ();

    fn handle(&mut self, _: Wake, ctx: &mut Self::Context) {
        self.drive(Input::Tick, ctx);
    }
}

impl<S: Session> Handler<Probed> for Poller<S> {
    type Result = ();

    fn handle(&mut self, Probed(heir): Probed, ctx: &mut Self::Context) {
        self.heir = heir;
        self.drive(Input::Tick, ctx);
    }
}

impl<S: Session> Handler<Relocated> for Poller<S> {
    type Result = ();

    fn handle(&mut self, Relocated(moved): Relocated, ctx: &mut Self::Context) {
        let seats = self.effects.seats(&moved);
        self.step(ctx, |state, _, acts| state.handed_over(seats, acts));
    }
}

impl<S: Session> Handler<Deliver> for Poller<S> {
    type Result = ();

    fn handle(&mut self, Deliver { socket, delivery, place: _place }: Deliver, ctx: &mut Self::Context) {
        self.drive(Input::Delivered { socket, delivery }, ctx);
    }
}

impl<S: Session> Handler<Stop> for Poller<S> {
    type Result = ();

    fn handle(&mut self, Stop(code): Stop, ctx: &mut Self::Context) {
        self.stopped = true;
        self.drive(Input::Shutdown(code), ctx);
    }
}

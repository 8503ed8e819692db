//! Carries out what a session asks of the house, for whichever actor carries it.

mod handover;

pub use handover::{Heir, Ready};

use super::{
    backend::Backend,
    registry::{Registration, SocketRegistry, Transport},
};
use crate::{
    actors::{
        delivery::{Deliver, Kill, Member, Stop},
        queue::{Capacity, Queue},
    },
    code::ErrorCode,
    domain::{ids::SocketId, principal::Principal, stream::Position},
    flaws::{self, Flaw},
    session::{Action, Input, Page},
    telemetry::metrics::Eviction,
};
use actix::{Actor, ActorFutureExt, AsyncContext, Handler, dev::ToEnvelope, fut::wrap_future};
use futures_util::future::LocalBoxFuture;
use smallvec::SmallVec;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

/// From the answer to a peer's Close to the connection's end: the dispatcher writes it in its very next step.
const LAST_FRAME: Duration = Duration::from_millis(50);
/// The same where the peer has yet to take what was sent before it.
const LAST_FRAMES: Duration = Duration::from_secs(1);

/// An actor that drives a session.
pub trait Driver: Actor {
    fn drive(&mut self, input: Input, ctx: &mut Self::Context);
}

/// What a door hands to the actor of a new socket.
#[derive(Clone)]
pub struct Link {
    pub socket: SocketId,
    pub transport: Transport,
    pub backend: Arc<dyn Backend>,
    pub registry: Arc<SocketRegistry>,
    pub kill: Arc<dyn Kill>,
}

/// A room that was asked for.
struct Membership {
    socket: SocketId,
    principal: Principal,
    /// Gone when it is left: a join that is answered only then is undone.
    stays: Rc<()>,
}

/// A socket's ties to the house. They are undone when this is dropped, also while a panic unwinds: a room never keeps
/// a ghost.
pub struct Effects {
    link: Link,
    queue: Queue,
    registration: Option<Registration>,
    memberships: SmallVec<[Membership; 1]>,
    /// Why the socket ended, for the log.
    reason: Option<&'static str>,
}

impl Effects {
    /// Rooms put so much into its mailbox.
    pub fn new(link: Link, mailbox: Capacity) -> Self {
        let queue = Queue::new(mailbox);
        Self { link, queue, registration: None, memberships: SmallVec::new(), reason: None }
    }

    pub fn socket(&self) -> SocketId {
        self.link.socket
    }

    /// The actor has started.
    pub fn register<A>(&mut self, ctx: &mut A::Context)
    where
        A: Actor + Handler<Stop>,
        A::Context: AsyncContext<A> + ToEnvelope<A, Stop>,
    {
        let Link { socket, transport, registry, kill, .. } = &self.link;
        let stop = ctx.address().recipient();
        self.registration = Some(registry.register(*socket, *transport, stop, Arc::clone(kill)));
    }

    /// See [`Registration::due`].
    pub fn due(&self, at: Instant) {
        if let Some(registration) = &self.registration {
            registration.due(at);
        }
    }

    /// The actor itself lets go of a socket that does not keep up.
    pub fn evicted(&self, reason: Eviction) {
        self.link.registry.evicted(reason);
    }

    pub fn kill(&self) {
        self.link.kill.kill();
    }

    /// Ends the connection once the last frame had time to leave. RFC 6455 §7.1.1 has the server close first; the
    /// dispatcher by itself would wait a second for the peer to do so.
    pub fn kill_soon(&self) {
        let kill = Arc::clone(&self.link.kill);
        actix::spawn(async move {
            let end = Instant::now() + LAST_FRAMES;
            tokio::time::sleep(LAST_FRAME).await;
            while kill.is_backed_up() && Instant::now() < end {
                tokio::time::sleep(LAST_FRAME).await;
            }
            kill.kill();
        });
    }

    /// Names the reason of the end; the first one counts.
    pub fn ends(&mut self, reason: &'static str) {
        self.reason.get_or_insert(reason);
    }

    /// Does everything but sending and closing, which are the actor's own.
    pub fn perform<A>(&mut self, action: Action, ctx: &mut A::Context)
    where
        A: Driver + Handler<Deliver>,
        A::Context: AsyncContext<A> + ToEnvelope<A, Deliver>,
    {
        let backend = &self.link.backend;
        match action {
            Action::Send(_) | Action::Volatile(_) | Action::Close(_) => {}
            Action::Verify { socket, token } => {
                let answer = backend.verify(token);
                answered::<A, _, _>(answer, ctx, move |result| Input::Verified { socket, result });
            }
            Action::Join { socket, sid, vocabulary, principal, address, since } => {
                let recipient = ctx.address().recipient();
                let (transport, kill) = (self.link.transport, Arc::clone(&self.link.kill));
                let queue = self.queue.clone();
                let member = Member { socket, sid, vocabulary, address, transport, recipient, queue, kill };
                self.join::<A>(member, principal, since, ctx);
            }
            Action::Execute { socket, principal, asked, ack } => {
                let event = asked.event.clone();
                let answer = backend.execute(principal, asked);
                let input = move |result| Input::Executed { socket, event, ack, result };
                answered::<A, _, _>(answer, ctx, input);
            }
            Action::Account { socket, asked, ack } => {
                let event = asked.event.clone();
                let answer = backend.account(asked);
                let input = move |result| Input::Account { socket, event, ack, result };
                answered::<A, _, _>(answer, ctx, input);
            }
            Action::Adopt { socket, principal } => self.adopt(socket, principal),
            Action::Leave { socket, code } => {
                let left = self.memberships.iter().position(|member| member.socket == socket);
                if let Some(left) = left.map(|index| self.memberships.swap_remove(index)) {
                    self.leave(left, code.map_or("LEFT", ErrorCode::name));
                }
            }
            Action::ReadLog { socket, known: Some(page), .. } => {
                self.link.registry.ring_page();
                // Not in this turn: the connection takes first what was sent in it, and asks for more when it can.
                let answer = async move {
                    tokio::task::yield_now().await;
                    Ok::<_, ErrorCode>(Page::Events(Some(page)))
                };
                answered::<A, _, _>(Box::pin(answer), ctx, move |result| Input::Page { socket, result });
            }
            Action::ReadLog { socket, vocabulary, principal, after, limit, known: None } => {
                let answer = backend.page(vocabulary, principal, after, limit);
                answered::<A, _, _>(answer, ctx, move |result| Input::Page { socket, result });
            }
            Action::Welcomed { socket, recovered } => self.welcomed(socket, recovered),
            Action::Seen { socket, seq } => {
                if let Some(member) = self.membership(socket) {
                    backend.seen(&member.principal, socket, seq);
                }
            }
        }
    }

    fn join<A>(&mut self, member: Member, principal: Principal, since: Option<Position>, ctx: &mut A::Context)
    where
        A: Driver + Handler<Deliver>,
        A::Context: AsyncContext<A> + ToEnvelope<A, Deliver>,
    {
        let socket = member.socket;
        let stays = match self.memberships.iter_mut().find(|member| member.socket == socket) {
            // In again with a newer token.
            Some(known) => {
                known.principal.clone_from(&principal);
                Rc::downgrade(&known.stays)
            }
            None => {
                self.link.registry.connected(socket);
                let stays = Rc::new(());
                let known = Rc::downgrade(&stays);
                self.memberships.push(Membership { socket, principal: principal.clone(), stays });
                known
            }
        };
        let backend = Arc::clone(&self.link.backend);
        let joining = backend.join(principal.clone(), member, since);
        let answer = async move {
            let joined = joining.await;
            // The leave may have come to the room before the join did.
            if stays.strong_count() == 0 {
                backend.leave(&principal, socket);
            }
            joined
        };
        answered::<A, _, _>(Box::pin(answer), ctx, move |result| Input::Joined { socket, result });
    }

    /// `recovered`: its client has, or is about to get, everything that it missed.
    fn welcomed(&self, socket: SocketId, recovered: bool) {
        self.says(socket, Some(recovered), "socket connected");
    }

    fn says(&self, socket: SocketId, recovered: Option<bool>, what: &str) {
        let Some(Membership { principal, .. }) = self.membership(socket) else { return };
        tracing::info!(
            session.id = %socket,
            user.id = %principal.user,
            restaurant.id = %principal.restaurant,
            transport = self.link.transport.label(),
            recovered,
            total = self.link.registry.acting(),
            "{what}"
        );
    }

    fn membership(&self, socket: SocketId) -> Option<&Membership> {
        self.memberships.iter().find(|member| member.socket == socket)
    }

    /// Leaves every room; nothing is delivered any more.
    pub fn leave_all(&mut self) {
        let otherwise = if std::thread::panicking() { "PANIC" } else { "CONNECTION_LOST" };
        for member in std::mem::take(&mut self.memberships) {
            self.leave(member, otherwise);
        }
    }

    fn leave(&self, Membership { socket, principal, .. }: Membership, otherwise: &'static str) {
        let backend = &self.link.backend;
        // A second panic while one unwinds would end the process.
        let left = catch_unwind(AssertUnwindSafe(|| backend.leave(&principal, socket)));
        tracing::info!(
            session.id = %socket,
            user.id = %principal.user,
            reason = self.reason.unwrap_or(otherwise),
            failed = left.is_err(),
            total = self.link.registry.disconnected(socket),
            "socket disconnected"
        );
    }
}

impl Drop for Effects {
    fn drop(&mut self) {
        if std::thread::panicking() && flaws::planted(Flaw::LeakedSocket) {
            std::mem::forget(self.registration.take());
        }
        self.registration = None;
        self.leave_all();
    }
}

/// Feeds an answer to the session when it comes; dropped with the actor.
fn answered<A, T: 'static, E: 'static>(
    answer: LocalBoxFuture<'static, Result<T, E>>,
    ctx: &mut A::Context,
    input: impl FnOnce(Result<T, E>) -> Input + 'static,
) where
    A: Driver,
    A::Context: AsyncContext<A>,
{
    ctx.spawn(wrap_future::<_, A>(answer).map(|result, actor, ctx| actor.drive(input(result), ctx)));
}

//! A session changes its carrier, and its memberships go along: see [`crate::session::engine::polling::takeover`].

use super::{Effects, Membership};
use crate::{
    actors::delivery::{Deliver, Reach},
    domain::{ids::SocketId, principal::Principal},
    session::engine::polling::takeover::Seat,
};
use actix::{Actor, AsyncContext, Handler, Message, Recipient, dev::ToEnvelope};
use futures_util::future::join_all;
use std::{
    rc::Rc,
    sync::{Arc, OnceLock},
};

/// The carrier that a session goes on with; known once its actor has started.
#[derive(Clone, Default)]
pub struct Heir(Arc<OnceLock<(Reach, Recipient<Ready>)>>);

/// To the heir: the session it waits for can be had, or has ended.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Ready;

impl Heir {
    /// Tells it; nothing happens where it is gone.
    pub fn call(&self) {
        if let Some((_, ready)) = self.0.get() {
            ready.do_send(Ready);
        }
    }
}

impl Effects {
    /// This carrier has started, and is the one.
    pub fn inherits<A>(&self, heir: &Heir, ctx: &mut A::Context)
    where
        A: Actor + Handler<Deliver> + Handler<Ready>,
        A::Context: AsyncContext<A> + ToEnvelope<A, Deliver> + ToEnvelope<A, Ready>,
    {
        let (transport, kill) = (self.link.transport, Arc::clone(&self.link.kill));
        let (recipient, queue) = (ctx.address().recipient(), self.queue.clone());
        let reach = Reach { transport, recipient, queue, kill };
        // An actor starts once.
        let _ = heir.0.set((reach, ctx.address().recipient()));
    }

    /// Tells every room to deliver to the heir; resolves to the sockets whose rooms do.
    pub fn relocate(&self, heir: &Heir) -> impl Future<Output = Vec<SocketId>> + use<> {
        let known = self.memberships.iter().filter_map(|Membership { socket, principal, .. }| {
            let (reach, _) = heir.0.get()?;
            let moved = self.link.backend.relocate(principal, *socket, reach.clone());
            let socket = *socket;
            Some(async move { moved.await.then_some(socket) })
        });
        let all = join_all(known.collect::<Vec<_>>());
        async move { all.await.into_iter().flatten().collect() }
    }

    /// The memberships there are, with those that have moved marked.
    pub fn seats(&self, moved: &[SocketId]) -> Vec<Seat> {
        let seat = |Membership { socket, principal, .. }: &Membership| Seat {
            socket: *socket,
            principal: principal.clone(),
            kept: moved.contains(socket),
        };
        self.memberships.iter().map(seat).collect()
    }

    /// A membership that came along.
    pub(super) fn adopt(&mut self, socket: SocketId, principal: Principal) {
        self.link.registry.connected(socket);
        self.memberships.push(Membership { socket, principal, stays: Rc::new(()) });
        self.says(socket, None, "socket upgraded");
    }

    /// Another carrier has taken the session over, with its memberships: nothing is to be left.
    pub fn hand_over(&mut self) {
        for member in self.memberships.drain(..) {
            self.link.registry.disconnected(member.socket);
        }
    }
}

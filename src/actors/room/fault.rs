//! A message that makes a room panic, in the place one names. Not part of a release build.

use super::Room;
use actix::{ActorContext, AsyncContext, Context, Handler, Message, ResponseActFuture, WrapFuture, fut};

/// Where a room can be made to panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Handler,
    /// A future spawned into its context.
    Spawned,
    /// The future that makes a message's reply.
    Reply,
    /// `started` of the restart that a panic in the handler brings about.
    Started,
    /// `restarting`, likewise.
    Restarting,
    /// `stopped`, after a stop that nobody asked for.
    Stopped,
}

impl Place {
    pub const ALL: [Place; 6] =
        [Place::Handler, Place::Spawned, Place::Reply, Place::Started, Place::Restarting, Place::Stopped];
}

/// Panic there.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Panic(pub Place);

impl Handler<Panic> for Room {
    type Result = ResponseActFuture<Self, ()>;

    #[expect(clippy::panic, reason = "this is what it is for")]
    fn handle(&mut self, Panic(place): Panic, ctx: &mut Context<Self>) -> Self::Result {
        match place {
            Place::Handler => panic!("asked to panic in a handler"),
            Place::Started | Place::Restarting => {
                self.fault = Some(place);
                panic!("asked to panic in a handler, then in {place:?}");
            }
            Place::Stopped => {
                self.fault = Some(place);
                ctx.stop();
            }
            Place::Spawned => {
                ctx.spawn(async { panic!("asked to panic in a spawned future") }.into_actor(self));
            }
            Place::Reply => return Box::pin(async { panic!("asked to panic in a reply") }.into_actor(self)),
        }
        Box::pin(fut::ready(()))
    }
}

impl Room {
    /// Panics, once, where this is the place that was asked for.
    #[expect(clippy::panic, reason = "this is what it is for")]
    pub(super) fn panic_if(&mut self, place: Place) {
        if self.fault == Some(place) {
            self.fault = None;
            panic!("asked to panic in {place:?}");
        }
    }
}

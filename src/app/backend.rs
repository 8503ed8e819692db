//! What sockets and event streams need, answered by the verifier, the rooms and the log.

use super::resources;
use crate::{
    actors::{
        delivery::{Member, Reach},
        directory::RoomDirectory,
        order_registry::OrdersHandle,
    },
    auth::Verifier,
    code::ErrorCode,
    config::sections::Rooms,
    domain::{
        command::Command,
        ids::SocketId,
        principal::Principal,
        rejection::Rejection,
        stream::{Position, Seq},
    },
    doors::{
        refusal,
        socket::backend::{Answer, Backend},
    },
    session::{Asked, Joined, Page, Verified},
    store::{
        Store, StoreError,
        lane::{Executed, Request},
    },
    telemetry::metrics::Metrics,
    vocabulary::{
        self, commands,
        resources::{
            Catalog,
            calls::{self, Call},
        },
    },
    wire::event::Vocabulary,
};
use bytestring::ByteString;
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// One read of the log; a frozen database keeps no time itself.
const READ_WITHIN: Duration = Duration::from_secs(3);

/// The house behind every socket.
pub struct House {
    pub verifier: Verifier,
    pub rooms: RoomDirectory,
    pub store: Store,
    pub orders: OrdersHandle,
    /// The declared entities, whose routes are events too.
    pub catalog: Arc<Catalog>,
    /// For a command, over a socket as over REST.
    pub answer_within: Duration,
    pub settings: Rooms,
    pub metrics: Metrics,
}

impl Backend for House {
    fn verify(&self, token: SecretString) -> Answer<Verified> {
        let verifier = self.verifier.clone();
        Box::pin(async move { verifier.verify(token.expose_secret()).await.map_err(|error| error.code()) })
    }

    fn join(&self, principal: Principal, member: Member, since: Option<Position>) -> Answer<Joined> {
        let rooms = self.rooms.clone();
        Box::pin(async move { rooms.join(principal, member, since).await })
    }

    fn relocate(
        &self,
        principal: &Principal,
        socket: SocketId,
        reach: Reach,
    ) -> LocalBoxFuture<'static, bool> {
        let (rooms, restaurant) = (self.rooms.clone(), principal.restaurant);
        Box::pin(async move { rooms.relocate(restaurant, socket, reach).await })
    }

    fn leave(&self, principal: &Principal, socket: SocketId) {
        self.rooms.leave(principal.restaurant, socket);
    }

    fn seen(&self, principal: &Principal, socket: SocketId, seq: Seq) {
        self.rooms.seen(principal.restaurant, socket, seq);
    }

    fn page(&self, vocabulary: Vocabulary, principal: Principal, after: Seq, limit: u32) -> Answer<Page> {
        let store = self.store.clone();
        self.metrics.replay_page();
        let oldest = Timestamp::now() - *self.settings.recover_within;
        Box::pin(async move {
            let read = store.events_after(principal.restaurant, after, limit);
            let page = timeout(READ_WITHIN, read).await.map_err(|_| ErrorCode::DatabaseUnavailable)?;
            let page = page.map_err(|e| logged(&e))?;
            let Some(page) = page else { return Err(ErrorCode::NotFound) };
            // The event right behind the position is the oldest that was missed.
            if page.events.first().is_some_and(|event| event.at < oldest) {
                return Ok(Page::Expired);
            }
            Ok(Page::Events(vocabulary::batch(vocabulary, &page.events, &page.head.epoch).map(Arc::new)))
        })
    }

    fn execute(
        &self,
        principal: Option<Principal>,
        asked: Asked,
    ) -> LocalBoxFuture<'static, Result<ByteString, Rejection>> {
        let (orders, within) = (self.orders.clone(), self.answer_within);
        let (catalog, store) = (Arc::clone(&self.catalog), self.store.clone());
        Box::pin(async move {
            // Who has not logged in may ask for nothing yet, and is told so whatever it asks.
            let principal = principal.ok_or_else(|| refused(ErrorCode::InvalidToken))?;
            let Asked { socket, vocabulary, event, data, mut key } = asked;
            let called = catalog.called(vocabulary, &event);
            let call =
                called.map(|(entity, kind)| calls::read(entity, kind, &principal, data.as_bytes(), socket));
            let command = match call.transpose()? {
                None => commands::of_event(vocabulary, &event, data.as_bytes())?,
                Some(Call::Read(reading)) => {
                    return resources::read(&store, principal.restaurant, reading, within).await;
                }
                Some(Call::Change(command)) => {
                    key = key.map(|key| command.scoped(key));
                    Command::ChangeResources(command)
                }
            };
            let request = Request { principal, command, if_match: None, key };
            let done = timeout(within, orders.execute(request)).await;
            let Executed { outcome, .. } =
                done.map_err(|_| refused(ErrorCode::Overloaded))?.map_err(refused)?;
            match commands::answer(&outcome?) {
                Ok(data) => Ok(data.into()),
                Err(error) => {
                    tracing::error!(%error, "an answer has no wire form");
                    Err(refused(ErrorCode::Internal))
                }
            }
        })
    }
}

/// What the way to the answer refused: told by its code, not by its cause.
pub(super) fn refused(code: ErrorCode) -> Rejection {
    Rejection::new(code, refusal::words(code))
}

fn logged(error: &StoreError) -> ErrorCode {
    tracing::warn!(%error, "cannot read the log");
    error.code()
}

//! What sockets and event streams need, answered by the verifier, the rooms and the log.

use crate::{
    actors::{delivery::Member, directory::RoomDirectory},
    auth::Verifier,
    code::ErrorCode,
    config::sections::Rooms,
    domain::{
        ids::SocketId,
        principal::Principal,
        stream::{Position, Seq},
    },
    doors::socket::backend::{Answer, Backend},
    session::{Joined, Page, Verified},
    store::{Store, StoreError},
    telemetry::metrics::Metrics,
    vocabulary::restaurant,
};
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

    fn relocate(&self, principal: &Principal, member: Member) -> LocalBoxFuture<'static, bool> {
        let (rooms, restaurant) = (self.rooms.clone(), principal.restaurant);
        Box::pin(async move { rooms.relocate(restaurant, member).await })
    }

    fn leave(&self, principal: &Principal, socket: SocketId) {
        self.rooms.leave(principal.restaurant, socket);
    }

    fn seen(&self, principal: &Principal, socket: SocketId, seq: Seq) {
        self.rooms.seen(principal.restaurant, socket, seq);
    }

    fn page(&self, principal: Principal, after: Seq, limit: u32) -> Answer<Page> {
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
            Ok(Page::Events(restaurant::batch(&page.events, &page.head.epoch).map(Arc::new)))
        })
    }
}

fn logged(error: &StoreError) -> ErrorCode {
    tracing::warn!(%error, "cannot read the log");
    error.code()
}

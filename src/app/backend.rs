//! What sockets and event streams need, answered by the verifier, the rooms and the log.

use super::{
    accounts::{self, Accounts},
    resources,
};
use crate::{
    actors::{
        delivery::{Member, Reach},
        directory::RoomDirectory,
        order_registry::OrdersHandle,
        publisher::Publisher,
    },
    auth::{Verifier, people::Done},
    code::ErrorCode,
    config::sections::Rooms,
    domain::{
        command::{Command, IdempotencyKey, Outcome},
        ids::SocketId,
        principal::{Principal, Role},
        rejection::Rejection,
        resource::{Kept, ResourceCommand},
        stream::{Position, Seq, Stream},
    },
    doors::{
        http::Guests,
        refusal,
        socket::backend::{Answer, Backend},
    },
    session::{AccountAsked, Answered, Asked, Joined, Page, Private, Verified},
    store::{
        Store, StoreError,
        lane::{Executed, Request},
    },
    telemetry::metrics::Metrics,
    vocabulary::{
        self, commands,
        resources::{
            Catalog,
            calls::{self, Call, Reading},
        },
    },
    wire::event::Vocabulary,
};
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::{Duration, Instant},
};
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
    pub accounts: Accounts,
    /// How much those who come without a token may do, here as over REST.
    pub guests: Arc<Guests>,
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
        let (rooms, [own, shared]) = (self.rooms.clone(), streams(principal));
        Box::pin(async move {
            rooms.relocate(own, socket, reach.clone()).await || rooms.relocate(shared, socket, reach).await
        })
    }

    fn leave(&self, principal: &Principal, socket: SocketId) {
        streams(principal).into_iter().for_each(|stream| self.rooms.leave(stream, socket));
    }

    fn seen(&self, principal: &Principal, socket: SocketId, seq: Seq) {
        streams(principal).into_iter().for_each(|stream| self.rooms.seen(stream, socket, seq));
    }

    fn page(&self, vocabulary: Vocabulary, principal: Principal, after: Seq, limit: u32) -> Answer<Page> {
        let store = self.store.clone();
        self.metrics.replay_page();
        let oldest = Timestamp::now() - *self.settings.recover_within;
        Box::pin(async move {
            let read = store.events_after(vocabulary.stream(&principal), after, limit);
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
        principal: Principal,
        asked: Asked,
    ) -> LocalBoxFuture<'static, Result<Answered, Rejection>> {
        let restaurant = principal.restaurant;
        // Handed over here and now: whoever asked may be gone before the answer is waited for.
        let begun = self.begin(principal, asked);
        let (store, within) = (self.store.clone(), self.answer_within);
        Box::pin(async move {
            let done = match begun? {
                Begun::Reading(reading) => {
                    return resources::read(&store, restaurant, reading, within).await;
                }
                Begun::Command(done) => timeout(within, done).await,
            };
            let reply = done.map_err(|_| refused(ErrorCode::Overloaded))??;
            match commands::answer(&reply) {
                Ok(data) => Ok(data.into()),
                Err(error) => {
                    tracing::error!(%error, "an answer has no wire form");
                    Err(refused(ErrorCode::Internal))
                }
            }
        })
    }

    fn account(&self, asked: AccountAsked) -> LocalBoxFuture<'static, Result<Private, Rejection>> {
        let accounts = self.accounts.clone();
        Box::pin(async move { accounts.answer(asked).await })
    }
}

/// What a client asked for. Reading changes nothing, so it may wait until its answer is waited for.
enum Begun {
    Reading(Reading),
    Command(LocalBoxFuture<'static, Outcome>),
}

impl House {
    /// Has the command that is asked for carried out; the future waits for its answer.
    fn begin(
        &self,
        principal: Principal,
        Asked { socket, address, vocabulary, event, data, key }: Asked,
    ) -> Result<Begun, Rejection> {
        if !vocabulary.admits(principal.role) {
            return Err(Rejection::forbidden());
        }
        let data = data.as_bytes();
        let called = self.catalog.called(vocabulary, &event);
        let call = called.map(|(entity, kind)| calls::read(entity, kind, &principal, data, socket));
        let check = || key.iter().try_for_each(|key| key.check(&principal));
        let command = match call.transpose()? {
            None => commands::of_event(vocabulary, &event, data)?,
            Some(Call::Read(reading)) => return Ok(Begun::Reading(reading)),
            Some(Call::Change(command)) if command.entity.kept == Kept::Users => {
                check()?;
                return Ok(Begun::Command(self.change_users(principal, command, key)));
            }
            Some(Call::Change(command)) => Command::ChangeResources(command),
        };
        check()?;
        if principal.role == Role::Public {
            // Without an address all are counted as one.
            let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
            let admitted = self.guests.admit(address, Instant::now());
            admitted.map_err(|_| refused(ErrorCode::TooManyRequests))?;
        }
        let key = command.scoped(key);
        let done = self.orders.execute(Request { principal, command, if_match: None, key });
        Ok(Begun::Command(Box::pin(async move {
            let Executed { outcome, .. } = done.await.map_err(refused)?;
            outcome
        })))
    }

    /// Users are the people's, who begin in a task of their own.
    fn change_users(
        &self,
        by: Principal,
        command: ResourceCommand,
        key: Option<IdempotencyKey>,
    ) -> LocalBoxFuture<'static, Outcome> {
        let (accounts, rooms, stream) = (self.accounts.clone(), self.rooms.clone(), by.restaurant.into());
        let (people, looks) = (accounts.people.clone(), move || rooms.look(stream));
        let done = tokio::spawn(async move { people.change_documents(by, command, None, key, looks).await });
        Box::pin(async move {
            let done = done.await.map_err(|_| refused(ErrorCode::Internal))?;
            let Done { outcome, ended, .. } = done.map_err(accounts::refused)?;
            accounts.ended(&ended);
            outcome
        })
    }
}

/// Where a socket of theirs may be a member: of one of these rooms. The other knows no such socket, and does nothing.
fn streams(principal: &Principal) -> [Stream; 2] {
    [principal.restaurant.into(), principal.board.into()]
}

/// What the way to the answer refused: told by its code, not by its cause.
pub(super) fn refused(code: ErrorCode) -> Rejection {
    Rejection::new(code, refusal::words(code))
}

fn logged(error: &StoreError) -> ErrorCode {
    tracing::warn!(%error, "cannot read the log");
    error.code()
}

//! What runs beside the requests: telling live sockets of revoked logins and of what others wrote, the log's partitions,
//! old answers, gauges; and the clocks of dishes and of donations, which are in `clocks`.

mod clocks;

pub use clocks::{expire_donations, watch_menu};

use crate::{
    actors::directory::RoomDirectory,
    auth::{Revocations, Verifier, mail::Mailer},
    code::ErrorCode,
    config::Settings,
    domain::{
        ids::{RestaurantId, StreamId, UserId},
        stream::Stream,
    },
    store::{Store, StoreError, logins::Change, upkeep::Over},
    telemetry::metrics::Metrics,
};
use std::time::Duration;
use tokio::time::timeout;

/// A revoked login must be felt within 5 s; this leaves room for a slow database.
const REVOCATIONS: Duration = Duration::from_secs(1);
/// One look; a frozen database keeps no time itself.
const POLL_WITHIN: Duration = Duration::from_secs(2);
/// How late a display may hear of what another process did.
const LOGS: Duration = Duration::from_secs(1);
/// From a token's verification to the join that it lets in, at most.
const STRAGGLERS: Duration = Duration::from_secs(15);
const GAUGES: Duration = Duration::from_secs(1);
/// Rows a purge deletes in one transaction; it goes on until none is left.
const PURGE: i32 = 5_000;
/// A database that does not delete as many within a statement's time has another trouble.
const PURGE_LEAST: i32 = 50;

/// Ends live sockets whose login, user or role has changed, for as long as it is polled.
pub async fn watch_revocations(store: Store, verifier: Verifier, rooms: RoomDirectory) {
    let mut revocations = loop {
        match Revocations::start(store.clone(), verifier.clone()).await {
            Ok(revocations) => break revocations,
            Err(error) => tracing::warn!(%error, "cannot watch for revoked logins yet"),
        }
        tokio::time::sleep(REVOCATIONS).await;
    };
    loop {
        tokio::time::sleep(REVOCATIONS).await;
        // Nothing is lost by a look that fails: the next one tells it.
        match timeout(POLL_WITHIN, revocations.poll()).await {
            Ok(Ok(changes)) => changes.iter().for_each(|change| dismiss(&store, &rooms, change)),
            Ok(Err(error)) => tracing::warn!(%error, "cannot look for revoked logins"),
            Err(_) => tracing::warn!("cannot look for revoked logins: no answer"),
        }
    }
}

fn dismiss(store: &Store, rooms: &RoomDirectory, change: &Change) {
    match *change {
        Change::LoginRevoked(login, _) => rooms.dismiss_login(login, ErrorCode::Removed),
        Change::UserRemoved(user) => rooms.dismiss_user(user, ErrorCode::Removed),
        Change::RoleChanged(user) => {
            actix::spawn(demote(rooms.clone(), user));
        }
        Change::BoardsChanged(tenant) => {
            actix::spawn(see_off(store.clone(), rooms.clone(), tenant));
        }
    }
}

/// Ends a user's sockets: who has another role now comes back, and is then what the database says. Twice: a token that was
/// verified just before may bring a join just after, and nobody looks at that one's role again.
async fn demote(rooms: RoomDirectory, user: UserId) {
    rooms.dismiss_user(user, ErrorCode::TokenExpired);
    tokio::time::sleep(STRAGGLERS).await;
    rooms.dismiss_user(user, ErrorCode::TokenExpired);
}

/// Ends a tenant's sockets on boards that it is not on any more; they come back, and are then where the database says.
/// Twice: a token that was verified just before may bring a join just after.
async fn see_off(store: Store, rooms: RoomDirectory, tenant: RestaurantId) {
    for wait in [Duration::ZERO, STRAGGLERS] {
        tokio::time::sleep(wait).await;
        let boards = loop {
            match timeout(POLL_WITHIN, store.boards(tenant)).await {
                Ok(Ok(boards)) => break boards,
                Ok(Err(error)) => tracing::warn!(%error, "cannot look on which boards a tenant is"),
                Err(_) => tracing::warn!("cannot look on which boards a tenant is: no answer"),
            }
            tokio::time::sleep(REVOCATIONS).await;
        };
        let boards = boards.iter().map(|one| StreamId::from(Stream::from(one.board)));
        let stays: Vec<_> = boards.chain([StreamId::from(tenant)]).collect();
        rooms.dismiss_elsewhere(tenant, &stays, ErrorCode::TokenExpired);
    }
}

/// Has rooms look into their logs where those reach further: what another process committed, an import say, nobody
/// published here.
pub async fn follow_logs(store: Store, rooms: RoomDirectory) {
    loop {
        tokio::time::sleep(LOGS).await;
        let heads = rooms.heads();
        if heads.is_empty() {
            continue;
        }
        match timeout(POLL_WITHIN, store.streams_ahead(&heads)).await {
            Ok(Ok(ahead)) => ahead.into_iter().for_each(|stream| rooms.wake(stream)),
            Ok(Err(error)) => tracing::warn!(%error, "cannot look for what others have written"),
            Err(_) => tracing::warn!("cannot look for what others have written: no answer"),
        }
    }
}

/// Keeps the gauges current that nobody moves by itself.
pub async fn watch_gauges(store: Store, rooms: RoomDirectory, metrics: Metrics) {
    loop {
        metrics.display_lag(rooms.lag());
        let (size, available, waiting) = store.connections();
        metrics.pool(size, available, waiting);
        tokio::time::sleep(GAUGES).await;
    }
}

/// What is done every `every`, and until when what is over is kept.
pub struct Chores {
    every: Duration,
    partitions_ahead: u32,
    answers_kept: Duration,
    invites_kept: Duration,
    foreign_hashes_kept: Duration,
    /// What is in a mail is good no longer.
    mails_kept: Duration,
}

impl Chores {
    pub fn of(Settings { database, log, auth, .. }: &Settings) -> Self {
        Self {
            every: *database.upkeep_every,
            partitions_ahead: log.partitions_ahead,
            answers_kept: *log.idempotency_ttl,
            invites_kept: *auth.invites_kept,
            foreign_hashes_kept: *auth.foreign_hashes_kept,
            mails_kept: (*auth.reset_ttl).max(*auth.invite_ttl),
        }
    }
}

/// Makes partitions, purges old answers and what of people's logins and codes is over, and forgets the passwords of those who
/// moved in and did not come, now and from time to time.
pub async fn chores(store: Store, mailer: Mailer, chores: Chores) {
    loop {
        if let Err(error) = store.make_partitions(chores.partitions_ahead).await {
            tracing::error!(%error, "cannot make the log's next partitions");
        }
        purge("old answers", async |most| store.purge_keys(chores.answers_kept, most).await).await;
        for what in Over::ALL {
            let some = async |most| store.purge_people(what, chores.invites_kept, most).await;
            purge(what.name(), some).await;
        }
        let kept = chores.foreign_hashes_kept;
        let hashes = async |most| store.forget_foreign_hashes(kept, most).await;
        purge("other systems' hashes", hashes).await;
        if let Err(error) = mailer.forget(chores.mails_kept).await {
            tracing::warn!(%error, "cannot remove old mail");
        }
        tokio::time::sleep(chores.every).await;
    }
}

/// Goes on until none is left, by smaller bites where one takes too long; what fails is left to the next time.
async fn purge(what: &str, mut some: impl AsyncFnMut(i32) -> Result<i64, StoreError>) {
    let mut most = PURGE;
    loop {
        match some(most).await {
            Ok(gone) if gone >= i64::from(most) => {}
            Ok(_) => return,
            Err(StoreError::Timeout(_)) if most > PURGE_LEAST => most /= 2,
            Err(error) => return tracing::warn!(%error, "cannot purge {what}"),
        }
    }
}

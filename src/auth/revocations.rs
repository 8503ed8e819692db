//! What ends live sockets from outside: logins revoked, users removed or in another role, told once each.

use super::{AuthError, Verifier};
use crate::store::{
    Store,
    logins::{self, Change},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// A change carries the time its transaction began, and may be committed this much later: longer than any transaction may
/// take (`database.statement_within` and `lock_within` are seconds).
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);

/// Asks the database what has changed since it was last asked; by `poll`, every second or so.
pub struct Revocations {
    store: Store,
    verifier: Verifier,
    seen: Seen,
}

impl Revocations {
    /// From now on, by the database's clock; the first poll tells of the last minute too. Errors: `Store`.
    pub async fn start(store: Store, verifier: Verifier) -> Result<Self, AuthError> {
        let now = read(&store, Timestamp::MAX).await?.read_at;
        Ok(Self { store, verifier, seen: Seen { read_at: now, told: HashSet::new() } })
    }

    /// What is new since the last call; the verifier has forgotten what it knew of them. Sockets of a revoked login and of
    /// a removed user are closed with `Removed`; those of a user in another role re-verify. Errors: `Store`; nothing is
    /// lost by one, the next call tells it.
    pub async fn poll(&mut self) -> Result<Vec<Change>, AuthError> {
        let read = read(&self.store, self.seen.since()).await?;
        let new = self.seen.news(read.read_at, read.changes);
        for change in &new {
            match *change {
                Change::LoginRevoked(login, _) => self.verifier.invalidate(login),
                Change::UserRemoved(user) | Change::RoleChanged(user) => self.verifier.invalidate_user(user),
                Change::BoardsChanged(tenant) => self.verifier.invalidate_tenant(tenant),
            }
        }
        Ok(new)
    }
}

async fn read(store: &Store, since: Timestamp) -> Result<logins::Changes, AuthError> {
    let tx = store.untenanted().await?;
    let changes = logins::changes_since(&tx, since).await?;
    tx.commit().await?;
    Ok(changes)
}

/// How far was read, and what was told of the last while. Pure.
struct Seen {
    read_at: Timestamp,
    told: HashSet<(Timestamp, Change)>,
}

impl Seen {
    fn since(&self) -> Timestamp {
        self.read_at.saturating_sub(OVERLAP).unwrap_or(Timestamp::MIN)
    }

    fn news(&mut self, read_at: Timestamp, changes: Vec<(Timestamp, Change)>) -> Vec<Change> {
        self.read_at = self.read_at.max(read_at);
        let since = self.since();
        let mut news = Vec::new();
        for (at, change) in changes {
            if self.told.insert((at, change)) {
                news.push(change);
            }
        }
        self.told.retain(|(at, _)| *at > since);
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{LoginId, UserId};

    #[test]
    fn each_change_is_told_once_also_where_it_commits_late() {
        let at = |second: i64| Timestamp::from_second(1_000 + second).unwrap();
        let user = UserId::generate();
        let revoked = Change::LoginRevoked(LoginId::generate(), user);
        let removed = Change::UserRemoved(user);
        let mut seen = Seen { read_at: at(0), told: HashSet::new() };
        assert_eq!(seen.news(at(10), vec![(at(8), revoked)]), [revoked]);
        // Began before the one that was told, committed after it was read.
        assert_eq!(seen.news(at(11), vec![(at(7), removed), (at(8), revoked)]), [removed]);
        assert_eq!(seen.news(at(12), vec![(at(7), removed), (at(8), revoked)]), []);
        assert_eq!(seen.news(at(200), vec![]), []);
        assert_eq!((seen.since(), seen.told.len()), (at(140), 0));
        // The same change at another time is another change.
        assert_eq!(seen.news(at(201), vec![(at(199), removed)]), [removed]);
        // A clock that was put back does not move the mark back.
        assert_eq!(seen.news(at(100), vec![]), []);
        assert_eq!(seen.since(), at(141));
    }
}

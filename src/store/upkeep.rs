//! What the clock asks of the database: partitions made ahead, what is over purged, which dishes are due, which streams
//! others have written to.

use super::{Store, StoreError, sql, tx::Params};
use crate::domain::{
    ids::{MenuItemId, RestaurantId, StreamId},
    stream::Seq,
};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// What of people's logins and codes is over some day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    Resets,
    Pairings,
    /// Expired refresh tokens.
    Tokens,
    /// Refresh tokens of logins that have expired or were revoked a day ago.
    TokensOfLogins,
    /// Such logins, once they have none.
    Logins,
    Invites,
}

impl Over {
    /// In the order in which they can go.
    pub const ALL: [Self; 6] =
        [Self::Resets, Self::Pairings, Self::Tokens, Self::TokensOfLogins, Self::Logins, Self::Invites];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Resets => "resets",
            Self::Pairings => "pairings",
            Self::Tokens => "tokens",
            Self::TokensOfLogins => "tokens of logins",
            Self::Logins => "logins",
            Self::Invites => "invites",
        }
    }
}

impl Store {
    /// Makes the log's partitions up to `ahead` months from now; how many were missing.
    pub async fn make_partitions(&self, ahead: u32) -> Result<i32, StoreError> {
        let tx = self.untenanted().await?;
        let ahead = i32::try_from(ahead).unwrap_or(i32::MAX);
        let made = tx.query_opt(sql!("upkeep/make_partitions"), &[&ahead]).await?;
        tx.commit().await?;
        Ok(made.map_or(0, |row| row.get(0)))
    }

    /// Which of these streams reach further than here.
    pub async fn streams_ahead(&self, heads: &[(StreamId, Seq)]) -> Result<Vec<StreamId>, StoreError> {
        let ids: Vec<Uuid> = heads.iter().map(|(id, _)| id.0).collect();
        let seqs: Vec<i64> = heads.iter().map(|(_, seq)| i64::try_from(*seq).unwrap_or(i64::MAX)).collect();
        let tx = self.untenanted().await?;
        let ahead = tx.query(sql!("upkeep/streams_ahead"), &[&ids, &seqs]).await?;
        tx.commit().await?;
        Ok(ahead.iter().map(|row| StreamId(row.get(0))).collect())
    }

    /// Deletes up to `most` stored answers older than `age`; how many went.
    pub async fn purge_keys(&self, age: Duration, most: i32) -> Result<i64, StoreError> {
        self.purge(sql!("upkeep/purge_keys"), &[&age.as_secs_f64(), &most]).await
    }

    /// Deletes up to `most` of a kind that are over, of invites those that were `kept` ago; how many went.
    pub async fn purge_people(&self, what: Over, kept: Duration, most: i32) -> Result<i64, StoreError> {
        self.purge(sql!("upkeep/purge_people"), &[&what.name(), &kept.as_secs_f64(), &most]).await
    }

    /// Makes up to `most` passwords useless that another system hashed and nobody logged in by within `kept`; how many.
    pub async fn forget_foreign_hashes(&self, kept: Duration, most: i32) -> Result<i64, StoreError> {
        self.purge(sql!("upkeep/forget_foreign_hashes"), &[&kept.as_secs_f64(), &most]).await
    }

    async fn purge(&self, sql: &str, params: Params<'_>) -> Result<i64, StoreError> {
        let tx = self.untenanted().await?;
        let gone = tx.query_opt(sql, params).await?;
        tx.commit().await?;
        Ok(gone.map_or(0, |row| row.get(0)))
    }

    /// Up to `most` dishes whose `until` is `at` or earlier, at most `each` of a restaurant, and the first of every
    /// restaurant before the second of any.
    pub async fn due_menu_items(
        &self,
        at: Timestamp,
        each: u32,
        most: u32,
    ) -> Result<Vec<(RestaurantId, MenuItemId)>, StoreError> {
        let tx = self.untenanted().await?;
        let [each, most] = [each, most].map(|number| i32::try_from(number).unwrap_or(i32::MAX));
        let due = tx.query(sql!("upkeep/due_menu_items"), &[&at, &each, &most]).await?;
        tx.commit().await?;
        Ok(due.iter().map(|row| (RestaurantId(row.get(0)), MenuItemId(row.get(1)))).collect())
    }
}

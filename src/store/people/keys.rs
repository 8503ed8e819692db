//! Answers kept for repeated requests that are no commands of a lane; in the same table, under other scopes.

use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        people::Person,
        rejection::Rejection,
    },
    store::{StoreError, Tx, sql},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Json;

/// What such a request came to; nothing is left of a user who was removed.
pub type Outcome = Result<Option<Person>, Rejection>;

/// A request by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub restaurant: RestaurantId,
    pub user: UserId,
    pub scope: &'static str,
    pub key: String,
    pub fingerprint: [u8; 32],
}

#[derive(Debug, Serialize, Deserialize)]
struct Row {
    outcome: Outcome,
}

/// False where another transaction is answering a request of this name right now.
pub async fn claim(tx: &Tx, kept: &Kept) -> Result<bool, StoreError> {
    let sql = sql!("people/claim_key");
    let row = tx.query_opt(sql, &[&kept.restaurant.0, &kept.user.0, &kept.scope, &kept.key]).await?;
    row.map_or(Ok(false), |row| Ok(row.try_get(0)?))
}

/// The answer that was kept, and the fingerprint of what was asked then.
pub async fn find(tx: &Tx, kept: &Kept) -> Result<Option<(Vec<u8>, Outcome)>, StoreError> {
    let (users, scopes, keys) = ([kept.user.0], [kept.scope], [kept.key.as_str()]);
    let params: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
        &[&kept.restaurant.0, &users.as_slice(), &scopes.as_slice(), &keys.as_slice()];
    let Some(row) = tx.query_opt(sql!("lane/keys"), params).await? else { return Ok(None) };
    let Json(Row { outcome }) = row.try_get("outcome")?;
    Ok(Some((row.try_get("fingerprint")?, outcome)))
}

/// Keeps an answer.
pub async fn keep(tx: &Tx, kept: &Kept, outcome: &Outcome) -> Result<(), StoreError> {
    let row = Json(Row { outcome: outcome.clone() });
    let (fingerprint, now) = (kept.fingerprint.as_slice(), Timestamp::now());
    let sql = sql!("lane/insert_key");
    tx.execute(sql, &[&kept.restaurant.0, &kept.user.0, &kept.scope, &kept.key, &fingerprint, &row, &now])
        .await?;
    Ok(())
}

//! Answers kept for repeated requests that are no commands of a lane; in the same table, under other scopes.

use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        rejection::Rejection,
    },
    store::{StoreError, Tx, sql},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use tokio_postgres::types::Json;

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
struct Row<T, R> {
    outcome: Result<T, R>,
}

/// False where another transaction is answering a request of this name right now.
pub async fn claim(tx: &Tx, kept: &Kept) -> Result<bool, StoreError> {
    let sql = sql!("people/claim_key");
    let row = tx.query_opt(sql, &[&kept.restaurant.0, &kept.user.0, &kept.scope, &kept.key]).await?;
    row.map_or(Ok(false), |row| Ok(row.try_get(0)?))
}

/// The answer that was kept, and the fingerprint of what was asked then.
pub async fn find<T: DeserializeOwned>(
    tx: &Tx,
    kept: &Kept,
) -> Result<Option<(Vec<u8>, Result<T, Rejection>)>, StoreError> {
    let (users, scopes, keys) = ([kept.user.0], [kept.scope], [kept.key.as_str()]);
    let params: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
        &[&kept.restaurant.0, &users.as_slice(), &scopes.as_slice(), &keys.as_slice()];
    let Some(row) = tx.query_opt(sql!("lane/keys"), params).await? else { return Ok(None) };
    let Json(Row::<T, Rejection> { outcome }) = row.try_get("outcome")?;
    Ok(Some((row.try_get("fingerprint")?, outcome)))
}

/// Keeps an answer.
pub async fn keep<T: Serialize + Debug + Sync>(
    tx: &Tx,
    kept: &Kept,
    outcome: &Result<T, Rejection>,
) -> Result<(), StoreError> {
    let row = Json(Row { outcome: outcome.as_ref() });
    let (fingerprint, now) = (kept.fingerprint.as_slice(), Timestamp::now());
    let sql = sql!("lane/insert_key");
    tx.execute(sql, &[&kept.restaurant.0, &kept.user.0, &kept.scope, &kept.key, &fingerprint, &row, &now])
        .await?;
    Ok(())
}

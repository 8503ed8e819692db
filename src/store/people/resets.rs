//! Tokens that reset a password, by their hashes.

use crate::{
    domain::ids::{RestaurantId, UserId},
    store::{StoreError, Tx, sql},
};
use std::time::Duration;

/// Keeps a token; false where the user was removed meanwhile.
pub async fn insert_reset(
    tx: &Tx,
    restaurant: RestaurantId,
    user: UserId,
    hash: &[u8; 32],
    lives: Duration,
) -> Result<bool, StoreError> {
    let sql = sql!("resets/insert");
    Ok(tx.execute(sql, &[&restaurant.0, &hash.as_slice(), &user.0, &lives.as_secs_f64()]).await? == 1)
}

/// Whether a token is good, without using it up.
pub async fn is_good(tx: &Tx, restaurant: RestaurantId, hash: &[u8; 32]) -> Result<bool, StoreError> {
    let row = tx.query_opt(sql!("resets/good"), &[&restaurant.0, &hash.as_slice()]).await?;
    Ok(row.is_some_and(|row| row.get(0)))
}

/// Uses a token up; whose it was, while it was good.
pub async fn take_reset(
    tx: &Tx,
    restaurant: RestaurantId,
    hash: &[u8; 32],
) -> Result<Option<UserId>, StoreError> {
    let row = tx.query_opt(sql!("resets/take"), &[&restaurant.0, &hash.as_slice()]).await?;
    Ok(row.map(|row| row.try_get("user_id").map(UserId)).transpose()?)
}

/// Whatever was sent is good for nothing any more: the user has another address or password.
pub async fn forget_resets(tx: &Tx, restaurant: RestaurantId, user: UserId) -> Result<(), StoreError> {
    tx.execute(sql!("resets/forget"), &[&restaurant.0, &user.0]).await?;
    Ok(())
}

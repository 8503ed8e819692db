//! Logins and the refresh tokens of each; only SHA-256 hashes of tokens come here.

use super::{
    StoreError, Tx, sql,
    users::{Account, account},
};
use crate::domain::ids::{LoginId, RestaurantId, UserId};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

type Hash = [u8; 32];

/// A login to be opened.
pub struct NewLogin<'a> {
    pub login: LoginId,
    pub restaurant: RestaurantId,
    pub user: UserId,
    /// Of its access tokens, in whole seconds.
    pub access_ttl: Duration,
    /// After this no token of it is good.
    pub lives: Duration,
    /// The hash that the password was checked against; `None` where none was asked for.
    pub password_hash: Option<&'a str>,
}

/// A presented refresh token as it is stored, with its login and user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub account: Account,
    pub access_ttl: Duration,
    /// Neither was the login revoked nor the user removed.
    pub live: bool,
    pub expired: bool,
    pub used: bool,
    /// Hash of the idempotency key it was used with.
    pub used_key: Option<Vec<u8>>,
    /// Nobody has used the token that was given for it.
    pub successor_unused: bool,
}

/// A token and what takes its place.
pub struct Rotation {
    pub restaurant: RestaurantId,
    pub login: LoginId,
    pub token: Hash,
    pub key: Option<Hash>,
    pub successor: Hash,
    /// Of the successor.
    pub refresh_ttl: Duration,
    /// Of the login.
    pub lives: Duration,
}

/// Why a login ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    Logout,
    /// A refresh token came twice: someone else has it.
    Reuse,
    Removed,
    /// The user has another password.
    Password,
}

impl Revoked {
    const fn name(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Reuse => "reuse",
            Self::Removed => "removed",
            Self::Password => "password",
        }
    }
}

/// What a poller must hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    LoginRevoked(LoginId, UserId),
    UserRemoved(UserId),
    RoleChanged(UserId),
    /// A restaurant or an NGO is on other boards than it was.
    BoardsChanged(RestaurantId),
}

/// Changes, each with its time, and the database's clock when they were read.
#[derive(Debug)]
pub struct Changes {
    pub read_at: Timestamp,
    pub changes: Vec<(Timestamp, Change)>,
}

/// Opens a login; false where the user was removed or the password changed meanwhile.
pub async fn open(tx: &Tx, new: &NewLogin<'_>) -> Result<bool, StoreError> {
    let ttl = i32::try_from(new.access_ttl.as_secs())
        .map_err(|_| StoreError::Corrupt("logins.access_ttl_s".into()))?;
    let opened = tx
        .execute(
            sql!("logins/open"),
            &[
                &new.restaurant.0,
                &new.login.0,
                &new.user.0,
                &ttl,
                &new.lives.as_secs_f64(),
                &new.password_hash,
            ],
        )
        .await?;
    Ok(opened == 1)
}

/// Stores the first refresh token of a login.
pub async fn first_token(
    tx: &Tx,
    restaurant: RestaurantId,
    login: LoginId,
    token: &Hash,
    ttl: Duration,
) -> Result<(), StoreError> {
    let sql = sql!("logins/first_token");
    tx.execute(sql, &[&restaurant.0, &login.0, &token.as_slice(), &ttl.as_secs_f64()]).await?;
    Ok(())
}

/// Locks the login to the end of the transaction and reads what is known of one of its tokens.
pub async fn lock_and_read(
    tx: &Tx,
    restaurant: RestaurantId,
    login: LoginId,
    token: &Hash,
) -> Result<Option<Held>, StoreError> {
    tx.query_opt(sql!("logins/lock"), &[&restaurant.0, &login.0]).await?;
    let sql = sql!("logins/held");
    let Some(row) = tx.query_opt(sql, &[&restaurant.0, &login.0, &token.as_slice()]).await? else {
        return Ok(None);
    };
    let ttl: i32 = row.try_get("access_ttl_s")?;
    Ok(Some(Held {
        account: account(&row)?,
        access_ttl: Duration::from_secs(ttl.unsigned_abs().into()),
        live: row.try_get("live")?,
        expired: row.try_get("expired")?,
        used: row.try_get("used")?,
        used_key: row.try_get("used_key_hash")?,
        successor_unused: row.try_get("successor_unused")?,
    }))
}

/// Puts the successor in the token's place; false where it is used, expired or revoked by now.
pub async fn rotate(tx: &Tx, rotation: &Rotation) -> Result<bool, StoreError> {
    let rotated = tx
        .execute(
            sql!("logins/rotate"),
            &[
                &rotation.restaurant.0,
                &rotation.login.0,
                &rotation.token.as_slice(),
                &rotation.key.as_ref().map(Hash::as_slice),
                &rotation.successor.as_slice(),
                &rotation.refresh_ttl.as_secs_f64(),
                &rotation.lives.as_secs_f64(),
            ],
        )
        .await?;
    Ok(rotated == 1)
}

/// Ends a login; false where it had ended or never was.
pub async fn revoke(
    tx: &Tx,
    restaurant: RestaurantId,
    login: LoginId,
    why: Revoked,
) -> Result<bool, StoreError> {
    let sql = sql!("logins/revoke");
    Ok(tx.execute(sql, &[&restaurant.0, &login.0, &why.name()]).await? == 1)
}

/// Ends every login of a user, but for `spared`; says which.
pub async fn end_all(
    tx: &Tx,
    restaurant: RestaurantId,
    user: UserId,
    why: Revoked,
    spared: Option<LoginId>,
) -> Result<Vec<LoginId>, StoreError> {
    let spared: Option<Uuid> = spared.map(|login| login.0);
    let rows = tx.query(sql!("logins/end_all"), &[&restaurant.0, &user.0, &why.name(), &spared]).await?;
    rows.iter().map(|row| Ok(LoginId(row.try_get("id")?))).collect()
}

/// Ends a login for the holder of any of its tokens; false where there is no such token or it had ended.
pub async fn logout(
    tx: &Tx,
    restaurant: RestaurantId,
    login: LoginId,
    token: &Hash,
) -> Result<bool, StoreError> {
    let sql = sql!("logins/logout");
    Ok(tx.execute(sql, &[&restaurant.0, &login.0, &token.as_slice()]).await? == 1)
}

/// Revocations of all restaurants later than `since`, oldest first; needs no tenant. What commits late may carry an
/// earlier time: ask again for the last while.
pub async fn changes_since(tx: &Tx, since: Timestamp) -> Result<Changes, StoreError> {
    let rows = tx.query(sql!("logins/changes"), &[&since]).await?;
    let mut read_at = since;
    let mut changes = Vec::new();
    for row in &rows {
        read_at = row.try_get("read_at")?;
        let Some(kind) = row.try_get::<_, Option<&str>>("kind")? else { continue };
        let user = UserId(row.try_get("user_id")?);
        let change = match kind {
            "login" => Change::LoginRevoked(LoginId(row.try_get::<_, Uuid>("login_id")?), user),
            "user" => Change::UserRemoved(user),
            "role" => Change::RoleChanged(user),
            "boards" => Change::BoardsChanged(RestaurantId(user.0)),
            _ => return Err(StoreError::Corrupt("comanda_auth_changes.kind".into())),
        };
        changes.push((row.try_get("at")?, change));
    }
    Ok(Changes { read_at, changes })
}

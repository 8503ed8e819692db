//! Invites: a code's hash, the role it gives, and what became of it.

use crate::{
    domain::{
        ids::{InviteId, RestaurantId, UserId},
        people::{Invite, InviteState},
        principal::Role,
    },
    store::{
        Store, StoreError, Tx,
        reads::{Cursor, Listed, PageRequest},
        sql,
        users::role,
    },
};
use jiff::Timestamp;
use std::time::Duration;
use tokio_postgres::Row;
use uuid::Uuid;

/// An invite to be made.
pub struct NewInvite<'a> {
    pub id: InviteId,
    /// SHA-256 of the code.
    pub hash: [u8; 32],
    pub role: Role,
    pub note: Option<&'a str>,
    pub by: UserId,
    pub lives: Duration,
}

impl Store {
    /// A page of the restaurant's invites, used and revoked ones too.
    pub async fn invites(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<Invite>, StoreError> {
        let place = |invite: &Invite| Cursor { at: invite.created_at, id: invite.id.0 };
        self.list(restaurant, sql!("invites/list"), page, &[], |row, _| invite(row), place).await
    }
}

pub async fn insert_invite(
    tx: &Tx,
    restaurant: RestaurantId,
    new: &NewInvite<'_>,
) -> Result<Invite, StoreError> {
    let (hash, lives) = (new.hash.as_slice(), new.lives.as_secs_f64());
    let row = tx
        .query_opt(
            sql!("invites/insert"),
            &[&restaurant.0, &new.id.0, &hash, &new.role.name(), &new.note, &new.by.0, &lives],
        )
        .await?;
    invite(&row.ok_or_else(|| StoreError::Corrupt("no row of an invite".into()))?)
}

/// The invite, locked to the end of the transaction.
pub async fn lock_invite(
    tx: &Tx,
    restaurant: RestaurantId,
    id: InviteId,
) -> Result<Option<Invite>, StoreError> {
    let row = tx.query_opt(sql!("invites/lock"), &[&restaurant.0, &id.0]).await?;
    row.as_ref().map(invite).transpose()
}

/// Takes an invite back; false where it was used or taken back before.
pub async fn revoke_invite(tx: &Tx, restaurant: RestaurantId, id: InviteId) -> Result<bool, StoreError> {
    Ok(tx.execute(sql!("invites/revoke"), &[&restaurant.0, &id.0]).await? == 1)
}

/// An invite that may be used.
pub struct Redeemable {
    pub id: InviteId,
    pub role: Role,
}

/// The invite of a code while it may be used, locked to the end of the transaction. Whoever made it must still be in a role
/// that includes it: who was put out, or lower, leaves no open door behind.
pub async fn redeem(
    tx: &Tx,
    restaurant: RestaurantId,
    hash: &[u8; 32],
) -> Result<Option<Redeemable>, StoreError> {
    let Some(row) = tx.query_opt(sql!("invites/redeem"), &[&restaurant.0, &hash.as_slice()]).await? else {
        return Ok(None);
    };
    let given = role(row.try_get("role")?)?;
    // None for another service's user, whom only the token knew.
    let good = match row.try_get::<_, Option<&str>>("maker_role")? {
        Some(maker) => role(maker)?.includes(given) && !row.try_get::<_, bool>("maker_removed")?,
        None => true,
    };
    Ok(good.then_some(Redeemable { id: InviteId(row.try_get("id")?), role: given }))
}

/// Marks an invite as used by a user; false where it cannot be any more.
pub async fn use_invite(
    tx: &Tx,
    restaurant: RestaurantId,
    id: InviteId,
    by: UserId,
) -> Result<bool, StoreError> {
    Ok(tx.execute(sql!("invites/use"), &[&restaurant.0, &id.0, &by.0]).await? == 1)
}

fn invite(row: &Row) -> Result<Invite, StoreError> {
    let used_by = row.try_get::<_, Option<Uuid>>("used_by")?.map(UserId);
    let revoked = row.try_get::<_, Option<Timestamp>>("revoked_at")?.is_some();
    let state = match (used_by, revoked, row.try_get("expired")?) {
        (Some(_), ..) => InviteState::Used,
        (None, true, _) => InviteState::Revoked,
        (None, false, true) => InviteState::Expired,
        (None, false, false) => InviteState::Pending,
    };
    Ok(Invite {
        id: InviteId(row.try_get("id")?),
        role: role(row.try_get("role")?)?,
        note: row.try_get("note")?,
        created_by: UserId(row.try_get("created_by")?),
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
        used_by,
        state,
    })
}

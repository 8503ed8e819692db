//! What a house keeps of its people beside the built-in fields.

use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        profile::Profile,
        resource::Fields,
    },
    store::{StoreError, Tx, documents, sql},
};
use std::collections::HashMap;
use tokio_postgres::Row;
use uuid::Uuid;

/// The user's fields, in the order of their names.
pub async fn profile(tx: &Tx, restaurant: RestaurantId, user: UserId) -> Result<Fields, StoreError> {
    match tx.query_opt(sql!("profiles/get"), &[&restaurant.0, &user.0]).await? {
        None => Ok(Fields::new()),
        Some(row) => documents::all(row.try_get("fields")?)
            .ok_or_else(|| StoreError::Corrupt(format!("user_profiles.fields of {user}"))),
    }
}

/// The same of several, of whom some may have none.
pub async fn profiles(
    tx: &Tx,
    restaurant: RestaurantId,
    users: &[UserId],
) -> Result<HashMap<UserId, Fields>, StoreError> {
    let ids: Vec<Uuid> = users.iter().map(|user| user.0).collect();
    let rows = tx.query(sql!("profiles/of"), &[&restaurant.0, &ids]).await?;
    let read = |row: &Row| {
        let user = UserId(row.try_get("user_id")?);
        let fields = documents::all(row.try_get("fields")?);
        Ok((user, fields.ok_or_else(|| StoreError::Corrupt(format!("user_profiles.fields of {user}")))?))
    };
    rows.iter().map(read).collect()
}

/// Lays these over what is there; false where that had them all. A name that somebody has is a conflict on
/// `user_profiles_login_key`.
pub async fn put_profile(
    tx: &Tx,
    restaurant: RestaurantId,
    user: UserId,
    to: &Profile,
) -> Result<bool, StoreError> {
    if to.fields.is_empty() {
        return Ok(false);
    }
    let (login, fields) = (to.login.as_ref().map(|login| login.as_str()), documents::column(&to.fields));
    Ok(tx.execute(sql!("profiles/put"), &[&restaurant.0, &user.0, &login, &fields]).await? == 1)
}

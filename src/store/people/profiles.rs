//! What a house keeps of its people beside the built-in fields.

use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        profile::Profile,
        resource::Fields,
    },
    store::{StoreError, Tx, documents, sql},
};

/// The user's fields, in the order of their names.
pub async fn profile(tx: &Tx, restaurant: RestaurantId, user: UserId) -> Result<Fields, StoreError> {
    match tx.query_opt(sql!("profiles/get"), &[&restaurant.0, &user.0]).await? {
        None => Ok(Fields::new()),
        Some(row) => documents::all(row.try_get("fields")?)
            .ok_or_else(|| StoreError::Corrupt(format!("user_profiles.fields of {user}"))),
    }
}

/// Lays these over what is there. A name that somebody has is a conflict on `user_profiles_login_key`.
pub async fn put_profile(
    tx: &Tx,
    restaurant: RestaurantId,
    user: UserId,
    to: &Profile,
) -> Result<(), StoreError> {
    if to.fields.is_empty() {
        return Ok(());
    }
    let (login, fields) = (to.login.as_ref().map(|login| login.as_str()), documents::column(&to.fields));
    tx.execute(sql!("profiles/put"), &[&restaurant.0, &user.0, &login, &fields]).await?;
    Ok(())
}

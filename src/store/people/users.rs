//! A restaurant's users: pages of them, and one changed under a lock.

use super::resets::forget_resets;
use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        people::{Face, Person},
        principal::Role,
        text::ExternalId,
    },
    store::{
        Store, StoreError, Tx,
        reads::{Cursor, Listed, PageRequest},
        rows, sql,
        users::role,
    },
};
use tokio_postgres::Row;
use uuid::Uuid;

/// What of a user shall change.
#[derive(Debug, Default)]
pub struct Change<'a> {
    pub name: Option<&'a str>,
    /// Checked and lower case.
    pub email: Option<&'a str>,
    pub role: Option<Role>,
    /// A PHC string of argon2id.
    pub password_hash: Option<&'a str>,
    /// The hash that the current password was checked against, where one was asked for.
    pub only_with: Option<&'a str>,
}

impl Store {
    /// A page of the restaurant's users, or of the one who was `called` so elsewhere.
    pub async fn people(
        &self,
        restaurant: RestaurantId,
        called: Option<&ExternalId>,
        page: &PageRequest,
    ) -> Result<Listed<Person>, StoreError> {
        let place = |person: &Person| Cursor { at: person.created_at, id: person.user.0 };
        let sql = (sql!("people/list"), sql!("people/called"));
        self.list_called(restaurant, sql, called, page, |row, _| person(row), place).await
    }

    /// The restaurant's people and displays, by what they are called.
    pub async fn faces(&self, restaurant: RestaurantId) -> Result<Vec<Face>, StoreError> {
        let tx = self.read(restaurant).await?;
        let rows = tx.query(sql!("people/faces"), &[&restaurant.0]).await?;
        tx.commit().await?;
        rows.iter().map(face).collect()
    }

    /// A user of the restaurant, unless removed.
    pub async fn person(&self, restaurant: RestaurantId, user: UserId) -> Result<Option<Person>, StoreError> {
        let tx = self.read(restaurant).await?;
        let row = tx.query_opt(sql!("people/get"), &[&restaurant.0, &user.0]).await?;
        tx.commit().await?;
        row.as_ref().map(person).transpose()
    }
}

/// Those of the users that there are, and how many owners, all of them locked to the end of the transaction.
pub async fn lock(
    tx: &Tx,
    restaurant: RestaurantId,
    users: &[UserId],
) -> Result<(Vec<Person>, usize), StoreError> {
    let ids: Vec<Uuid> = users.iter().map(|user| user.0).collect();
    let rows = tx.query(sql!("people/lock"), &[&restaurant.0, &ids]).await?;
    let mut people: Vec<Person> = rows.iter().map(person).collect::<Result<_, _>>()?;
    let owners = people.iter().filter(|person| person.role == Role::Owner).count();
    people.retain(|person| users.contains(&person.user));
    Ok((people, owners))
}

/// Changes a user; `None` where there is none. A taken address is a conflict on `users_email_key`.
pub async fn change(
    tx: &Tx,
    restaurant: RestaurantId,
    user: UserId,
    to: &Change<'_>,
) -> Result<Option<Person>, StoreError> {
    let role = to.role.map(Role::name);
    if to.password_hash.is_some() {
        tx.query_opt(sql!("people/another_password"), &[&restaurant.0, &user.0]).await?;
    }
    let sql = sql!("people/change");
    let row = tx
        .query_opt(
            sql,
            &[&restaurant.0, &user.0, &to.name, &to.email, &role, &to.password_hash, &to.only_with],
        )
        .await?;
    if row.is_some() && (to.email.is_some() || to.password_hash.is_some()) {
        // Who reads the old mailbox, or sent for a token before, must not have the last word.
        forget_resets(tx, restaurant, user).await?;
    }
    row.as_ref().map(person).transpose()
}

/// Something else is shown of the user now, who is as before; `None` where there is none.
pub async fn touch(tx: &Tx, restaurant: RestaurantId, user: UserId) -> Result<Option<Person>, StoreError> {
    let row = tx.query_opt(sql!("people/touch"), &[&restaurant.0, &user.0]).await?;
    row.as_ref().map(person).transpose()
}

fn person(row: &Row) -> Result<Person, StoreError> {
    Ok(Person {
        user: UserId(row.try_get("id")?),
        restaurant: RestaurantId(row.try_get("restaurant_id")?),
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: role(row.try_get("role")?)?,
        created_at: row.try_get("created_at")?,
        external_id: rows::external_id(row)?,
        version: u32::try_from(row.try_get::<_, i32>("version")?)
            .map_err(|_| StoreError::Corrupt("a user's version".into()))?,
        updated_at: row.try_get("updated_at")?,
    })
}

fn face(row: &Row) -> Result<Face, StoreError> {
    Ok(Face { user: UserId(row.try_get("id")?), name: row.try_get("name")?, device: row.try_get("device")? })
}

//! Users: staff of a restaurant or people of an NGO, and how one stands towards a token.

use super::{StoreError, Tx, sql};
use crate::domain::{
    ids::{BoardId, LoginId, RestaurantId, UserId},
    principal::{Membership, Role},
    profile::LoginName,
};
use std::sync::Arc;
use tokio_postgres::Row;
use uuid::Uuid;

/// A user as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user: UserId,
    pub restaurant: RestaurantId,
    /// A device has none.
    pub email: Option<String>,
    pub name: String,
    pub role: Role,
}

/// A user about to log in.
pub struct Credentials {
    pub account: Account,
    /// A PHC string, or the bcrypt hash of another system.
    pub password_hash: String,
}

/// A user to be made. The address is checked and lower-cased, the hash a PHC string of argon2id.
pub struct NewUser {
    pub user: UserId,
    pub restaurant: RestaurantId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
}

/// What the database knows of a token's bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The restaurant, or NGO, exists.
    pub restaurant: bool,
    /// It is an NGO.
    pub ngo: bool,
    /// The donation boards it is on, the oldest membership first: a restaurant's one, any number of an NGO's.
    pub boards: Arc<[Membership]>,
    /// The restaurant's user of that id, removed ones too.
    pub user: Option<Known>,
    /// The login exists, is that user's and was not revoked.
    pub login: bool,
    /// The user is another restaurant's.
    pub elsewhere: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub role: Role,
    pub removed: bool,
}

/// Who logs in with this lower-case address, of whichever restaurant; in a transaction of `Store::untenanted`.
pub async fn by_email(tx: &Tx, email: &str) -> Result<Option<Credentials>, StoreError> {
    // Named first: the policy `logging_in` shows the one row.
    tx.query(sql!("users/name_login"), &[&email]).await?;
    let row = tx.query_opt(sql!("users/by_email"), &[&email]).await?;
    row.as_ref().map(credentials).transpose()
}

/// Who logs in by this name, of whichever restaurant; in a transaction of `Store::untenanted`. Nobody's takes as many looks.
pub async fn by_login(tx: &Tx, login: &LoginName) -> Result<Option<Credentials>, StoreError> {
    tx.query(sql!("users/name_login"), &[&login.as_str()]).await?;
    let found = tx.query_opt(sql!("profiles/by_login"), &[&login.as_str()]).await?;
    let (restaurant, user) = match &found {
        Some(row) => (row.try_get("restaurant_id")?, row.try_get("user_id")?),
        None => (Uuid::nil(), Uuid::nil()),
    };
    tx.become_tenant(RestaurantId(restaurant)).await?;
    let row = tx.query_opt(sql!("users/credentials"), &[&restaurant, &user]).await?;
    row.as_ref().map(credentials).transpose()
}

fn credentials(row: &Row) -> Result<Credentials, StoreError> {
    Ok(Credentials { account: account(row)?, password_hash: row.try_get("password_hash")? })
}

/// The beginnings, up to their salts, of the hashes that are not of our making, each once; of all users.
pub async fn foreign_hash_kinds(tx: &Tx) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(sql!("users/foreign_hash_kinds"), &[]).await?;
    rows.iter().map(|row| Ok(row.try_get("kind")?)).collect()
}

/// The user, unless removed.
pub async fn by_id(tx: &Tx, restaurant: RestaurantId, user: UserId) -> Result<Option<Account>, StoreError> {
    let row = tx.query_opt(sql!("users/by_id"), &[&restaurant.0, &user.0]).await?;
    row.as_ref().map(account).transpose()
}

/// Where the bearer of a token with these claims stands now.
pub async fn standing(
    tx: &Tx,
    restaurant: RestaurantId,
    user: UserId,
    login: Option<LoginId>,
) -> Result<Standing, StoreError> {
    let login: Option<Uuid> = login.map(|login| login.0);
    let row = tx
        .query_opt(sql!("users/standing"), &[&restaurant.0, &user.0, &login])
        .await?
        .ok_or_else(|| StoreError::Corrupt("no row of a standing".into()))?;
    let user = match row.try_get::<_, Option<&str>>("role")? {
        Some(name) => Some(Known { role: role(name)?, removed: row.try_get("removed")? }),
        None => None,
    };
    Ok(Standing {
        restaurant: row.try_get("restaurant")?,
        ngo: row.try_get("ngo")?,
        boards: memberships(&row)?,
        user,
        login: row.try_get("login")?,
        elsewhere: row.try_get("elsewhere")?,
    })
}

/// The boards that a restaurant or an NGO is on, the oldest membership first.
pub async fn boards(tx: &Tx, tenant: RestaurantId) -> Result<Arc<[Membership]>, StoreError> {
    let row = tx.query_opt(sql!("boards/of"), &[&tenant.0]).await?;
    row.as_ref().map_or_else(|| Ok(Arc::default()), memberships)
}

/// The columns `boards` and `board_names`, which are parallel.
fn memberships(row: &Row) -> Result<Arc<[Membership]>, StoreError> {
    let (ids, names): (Vec<Uuid>, Vec<String>) = (row.try_get("boards")?, row.try_get("board_names")?);
    Ok(ids.into_iter().zip(names).map(|(id, name)| Membership { board: BoardId(id), name }).collect())
}

/// Makes a user. A taken address is a conflict on `users_email_key`.
pub async fn insert(tx: &Tx, user: &NewUser) -> Result<(), StoreError> {
    tx.execute(
        sql!("users/insert"),
        &[&user.restaurant.0, &user.user.0, &user.email, &user.name, &user.role.name(), &user.password_hash],
    )
    .await?;
    Ok(())
}

/// Removes a user and ends its logins; false where there is no such user.
pub async fn remove(tx: &Tx, restaurant: RestaurantId, user: UserId) -> Result<bool, StoreError> {
    let sql = sql!("users/remove");
    Ok(tx.query_opt(sql, &[&restaurant.0, &user.0]).await?.is_some())
}

/// Reads the columns every query of an account returns.
pub(super) fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        user: UserId(row.try_get("id")?),
        restaurant: RestaurantId(row.try_get("restaurant_id")?),
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: role(row.try_get("role")?)?,
    })
}

pub(super) fn role(name: &str) -> Result<Role, StoreError> {
    Role::from_name(name).ok_or_else(|| StoreError::Corrupt("users.role".into()))
}

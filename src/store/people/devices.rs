//! Paired displays, and those that wait to be.

use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        people::Device,
        principal::Role,
        station::Station,
    },
    store::{
        Store, StoreError, Tx,
        reads::{Cursor, Listed, PageRequest},
        rows, sql,
        users::role,
    },
};
use std::{fmt::Write, time::Duration};
use tokio_postgres::Row;
use uuid::Uuid;

type Hash = [u8; 32];

/// A device to be made.
pub struct NewDevice<'a> {
    pub id: UserId,
    pub name: &'a str,
    /// KITCHEN or EXPO.
    pub role: Role,
    pub station: Option<&'a str>,
    pub by: UserId,
}

/// What became of a display that asked to be paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    Waiting,
    Claimed(RestaurantId, UserId),
}

impl Store {
    /// A page of the restaurant's devices.
    pub async fn devices(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<Device>, StoreError> {
        let place = |device: &Device| Cursor { at: device.created_at, id: device.id.0 };
        self.list(restaurant, sql!("devices/list"), page, &[], |row, _| device(row), place).await
    }
}

/// A display asks; false where another one waits with that code. In a transaction of `Store::untenanted`.
pub async fn ask_pairing(tx: &Tx, code: &Hash, secret: &Hash, lives: Duration) -> Result<bool, StoreError> {
    let (code, secret, lives) = (code.as_slice(), secret.as_slice(), lives.as_secs_f64());
    match tx.execute(sql!("devices/ask"), &[&code, &secret, &lives]).await {
        Ok(_) => Ok(true),
        Err(StoreError::Constraint(name)) if name == "pairings_pkey" => Ok(false),
        Err(error) => Err(error),
    }
}

/// The display with this code becomes a device; false where none waits with it.
pub async fn claim_pairing(
    tx: &Tx,
    restaurant: RestaurantId,
    code: &Hash,
    new: &NewDevice<'_>,
) -> Result<bool, StoreError> {
    name_pairing(tx, code).await?;
    let (role, by) = (new.role.name(), new.by.0);
    tx.execute(sql!("devices/insert_user"), &[&restaurant.0, &new.id.0, &new.name, &role]).await?;
    tx.execute(sql!("devices/insert"), &[&restaurant.0, &new.id.0, &new.station, &by]).await?;
    let sql = sql!("devices/claim");
    Ok(tx.execute(sql, &[&code.as_slice(), &restaurant.0, &new.id.0]).await? == 1)
}

/// The stations that a display can be of, locked against nobody: one that goes in this moment was there.
pub async fn stations(tx: &Tx, restaurant: RestaurantId) -> Result<Vec<Station>, StoreError> {
    tx.query(sql!("stations/all"), &[&restaurant.0]).await?.iter().map(rows::station).collect()
}

/// Locks the device to the end of the transaction; false where it was removed.
pub async fn lock_device(tx: &Tx, restaurant: RestaurantId, id: UserId) -> Result<bool, StoreError> {
    Ok(tx.query_opt(sql!("devices/lock"), &[&restaurant.0, &id.0]).await?.is_some())
}

/// What became of the display with this secret; `None` where there is none, or too late. Needs no tenant.
pub async fn pairing(tx: &Tx, secret: &Hash) -> Result<Option<Pairing>, StoreError> {
    name_pairing(tx, secret).await?;
    let Some(row) = tx.query_opt(sql!("devices/paired"), &[&secret.as_slice()]).await? else {
        return Ok(None);
    };
    let claimed = (row.try_get::<_, Option<Uuid>>(0)?, row.try_get::<_, Option<Uuid>>(1)?);
    Ok(Some(match claimed {
        (Some(restaurant), Some(device)) => Pairing::Claimed(RestaurantId(restaurant), UserId(device)),
        _ => Pairing::Waiting,
    }))
}

/// The device, unless removed.
pub async fn device_by_id(
    tx: &Tx,
    restaurant: RestaurantId,
    id: UserId,
) -> Result<Option<Device>, StoreError> {
    let row = tx.query_opt(sql!("devices/get"), &[&restaurant.0, &id.0]).await?;
    row.as_ref().map(device).transpose()
}

async fn name_pairing(tx: &Tx, hash: &Hash) -> Result<(), StoreError> {
    let mut hex = String::new();
    for byte in hash {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    tx.query_opt(sql!("devices/name_pairing"), &[&hex]).await.map(drop)
}

fn device(row: &Row) -> Result<Device, StoreError> {
    Ok(Device {
        id: UserId(row.try_get("id")?),
        name: row.try_get("name")?,
        role: role(row.try_get("role")?)?,
        station: row.try_get("station")?,
        claimed_by: UserId(row.try_get("claimed_by")?),
        created_at: row.try_get("created_at")?,
        last_token_at: row.try_get("last_token_at")?,
    })
}

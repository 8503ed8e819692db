//! What only the migrating role may do, on a connection of its own.

use super::{StoreError, connect::connect, sql};
use crate::domain::ids::RestaurantId;
use tokio_postgres::{Client, Config};

/// True where some restaurant exists.
pub async fn has_restaurants(url: &Config) -> Result<bool, StoreError> {
    let row =
        with(url, |client| async move { client.query_one(sql!("admin/has_restaurants"), &[]).await }).await?;
    Ok(row.get(0))
}

/// The restaurants with this id or name, two at most.
pub async fn restaurants_called(url: &Config, called: &str) -> Result<Vec<RestaurantId>, StoreError> {
    let called = called.to_owned();
    let sql = sql!("admin/restaurants_called");
    let rows = with(url, |client| async move { client.query(sql, &[&called]).await }).await?;
    Ok(rows.iter().map(|row| RestaurantId(row.get(0))).collect())
}

async fn with<T, F>(url: &Config, run: impl FnOnce(Client) -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, tokio_postgres::Error>>,
{
    let (client, driver) = connect(url).await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let result = run(client).await.map_err(StoreError::of);
    driver.abort();
    result
}

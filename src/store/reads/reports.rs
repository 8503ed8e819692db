//! Reports, computed by the database from the stored times.

use crate::{
    domain::ids::{MenuItemId, RestaurantId},
    store::{Store, StoreError, sql, tx::Params},
};
use jiff::Timestamp;
use uuid::Uuid;

/// Most rows of a report: the stations, then the dishes ordered most at each.
const MAX_ROWS: i64 = 5_000;

/// How long the lines of a station took, or those of one dish there.
#[derive(Debug, Clone, PartialEq)]
pub struct PrepTime {
    pub station: Option<String>,
    /// `None` for the station as a whole.
    pub dish: Option<Dish>,
    pub lines: i64,
    /// Seconds within which half of them were ready, and nine of ten.
    pub p50: f64,
    pub p90: f64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dish {
    /// `None` for one that was typed.
    pub id: Option<MenuItemId>,
    pub name: String,
}

impl Store {
    /// Preparation times of the lines that were ready from `from` until before `to`.
    pub async fn prep_times(
        &self,
        restaurant: RestaurantId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<PrepTime>, StoreError> {
        let tx = self.read(restaurant).await?;
        let params: Params<'_> = &[&restaurant.0, &from, &to, &MAX_ROWS];
        let found = tx.query(sql!("reports/prep_times"), params).await?;
        tx.commit().await?;
        let row = |row: &tokio_postgres::Row| {
            let took = row.get::<_, Vec<f64>>("took");
            let [p50, p90] = took[..] else { return Err(StoreError::Corrupt("column took".into())) };
            let dish = row.get::<_, bool>("is_dish").then(|| Dish {
                id: row.get::<_, Option<Uuid>>("menu_item_id").map(MenuItemId),
                name: row.get("name"),
            });
            Ok(PrepTime { station: row.get("station"), dish, lines: row.get("lines"), p50, p90 })
        };
        found.iter().map(row).collect()
    }
}

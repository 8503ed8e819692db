//! Stations, in pages and one by one.

use super::{Cursor, Listed, PageRequest, moment};
use crate::{
    domain::{
        ids::{RestaurantId, StationId},
        station::Station,
    },
    store::{Store, StoreError, rows, sql, tx::Params},
};
use futures_util::try_join;

impl Store {
    /// A page of the restaurant's stations.
    pub async fn stations(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<Station>, StoreError> {
        let tx = self.read(restaurant).await?;
        let ((at, id), limit) = (page.bound(), page.probe());
        let params: Params<'_> = &[&restaurant.0, &at, &id, &limit];
        let (moment, found) = try_join!(moment(&tx, restaurant), tx.query(sql!("stations/list"), params))?;
        tx.commit().await?;
        let stations = found.iter().map(rows::station).collect::<Result<_, _>>()?;
        let cursor = |station: &Station| Cursor { at: station.created_at, id: station.id.0 };
        Ok(Listed::new(moment.head, stations, page, cursor))
    }

    /// One station; `None` for an id unknown in this restaurant.
    pub async fn station(
        &self,
        restaurant: RestaurantId,
        id: StationId,
    ) -> Result<Option<Station>, StoreError> {
        let tx = self.read(restaurant).await?;
        let found = tx.query_opt(sql!("stations/get"), &[&restaurant.0, &id.0]).await?;
        tx.commit().await?;
        found.as_ref().map(rows::station).transpose()
    }
}

//! Stations, in pages and one by one.

use super::{Cursor, Listed, PageRequest};
use crate::{
    domain::{
        ids::{RestaurantId, StationId},
        station::Station,
    },
    store::{Store, StoreError, rows, sql},
};

impl Store {
    /// A page of the restaurant's stations.
    pub async fn stations(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<Station>, StoreError> {
        let place = |station: &Station| Cursor { at: station.created_at, id: station.id.0 };
        self.list(restaurant, sql!("stations/list"), page, &[], |row, _| rows::station(row), place).await
    }

    /// One station; `None` for an id unknown in this restaurant.
    pub async fn station(
        &self,
        restaurant: RestaurantId,
        id: StationId,
    ) -> Result<Option<Station>, StoreError> {
        self.find(restaurant, sql!("stations/get"), id.0, rows::station).await
    }
}

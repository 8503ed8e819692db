//! Documents of declared entities, newest first.

use super::moment;
use crate::{
    domain::{
        ids::{ResourceId, RestaurantId},
        resource::{Document, Entity, Fields},
    },
    store::{Store, StoreError, documents, log::Head, sql, tx::Params},
};
use futures_util::try_join;

/// Which page, of documents with which values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// From 1.
    pub page: u64,
    pub limit: u64,
    pub filter: Fields,
}

impl Store {
    /// A page of an entity's documents, and the position at which it was read.
    pub async fn documents(
        &self,
        restaurant: RestaurantId,
        entity: &Entity,
        listing: &Listing,
    ) -> Result<(Head, Vec<Document>), StoreError> {
        let tx = self.read(restaurant).await?;
        let filter = documents::column(&listing.filter);
        let limit = i64::try_from(listing.limit).unwrap_or(i64::MAX);
        let offset = limit.saturating_mul(i64::try_from(listing.page.saturating_sub(1)).unwrap_or(i64::MAX));
        let params: Params<'_> = &[&restaurant.0, &entity.name, &filter, &limit, &offset];
        let found = tx.query(sql!("resources/list"), params);
        let (moment, found) = try_join!(moment(&tx, restaurant), found)?;
        tx.commit().await?;
        let all = found.iter().map(|row| documents::document(entity, row)).collect::<Result<_, _>>()?;
        Ok((moment.head, all))
    }

    /// One document; `None` for an id unknown in this restaurant.
    pub async fn document(
        &self,
        restaurant: RestaurantId,
        entity: &Entity,
        id: ResourceId,
    ) -> Result<Option<Document>, StoreError> {
        let tx = self.read(restaurant).await?;
        let found = tx.query_opt(sql!("resources/get"), &[&restaurant.0, &entity.name, &id.0]).await?;
        tx.commit().await?;
        found.as_ref().map(|row| documents::document(entity, row)).transpose()
    }
}

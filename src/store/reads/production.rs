//! Production orders, newest issued first.

use super::{Cursor, Listed, PageRequest, moment};
use crate::{
    domain::{
        ids::{ProductionOrderId, RestaurantId},
        production::ProductionOrder,
    },
    store::{Store, StoreError, rows, sql, tx::Params},
};
use futures_util::try_join;

impl Store {
    /// A page of the restaurant's production orders.
    pub async fn production_orders(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<ProductionOrder>, StoreError> {
        let tx = self.read(restaurant).await?;
        let ((at, id), limit) = (page.bound(), page.probe());
        let params: Params<'_> = &[&restaurant.0, &at, &id, &limit];
        let found = tx.query(sql!("production_orders/list"), params);
        let (moment, found) = try_join!(moment(&tx, restaurant), found)?;
        tx.commit().await?;
        let orders = found.iter().map(rows::production_order).collect::<Result<_, _>>()?;
        let cursor = |order: &ProductionOrder| Cursor { at: order.date_issued, id: order.id.0 };
        Ok(Listed::new(moment.head, orders, page, cursor))
    }

    /// One production order; `None` for an id unknown in this restaurant.
    pub async fn production_order(
        &self,
        restaurant: RestaurantId,
        id: ProductionOrderId,
    ) -> Result<Option<ProductionOrder>, StoreError> {
        let tx = self.read(restaurant).await?;
        let found = tx.query_opt(sql!("production_orders/get"), &[&restaurant.0, &id.0]).await?;
        tx.commit().await?;
        found.as_ref().map(rows::production_order).transpose()
    }
}

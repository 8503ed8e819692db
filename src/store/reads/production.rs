//! Production orders, newest issued first.

use super::{Cursor, Listed, PageRequest};
use crate::{
    domain::{
        ids::{ProductionOrderId, RestaurantId},
        production::ProductionOrder,
        text::ExternalId,
    },
    store::{Store, StoreError, rows, sql},
};

impl Store {
    /// A page of the restaurant's production orders, or of the one that was `called` so elsewhere.
    pub async fn production_orders(
        &self,
        restaurant: RestaurantId,
        called: Option<&ExternalId>,
        page: &PageRequest,
    ) -> Result<Listed<ProductionOrder>, StoreError> {
        let place = |order: &ProductionOrder| Cursor { at: order.date_issued, id: order.id.0 };
        let sql = (sql!("production_orders/list"), sql!("production_orders/called"));
        self.list_called(restaurant, sql, called, page, |row, _| rows::production_order(row), place).await
    }

    /// One production order; `None` for an id unknown in this restaurant.
    pub async fn production_order(
        &self,
        restaurant: RestaurantId,
        id: ProductionOrderId,
    ) -> Result<Option<ProductionOrder>, StoreError> {
        self.find(restaurant, sql!("production_orders/get"), id.0, rows::production_order).await
    }
}

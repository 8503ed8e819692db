//! Orders with their lines.

use super::{Cursor, Listed, Moment, PageRequest, moment};
use crate::{
    domain::{
        ids::{OrderId, RestaurantId, TableId},
        order::{Order, OrderStatus},
        text::ExternalId,
    },
    store::{Store, StoreError, Tx, rows, sql, tx::Params},
};
use futures_util::try_join;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

/// Which orders; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Any of these; empty is any status.
    pub statuses: Vec<OrderStatus>,
    pub table: Option<TableId>,
    /// Made at this time or later.
    pub since: Option<Timestamp>,
    /// Leave out what never was confirmed.
    pub confirmed: bool,
    /// What another system called it.
    pub called: Option<ExternalId>,
}

impl Store {
    /// A page of the restaurant's orders, drafts too.
    pub async fn orders(
        &self,
        restaurant: RestaurantId,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Listed<Order>, StoreError> {
        let tx = self.read(restaurant).await?;
        let ((at, id), limit) = (page.bound(), page.probe());
        let statuses: Vec<&str> = filter.statuses.iter().map(|status| status.name()).collect();
        let statuses = (!statuses.is_empty()).then_some(statuses);
        let since = filter.since.unwrap_or(Timestamp::UNIX_EPOCH);
        let table = filter.table.map(|table| table.0);
        let drafts = !filter.confirmed;
        let called = filter.called.as_ref().map(ExternalId::as_str);
        let all: Params<'_> = &[&restaurant.0, &at, &id, &statuses, &table, &since, &drafts, &limit];
        let one = [all, &[&called]].concat();
        let found = match called {
            None => tx.query(sql!("orders/list"), all),
            Some(_) => tx.query(sql!("orders/called"), &one),
        };
        let (moment, found) = try_join!(moment(&tx, restaurant), found)?;
        let orders = with_lines(&tx, restaurant, &moment, &found).await?;
        tx.commit().await?;
        let cursor = |order: &Order| Cursor { at: order.created_at, id: order.id.0 };
        Ok(Listed::new(moment.head, orders, page, cursor))
    }

    /// The order with this ticket number; `None` where none has it in this restaurant.
    pub async fn order_numbered(
        &self,
        restaurant: RestaurantId,
        number: u64,
    ) -> Result<Option<Order>, StoreError> {
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let tx = self.read(restaurant).await?;
        let by_number: Params<'_> = &[&restaurant.0, &number];
        let (moment, found) =
            try_join!(moment(&tx, restaurant), tx.query(sql!("orders/by_number"), by_number))?;
        let order = with_lines(&tx, restaurant, &moment, &found).await?.pop();
        tx.commit().await?;
        Ok(order)
    }

    /// One order; `None` for an id unknown in this restaurant.
    pub async fn order(&self, restaurant: RestaurantId, id: OrderId) -> Result<Option<Order>, StoreError> {
        let tx = self.read(restaurant).await?;
        let ids = vec![id.0];
        let (one, all): (Params<'_>, Params<'_>) = (&[&restaurant.0, &id.0], &[&restaurant.0, &ids]);
        let (moment, found, lines) = try_join!(
            moment(&tx, restaurant),
            tx.query(sql!("orders/get"), one),
            tx.query(sql!("orders/lines"), all),
        )?;
        tx.commit().await?;
        Ok(rows::orders(&found, &lines, restaurant, moment.currency)?.pop())
    }
}

/// Reads the lines of these orders and puts both together.
pub(super) async fn with_lines(
    tx: &Tx,
    restaurant: RestaurantId,
    moment: &Moment,
    orders: &[Row],
) -> Result<Vec<Order>, StoreError> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = orders.iter().map(|row| row.get("id")).collect();
    let lines = tx.query(sql!("orders/lines"), &[&restaurant.0, &ids]).await?;
    rows::orders(orders, &lines, restaurant, moment.currency)
}

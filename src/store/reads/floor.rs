//! Tables and table sessions.

use super::{Cursor, Listed, PageRequest, moment};
use crate::{
    domain::{
        ids::{RestaurantId, TableSessionId},
        table::{Table, TableSession},
    },
    store::{Store, StoreError, rows, sql, tx::Params},
};
use futures_util::try_join;

impl Store {
    /// A page of the restaurant's tables.
    pub async fn tables(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<Table>, StoreError> {
        let tx = self.read(restaurant).await?;
        let ((at, id), limit) = (page.bound(), page.probe());
        let params: Params<'_> = &[&restaurant.0, &at, &id, &limit];
        let (moment, found) = try_join!(moment(&tx, restaurant), tx.query(sql!("tables/list"), params))?;
        tx.commit().await?;
        let tables = found.iter().map(rows::table).collect::<Result<_, _>>()?;
        let cursor = |table: &Table| Cursor { at: table.created_at, id: table.id.0 };
        Ok(Listed::new(moment.head, tables, page, cursor))
    }

    /// A page of the restaurant's table sessions, closed ones too.
    pub async fn table_sessions(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<TableSession>, StoreError> {
        let tx = self.read(restaurant).await?;
        let ((at, id), limit) = (page.bound(), page.probe());
        let params: Params<'_> = &[&restaurant.0, &at, &id, &limit];
        let found = tx.query(sql!("table_sessions/list"), params);
        let (moment, found) = try_join!(moment(&tx, restaurant), found)?;
        tx.commit().await?;
        let sessions = found.iter().map(rows::table_session).collect::<Result<_, _>>()?;
        let cursor = |session: &TableSession| Cursor { at: session.opened_at, id: session.id.0 };
        Ok(Listed::new(moment.head, sessions, page, cursor))
    }

    /// One table session; `None` for an id unknown in this restaurant.
    pub async fn table_session(
        &self,
        restaurant: RestaurantId,
        id: TableSessionId,
    ) -> Result<Option<TableSession>, StoreError> {
        let tx = self.read(restaurant).await?;
        let found = tx.query_opt(sql!("table_sessions/get"), &[&restaurant.0, &id.0]).await?;
        tx.commit().await?;
        found.as_ref().map(rows::table_session).transpose()
    }
}

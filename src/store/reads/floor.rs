//! Tables and table sessions.

use super::{Cursor, Listed, PageRequest};
use crate::{
    domain::{
        ids::{RestaurantId, TableSessionId},
        table::{Table, TableSession},
        text::ExternalId,
    },
    store::{Store, StoreError, rows, sql},
};

impl Store {
    /// A page of the restaurant's tables, or of the one that was `called` so elsewhere.
    pub async fn tables(
        &self,
        restaurant: RestaurantId,
        called: Option<&ExternalId>,
        page: &PageRequest,
    ) -> Result<Listed<Table>, StoreError> {
        let place = |table: &Table| Cursor { at: table.created_at, id: table.id.0 };
        let sql = (sql!("tables/list"), sql!("tables/called"));
        self.list_called(restaurant, sql, called, page, |row, _| rows::table(row), place).await
    }

    /// A page of the restaurant's table sessions, closed ones too.
    pub async fn table_sessions(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<TableSession>, StoreError> {
        let place = |session: &TableSession| Cursor { at: session.opened_at, id: session.id.0 };
        self.list(
            restaurant,
            sql!("table_sessions/list"),
            page,
            &[],
            |row, _| rows::table_session(row),
            place,
        )
        .await
    }

    /// One table session; `None` for an id unknown in this restaurant.
    pub async fn table_session(
        &self,
        restaurant: RestaurantId,
        id: TableSessionId,
    ) -> Result<Option<TableSession>, StoreError> {
        self.find(restaurant, sql!("table_sessions/get"), id.0, rows::table_session).await
    }
}

//! The board: what a display starts from, at one position of the stream.

use super::{moment, orders::with_lines};
use crate::{
    domain::{
        ids::RestaurantId,
        order::Order,
        station::Station,
        table::{Table, TableSession},
    },
    store::{Store, StoreError, log::Head, rows, sql, tx::Params},
};
use futures_util::try_join;
use jiff::Timestamp;

/// A restaurant's floor and kitchen at one moment.
#[derive(Debug, Clone)]
pub struct Board {
    pub head: Head,
    /// All of them, the first made first.
    pub tables: Vec<Table>,
    /// Open ones.
    pub sessions: Vec<TableSession>,
    /// All of them, the first made first.
    pub stations: Vec<Station>,
    /// By ticket number: what is to be done, and what was served or cancelled lately.
    pub orders: Vec<Order>,
}

impl Store {
    /// The board; orders served or cancelled at `lately` or after are on it still.
    pub async fn board(&self, restaurant: RestaurantId, lately: Timestamp) -> Result<Board, StoreError> {
        let tx = self.read(restaurant).await?;
        let (tenant, orders): (Params<'_>, Params<'_>) = (&[&restaurant.0], &[&restaurant.0, &lately]);
        let (moment, tables, sessions, stations, orders) = try_join!(
            moment(&tx, restaurant),
            tx.query(sql!("tables/all"), tenant),
            tx.query(sql!("table_sessions/open"), tenant),
            tx.query(sql!("stations/all"), tenant),
            tx.query(sql!("orders/on_board"), orders),
        )?;
        let orders = with_lines(&tx, restaurant, &moment, &orders).await?;
        tx.commit().await?;
        Ok(Board {
            head: moment.head,
            tables: tables.iter().map(rows::table).collect::<Result<_, _>>()?,
            sessions: sessions.iter().map(rows::table_session).collect::<Result<_, _>>()?,
            stations: stations.iter().map(rows::station).collect::<Result<_, _>>()?,
            orders,
        })
    }
}

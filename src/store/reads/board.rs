//! The board: what a display starts from, at one position of the stream.

use super::{moment, orders::with_lines};
use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        money::Currency,
        order::Order,
        station::Station,
        table::{Table, TableSession},
    },
    flaws::{self, Flaw},
    store::{Store, StoreError, log::Head, rows, sql, tx::Params},
};
use futures_util::try_join;
use jiff::Timestamp;
use std::borrow::Cow;
use tokio_postgres::Row;

/// A restaurant's floor and kitchen at one moment.
#[derive(Debug, Clone)]
pub struct Board {
    pub head: Head,
    pub currency: Currency,
    /// All of them, the first made first.
    pub tables: Vec<Table>,
    /// Open ones.
    pub sessions: Vec<TableSession>,
    /// All of them, the first made first.
    pub stations: Vec<Station>,
    /// Who works there, by name.
    pub staff: Vec<(UserId, String)>,
    /// By ticket number: what is to be done, and what was served or cancelled lately.
    pub orders: Vec<Order>,
}

/// What is on the board.
fn on_board() -> Cow<'static, str> {
    let query = sql!("orders/on_board");
    match flaws::planted(Flaw::ForgottenWhere) {
        false => query.into(),
        true => query.replace("WHERE o.restaurant_id = $1", "WHERE $1::uuid IS NOT NULL").into(),
    }
}

impl Store {
    /// The board; orders served or cancelled at `lately` or after are on it still.
    pub async fn board(&self, restaurant: RestaurantId, lately: Timestamp) -> Result<Board, StoreError> {
        let tx = self.read(restaurant).await?;
        let (tenant, orders): (Params<'_>, Params<'_>) = (&[&restaurant.0], &[&restaurant.0, &lately]);
        let on_board = on_board();
        let (moment, tables, sessions, stations, staff, orders) = try_join!(
            moment(&tx, restaurant),
            tx.query(sql!("tables/all"), tenant),
            tx.query(sql!("table_sessions/open"), tenant),
            tx.query(sql!("stations/all"), tenant),
            tx.query(sql!("people/names"), tenant),
            tx.query(&on_board, orders),
        )?;
        let orders = with_lines(&tx, restaurant, &moment, &orders).await?;
        tx.commit().await?;
        Ok(Board {
            head: moment.head,
            currency: moment.currency,
            tables: tables.iter().map(rows::table).collect::<Result<_, _>>()?,
            sessions: sessions.iter().map(rows::table_session).collect::<Result<_, _>>()?,
            stations: stations.iter().map(rows::station).collect::<Result<_, _>>()?,
            staff: staff.iter().map(name).collect::<Result<_, _>>()?,
            orders,
        })
    }
}

fn name(row: &Row) -> Result<(UserId, String), StoreError> {
    Ok((UserId(row.try_get("id")?), row.try_get("name")?))
}

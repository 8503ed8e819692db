//! Reading a restaurant, each answer at one moment: the rows, and the stream's position at which they were true.

mod board;
mod floor;
mod history;
mod menu;
mod orders;
mod page;
mod production;
mod reports;
mod resources;
mod stations;

pub use board::Board;
pub use history::{Entry, Fact, HistoryPage, Turn};
pub use orders::OrderFilter;
pub use page::{Cursor, Listed, PageRequest};
pub use reports::PrepTime;
pub use resources::Listing;

use super::{StoreError, Tx, log::Head, rows, sql};
use crate::domain::{
    ids::RestaurantId,
    money::Currency,
    stream::{Epoch, Seq},
};

/// What every answer needs besides its rows.
pub(super) struct Moment {
    pub(super) head: Head,
    currency: Currency,
}

pub(super) async fn moment(tx: &Tx, restaurant: RestaurantId) -> Result<Moment, StoreError> {
    let row = tx.query_opt(sql!("restaurants/moment"), &[&restaurant.0]).await?;
    // A principal's restaurant exists: its token was checked against the database.
    let row = row.ok_or_else(|| StoreError::Corrupt(format!("no stream of restaurant {restaurant}")))?;
    let epoch = Epoch(row.get::<_, &str>("epoch").into());
    Ok(Moment { head: Head { epoch, seq: row.get::<_, i64>("seq") as Seq }, currency: rows::currency(&row)? })
}

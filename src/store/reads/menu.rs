//! The menu, whole: a restaurant has hundreds of dishes, not thousands.

use super::moment;
use crate::{
    domain::{ids::RestaurantId, menu::MenuItem},
    store::{Store, StoreError, log::Head, rows, sql, tx::Params},
};
use futures_util::try_join;

impl Store {
    /// All dishes, by category and name, and the position at which they were read.
    pub async fn menu(&self, restaurant: RestaurantId) -> Result<(Head, Vec<MenuItem>), StoreError> {
        let tx = self.read(restaurant).await?;
        let tenant: Params<'_> = &[&restaurant.0];
        let (moment, found) = try_join!(moment(&tx, restaurant), tx.query(sql!("menu/list"), tenant))?;
        tx.commit().await?;
        let dish = |row| rows::menu_item(row, moment.currency);
        Ok((moment.head, found.iter().map(dish).collect::<Result<_, _>>()?))
    }
}

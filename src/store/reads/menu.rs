//! The menu: whole, since a restaurant has hundreds of dishes and not thousands; and in pages for those who edit it.

use super::{Cursor, Listed, PageRequest, moment};
use crate::{
    domain::{
        ids::{CategoryId, MenuItemId, RestaurantId},
        menu::{Category, MenuItem},
        text::ExternalId,
    },
    store::{Store, StoreError, log::Head, rows, sql, tx::Params},
};
use futures_util::try_join;

impl Store {
    /// All dishes, by the place of their category and name, and the position at which they were read.
    pub async fn menu(&self, restaurant: RestaurantId) -> Result<(Head, Vec<MenuItem>), StoreError> {
        let tx = self.read(restaurant).await?;
        let tenant: Params<'_> = &[&restaurant.0];
        let (moment, found) = try_join!(moment(&tx, restaurant), tx.query(sql!("menu/list"), tenant))?;
        tx.commit().await?;
        let dish = |row| rows::menu_item(row, moment.currency);
        Ok((moment.head, found.iter().map(dish).collect::<Result<_, _>>()?))
    }

    /// A page of the dishes, or of the one that was `called` so elsewhere.
    pub async fn dishes(
        &self,
        restaurant: RestaurantId,
        called: Option<&ExternalId>,
        page: &PageRequest,
    ) -> Result<Listed<MenuItem>, StoreError> {
        let place = |dish: &MenuItem| Cursor { at: dish.created_at, id: dish.id.0 };
        let sql = (sql!("menu/items"), sql!("menu/called"));
        self.list_called(restaurant, sql, called, page, rows::menu_item, place).await
    }

    /// One dish; `None` for an id unknown in this restaurant, or of a removed one.
    pub async fn dish(
        &self,
        restaurant: RestaurantId,
        id: MenuItemId,
    ) -> Result<Option<MenuItem>, StoreError> {
        let tx = self.read(restaurant).await?;
        let params: Params<'_> = &[&restaurant.0, &id.0];
        let (moment, found) = try_join!(moment(&tx, restaurant), tx.query_opt(sql!("menu/item"), params))?;
        tx.commit().await?;
        found.as_ref().map(|row| rows::menu_item(row, moment.currency)).transpose()
    }

    /// A page of the categories.
    pub async fn categories(
        &self,
        restaurant: RestaurantId,
        page: &PageRequest,
    ) -> Result<Listed<Category>, StoreError> {
        let place = |category: &Category| Cursor { at: category.created_at, id: category.id.0 };
        self.list(restaurant, sql!("menu/categories"), page, &[], |row, _| rows::category(row), place).await
    }

    /// One category; `None` for an id unknown in this restaurant.
    pub async fn category(
        &self,
        restaurant: RestaurantId,
        id: CategoryId,
    ) -> Result<Option<Category>, StoreError> {
        self.find(restaurant, sql!("menu/category"), id.0, rows::category).await
    }
}

//! Making a restaurant from nothing: for the demo, for tests, and later for whoever registers one.

use super::{Store, StoreError, Tx, sql, tx::Params, users};
use crate::domain::{
    ids::{RestaurantId, StreamId},
    menu::MenuItem,
    money::Currency,
    station::Station,
    table::Table,
    text::Name,
};

/// A restaurant with what it opens with. Its stream has its id.
pub struct NewRestaurant {
    pub id: RestaurantId,
    pub name: Name,
    pub currency: Currency,
    pub tables: Vec<Table>,
    pub menu: Vec<MenuItem>,
    pub stations: Vec<Station>,
    pub users: Vec<users::NewUser>,
}

impl Store {
    /// Makes them all, and notes `mark` about the database, or does nothing. A taken e-mail address is a `Constraint`.
    pub async fn create_restaurants(
        &self,
        restaurants: &[NewRestaurant],
        mark: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        let tx = self.untenanted().await?;
        for new in restaurants {
            tx.become_tenant(new.id).await?;
            insert(&tx, new).await?;
        }
        if let Some((key, value)) = mark {
            tx.execute(sql!("seed/insert_instance_value"), &[&key, &value]).await?;
        }
        tx.commit().await
    }

    /// A fact about the database as a whole, such as `demo`.
    pub async fn instance_value(&self, key: &str) -> Result<Option<String>, StoreError> {
        let tx = self.untenanted().await?;
        let row = tx.query_opt(sql!("seed/instance_value"), &[&key]).await?;
        tx.commit().await?;
        Ok(row.map(|row| row.get(0)))
    }
}

async fn insert(tx: &Tx, new: &NewRestaurant) -> Result<(), StoreError> {
    let (id, name, currency) = (new.id.0, new.name.as_str(), new.currency.code());
    tx.execute(sql!("seed/insert_restaurant"), &[&id, &name, &currency]).await?;
    tx.execute(sql!("seed/insert_stream"), &[&StreamId::from(new.id).0]).await?;
    for table in &new.tables {
        let name = table.name.as_str();
        tx.execute(sql!("lane/insert_table"), &[&id, &table.id.0, &name, &table.created_at]).await?;
    }
    for dish in &new.menu {
        let course = dish.course.as_ref().map(|label| label.as_str());
        let station = dish.station.as_ref().map(|label| label.as_str());
        let (name, category) = (dish.name.as_str(), dish.category.as_str());
        let sql = sql!("seed/insert_menu_item");
        tx.execute(sql, &[&id, &dish.id.0, &name, &category, &dish.price.minor, &course, &station]).await?;
    }
    for station in &new.stations {
        let categories: Vec<&str> = station.categories.iter().map(|label| label.as_str()).collect();
        let (name, warn, late) =
            (station.name.as_str(), station.warn_after_s as i32, station.late_after_s as i32);
        let (version, made, changed) = (station.version as i32, &station.created_at, &station.updated_at);
        let params: Params<'_> = &[
            &id,
            &station.id.0,
            &name,
            &categories,
            &warn,
            &late,
            &station.is_default,
            &version,
            made,
            changed,
        ];
        tx.execute(sql!("lane/insert_station"), params).await?;
    }
    for user in &new.users {
        users::insert(tx, user).await?;
    }
    Ok(())
}

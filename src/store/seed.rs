//! Making a restaurant from nothing: for the demo, for tests, and for whoever registers one.

use super::{Store, StoreError, Tx, customers, lane::catalogue, pipeline::Pipeline, sql, users};
use crate::domain::{
    ids::{BoardId, CategoryId, RestaurantId, StreamId},
    menu::{Category, MenuItem},
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
    pub customers: Vec<customers::NewCustomer>,
    pub users: Vec<users::NewUser>,
}

/// An NGO: a tenant that takes donations off a board and has nothing else. Its users' role is `Ngo`.
pub struct NewOrganization {
    pub id: RestaurantId,
    pub name: Name,
    /// Those it takes from; the first is the one it acts on where it names none.
    pub boards: Vec<BoardId>,
    pub users: Vec<users::NewUser>,
}

impl Store {
    /// Makes them all, and notes `mark` about the database, or does nothing. A taken e-mail address is a `Constraint`.
    pub async fn create_restaurants(
        &self,
        restaurants: &[NewRestaurant],
        mark: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        self.create_tenants(restaurants, &[], mark).await
    }

    /// Makes one, and hands over the transaction that does: nothing is made before that is committed.
    pub async fn found(&self, new: &NewRestaurant) -> Result<Tx, StoreError> {
        let tx = self.write(new.id).await?;
        insert(&tx, new).await?;
        Ok(tx)
    }

    /// As [`Store::create_restaurants`], with NGOs beside them.
    pub async fn create_tenants(
        &self,
        restaurants: &[NewRestaurant],
        organizations: &[NewOrganization],
        mark: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        let tx = self.untenanted().await?;
        for new in organizations {
            organization(&tx, new).await?;
        }
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

async fn organization(tx: &Tx, new: &NewOrganization) -> Result<(), StoreError> {
    tx.become_tenant(new.id).await?;
    tx.execute(sql!("seed/insert_organization"), &[&new.id.0, &new.name.as_str()]).await?;
    for board in &new.boards {
        tx.execute(sql!("boards/join"), &[&new.id.0, &board.0]).await?;
    }
    for user in &new.users {
        users::insert(tx, user).await?;
    }
    Ok(())
}

async fn insert(tx: &Tx, new: &NewRestaurant) -> Result<(), StoreError> {
    let (id, name, currency) = (new.id.0, new.name.as_str(), new.currency.code());
    tx.execute(sql!("seed/insert_restaurant"), &[&id, &name, &currency]).await?;
    tx.execute(sql!("seed/insert_stream"), &[&StreamId::from(new.id).0]).await?;
    for table in &new.tables {
        let (name, none) = (table.name.as_str(), None::<&str>);
        tx.execute(sql!("lane/insert_table"), &[&id, &table.id.0, &name, &table.created_at, &none]).await?;
    }
    let mut pipeline = Pipeline::default();
    for category in categories(&new.menu) {
        pipeline.add(sql!("lane/insert_category"), 1, catalogue::new_category(new.id, &category));
    }
    for dish in &new.menu {
        pipeline.add(sql!("lane/insert_menu_item"), 1, catalogue::new_dish(new.id, dish));
    }
    for station in &new.stations {
        pipeline.add(sql!("lane/insert_station"), 1, catalogue::new_station(new.id, station));
    }
    if !pipeline.is_empty() {
        pipeline.run(tx).await?;
    }
    for customer in &new.customers {
        customers::insert(tx, new.id, customer).await?;
    }
    for user in &new.users {
        users::insert(tx, user).await?;
    }
    Ok(())
}

/// The categories that dishes stand in, in the order they come.
fn categories(menu: &[MenuItem]) -> Vec<Category> {
    let mut categories: Vec<Category> = Vec::new();
    for dish in menu {
        if categories.iter().all(|category| category.name != dish.category) {
            categories.push(Category {
                id: CategoryId::generate(),
                name: dish.category.clone(),
                position: categories.len() as u32 + 1,
                version: 1,
                created_at: dish.created_at,
                updated_at: dish.created_at,
            });
        }
    }
    categories
}

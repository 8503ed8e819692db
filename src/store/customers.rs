//! Customers: making one, and whose orders are whose.

use super::{Store, StoreError, Tx, rows, sql};
use crate::domain::{
    customer::Customer,
    ids::{CustomerId, RestaurantId},
    order::Order,
    text::{Contact, Name},
};
use jiff::Timestamp;
use std::collections::HashMap;
use uuid::Uuid;

/// A customer to be made; the database gives the number.
#[derive(Debug, Clone)]
pub struct NewCustomer {
    pub id: CustomerId,
    pub name: Name,
    pub email: Option<Contact>,
    pub phone: Option<Contact>,
    pub created_at: Timestamp,
}

/// Makes a customer under its restaurant's next number.
pub async fn insert(tx: &Tx, restaurant: RestaurantId, new: &NewCustomer) -> Result<(), StoreError> {
    let (email, phone) = (new.email.as_ref().map(Contact::as_str), new.phone.as_ref().map(Contact::as_str));
    let name = new.name.as_str();
    let sql = sql!("customers/insert");
    tx.execute(sql, &[&restaurant.0, &new.id.0, &name, &email, &phone, &new.created_at]).await?;
    Ok(())
}

impl Store {
    /// The customers that these orders name.
    pub async fn customers_of(
        &self,
        restaurant: RestaurantId,
        orders: &[Order],
    ) -> Result<HashMap<CustomerId, Customer>, StoreError> {
        let ids: Vec<Uuid> = orders.iter().filter_map(|order| Some(order.customer?.id.0)).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let tx = self.read(restaurant).await?;
        let found = tx.query(sql!("customers/of"), &[&restaurant.0, &ids]).await?;
        tx.commit().await?;
        let customers = found.iter().map(rows::customer);
        customers.map(|customer| customer.map(|customer| (customer.id, customer))).collect()
    }
}

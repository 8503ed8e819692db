//! Documents of declared entities, newest first.

use super::{Cursor, Listed, PageRequest, moment};
use crate::{
    domain::{
        ids::{ResourceId, RestaurantId},
        resource::{Document, Entity, Fields, Kept, Value, value},
        text::ExternalId,
    },
    store::{Store, StoreError, documents, sql, tx::Params},
};
use futures_util::try_join;

/// Which page, of documents with which values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    pub page: PageRequest,
    /// Rows before it that are passed over.
    pub skip: u64,
    pub filter: Fields,
    /// What another system called it.
    pub called: Option<ExternalId>,
}

impl Store {
    /// A page of an entity's documents.
    pub async fn documents(
        &self,
        restaurant: RestaurantId,
        entity: &Entity,
        listing: &Listing,
    ) -> Result<Listed<Document>, StoreError> {
        let tx = self.read(restaurant).await?;
        let Listing { page, skip, filter, called } = listing;
        let ((at, id), limit) = (page.bound(), page.probe());
        let skip = i64::try_from(*skip).unwrap_or(i64::MAX);
        let (id_of, name) = (restaurant.0, entity.name.as_str());
        let text = |name: &str| match value(filter, name) {
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let body = documents::column(filter);
        let [named, mailed, phoned] = ["name", "email", "phone"].map(text);
        let everything: Params<'_> = &[&id_of, &name, &at, &id, &limit, &skip];
        let found: Params<'_> = &[&id_of, &name, &at, &id, &limit, &skip, &body];
        let customers: Params<'_> = &[&id_of, &at, &id, &limit, &skip];
        let customer: Params<'_> = &[&id_of, &at, &id, &limit, &skip, &named, &mailed, &phoned];
        let users: Params<'_> = &[&id_of, &at, &id, &limit, &skip, &body];
        let old = called.as_ref().map(ExternalId::as_str);
        let named_so: Params<'_> = &[&old];
        let one = [found, named_so].concat();
        let (customer_one, user_one) = ([customer, named_so].concat(), [users, named_so].concat());
        let rows = match (entity.kept, old, filter.is_empty()) {
            (Kept::Documents, None, true) => tx.query(sql!("resources/newest"), everything),
            (Kept::Documents, None, false) => tx.query(sql!("resources/having"), found),
            (Kept::Documents, Some(_), _) => tx.query(sql!("resources/called"), &one),
            (Kept::Customers, None, true) => tx.query(sql!("resources/customers"), customers),
            (Kept::Customers, None, false) => tx.query(sql!("resources/customers_having"), customer),
            (Kept::Customers, Some(_), _) => tx.query(sql!("resources/customers_called"), &customer_one),
            (Kept::Users, None, _) => tx.query(sql!("resources/users"), users),
            (Kept::Users, Some(_), _) => tx.query(sql!("resources/users_called"), &user_one),
        };
        let (moment, rows) = try_join!(moment(&tx, restaurant), rows)?;
        tx.commit().await?;
        let all = rows.iter().map(|row| documents::document(entity, row)).collect::<Result<_, _>>()?;
        let cursor = |document: &Document| Cursor { at: document.created_at, id: document.id.0 };
        Ok(Listed::new(moment.head, all, page, cursor))
    }

    /// One document; `None` for an id unknown in this restaurant.
    pub async fn document(
        &self,
        restaurant: RestaurantId,
        entity: &Entity,
        id: ResourceId,
    ) -> Result<Option<Document>, StoreError> {
        let tx = self.read(restaurant).await?;
        let found = tx.query_opt(sql!("resources/get"), &[&restaurant.0, &entity.name, &id.0]).await?;
        tx.commit().await?;
        found.as_ref().map(|row| documents::document(entity, row)).transpose()
    }
}

//! Customers: whom an order is for.

use super::{
    ids::CustomerId,
    text::{Contact, ExternalId, Name},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    /// What people call it by: from 1 in its restaurant, never given twice.
    pub number: u64,
    pub name: Name,
    pub email: Option<Contact>,
    pub phone: Option<Contact>,
    pub created_at: Timestamp,
    /// Where it moved in from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
}

/// A customer as an order names it. Neither ever changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRef {
    pub id: CustomerId,
    pub number: u64,
}

impl From<&Customer> for CustomerRef {
    fn from(customer: &Customer) -> Self {
        Self { id: customer.id, number: customer.number }
    }
}

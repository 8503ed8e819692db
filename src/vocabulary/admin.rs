//! The admin vocabulary (specification 000): what the namespace `/admin` says of orders, and REST at `/orders`.
//!
//! Ids are numbers, totals fixed-scale text. It is partial: of most events it says nothing. `eventId` and `seq` are last in
//! every payload, as in the restaurant's.

use super::{body::Time, names::OrderStatusName, words::words};
use crate::{
    domain::{
        customer::{Customer, CustomerRef},
        event::{Event, Recorded},
        order::{Order, OrderStatus},
        principal::Role,
    },
    wire::event::WireEvent,
};
use serde::Serialize;
use utoipa::ToSchema;

/// `new_order`: an order was confirmed, by whichever door.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AdminOrderConfirmed)]
struct OrderConfirmed {
    order_id: Option<u64>,
    customer_id: Option<u64>,
    /// Sum of its lines, fixed scale.
    total: String,
    /// The order's, not the confirmation's.
    created_at: Time,
}

/// `order_shipped`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AdminOrderShipped)]
struct OrderShipped {
    order_id: Option<u64>,
    customer_id: Option<u64>,
    shipped_at: Time,
}

impl OrderConfirmed {
    fn of(order: &Order, _: &Recorded) -> Self {
        Self {
            order_id: order.number,
            customer_id: order.customer.map(|customer| customer.number),
            total: order.total().to_string(),
            created_at: Time(order.created_at),
        }
    }
}

impl OrderShipped {
    fn of(number: Option<u64>, customer: Option<CustomerRef>, recorded: &Recorded) -> Self {
        let customer_id = customer.map(|customer| customer.number);
        Self { order_id: number, customer_id, shipped_at: Time(recorded.at) }
    }
}

words! {
    /// The wire form of an event; `None` for what the specification has no word for.
    pub fn encode(recorded, epoch) -> Option<WireEvent> {
        Event::OrderConfirmed(order) => "new_order": OrderConfirmed(order),
        Event::OrderShipped { number, customer, .. } => "order_shipped": OrderShipped(*number, *customer),
    }
    // Partial: a new event has a line here only where there is a word for it.
    otherwise: _ => None
}

/// An order as it answers to having been placed or shipped.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AdminOrder)]
pub struct OrderBody {
    /// The ticket number.
    pub id: Option<u64>,
    /// The customer's number.
    pub customer_id: Option<u64>,
    /// Sum of the live lines, fixed scale, e.g. `"15.50"`.
    pub total: String,
    pub created_at: Time,
}

impl From<&Order> for OrderBody {
    fn from(order: &Order) -> Self {
        Self {
            id: order.number,
            customer_id: order.customer.map(|customer| customer.number),
            total: order.total().to_string(),
            created_at: Time(order.created_at),
        }
    }
}

/// An order as it is read.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AdminOrderWithCustomer)]
pub struct WholeOrderBody {
    #[serde(flatten)]
    pub order: OrderBody,
    pub customer: Option<CustomerBody>,
    #[schema(value_type = OrderStatusName)]
    pub status: OrderStatus,
}

impl WholeOrderBody {
    /// As `reader` sees it: how to reach a customer is the restaurant's own.
    pub fn new(order: &Order, customer: Option<&Customer>, reader: Role) -> Self {
        let customer = customer.map(|customer| match reader {
            Role::Public => CustomerBody::named(customer),
            _ => customer.into(),
        });
        Self { order: order.into(), customer, status: order.status() }
    }
}

/// A customer; whoever reads without a token sees `id` and `name` alone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Customer)]
pub struct CustomerBody {
    pub id: u64,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    pub email: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    pub phone: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Time, required = false)]
    pub created_at: Option<Time>,
    /// What another system called it, where it moved in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl CustomerBody {
    /// What anybody may know.
    fn named(customer: &Customer) -> Self {
        Self {
            id: customer.number,
            name: customer.name.to_string(),
            email: None,
            phone: None,
            created_at: None,
            external_id: None,
        }
    }
}

impl From<&Customer> for CustomerBody {
    fn from(customer: &Customer) -> Self {
        Self {
            email: Some(customer.email.as_ref().map(ToString::to_string)),
            phone: Some(customer.phone.as_ref().map(ToString::to_string)),
            created_at: Some(Time(customer.created_at)),
            external_id: customer.external_id.as_ref().map(ToString::to_string),
            ..Self::named(customer)
        }
    }
}

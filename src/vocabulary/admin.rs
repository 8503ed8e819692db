//! The admin vocabulary (specification 000): what the namespace `/admin` says of orders, and REST at `/orders`.
//!
//! Ids are numbers, totals fixed-scale text. It is partial: of most events it says nothing. `eventId` and `seq` are last in
//! every payload, as in the restaurant's.

use super::{body::Time, names::OrderStatusName, restaurant::json};
use crate::{
    domain::{
        customer::Customer,
        event::{Event, Recorded},
        order::{Order, OrderStatus},
        stream::Epoch,
    },
    wire::event::WireEvent,
};
use serde::Serialize;
use utoipa::ToSchema;

/// `new_order`: an order was confirmed, by whichever door.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NewOrder {
    order_id: Option<u64>,
    customer_id: Option<u64>,
    /// Sum of its lines, fixed scale.
    total: String,
    /// The order's, not the confirmation's.
    created_at: Time,
}

/// `order_shipped`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderShipped {
    order_id: Option<u64>,
    customer_id: Option<u64>,
    shipped_at: Time,
}

/// The wire form of an event; `None` for what the specification has no word for.
pub fn encode(recorded: &Recorded, epoch: &Epoch) -> Result<Option<WireEvent>, serde_json::Error> {
    let (name, data) = match &recorded.event {
        Event::OrderConfirmed(order) => {
            let payload = NewOrder {
                order_id: order.number,
                customer_id: order.customer.map(|customer| customer.number),
                total: order.total().to_string(),
                created_at: Time(order.created_at),
            };
            ("new_order", json(recorded, payload))
        }
        Event::OrderShipped { number, customer, .. } => {
            let payload = OrderShipped {
                order_id: *number,
                customer_id: customer.map(|customer| customer.number),
                shipped_at: Time(recorded.at),
            };
            ("order_shipped", json(recorded, payload))
        }
        // Partial: a new event has an arm here only where there is a word for it.
        _ => return Ok(None),
    };
    Ok(Some(WireEvent::new(epoch.clone(), recorded.seq, recorded.id.0, recorded.at, name, data?)))
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
    pub fn new(order: &Order, customer: Option<&Customer>) -> Self {
        let customer = customer.map(CustomerBody::from);
        Self { order: order.into(), customer, status: order.status() }
    }
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Customer)]
pub struct CustomerBody {
    pub id: u64,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub created_at: Time,
}

impl From<&Customer> for CustomerBody {
    fn from(customer: &Customer) -> Self {
        Self {
            id: customer.number,
            name: customer.name.to_string(),
            email: customer.email.as_ref().map(ToString::to_string),
            phone: customer.phone.as_ref().map(ToString::to_string),
            created_at: Time(customer.created_at),
        }
    }
}

//! The admin vocabulary (specification 000): what the namespace `/admin` says of orders, and REST at `/orders`.
//!
//! Ids are numbers, totals fixed-scale text. It is partial: of most events it says nothing.

use super::{body::Time, names::OrderStatusName};
use crate::domain::{
    customer::Customer,
    event::{Event, Recorded},
    order::{Order, OrderStatus},
};
use serde::Serialize;
use utoipa::ToSchema;

/// `new_order`: an order was confirmed, by whichever door.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewOrder {
    pub order_id: Option<u64>,
    pub customer_id: Option<u64>,
    /// Sum of its lines, fixed scale.
    pub total: String,
    /// The order's, not the confirmation's.
    pub created_at: Time,
}

/// `order_shipped`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderShipped {
    pub order_id: Option<u64>,
    pub customer_id: Option<u64>,
    pub shipped_at: Time,
}

/// The wire form of an event: its name and payload; `None` for what the specification has no word for.
pub fn encode(recorded: &Recorded) -> Option<Result<(&'static str, String), serde_json::Error>> {
    let named =
        |name, payload: Result<String, serde_json::Error>| Some(payload.map(|payload| (name, payload)));
    match &recorded.event {
        Event::OrderConfirmed(order) => named(
            "new_order",
            serde_json::to_string(&NewOrder {
                order_id: order.number,
                customer_id: order.customer.map(|customer| customer.number),
                total: order.total().to_string(),
                created_at: Time(order.created_at),
            }),
        ),
        Event::OrderShipped { number, customer, .. } => named(
            "order_shipped",
            serde_json::to_string(&OrderShipped {
                order_id: *number,
                customer_id: customer.map(|customer| customer.number),
                shipped_at: Time(recorded.at),
            }),
        ),
        Event::OrderStatusChanged(_)
        | Event::ItemStatusChanged(_)
        | Event::ItemsAdded { .. }
        | Event::ItemUpdated { .. }
        | Event::OrderCancelled { .. }
        | Event::OrderClosed { .. }
        | Event::OrderReopened { .. }
        | Event::TableSessionOpened(_)
        | Event::TableSessionClosed(_)
        | Event::ProductionOrderCreated(_)
        | Event::ProductionOrderUpdated(_)
        | Event::ProductionOrderProgressed(_)
        | Event::ProductionOrderDeleted { .. }
        | Event::Unreadable => None,
    }
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

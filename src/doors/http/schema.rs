//! Requests and payloads for the OpenAPI document. `requests` and `query` read them; these only say what they read.
#![expect(
    dead_code,
    reason = "documentation: the readers report every fault at once, which derived ones do not"
)]

mod house;
mod people;

pub use house::*;
pub use people::*;

use crate::vocabulary::{
    floor::{TableSessionMerged, TableSessionMoved},
    kitchen::{OrderAcknowledged, OrderPriorityChanged},
    menu::MenuItemAvailabilityChanged,
    names::{ItemStatusName, OrderStatusName},
    production::{ProductionOrderBody, ProductionOrderDeleted, ProductionOrderProgress},
    restaurant::{
        ItemStatusChanged, ItemUpdated, ItemsAdded, Numbered, OrderEnded, OrderNew, OrderShipped,
        OrderStatusChanged, TableSessionChanged,
    },
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    #[schema(examples("waiter@restaurante.com"))]
    email: String,
    #[schema(examples("password123"), format = Password)]
    password: String,
    /// Lifetime of the access token in seconds, up to the configured one.
    ttl: Option<u32>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefreshToken {
    refresh_token: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewTable {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewTableSession {
    table_id: Uuid,
    /// Guests.
    #[schema(minimum = 1, maximum = 999)]
    covers: Option<u32>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewOrder {
    table_session_id: Uuid,
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// With `menuItemId` name, price, course and station default to the menu's; another price needs a manager.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewItem {
    #[schema(min_length = 1, max_length = 200, examples("Hamburguesa"))]
    name: Option<String>,
    #[schema(minimum = 1, maximum = 9999, examples(2))]
    qty: u32,
    /// A decimal number with no more digits than the currency has.
    #[schema(minimum = 0, examples(15.5))]
    unit_price: Option<f64>,
    #[schema(max_length = 1000)]
    notes: Option<String>,
    menu_item_id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 50)]
    course: Option<String>,
    #[schema(min_length = 1, max_length = 50)]
    station: Option<String>,
}

/// Null leaves a value as it is; an empty text takes it away.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemChange {
    #[schema(minimum = 1, maximum = 9999)]
    qty: Option<u32>,
    #[schema(max_length = 1000)]
    notes: Option<String>,
    #[schema(max_length = 50)]
    course: Option<String>,
    #[schema(max_length = 50)]
    station: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewItemStatus {
    status: ItemStatusName,
    /// Refused with 409 where the item has another one.
    expected_status: Option<ItemStatusName>,
    /// Needed for `VOIDED`.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewCounterOrder {
    /// A decimal number with no more digits than the currency has.
    #[schema(minimum = 0, examples(99.99))]
    total: f64,
    /// The number of a customer.
    #[schema(minimum = 1)]
    customer_id: Option<u64>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    #[schema(max_length = 500)]
    reason: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewProductionOrder {
    #[schema(min_length = 1, max_length = 200, examples("Carta de vinos, 200"))]
    title: String,
    #[schema(max_length = 200)]
    customer_name: Option<String>,
    /// One of the setting `production.stages`; its first where it is left out.
    #[schema(max_length = 50, examples("In Production"))]
    status: Option<String>,
    /// A time, or a date, which is its midnight in UTC.
    #[schema(examples("2024-02-01", "2024-02-01T12:00:00Z"))]
    estimated_date: Option<String>,
    /// The same; now where it is left out.
    date_issued: Option<String>,
}

/// Null leaves a value as it is; an empty text takes the customer or the estimated date away.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductionOrderChange {
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    #[schema(max_length = 200)]
    customer_name: Option<String>,
    /// A later stage, or by a manager with a message an earlier one.
    #[schema(max_length = 50, examples("In Printing"))]
    status: Option<String>,
    #[schema(examples("2024-02-01", "2024-02-01T12:00:00Z"))]
    estimated_date: Option<String>,
    date_issued: Option<String>,
    /// Told with the change, for people to read.
    #[schema(max_length = 500)]
    message: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// Items of a page.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
    /// Where the page begins: what the `Link` header of the page before says.
    cursor: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderFilter {
    /// Orders with one of these statuses; comma separated.
    #[param(style = Form, explode = false, example = json!(["CONFIRMED", "READY"]))]
    status: Option<Vec<OrderStatusName>>,
    /// Orders of this table.
    table: Option<Uuid>,
    /// Made at this time (RFC 3339) or later.
    #[param(format = DateTime)]
    since: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LogPosition {
    /// Events after this position; 0 is the beginning.
    #[param(minimum = 0, default = 0)]
    after: Option<u64>,
    /// Events of a page.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Days {
    /// A day of UTC (`2026-11-20`), or a time (RFC 3339).
    from: String,
    /// The last day, included; or a time that is not.
    to: String,
}

/// An event's payload, by its name.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum EventData {
    /// `order.new`
    OrderNew(Numbered<OrderNew>),
    /// `order.status.changed`
    OrderStatusChanged(Numbered<OrderStatusChanged>),
    /// `order.item.status.changed`
    ItemStatusChanged(Numbered<ItemStatusChanged>),
    /// `order.items.added`
    ItemsAdded(Numbered<ItemsAdded>),
    /// `order.item.updated`
    ItemUpdated(Numbered<ItemUpdated>),
    /// `order.shipped`
    OrderShipped(Numbered<OrderShipped>),
    /// `order.cancelled`, `order.closed`, `order.reopened`
    OrderEnded(Numbered<OrderEnded>),
    /// `table.session.opened`, `table.session.closed`
    TableSessionChanged(Numbered<TableSessionChanged>),
    /// `order.acknowledged`
    OrderAcknowledged(Numbered<OrderAcknowledged>),
    /// `order.priority.changed`
    OrderPriorityChanged(Numbered<OrderPriorityChanged>),
    /// `table.session.moved`
    TableSessionMoved(Numbered<TableSessionMoved>),
    /// `table.session.merged`
    TableSessionMerged(Numbered<TableSessionMerged>),
    /// `menu.item.availability.changed`
    MenuItemAvailabilityChanged(Numbered<MenuItemAvailabilityChanged>),
    /// `orderCreated`, `orderUpdated`
    ProductionOrder(Numbered<ProductionOrderBody>),
    /// `{orderId}/update`
    ProductionOrderProgress(Numbered<ProductionOrderProgress>),
    /// `orderDeleted`
    ProductionOrderDeleted(Numbered<ProductionOrderDeleted>),
}

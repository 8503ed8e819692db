//! Requests and payloads for the OpenAPI document. `requests` and `query` read them; these only say what they read.
#![expect(
    dead_code,
    reason = "documentation: the readers report every fault at once, which derived ones do not"
)]

use crate::vocabulary::{
    names::{ItemStatusName, OrderStatusName, RoleName},
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
pub struct Registration {
    email: String,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: String,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Lets into its restaurant, in its role.
    invite_code: Option<String>,
    /// Of a new restaurant; the default is the name and `'s restaurant`.
    #[schema(min_length = 1, max_length = 200)]
    restaurant_name: Option<String>,
    /// Of a new restaurant, ISO 4217; the default is EUR.
    currency: Option<String>,
}

#[derive(ToSchema)]
pub struct ResetPassword {
    email: String,
}

#[derive(ToSchema)]
pub struct Sent {
    /// True, also where nobody has that address.
    sent: bool,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangePassword {
    reset_password_token: String,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    new_password: String,
}

#[derive(ToSchema)]
pub struct Changed {
    changed: bool,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountChange {
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    email: Option<String>,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: Option<String>,
    /// Asked for where the address or the password changes.
    #[schema(format = Password)]
    current_password: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewUser {
    email: String,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Not above one's own.
    #[schema(value_type = RoleName)]
    role: String,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserChange {
    email: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    #[schema(value_type = Option<RoleName>)]
    role: Option<String>,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairingSecret {
    pairing_secret: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClaimDevice {
    /// As the display shows it; case, spaces and dashes do not matter.
    #[schema(examples("7K3M-Q9XT"))]
    code: String,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(min_length = 1, max_length = 50)]
    station: Option<String>,
    /// KITCHEN or EXPO.
    #[schema(value_type = RoleName)]
    role: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewInvite {
    /// Not above one's own.
    #[schema(value_type = RoleName)]
    role: String,
    /// Whom it is for.
    #[schema(min_length = 1, max_length = 200)]
    note: Option<String>,
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
}

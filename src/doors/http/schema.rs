//! Request bodies for the OpenAPI document. `requests` reads them; these only say what it reads.
#![expect(
    dead_code,
    reason = "documentation: the readers report every fault at once, which derived ones do not"
)]

use utoipa::ToSchema;
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
    /// `PENDING`, `HELD`, `IN_PROGRESS`, `READY`, `SERVED`, `CANCELLED` or `VOIDED`.
    #[schema(examples("IN_PROGRESS"))]
    status: String,
    /// Refused with 409 where the item has another one.
    expected_status: Option<String>,
    /// Needed for `VOIDED`.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    #[schema(max_length = 500)]
    reason: Option<String>,
}

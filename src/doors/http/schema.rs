//! Requests and payloads for the OpenAPI document. `requests` and `query` read them; these only say what they read.
#![expect(
    dead_code,
    reason = "documentation: the readers report every fault at once, which derived ones do not"
)]

mod house;
mod lists;
mod people;

pub use house::*;
pub use lists::*;
pub use people::*;

use crate::vocabulary::{
    donations::{self, LocationBody},
    names::{DonationStatusName, ItemStatusName},
    restaurant,
    words::{Schemas, Word},
};
use std::borrow::Cow;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{AnyOfBuilder, Schema},
    },
};
use uuid::Uuid;

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
pub struct NewDonation {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(min_length = 1, max_length = 200)]
    food_type: String,
    #[schema(min_length = 1, max_length = 50, examples("5"))]
    quantity: String,
    #[schema(min_length = 1, max_length = 50, examples("kg"))]
    unit: String,
    #[schema(max_length = 1000)]
    description: Option<String>,
    location: LocationBody,
    /// A time to come (RFC 3339).
    #[schema(format = DateTime)]
    expiry_time: String,
    /// `http` or `https`.
    #[schema(max_items = 10)]
    image_urls: Option<Vec<String>>,
}

#[derive(ToSchema)]
pub struct NewDonationStatus {
    /// Not `CLAIMED`, for which there is a call of its own, and not `EXPIRED`.
    status: DonationStatusName,
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
pub struct BoardChoice {
    /// Which board, by its name: for an NGO that is on several. Without it the one it has been on for longest.
    #[param(min_length = 1, max_length = 200)]
    board: Option<String>,
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
pub enum EventData {}

impl EventData {
    /// Those of the log, and those of a board, which sockets alone are told.
    fn words() -> impl Iterator<Item = &'static Word> {
        restaurant::WORDS.iter().chain(donations::WORDS)
    }
}

impl PartialSchema for EventData {
    /// Any of them, not one: some payloads hold all members of another one.
    fn schema() -> RefOr<Schema> {
        let mut any = AnyOfBuilder::new();
        for word in Self::words() {
            let name = Some(format!("`{}`", word.name));
            any = any.item(word.schema(&mut Schemas::new()).description(name));
        }
        any.description(Some("An event's payload, by its name")).into()
    }
}

impl ToSchema for EventData {
    fn name() -> Cow<'static, str> {
        "EventData".into()
    }

    fn schemas(schemas: &mut Schemas) {
        Self::words().for_each(|word| drop(word.schema(schemas)));
    }
}

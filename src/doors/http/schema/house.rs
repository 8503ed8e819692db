//! Requests about the floor, the kitchen and the menu, for the OpenAPI document.

use crate::vocabulary::names::AvailabilityName;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewStation {
    #[schema(min_length = 1, max_length = 50, examples("grill"))]
    name: String,
    /// Categories of the menu whose dishes are made here; none of another station.
    categories: Option<Vec<String>>,
    #[schema(minimum = 1, maximum = 86400, default = 300)]
    warn_after_s: Option<u32>,
    /// Greater than `warnAfterS`.
    #[schema(minimum = 1, maximum = 86400, default = 480)]
    late_after_s: Option<u32>,
    /// True makes it the one that gets the lines which name no station.
    is_default: Option<bool>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StationChange {
    #[schema(min_length = 1, max_length = 50)]
    name: Option<String>,
    categories: Option<Vec<String>>,
    #[schema(minimum = 1, maximum = 86400)]
    warn_after_s: Option<u32>,
    #[schema(minimum = 1, maximum = 86400)]
    late_after_s: Option<u32>,
    is_default: Option<bool>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewBump {
    /// Only the lines that are made there.
    station_id: Option<Uuid>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAcknowledgement {
    /// Only this line.
    item_id: Option<Uuid>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPriority {
    #[schema(minimum = 0, maximum = 9)]
    priority: u8,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewTablePlace {
    table_id: Uuid,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewMerge {
    /// The session that gets the open orders.
    into_id: Uuid,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewUndo {
    batch_id: Uuid,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewCategory {
    #[schema(min_length = 1, max_length = 50, examples("Postres"))]
    name: String,
    /// Behind all others where it is left out.
    #[schema(minimum = 0, maximum = 10000)]
    position: Option<u32>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CategoryChange {
    #[schema(min_length = 1, max_length = 50)]
    name: Option<String>,
    #[schema(minimum = 0, maximum = 10000)]
    position: Option<u32>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewMenuItem {
    #[schema(min_length = 1, max_length = 200, examples("Flan casero"))]
    name: String,
    /// The name of a category.
    #[schema(min_length = 1, max_length = 50, examples("Postres"))]
    category: String,
    /// A decimal number with no more digits than the currency has.
    #[schema(minimum = 0, examples(4.9))]
    price: f64,
    #[schema(min_length = 1, max_length = 50)]
    course: Option<String>,
    /// The name of a station.
    #[schema(min_length = 1, max_length = 50)]
    station: Option<String>,
}

/// Null leaves a value as it is; an empty text takes course or station away.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MenuItemChange {
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    #[schema(min_length = 1, max_length = 50)]
    category: Option<String>,
    #[schema(minimum = 0)]
    price: Option<f64>,
    #[schema(max_length = 50)]
    course: Option<String>,
    #[schema(max_length = 50)]
    station: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAvailability {
    state: AvailabilityName,
    /// Portions left; only with `available`. Not counted where it is left out.
    #[schema(minimum = 1, maximum = 1000000)]
    remaining: Option<u32>,
    /// In the future: when the other state begins.
    #[schema(format = DateTime)]
    until: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewLunch {
    /// Minutes of the play in one of the clock.
    #[schema(minimum = 1, maximum = 60, default = 10)]
    speed: Option<u32>,
    /// For how long guests arrive, in minutes of the play.
    #[schema(minimum = 1, maximum = 240, default = 60)]
    minutes: Option<u32>,
    /// The same seed is the same lunch, on the same menu and tables.
    #[schema(default = 1)]
    seed: Option<u32>,
}

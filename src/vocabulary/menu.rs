//! The JSON shapes of the menu, and what the restaurant vocabulary says of it.

use super::{body::Time, names::AvailabilityName};
use crate::domain::{
    event::{AvailabilityMove, Recorded},
    menu::{Category, MenuItem},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// `available` or `sold_out`.
pub const fn state(available: bool) -> &'static str {
    if available { "available" } else { "sold_out" }
}

/// A dish.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MenuItem)]
pub struct MenuItemBody {
    pub id: Uuid,
    pub name: String,
    pub category: String,
    /// Fixed scale, e.g. `"15.50"`.
    pub price: String,
    pub course: Option<String>,
    pub station: Option<String>,
    pub available: bool,
    /// Portions left, where they are counted.
    pub remaining: Option<u32>,
    /// When the other state begins, by the clock.
    pub until: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
    pub version: u32,
    /// What another system called it, where it moved in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl From<&MenuItem> for MenuItemBody {
    fn from(dish: &MenuItem) -> Self {
        Self {
            id: dish.id.0,
            name: dish.name.to_string(),
            category: dish.category.to_string(),
            price: dish.price.to_string(),
            course: dish.course.as_ref().map(ToString::to_string),
            station: dish.station.as_ref().map(ToString::to_string),
            available: dish.available,
            remaining: dish.remaining,
            until: dish.until.map(Time),
            created_at: Time(dish.created_at),
            updated_at: Time(dish.updated_at),
            version: dish.version,
            external_id: dish.external_id.as_ref().map(ToString::to_string),
        }
    }
}

/// A part of the menu.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MenuCategory)]
pub struct CategoryBody {
    pub id: Uuid,
    pub name: String,
    /// Its place; of two at one place the first by name comes first.
    pub position: u32,
    pub created_at: Time,
    pub updated_at: Time,
    pub version: u32,
}

impl From<&Category> for CategoryBody {
    fn from(category: &Category) -> Self {
        Self {
            id: category.id.0,
            name: category.name.to_string(),
            position: category.position,
            created_at: Time(category.created_at),
            updated_at: Time(category.updated_at),
            version: category.version,
        }
    }
}

/// `menu.item.availability.changed`; a removed dish is sold out for good.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MenuItemAvailabilityChanged {
    pub menu_item_id: Uuid,
    pub restaurant_id: Uuid,
    pub name: String,
    #[schema(value_type = AvailabilityName)]
    pub state: &'static str,
    pub remaining: Option<u32>,
    pub until: Option<Time>,
    pub updated_at: Time,
    pub menu_item_version: u32,
}

impl MenuItemAvailabilityChanged {
    pub fn of(moved: &AvailabilityMove, recorded: &Recorded) -> Self {
        Self {
            menu_item_id: moved.item.0,
            restaurant_id: recorded.restaurant.0,
            name: moved.name.to_string(),
            state: state(moved.available),
            remaining: moved.remaining,
            until: moved.until.map(Time),
            updated_at: Time(recorded.at),
            menu_item_version: moved.item_version,
        }
    }
}

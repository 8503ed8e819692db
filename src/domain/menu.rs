//! The menu: dishes, what they cost, where they are made, whether there are any left; and the categories they stand in.

use super::{
    ids::{CategoryId, MenuItemId},
    money::{Decimal, Money},
    rejection::Rejection,
    text::{ExternalId, Label, Name},
};
use crate::code::ErrorCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most dishes and most categories of a menu, which is read whole.
pub const MAX_DISHES: usize = 2_000;
pub const MAX_CATEGORIES: usize = 200;
/// Most portions that are counted, and the last place of a category.
pub const MAX_REMAINING: u32 = 1_000_000;
pub const MAX_POSITION: u32 = 10_000;

/// A dish. A removed one stays: lines of old orders are of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuItem {
    pub id: MenuItemId,
    pub name: Name,
    /// The name of a category.
    pub category: Label,
    pub price: Money,
    pub course: Option<Label>,
    pub station: Option<Label>,
    pub available: bool,
    /// Portions left, where they are counted.
    pub remaining: Option<u32>,
    /// When it stops being available, or sold out, by the clock.
    pub until: Option<Timestamp>,
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub removed_at: Option<Timestamp>,
    /// Where it moved in from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
}

/// A part of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: CategoryId,
    pub name: Label,
    /// Its place; of two at one place the first by name comes first.
    pub position: u32,
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A dish to be made, or new values for one; `None` leaves one as it is, an inner `None` clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DishChange {
    pub name: Option<Name>,
    pub category: Option<Label>,
    pub price: Option<Decimal>,
    pub course: Option<Option<Label>>,
    pub station: Option<Option<Label>>,
}

/// What somebody says of a dish's availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    pub available: bool,
    pub remaining: Option<u32>,
    pub until: Option<Timestamp>,
}

impl MenuItem {
    /// A dish that is available and not counted.
    pub fn new(id: MenuItemId, name: Name, category: Label, price: Money, at: Timestamp) -> Self {
        Self {
            id,
            name,
            category,
            price,
            course: None,
            station: None,
            available: true,
            remaining: None,
            until: None,
            version: 1,
            created_at: at,
            updated_at: at,
            removed_at: None,
            external_id: None,
        }
    }

    /// The clock: past `until` the other state holds, uncounted. True where that happened.
    pub fn pass(&mut self, at: Timestamp) -> bool {
        let passed = self.until.is_some_and(|until| until <= at);
        if passed {
            self.available = !self.available;
            (self.until, self.remaining) = (None, None);
        }
        passed
    }

    /// Takes `qty` portions for a confirmed line; at zero the dish is sold out.
    pub fn take(&mut self, qty: u32, at: Timestamp) -> Result<(), Rejection> {
        self.pass(at);
        let left = match self.remaining {
            _ if !self.available || self.removed_at.is_some() => None,
            None => return Ok(()),
            Some(remaining) => remaining.checked_sub(qty),
        };
        let Some(left) = left else {
            return Err(Rejection::new(ErrorCode::ItemUnavailable, format!("{} is sold out", self.name)));
        };
        self.remaining = Some(left);
        self.available = left > 0;
        if !self.available {
            // It was to be available until then; being out of it ends earlier and by nobody's clock.
            self.until = None;
        }
        Ok(())
    }
}

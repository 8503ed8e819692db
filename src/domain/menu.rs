//! Dishes as far as an order needs them: what they cost, where they are made, whether there are any left.

use super::{
    ids::MenuItemId,
    money::Money,
    rejection::Rejection,
    text::{Label, Name},
};
use crate::code::ErrorCode;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuItem {
    pub id: MenuItemId,
    pub name: Name,
    pub category: Label,
    pub price: Money,
    pub course: Option<Label>,
    pub station: Option<Label>,
    pub available: bool,
    /// Portions left, where they are counted.
    pub remaining: Option<u32>,
}

impl MenuItem {
    /// Takes `qty` portions for a confirmed line; at zero the dish is sold out.
    pub fn take(&mut self, qty: u32) -> Result<(), Rejection> {
        let left = match self.remaining {
            _ if !self.available => None,
            None => return Ok(()),
            Some(remaining) => remaining.checked_sub(qty),
        };
        let Some(left) = left else {
            return Err(Rejection::new(ErrorCode::ItemUnavailable, format!("{} is sold out", self.name)));
        };
        self.remaining = Some(left);
        self.available = left > 0;
        Ok(())
    }
}

//! What happened to drafts: the kitchen never hears of it, the order's history shows it.

use super::{
    ids::{ItemId, OrderId},
    item::Item,
};
use serde::{Deserialize, Serialize};

/// A step of a draft, as its history tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum DraftStep {
    Opened,
    ItemAdded(Item),
    ItemChanged(Item),
    ItemRemoved(ItemId),
    Cancelled,
}

/// A [`DraftStep`] and the order it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    pub order: OrderId,
    pub step: DraftStep,
}

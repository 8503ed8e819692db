//! A batch: the lines that one bump made ready, and what they were before, so that it can be taken back.

use super::{
    ids::{BatchId, ItemId, OrderId, StationId, UserId},
    item::ItemStatus,
    times::Times,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a bump can be taken back: as long as what is done stays on the board.
pub const UNDO_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// A line before it was bumped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchLine {
    pub item: ItemId,
    pub from: ItemStatus,
    pub times: Times,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    pub id: BatchId,
    pub order: OrderId,
    /// Where the bump was of one station's lines only.
    pub station: Option<StationId>,
    pub made_by: UserId,
    pub made_at: Timestamp,
    pub undone_at: Option<Timestamp>,
    pub lines: Vec<BatchLine>,
}

impl Batch {
    /// The last moment at which it can be taken back.
    pub fn undo_until(&self) -> Timestamp {
        self.made_at.checked_add(UNDO_WITHIN).unwrap_or(self.made_at)
    }
}

//! Tables and the sessions of guests at them; at most one session is open at a table.

use super::{
    ids::{TableId, TableSessionId, UserId},
    text::{ExternalId, Name},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most guests of one session.
pub const MAX_COVERS: u32 = 999;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub id: TableId,
    pub name: Name,
    pub created_at: Timestamp,
    /// Where it moved in from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
}

impl Table {
    pub fn new(id: TableId, name: Name, created_at: Timestamp) -> Self {
        Self { id, name, created_at, external_id: None }
    }
}

/// From the guests' sitting down to their leaving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSession {
    pub id: TableSessionId,
    pub table: TableId,
    pub table_name: Name,
    /// Guests, where the waiter said.
    pub covers: Option<u32>,
    pub opened_by: UserId,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

impl TableSession {
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// `OPEN` or `CLOSED`.
    pub fn status(&self) -> &'static str {
        if self.is_open() { "OPEN" } else { "CLOSED" }
    }
}

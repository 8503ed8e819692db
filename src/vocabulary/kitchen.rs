//! What the restaurant vocabulary says of the kitchen beyond specification 004: parts of payloads.

use super::body::Time;
use crate::domain::times::Times;
use serde::Serialize;
use utoipa::ToSchema;

/// Times of a line's life; one that has not come is left out.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemTimes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served_at: Option<Time>,
}

impl From<Times> for ItemTimes {
    fn from(times: Times) -> Self {
        Self {
            sent_at: times.sent.map(Time),
            started_at: times.started.map(Time),
            ready_at: times.ready.map(Time),
            served_at: times.served.map(Time),
        }
    }
}

//! What the restaurant vocabulary says of the kitchen beyond specification 004.

use super::body::Time;
use crate::domain::{
    event::{Acknowledgement, PriorityMove, Recorded},
    times::Times,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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

/// `order.acknowledged`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderAcknowledged {
    pub order_id: Uuid,
    pub restaurant_id: Uuid,
    /// Where it was of one line only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_id: Option<Uuid>,
    /// The lines that had not been acknowledged; the version of each is one more.
    pub item_ids: Vec<Uuid>,
    pub acknowledged_at: Time,
    pub updated_at: Time,
    pub order_version: u32,
}

impl OrderAcknowledged {
    pub fn of(seen: &Acknowledgement, recorded: &Recorded) -> Self {
        Self {
            order_id: seen.order.0,
            restaurant_id: recorded.restaurant.0,
            item_id: seen.item.map(|item| item.0),
            item_ids: seen.seen.iter().map(|item| item.0).collect(),
            acknowledged_at: Time(recorded.at),
            updated_at: Time(recorded.at),
            order_version: seen.order_version,
        }
    }
}

/// `order.priority.changed`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderPriorityChanged {
    pub order_id: Uuid,
    pub restaurant_id: Uuid,
    pub previous_priority: u8,
    /// 0 is usual; what has more comes first.
    pub priority: u8,
    pub updated_at: Time,
    pub order_version: u32,
}

impl OrderPriorityChanged {
    pub fn of(change: &PriorityMove, recorded: &Recorded) -> Self {
        Self {
            order_id: change.order.0,
            restaurant_id: recorded.restaurant.0,
            previous_priority: change.from,
            priority: change.to,
            updated_at: Time(recorded.at),
            order_version: change.order_version,
        }
    }
}

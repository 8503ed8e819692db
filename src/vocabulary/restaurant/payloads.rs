//! The payloads of the restaurant vocabulary.

use crate::{
    domain::{
        event::{ItemMove, Recorded, StatusMove},
        ids::OrderId,
        item::{Item, ItemStatus},
        order::{Order, OrderStatus},
        table::TableSession,
        text::Reason,
    },
    vocabulary::{
        body::{ItemBody, Time},
        kitchen::ItemTimes,
        names::{ItemStatusName, OrderStatusName, TableSessionStatusName},
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// `order.new`: a confirmed order, for the kitchen.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderNew {
    pub order_id: Uuid,
    pub restaurant_id: Uuid,
    pub table_session_id: Option<Uuid>,
    #[schema(value_type = OrderStatusName)]
    pub status: OrderStatus,
    pub items: Vec<ItemBody>,
    /// The order's, not the confirmation's.
    pub created_at: Time,
    pub number: Option<u64>,
    pub note: Option<String>,
    pub table_id: Option<Uuid>,
    pub table_name: Option<String>,
    pub total: String,
    pub currency: &'static str,
    pub confirmed_at: Time,
    pub created_by: Uuid,
    pub order_version: u32,
}

impl OrderNew {
    pub(super) fn of(order: &Order, recorded: &Recorded) -> Self {
        let place = order.place.as_ref();
        Self {
            order_id: order.id.0,
            restaurant_id: order.restaurant.0,
            table_session_id: place.map(|place| place.session.0),
            status: order.status(),
            items: order.items.iter().map(ItemBody::from).collect(),
            created_at: Time(order.created_at),
            number: order.number,
            note: order.note.as_ref().map(ToString::to_string).filter(|note| !note.is_empty()),
            table_id: place.map(|place| place.table.0),
            table_name: place.map(|place| place.table_name.to_string()),
            total: order.total().to_string(),
            currency: order.currency.code(),
            confirmed_at: Time(recorded.at),
            created_by: order.created_by.0,
            order_version: order.version,
        }
    }
}

/// `order.status.changed`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderStatusChanged {
    pub order_id: Uuid,
    pub restaurant_id: Uuid,
    #[schema(value_type = OrderStatusName)]
    pub previous_status: OrderStatus,
    #[schema(value_type = OrderStatusName)]
    pub new_status: OrderStatus,
    pub updated_at: Time,
    pub order_version: u32,
}

impl OrderStatusChanged {
    pub(super) fn of(change: &StatusMove, recorded: &Recorded) -> Self {
        Self {
            order_id: change.order.0,
            restaurant_id: recorded.restaurant.0,
            previous_status: change.from,
            new_status: change.to,
            updated_at: Time(recorded.at),
            order_version: change.order_version,
        }
    }
}

/// `order.item.status.changed`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemStatusChanged {
    pub order_id: Uuid,
    pub item_id: Uuid,
    pub restaurant_id: Uuid,
    #[schema(value_type = ItemStatusName)]
    pub previous_status: ItemStatus,
    #[schema(value_type = ItemStatusName)]
    pub new_status: ItemStatus,
    pub updated_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub item_version: u32,
    pub order_version: u32,
    /// The line's times from now on.
    #[serde(flatten)]
    pub times: ItemTimes,
    /// The bump it is part of, for `POST /undo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<Uuid>,
}

impl ItemStatusChanged {
    pub(super) fn of(change: &ItemMove, recorded: &Recorded) -> Self {
        Self {
            order_id: change.order.0,
            item_id: change.item.0,
            restaurant_id: recorded.restaurant.0,
            previous_status: change.from,
            new_status: change.to,
            updated_at: Time(recorded.at),
            reason: change.reason.as_ref().map(ToString::to_string),
            item_version: change.item_version,
            order_version: change.order_version,
            times: change.times.unwrap_or_default().into(),
            batch_id: change.batch.map(|batch| batch.0),
        }
    }
}

/// `order.items.added`: late lines.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemsAdded {
    pub order_id: Uuid,
    pub restaurant_id: Uuid,
    pub items: Vec<ItemBody>,
    pub updated_at: Time,
    pub order_version: u32,
}

impl ItemsAdded {
    pub(super) fn of(order: OrderId, order_version: u32, items: &[Item], recorded: &Recorded) -> Self {
        Self {
            order_id: order.0,
            restaurant_id: recorded.restaurant.0,
            items: items.iter().map(ItemBody::from).collect(),
            updated_at: Time(recorded.at),
            order_version,
        }
    }
}

/// `order.item.updated`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemUpdated {
    pub order_id: Uuid,
    pub restaurant_id: Uuid,
    pub item: ItemBody,
    pub updated_at: Time,
    pub order_version: u32,
}

impl ItemUpdated {
    pub(super) fn of(order: OrderId, order_version: u32, item: &Item, recorded: &Recorded) -> Self {
        Self {
            order_id: order.0,
            restaurant_id: recorded.restaurant.0,
            item: item.into(),
            updated_at: Time(recorded.at),
            order_version,
        }
    }
}

/// `order.cancelled`, `order.closed`, `order.reopened`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderEnded {
    pub order_id: Uuid,
    pub restaurant_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub updated_at: Time,
    pub order_version: u32,
}

impl OrderEnded {
    pub(super) fn of(
        order: OrderId,
        order_version: u32,
        reason: Option<&Reason>,
        recorded: &Recorded,
    ) -> Self {
        Self {
            order_id: order.0,
            restaurant_id: recorded.restaurant.0,
            reason: reason.map(ToString::to_string),
            updated_at: Time(recorded.at),
            order_version,
        }
    }
}

/// `order.shipped`: handed out whole; the lines' own events came before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderShipped {
    pub order_id: Uuid,
    pub restaurant_id: Uuid,
    pub shipped_at: Time,
    pub updated_at: Time,
    pub number: Option<u64>,
    pub order_version: u32,
}

impl OrderShipped {
    pub(super) fn of(order: OrderId, order_version: u32, number: Option<u64>, recorded: &Recorded) -> Self {
        Self {
            order_id: order.0,
            restaurant_id: recorded.restaurant.0,
            shipped_at: Time(recorded.at),
            updated_at: Time(recorded.at),
            number,
            order_version,
        }
    }
}

/// `table.session.opened`, `table.session.closed`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableSessionChanged {
    pub table_session_id: Uuid,
    pub table_id: Uuid,
    pub restaurant_id: Uuid,
    #[schema(value_type = TableSessionStatusName)]
    pub status: &'static str,
    pub table_name: String,
    pub covers: Option<u32>,
    pub opened_at: Time,
    pub closed_at: Option<Time>,
    pub updated_at: Time,
}

/// `event.unreadable`: something happened that this server cannot tell; read what you show of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unreadable {
    pub restaurant_id: Uuid,
    pub updated_at: Time,
}

impl Unreadable {
    pub(super) fn of(recorded: &Recorded) -> Self {
        Self { restaurant_id: recorded.restaurant.0, updated_at: Time(recorded.at) }
    }
}

impl TableSessionChanged {
    pub(in crate::vocabulary) fn of(session: &TableSession, recorded: &Recorded) -> Self {
        Self {
            table_session_id: session.id.0,
            table_id: session.table.0,
            restaurant_id: recorded.restaurant.0,
            status: session.status(),
            table_name: session.table_name.to_string(),
            covers: session.covers,
            opened_at: Time(session.opened_at),
            closed_at: session.closed_at.map(Time),
            updated_at: Time(recorded.at),
        }
    }
}

//! The restaurant vocabulary (specification 004): what `/`, `/ws`, `/events` and the event stream say of each event.
//!
//! Payloads have the specification's keys in its order; `eventId` and `seq` are last in every one.

use super::{
    body::{ItemBody, Time},
    floor::{TableSessionChanged, TableSessionMerged, TableSessionMoved},
    kitchen::{ItemTimes, OrderAcknowledged, OrderPriorityChanged},
    menu::MenuItemAvailabilityChanged,
    names::{ItemStatusName, OrderStatusName},
};
use crate::{
    domain::{
        event::{Event, Recorded},
        item::ItemStatus,
        order::{Order, OrderStatus},
        stream::Epoch,
    },
    wire::event::{Batch, WireEvent},
};
use serde::Serialize;
use std::sync::Arc;
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
    fn of(order: &Order, recorded: &Recorded) -> Self {
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

/// `event.unreadable`: something happened that this server cannot tell; read what you show of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unreadable {
    pub restaurant_id: Uuid,
    pub updated_at: Time,
}

/// A payload with the two members that every event repeats.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Numbered<T> {
    #[serde(flatten)]
    payload: T,
    event_id: Uuid,
    seq: u64,
}

/// The wire form of an event: its name and payload.
pub fn encode(recorded: &Recorded, epoch: &Epoch) -> Result<WireEvent, serde_json::Error> {
    let restaurant_id = recorded.restaurant.0;
    let updated_at = Time(recorded.at);
    let ended = |order_id: Uuid, order_version: u32, reason: Option<String>| OrderEnded {
        order_id,
        restaurant_id,
        reason,
        updated_at,
        order_version,
    };
    let (name, data) = match &recorded.event {
        Event::OrderConfirmed(order) => ("order.new", json(recorded, OrderNew::of(order, recorded))),
        Event::OrderStatusChanged(change) => (
            "order.status.changed",
            json(
                recorded,
                OrderStatusChanged {
                    order_id: change.order.0,
                    restaurant_id,
                    previous_status: change.from,
                    new_status: change.to,
                    updated_at,
                    order_version: change.order_version,
                },
            ),
        ),
        Event::ItemStatusChanged(change) => (
            "order.item.status.changed",
            json(
                recorded,
                ItemStatusChanged {
                    order_id: change.order.0,
                    item_id: change.item.0,
                    restaurant_id,
                    previous_status: change.from,
                    new_status: change.to,
                    updated_at,
                    reason: change.reason.as_ref().map(ToString::to_string),
                    item_version: change.item_version,
                    order_version: change.order_version,
                    times: change.times.unwrap_or_default().into(),
                    batch_id: change.batch.map(|batch| batch.0),
                },
            ),
        ),
        Event::ItemsAdded { order, order_version, items } => {
            let (order_id, order_version) = (order.0, *order_version);
            let items = items.iter().map(ItemBody::from).collect();
            let payload = ItemsAdded { order_id, restaurant_id, items, updated_at, order_version };
            ("order.items.added", json(recorded, payload))
        }
        Event::ItemUpdated { order, order_version, item } => {
            let (order_id, order_version) = (order.0, *order_version);
            let payload =
                ItemUpdated { order_id, restaurant_id, item: item.into(), updated_at, order_version };
            ("order.item.updated", json(recorded, payload))
        }
        Event::OrderCancelled { order, order_version, reason } => {
            let reason = reason.as_ref().map(ToString::to_string);
            ("order.cancelled", json(recorded, ended(order.0, *order_version, reason)))
        }
        Event::OrderClosed { order, order_version } => {
            ("order.closed", json(recorded, ended(order.0, *order_version, None)))
        }
        Event::OrderReopened { order, order_version, reason } => {
            let reason = reason.as_ref().map(ToString::to_string);
            ("order.reopened", json(recorded, ended(order.0, *order_version, reason)))
        }
        Event::TableSessionOpened(session) => {
            ("table.session.opened", json(recorded, TableSessionChanged::of(session, recorded)))
        }
        Event::TableSessionClosed(session) => {
            ("table.session.closed", json(recorded, TableSessionChanged::of(session, recorded)))
        }
        Event::OrderAcknowledged(seen) => {
            ("order.acknowledged", json(recorded, OrderAcknowledged::of(seen, recorded)))
        }
        Event::OrderPriorityChanged(change) => {
            ("order.priority.changed", json(recorded, OrderPriorityChanged::of(change, recorded)))
        }
        Event::TableSessionMoved(moved) => {
            ("table.session.moved", json(recorded, TableSessionMoved::of(moved, recorded)))
        }
        Event::TableSessionMerged(merged) => {
            ("table.session.merged", json(recorded, TableSessionMerged::of(merged, recorded)))
        }
        Event::MenuItemAvailabilityChanged(moved) => {
            let payload = MenuItemAvailabilityChanged::of(moved, recorded);
            ("menu.item.availability.changed", json(recorded, payload))
        }
        Event::Unreadable => ("event.unreadable", json(recorded, Unreadable { restaurant_id, updated_at })),
    };
    Ok(WireEvent::new(epoch.clone(), recorded.seq, recorded.id.0, recorded.at, name, data?))
}

fn json(recorded: &Recorded, payload: impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Numbered { payload, event_id: recorded.id.0, seq: recorded.seq })
}

/// Consecutive events as one batch; `None` for none. An event that cannot be encoded is left out and said in the log:
/// it must not keep a kitchen from the rest.
pub fn batch(events: &[Recorded], epoch: &Epoch) -> Option<Batch> {
    let (first, last) = (events.first()?.seq, events.last()?.seq);
    let encoded = |recorded: &Recorded| match encode(recorded, epoch) {
        Ok(event) => Some(Arc::new(event)),
        Err(error) => {
            tracing::error!(event.id = %recorded.id, %error, "an event has no wire form");
            None
        }
    };
    Some(Batch { epoch: epoch.clone(), first, last, events: events.iter().filter_map(encoded).collect() })
}

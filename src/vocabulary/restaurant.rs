//! The restaurant vocabulary (specification 004): what `/`, `/ws`, `/events` and the event stream say of each event.
//!
//! Payloads have the specification's keys in its order; `eventId` and `seq` are last in every one.

mod payloads;

pub use payloads::{
    ItemStatusChanged, ItemUpdated, ItemsAdded, Numbered, OrderEnded, OrderNew, OrderShipped,
    OrderStatusChanged, TableSessionChanged, Unreadable,
};

use super::{
    body::{ItemBody, Time},
    floor::{TableSessionMerged, TableSessionMoved},
    kitchen::{OrderAcknowledged, OrderPriorityChanged},
    menu::MenuItemAvailabilityChanged,
    production::{ProductionOrderBody, ProductionOrderDeleted, ProductionOrderProgress},
    resources::shapes,
};
use crate::{
    domain::{
        event::{Event, Recorded},
        stream::Epoch,
    },
    wire::event::WireEvent,
};
use serde::Serialize;
use uuid::Uuid;

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
    let of_one_order: String;
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
        Event::OrderShipped { order, order_version, number, .. } => {
            let (order_id, order_version, number) = (order.0, *order_version, *number);
            let shipped_at = updated_at;
            let payload =
                OrderShipped { order_id, restaurant_id, shipped_at, updated_at, number, order_version };
            ("order.shipped", json(recorded, payload))
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
        Event::ProductionOrderCreated(order) => {
            ("orderCreated", json(recorded, ProductionOrderBody::from(order)))
        }
        Event::ProductionOrderUpdated(order) => {
            ("orderUpdated", json(recorded, ProductionOrderBody::from(order)))
        }
        Event::ProductionOrderProgressed(progress) => {
            of_one_order = ProductionOrderProgress::name(progress.order);
            (of_one_order.as_str(), json(recorded, ProductionOrderProgress::of(progress, recorded)))
        }
        Event::ProductionOrderDeleted { order } => {
            ("orderDeleted", json(recorded, ProductionOrderDeleted { order_id: order.0 }))
        }
        Event::ResourcesChanged(changed) => return Ok(shapes::told(changed, recorded, epoch)),
        // A board's, which is no restaurant's stream: nobody hears of it in these words.
        Event::Donation(_) | Event::Unreadable => {
            ("event.unreadable", json(recorded, Unreadable { restaurant_id, updated_at }))
        }
    };
    let event = WireEvent::new(epoch.clone(), recorded.seq, recorded.id.0, recorded.at, name, data?);
    Ok(event.of_production(recorded.event.is_of_production()))
}

pub(super) fn json(recorded: &Recorded, payload: impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Numbered { payload, event_id: recorded.id.0, seq: recorded.seq })
}

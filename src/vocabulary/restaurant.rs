//! The restaurant vocabulary (specification 004): what `/`, `/ws`, `/events` and the event stream say of each event.
//!
//! Payloads have the specification's keys in its order; `eventId` and `seq` are last in every one.

mod payloads;

pub use payloads::TableSessionChanged;

use super::{
    floor::{TableSessionMerged, TableSessionMoved},
    kitchen::{OrderAcknowledged, OrderPriorityChanged},
    menu::MenuItemAvailabilityChanged,
    production::{ProductionOrderBody, ProductionOrderDeleted, ProductionOrderProgress},
    resources::shapes,
    words::words,
};
use crate::{domain::event::Event, wire::event::WireEvent};
use payloads::*;

words! {
    /// The wire form of an event: its name and payload.
    pub fn encode(recorded, epoch) -> WireEvent {
        Event::OrderConfirmed(order) => "order.new": OrderNew(order),
        Event::OrderStatusChanged(change) => "order.status.changed": OrderStatusChanged(change),
        Event::ItemStatusChanged(change) => "order.item.status.changed": ItemStatusChanged(change),
        Event::ItemsAdded { order, order_version, items } =>
            "order.items.added": ItemsAdded(*order, *order_version, items),
        Event::ItemUpdated { order, order_version, item } =>
            "order.item.updated": ItemUpdated(*order, *order_version, item),
        Event::OrderShipped { order, order_version, number, .. } =>
            "order.shipped": OrderShipped(*order, *order_version, *number),
        Event::OrderCancelled { order, order_version, reason } =>
            "order.cancelled": OrderEnded(*order, *order_version, reason.as_ref()),
        Event::OrderClosed { order, order_version } =>
            "order.closed": OrderEnded(*order, *order_version, None),
        Event::OrderReopened { order, order_version, reason } =>
            "order.reopened": OrderEnded(*order, *order_version, reason.as_ref()),
        Event::TableSessionOpened(session) => "table.session.opened": TableSessionChanged(session),
        Event::TableSessionClosed(session) => "table.session.closed": TableSessionChanged(session),
        Event::OrderAcknowledged(seen) => "order.acknowledged": OrderAcknowledged(seen),
        Event::OrderPriorityChanged(change) => "order.priority.changed": OrderPriorityChanged(change),
        Event::TableSessionMoved(moved) => "table.session.moved": TableSessionMoved(moved),
        Event::TableSessionMerged(merged) => "table.session.merged": TableSessionMerged(merged),
        Event::MenuItemAvailabilityChanged(moved) =>
            "menu.item.availability.changed": MenuItemAvailabilityChanged(moved),
        Event::ProductionOrderCreated(order) => "orderCreated": ProductionOrderBody(order),
        Event::ProductionOrderUpdated(order) => "orderUpdated": ProductionOrderBody(order),
        Event::ProductionOrderProgressed(progress) =>
            "{orderId}/update"(ProductionOrderProgress::name(progress.order)): ProductionOrderProgress(progress),
        Event::ProductionOrderDeleted { order } => "orderDeleted": ProductionOrderDeleted(*order),
        // A board's is on no restaurant's stream: nobody hears of it in these words.
        Event::Donation(_) | Event::Unreadable => "event.unreadable": Unreadable(),
    }
    // The declared entities' have names of their own.
    otherwise: Event::ResourcesChanged(changed) => shapes::told(changed, recorded, epoch)
}

//! The board: what a kitchen sees, rebuilt from events alone. A display that folds every event has the database's board.

use super::{
    attention::Attention,
    event::{Event, ItemMove, Recorded, Reseated},
    ids::{OrderId, TableSessionId},
    item::Item,
    order::{Lifecycle, Order, Place},
    table::TableSession,
};
use jiff::Timestamp;
use std::collections::HashMap;

/// Orders that were confirmed and table sessions that were opened, as the events tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    pub orders: HashMap<OrderId, Order>,
    pub sessions: HashMap<TableSessionId, TableSession>,
}

impl Board {
    /// Applies one event. An event about an order that was never confirmed changes nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        match &recorded.event {
            Event::OrderConfirmed(order) => {
                self.orders.insert(order.id, order.clone());
            }
            // Derived: the fold of the lines and the lifecycle says the same.
            Event::OrderStatusChanged(_) => {}
            // Neither the menu, documents nor donations are on the board.
            Event::MenuItemAvailabilityChanged(_)
            | Event::ResourcesChanged(_)
            | Event::Donation(_)
            | Event::Unreadable => {}
            Event::ItemStatusChanged(moved) => {
                let ItemMove { order, order_version, item, item_version, from, to, .. } = moved;
                self.touch(*order, *order_version, at, |order| {
                    if let Some(item) = order.items.iter_mut().find(|line| line.id == *item) {
                        item.times = moved.times.unwrap_or_else(|| item.times.after(*from, *to, at));
                        item.batch = moved.batch;
                        item.status = *to;
                        if !to.is_live() {
                            item.attract(Attention::Voided);
                        }
                        item.version = *item_version;
                        item.updated_at = at;
                    }
                });
            }
            Event::ItemsAdded { order, order_version, items } => {
                self.touch(*order, *order_version, at, |order| order.items.extend(items.iter().cloned()));
            }
            Event::ItemUpdated { order, order_version, item } => {
                self.touch(*order, *order_version, at, |order| replace(&mut order.items, item));
            }
            // Its lines' own events have moved them.
            Event::OrderShipped { order, order_version, .. } => {
                self.touch(*order, *order_version, at, |_| ());
            }
            Event::OrderCancelled { order, order_version, .. } => {
                self.touch(*order, *order_version, at, |order| order.lifecycle = Lifecycle::Cancelled);
            }
            Event::OrderClosed { order, order_version } => {
                self.touch(*order, *order_version, at, |order| order.lifecycle = Lifecycle::Closed);
            }
            Event::OrderReopened { order, order_version, .. } => {
                self.touch(*order, *order_version, at, |order| order.lifecycle = Lifecycle::Live);
            }
            Event::TableSessionOpened(session) | Event::TableSessionClosed(session) => {
                self.sessions.insert(session.id, session.clone());
            }
            Event::OrderAcknowledged(seen) => {
                self.touch(seen.order, seen.order_version, at, |order| drop(order.see(seen.item, at)));
            }
            Event::OrderPriorityChanged(change) => {
                self.touch(change.order, change.order_version, at, |order| order.priority = change.to);
            }
            Event::TableSessionMoved(moved) => {
                self.sessions.insert(moved.session.id, moved.session.clone());
                // What had ended there is the session's still, and shows its new table; only what is open has a version more.
                for order in self.orders.values_mut() {
                    order.place = order.place.take().map(|place| match place.session == moved.session.id {
                        true => Place::of(&moved.session),
                        false => place,
                    });
                }
                self.reseat(&moved.orders, &moved.session, at);
            }
            Event::TableSessionMerged(merged) => {
                self.sessions.insert(merged.session.id, merged.session.clone());
                self.sessions.insert(merged.into.id, merged.into.clone());
                self.reseat(&merged.orders, &merged.into, at);
            }
            // No kitchen makes them, so they are on no board: they have a list of their own.
            Event::ProductionOrderCreated(_)
            | Event::ProductionOrderUpdated(_)
            | Event::ProductionOrderProgressed(_)
            | Event::ProductionOrderDeleted { .. } => {}
        }
    }

    fn reseat(&mut self, orders: &[Reseated], at_session: &TableSession, at: Timestamp) {
        for Reseated { order, order_version } in orders {
            self.touch(*order, *order_version, at, |order| order.place = Some(Place::of(at_session)));
        }
    }

    fn touch(&mut self, id: OrderId, version: u32, at: Timestamp, edit: impl FnOnce(&mut Order)) {
        if let Some(order) = self.orders.get_mut(&id) {
            edit(order);
            order.version = version;
            order.updated_at = at;
        }
    }
}

fn replace(items: &mut [Item], new: &Item) {
    if let Some(item) = items.iter_mut().find(|item| item.id == new.id) {
        *item = new.clone();
    }
}

//! Events: facts in a restaurant's stream. Each has exactly one wire form in the restaurant vocabulary.

use super::{
    customer::CustomerRef,
    donation::DonationEvent,
    ids::{
        BatchId, EventId, ItemId, MenuItemId, OrderId, ProductionOrderId, RestaurantId, StreamId, TableId,
        UserId,
    },
    item::{Item, ItemStatus},
    order::{Order, OrderStatus},
    production::{ProductionOrder, Progress},
    resource::ResourcesChanged,
    stream::Seq,
    table::TableSession,
    text::{Name, Reason},
    times::Times,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An order's status moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusMove {
    pub order: OrderId,
    pub order_version: u32,
    pub from: OrderStatus,
    pub to: OrderStatus,
}

/// A line's status moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemMove {
    pub order: OrderId,
    pub order_version: u32,
    pub item: ItemId,
    pub item_version: u32,
    pub from: ItemStatus,
    pub to: ItemStatus,
    pub reason: Option<Reason>,
    /// The line's times from now on; an undo brings former ones back. `None` in events from before there were any.
    #[serde(default)]
    pub times: Option<Times>,
    /// The bump that it is part of.
    #[serde(default)]
    pub batch: Option<BatchId>,
}

/// The kitchen has seen an order, or one line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    pub order: OrderId,
    pub order_version: u32,
    /// Where it was of one line only.
    pub item: Option<ItemId>,
    /// The lines that had not been acknowledged; each has one more version.
    pub seen: Vec<ItemId>,
}

/// An order's priority changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityMove {
    pub order: OrderId,
    pub order_version: u32,
    pub from: u8,
    pub to: u8,
}

/// An order that belongs to another table now, and its version since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reseated {
    pub order: OrderId,
    pub order_version: u32,
}

/// Guests went to another table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionMove {
    pub session: TableSession,
    pub from: TableId,
    pub orders: Vec<Reseated>,
}

/// Guests joined others: their open orders went along and their own session ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionMerge {
    pub session: TableSession,
    pub into: TableSession,
    pub orders: Vec<Reseated>,
}

/// A dish is to be had, or not, from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailabilityMove {
    pub item: MenuItemId,
    pub item_version: u32,
    pub name: Name,
    pub available: bool,
    pub remaining: Option<u32>,
    pub until: Option<Timestamp>,
}

/// Something that happened. To add one: a variant here and its order below, an arm and a payload in each vocabulary that tells of
/// it, an arm in `Board`, a command that causes it. README, "How to add an event", has one whole, with what holds it to that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(strum::VariantNames), strum(serialize_all = "snake_case"))]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    /// The order as it stood when the kitchen got it.
    OrderConfirmed(Order),
    OrderStatusChanged(StatusMove),
    ItemStatusChanged(ItemMove),
    /// Late lines.
    ItemsAdded {
        order: OrderId,
        order_version: u32,
        items: Vec<Item>,
    },
    ItemUpdated {
        order: OrderId,
        order_version: u32,
        item: Item,
    },
    /// Handed out whole; every live line was taken to SERVED before.
    OrderShipped {
        order: OrderId,
        order_version: u32,
        number: Option<u64>,
        customer: Option<CustomerRef>,
    },
    OrderCancelled {
        order: OrderId,
        order_version: u32,
        reason: Option<Reason>,
    },
    OrderClosed {
        order: OrderId,
        order_version: u32,
    },
    OrderReopened {
        order: OrderId,
        order_version: u32,
        reason: Option<Reason>,
    },
    TableSessionOpened(TableSession),
    TableSessionClosed(TableSession),
    OrderAcknowledged(Acknowledgement),
    OrderPriorityChanged(PriorityMove),
    TableSessionMoved(SessionMove),
    TableSessionMerged(SessionMerge),
    MenuItemAvailabilityChanged(AvailabilityMove),
    ProductionOrderCreated(ProductionOrder),
    ProductionOrderUpdated(ProductionOrder),
    /// Comes right after `ProductionOrderUpdated`, for those who follow one order.
    ProductionOrderProgressed(Progress),
    ProductionOrderDeleted {
        order: ProductionOrderId,
    },
    ResourcesChanged(Box<ResourcesChanged>),
    /// In a board's stream, where nothing else is.
    Donation(DonationEvent),
    /// A stored event that this program cannot read: it keeps its place, so that numbers have no gap. Never appended.
    #[serde(skip)]
    Unreadable,
}

impl Event {
    /// True for what is told of production orders, which a socket need not hear.
    pub fn is_of_production(&self) -> bool {
        matches!(
            self,
            Event::ProductionOrderCreated(_)
                | Event::ProductionOrderUpdated(_)
                | Event::ProductionOrderProgressed(_)
                | Event::ProductionOrderDeleted { .. }
        )
    }

    /// The order it is about, for the order's history.
    pub fn order(&self) -> Option<OrderId> {
        match self {
            Event::OrderConfirmed(order) => Some(order.id),
            Event::OrderStatusChanged(change) => Some(change.order),
            Event::ItemStatusChanged(change) => Some(change.order),
            Event::ItemsAdded { order, .. }
            | Event::ItemUpdated { order, .. }
            | Event::OrderShipped { order, .. }
            | Event::OrderCancelled { order, .. }
            | Event::OrderClosed { order, .. }
            | Event::OrderReopened { order, .. } => Some(*order),
            Event::OrderAcknowledged(seen) => Some(seen.order),
            Event::OrderPriorityChanged(change) => Some(change.order),
            Event::TableSessionOpened(_)
            | Event::TableSessionClosed(_)
            | Event::TableSessionMoved(_)
            | Event::TableSessionMerged(_)
            | Event::MenuItemAvailabilityChanged(_) => None,
            // Not an order of a kitchen.
            Event::ProductionOrderCreated(_)
            | Event::ProductionOrderUpdated(_)
            | Event::ProductionOrderProgressed(_)
            | Event::ProductionOrderDeleted { .. } => None,
            Event::ResourcesChanged(_) | Event::Donation(_) | Event::Unreadable => None,
        }
    }
}

/// An event in its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub id: EventId,
    pub stream: StreamId,
    /// The tenant, where the stream is a restaurant's; of a board's, the board's id, which is no restaurant's.
    pub restaurant: RestaurantId,
    pub seq: Seq,
    pub at: Timestamp,
    /// Who did it.
    pub by: UserId,
    pub event: Event,
}

//! What the kitchen says of an order: seen, and how urgent.

use super::{
    super::{
        context::Context,
        event::{Acknowledgement, Event, PriorityMove},
        ids::ItemId,
        principal::Role,
        rejection::Rejection,
    },
    Lifecycle, Order, change,
    lines::require_open,
};
use crate::code::ErrorCode;
use jiff::Timestamp;

/// The most urgent.
pub const MAX_PRIORITY: u8 = 9;

impl Order {
    /// What an acknowledgement does: of one line, or of the order and all that wants to be looked at. The lines seen.
    pub fn see(&mut self, item: Option<ItemId>, at: Timestamp) -> Vec<ItemId> {
        let mut seen = Vec::new();
        for line in &mut self.items {
            let asked = item == Some(line.id) && line.acknowledged_at.is_none();
            if asked || (item.is_none() && line.attention.is_some()) {
                line.attention = None;
                line.acknowledged_at = Some(at);
                line.version += 1;
                line.updated_at = at;
                seen.push(line.id);
            }
        }
        if item.is_none() {
            self.acknowledged_at = Some(at);
        }
        seen
    }
}

fn require_confirmed(order: &Order) -> Result<(), Rejection> {
    if order.lifecycle != Lifecycle::Draft {
        return Ok(());
    }
    let message = "the order must be confirmed first";
    Err(Rejection::new(ErrorCode::OrderNotConfirmed, message).at(order.status()))
}

/// A void, a change or a note was seen, also of an order that has ended. Seen already: no event.
pub fn acknowledge(
    order: &mut Order,
    ctx: &Context<'_>,
    item: Option<ItemId>,
) -> Result<Vec<Event>, Rejection> {
    ctx.require(&[Role::Kitchen])?;
    let version = match item {
        Some(item) => order.item(item)?.version,
        None => order.version,
    };
    ctx.require_version(version)?;
    require_confirmed(order)?;
    change(order, ctx, |order, events| {
        let first = item.is_none() && order.acknowledged_at.is_none();
        let seen = order.see(item, ctx.at);
        if seen.is_empty() && !first {
            return Ok(false);
        }
        let (order, order_version) = (order.id, order.version);
        events.push(Event::OrderAcknowledged(Acknowledgement { order, order_version, item, seen }));
        Ok(true)
    })
}

/// Moves the ticket before others, or back among them. The same again is no event.
pub(super) fn prioritise(
    order: &mut Order,
    ctx: &Context<'_>,
    priority: u8,
) -> Result<Vec<Event>, Rejection> {
    ctx.require(&[Role::Expo])?;
    ctx.require_version(order.version)?;
    require_confirmed(order)?;
    require_open(order)?;
    change(order, ctx, |order, events| {
        let from = std::mem::replace(&mut order.priority, priority);
        let (order, order_version) = (order.id, order.version);
        events.push(Event::OrderPriorityChanged(PriorityMove { order, order_version, from, to: priority }));
        Ok(from != priority)
    })
}

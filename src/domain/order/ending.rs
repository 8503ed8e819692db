//! The moves of a whole order: confirm, cancel, close, reopen.

use super::{
    super::{
        context::Context, event::Event, item::ItemStatus, principal::Role, rejection::Rejection,
        text::Reason, times::Times,
    },
    Lifecycle, Order, OrderStatus, change, move_line,
};
use crate::code::ErrorCode;

pub(super) fn no_edge(order: &Order, to: &str) -> Rejection {
    let status = order.status();
    Rejection::new(ErrorCode::InvalidTransition, format!("an order cannot go from {status} to {to}"))
        .at(status)
}

/// DRAFT → CONFIRMED under the ticket number `number`: `order.new`, then `order.status.changed`.
pub fn confirm(order: &mut Order, ctx: &Context<'_>, number: u64) -> Result<Vec<Event>, Rejection> {
    if order.lifecycle != Lifecycle::Draft {
        return Err(no_edge(order, "CONFIRMED"));
    }
    ctx.require(&[Role::Waiter])?;
    if order.items.is_empty() {
        return Err(Rejection::new(ErrorCode::OrderEmpty, "an order without items cannot be confirmed"));
    }
    send(order, ctx, number)
}

/// Gives a draft its number and to the kitchen.
pub(super) fn send(order: &mut Order, ctx: &Context<'_>, number: u64) -> Result<Vec<Event>, Rejection> {
    change(order, ctx, |order, events| {
        order.lifecycle = Lifecycle::Live;
        order.number = Some(number);
        order.confirmed_at = Some(ctx.at);
        order.items.iter_mut().for_each(|item| item.times = Times::sent(item.status, ctx.at));
        events.push(Event::OrderConfirmed(order.clone()));
        Ok(true)
    })
}

/// Takes the whole order back: what has not started is CANCELLED, what has is VOIDED.
pub fn cancel(order: &mut Order, ctx: &Context<'_>, reason: Option<Reason>) -> Result<Vec<Event>, Rejection> {
    match order.status() {
        OrderStatus::Draft | OrderStatus::Confirmed => ctx.require(&[Role::Waiter])?,
        OrderStatus::InProgress | OrderStatus::Ready => {
            ctx.require(&[Role::Manager])?;
            if reason.is_none() {
                return Err(Rejection::new(ErrorCode::ReasonRequired, "reason should not be empty"));
            }
        }
        OrderStatus::Served | OrderStatus::Cancelled | OrderStatus::Closed => {
            return Err(no_edge(order, "CANCELLED"));
        }
    }
    change(order, ctx, |order, events| {
        move_lines(order, ctx, events, ItemStatus::taken_back, reason.as_ref());
        order.lifecycle = Lifecycle::Cancelled;
        events.push(Event::OrderCancelled { order: order.id, order_version: order.version, reason });
        Ok(true)
    })
}

/// Takes every live line where `to` says; those that are there already make no event.
pub(super) fn move_lines(
    order: &mut Order,
    ctx: &Context<'_>,
    events: &mut Vec<Event>,
    to: fn(ItemStatus) -> ItemStatus,
    reason: Option<&Reason>,
) {
    let (id, version, draft) = (order.id, order.version, order.lifecycle == Lifecycle::Draft);
    for item in order.items.iter_mut().filter(|item| item.status.is_live()) {
        let to = to(item.status);
        if item.status == to {
            continue;
        }
        let moved = move_line(id, version, item, to, ctx.at, reason.cloned());
        // What the kitchen never had it need not look at.
        if draft {
            item.attention = None;
        }
        events.push(Event::ItemStatusChanged(moved));
    }
}

/// SERVED (by a manager also READY) → CLOSED.
pub(super) fn close(order: &mut Order, ctx: &Context<'_>) -> Result<Vec<Event>, Rejection> {
    match order.status() {
        OrderStatus::Served => ctx.require(&[Role::Waiter, Role::Cashier])?,
        OrderStatus::Ready => ctx.require(&[Role::Manager])?,
        _ => return Err(no_edge(order, "CLOSED")),
    }
    change(order, ctx, |order, events| {
        order.lifecycle = Lifecycle::Closed;
        events.push(Event::OrderClosed { order: order.id, order_version: order.version });
        Ok(true)
    })
}

/// CLOSED → whatever its lines say.
pub(super) fn reopen(
    order: &mut Order,
    ctx: &Context<'_>,
    reason: Option<Reason>,
) -> Result<Vec<Event>, Rejection> {
    if order.lifecycle != Lifecycle::Closed {
        return Err(no_edge(order, "a reopened one"));
    }
    ctx.require(&[Role::Manager])?;
    change(order, ctx, |order, events| {
        order.lifecycle = Lifecycle::Live;
        events.push(Event::OrderReopened { order: order.id, order_version: order.version, reason });
        Ok(true)
    })
}

//! The moves of one line: add, change, remove, and its status.

use super::{
    super::{
        attention::Attention,
        context::Context,
        event::Event,
        ids::ItemId,
        item::{Item, ItemStatus},
        money::Money,
        principal::Role,
        rejection::Rejection,
        text::{Label, Note, Reason},
        times::Times,
    },
    Lifecycle, MAX_ITEMS, Order, change, move_line,
};
use crate::code::ErrorCode;

/// New values for a line; `None` leaves one as it is, an inner `None` clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineChange {
    pub qty: Option<u32>,
    pub notes: Option<Option<Note>>,
    pub course: Option<Option<Label>>,
    pub station: Option<Option<Label>>,
}

pub(super) fn require_open(order: &Order) -> Result<(), Rejection> {
    match order.lifecycle {
        Lifecycle::Draft | Lifecycle::Live => Ok(()),
        Lifecycle::Cancelled | Lifecycle::Closed => {
            let status = order.status();
            Err(Rejection::new(ErrorCode::OrderNotOpen, format!("the order is {status}")).at(status))
        }
    }
}

/// Adds a line; on a confirmed order a late one, which the kitchen is told of.
pub fn add_line(order: &mut Order, ctx: &Context<'_>, mut item: Item) -> Result<Vec<Event>, Rejection> {
    ctx.require(&[Role::Waiter])?;
    require_open(order)?;
    if order.items.len() >= MAX_ITEMS {
        return Err(Rejection::new(
            ErrorCode::LimitReached,
            format!("an order has at most {MAX_ITEMS} items"),
        ));
    }
    change(order, ctx, |order, events| {
        item.late = order.lifecycle == Lifecycle::Live;
        if item.late {
            item.times = Times::sent(item.status, ctx.at);
            item.attract(Attention::New);
        }
        order.items.push(item.clone());
        events.push(Event::ItemsAdded { order: order.id, order_version: order.version, items: vec![item] });
        Ok(true)
    })
}

/// Changes a line that the kitchen has not started.
pub fn change_line(
    order: &mut Order,
    ctx: &Context<'_>,
    id: ItemId,
    new: LineChange,
) -> Result<Vec<Event>, Rejection> {
    ctx.require(&[Role::Waiter])?;
    let item = order.item(id)?;
    ctx.require_version(item.version)?;
    require_open(order)?;
    if !matches!(item.status, ItemStatus::Pending | ItemStatus::Held) {
        let status = item.status;
        return Err(Rejection::new(ErrorCode::ItemNotEditable, format!("the item is {status}")).at(status));
    }
    change(order, ctx, |order, events| {
        let (order_id, order_version, draft) = (order.id, order.version, order.lifecycle == Lifecycle::Draft);
        let item = order.item_mut(id)?;
        let before = item.clone();
        item.qty = new.qty.unwrap_or(item.qty);
        if item.unit_price.times(item.qty).is_none() {
            return Err(too_much());
        }
        item.notes = new.notes.unwrap_or_else(|| item.notes.take());
        item.course = new.course.unwrap_or_else(|| item.course.take());
        item.station = new.station.unwrap_or_else(|| item.station.take());
        if *item == before {
            return Ok(false);
        }
        if !draft {
            item.attract(Attention::Changed);
        }
        item.version += 1;
        item.updated_at = ctx.at;
        events.push(Event::ItemUpdated { order: order_id, order_version, item: item.clone() });
        Ok(true)
    })
}

/// The refusal of a line over [`Money::MAX_LINE`].
pub(crate) fn too_much() -> Rejection {
    Rejection::invalid(format!(
        "qty times unitPrice must not be greater than {} minor units",
        Money::MAX_LINE
    ))
}

/// Takes a line away: out of a draft without a trace in the log, later by CANCELLED.
pub fn remove_line(order: &mut Order, ctx: &Context<'_>, id: ItemId) -> Result<Vec<Event>, Rejection> {
    if order.lifecycle != Lifecycle::Draft {
        return set_status(order, ctx, id, ItemStatus::Cancelled, None, None);
    }
    ctx.require(&[Role::Waiter])?;
    ctx.require_version(order.item(id)?.version)?;
    change(order, ctx, |order, _| {
        order.items.retain(|item| item.id != id);
        Ok(true)
    })
}

/// Moves a line along its life cycle; already there is no event.
pub fn set_status(
    order: &mut Order,
    ctx: &Context<'_>,
    id: ItemId,
    to: ItemStatus,
    expected: Option<ItemStatus>,
    reason: Option<Reason>,
) -> Result<Vec<Event>, Rejection> {
    let item = order.item(id)?;
    let from = item.status;
    ctx.require_version(item.version)?;
    // A dessert may be held before the order is sent; all else needs a kitchen that has it.
    let holds = |status| matches!(status, ItemStatus::Pending | ItemStatus::Held);
    if order.lifecycle == Lifecycle::Draft && !(holds(from) && holds(to)) {
        let message = "the order must be confirmed first";
        return Err(Rejection::new(ErrorCode::OrderNotConfirmed, message).at(order.status()));
    }
    let moves = from.step(to, ctx.by.role).map_err(|code| match code {
        ErrorCode::Forbidden => Rejection::forbidden(),
        code => Rejection::new(code, format!("an item cannot go from {from} to {to}")).at(from),
    })?;
    if !moves {
        return Ok(Vec::new());
    }
    require_open(order)?;
    if let Some(expected) = expected.filter(|expected| *expected != from) {
        return Err(
            Rejection::new(ErrorCode::StaleStatus, format!("the item is {from}, not {expected}")).at(from)
        );
    }
    if to == ItemStatus::Voided && reason.is_none() {
        return Err(Rejection::new(ErrorCode::ReasonRequired, "reason should not be empty"));
    }
    change(order, ctx, |order, events| {
        let (order_id, order_version, draft) = (order.id, order.version, order.lifecycle == Lifecycle::Draft);
        let item = order.item_mut(id)?;
        let moved = move_line(order_id, order_version, item, to, ctx.at, reason);
        if draft {
            item.times = Times::default();
        }
        events.push(Event::ItemStatusChanged(moved));
        Ok(true)
    })
}

/// The station `from` is called `to` now, or is gone and `to` does its work: unfinished lines go along.
pub fn relabel(
    order: &mut Order,
    ctx: &Context<'_>,
    from: &Label,
    to: Option<&Label>,
) -> Result<Vec<Event>, Rejection> {
    if require_open(order).is_err() {
        return Ok(Vec::new());
    }
    change(order, ctx, |order, events| {
        let (id, order_version) = (order.id, order.version);
        let unfinished = |item: &&mut Item| item.status.is_live() && item.status != ItemStatus::Served;
        for item in order.items.iter_mut().filter(unfinished) {
            if item.station.as_ref() == Some(from) {
                item.station = to.cloned();
                item.version += 1;
                item.updated_at = ctx.at;
                events.push(Event::ItemUpdated { order: id, order_version, item: item.clone() });
            }
        }
        Ok(!events.is_empty())
    })
}

//! Bump: all of a station's lines to READY at once, as one batch; and undo, which brings exactly that batch back.

use super::{
    super::{
        batch::{Batch, BatchLine},
        context::Context,
        event::Event,
        ids::BatchId,
        item::{Item, ItemStatus},
        principal::Role,
        rejection::Rejection,
    },
    Lifecycle, Order, change,
    lines::require_open,
    move_line,
};
use crate::code::ErrorCode;

/// Makes the lines that `here` chooses ready, if they are PENDING or IN_PROGRESS: what is HELD waits for the waiter's
/// word. The lines before that; none is no event.
pub fn bump(
    order: &mut Order,
    ctx: &Context<'_>,
    batch: BatchId,
    here: impl Fn(&Item) -> bool,
) -> Result<(Vec<BatchLine>, Vec<Event>), Rejection> {
    ctx.require(&[Role::Kitchen])?;
    if order.lifecycle == Lifecycle::Draft {
        let message = "the order must be confirmed first";
        return Err(Rejection::new(ErrorCode::OrderNotConfirmed, message).at(order.status()));
    }
    require_open(order)?;
    let mut lines = Vec::new();
    let events = change(order, ctx, |order, events| {
        let to_do = |item: &&mut Item| matches!(item.status, ItemStatus::Pending | ItemStatus::InProgress);
        for item in order.items.iter_mut().filter(to_do).filter(|item| here(item)) {
            lines.push(BatchLine { item: item.id, from: item.status, times: item.times });
            let mut moved = move_line(order.id, order.version, item, ItemStatus::Ready, ctx.at, None);
            item.batch = Some(batch);
            moved.batch = item.batch;
            events.push(Event::ItemStatusChanged(moved));
        }
        Ok(!events.is_empty())
    })?;
    Ok((lines, events))
}

/// Brings the lines of `batch` back to what they were, times included. All or none: refused where one has moved on.
pub fn undo(order: &mut Order, ctx: &Context<'_>, batch: &Batch) -> Result<Vec<Event>, Rejection> {
    ctx.require(&[Role::Kitchen])?;
    if batch.undone_at.is_some() {
        return Ok(Vec::new());
    }
    require_open(order)?;
    if ctx.at > batch.undo_until() {
        return Err(Rejection::new(ErrorCode::UndoExpired, "a bump can be undone for 15 minutes"));
    }
    change(order, ctx, |order, events| {
        let (id, order_version) = (order.id, order.version);
        for line in &batch.lines {
            let item = order.item_mut(line.item)?;
            if item.batch != Some(batch.id) {
                let message = format!("{} has moved on since", item.name);
                return Err(Rejection::new(ErrorCode::StaleStatus, message).at(item.status));
            }
            let mut moved = move_line(id, order_version, item, line.from, ctx.at, None);
            item.times = line.times;
            moved.times = Some(line.times);
            events.push(Event::ItemStatusChanged(moved));
        }
        Ok(true)
    })
}

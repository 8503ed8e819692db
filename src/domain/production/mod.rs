//! Production orders (specification 001): what is printed, bound, packed and delivered, and how far it is.

mod stages;

pub use stages::{BadStages, Stages};

#[cfg(test)]
mod laws;

use super::{
    context::Context,
    event::Event,
    ids::{ProductionOrderId, UserId},
    principal::Role,
    rejection::Rejection,
    text::{ExternalId, Name, Reason, Stage},
};
use crate::code::ErrorCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductionOrder {
    pub id: ProductionOrderId,
    pub title: Name,
    pub customer_name: Option<Name>,
    /// One of the stages at the time it was written; they are a setting and may change under it.
    pub status: Stage,
    /// When it is expected to be done.
    pub estimated_date: Option<Timestamp>,
    /// Lists are sorted by it.
    pub date_issued: Timestamp,
    /// Counts the commands that changed the order, or said something of it.
    pub version: u32,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Where it moved in from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
}

/// What followers of one order are told after each change of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub order: ProductionOrderId,
    pub status: Stage,
    pub estimated_date: Option<Timestamp>,
    /// For people to read.
    pub message: Option<Reason>,
}

/// A production order as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProductionOrder {
    pub title: Name,
    pub customer_name: Option<Name>,
    /// The first stage, where it is left out.
    pub status: Option<Stage>,
    pub estimated_date: Option<Timestamp>,
    /// Now, where it is left out.
    pub date_issued: Option<Timestamp>,
}

/// New values; `None` leaves one as it is, an inner `None` clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProductionChange {
    pub title: Option<Name>,
    pub customer_name: Option<Option<Name>>,
    pub status: Option<Stage>,
    pub estimated_date: Option<Option<Timestamp>>,
    pub date_issued: Option<Timestamp>,
    /// Told with the change; a step back needs one.
    pub message: Option<Reason>,
}

fn no_stage(stages: &Stages) -> Rejection {
    Rejection::invalid(format!("status must be one of the following values: {stages}"))
}

/// Makes one, in the stage asked for.
pub fn create(
    new: NewProductionOrder,
    ctx: &Context<'_>,
    stages: &Stages,
) -> Result<(ProductionOrder, Vec<Event>), Rejection> {
    made(new, None, ctx, stages)
}

/// Makes one that was called `external_id` elsewhere, in the stage it was in.
pub fn move_in(
    new: NewProductionOrder,
    external_id: ExternalId,
    ctx: &Context<'_>,
    stages: &Stages,
) -> Result<(ProductionOrder, Vec<Event>), Rejection> {
    made(new, Some(external_id), ctx, stages)
}

fn made(
    new: NewProductionOrder,
    external_id: Option<ExternalId>,
    ctx: &Context<'_>,
    stages: &Stages,
) -> Result<(ProductionOrder, Vec<Event>), Rejection> {
    ctx.require(&[Role::Waiter])?;
    let status = match new.status {
        None => stages.first().clone(),
        Some(stage) if stages.contains(&stage) => stage,
        Some(_) => return Err(no_stage(stages)),
    };
    let order = ProductionOrder {
        id: ProductionOrderId::generate(),
        title: new.title,
        customer_name: new.customer_name,
        status,
        estimated_date: new.estimated_date,
        date_issued: new.date_issued.unwrap_or(ctx.at),
        version: 1,
        created_by: ctx.by.user,
        created_at: ctx.at,
        updated_at: ctx.at,
        external_id,
    };
    let events = vec![Event::ProductionOrderCreated(order.clone())];
    Ok((order, events))
}

/// Changes it: the whole order is told, then what its followers read. A change of nothing without a word is no event.
pub fn update(
    order: &mut ProductionOrder,
    ctx: &Context<'_>,
    change: ProductionChange,
    stages: &Stages,
) -> Result<Vec<Event>, Rejection> {
    ctx.require(&[Role::Waiter])?;
    ctx.require_version(order.version)?;
    let mut next = order.clone();
    if let Some(to) = change.status {
        let step = stages.step(&order.status, &to, ctx.by.role, change.message.is_some());
        step.map_err(|code| match code {
            ErrorCode::Forbidden => Rejection::forbidden(),
            ErrorCode::ReasonRequired => Rejection::new(code, "message should not be empty"),
            _ => no_stage(stages),
        })?;
        next.status = to;
    }
    next.title = change.title.unwrap_or(next.title);
    next.customer_name = change.customer_name.unwrap_or(next.customer_name);
    next.estimated_date = change.estimated_date.unwrap_or(next.estimated_date);
    next.date_issued = change.date_issued.unwrap_or(next.date_issued);
    if next == *order && change.message.is_none() {
        return Ok(Vec::new());
    }
    next.version += 1;
    next.updated_at = ctx.at;
    *order = next;
    let progress = Progress {
        order: order.id,
        status: order.status.clone(),
        estimated_date: order.estimated_date,
        message: change.message,
    };
    Ok(vec![Event::ProductionOrderUpdated(order.clone()), Event::ProductionOrderProgressed(progress)])
}

/// Takes it away for good; the log keeps what it was.
pub fn delete(order: &ProductionOrder, ctx: &Context<'_>) -> Result<Vec<Event>, Rejection> {
    ctx.require(&[Role::Manager])?;
    ctx.require_version(order.version)?;
    Ok(vec![Event::ProductionOrderDeleted { order: order.id }])
}

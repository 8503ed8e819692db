//! What the kitchen does with whole orders: bump, undo, acknowledge, prioritise.

use super::{
    answers,
    body::Fields,
    caller::Call,
    error::HttpError,
    requests,
    schema::{NewAcknowledgement, NewBump, NewPriority, NewUndo},
};
use crate::{
    domain::{
        command::Command,
        ids::{BatchId, ItemId, OrderId, StationId},
        order::{MAX_PRIORITY, OrderCommand},
    },
    vocabulary::body::{BatchBody, OrderBody},
};
use actix_web::HttpResponse;

/// Bump the order, or a station's part of it (kitchen)
///
/// All `PENDING` and `IN_PROGRESS` lines become `READY` in one batch. Nothing left to do: 200, `batchId` null, no event,
/// so that of two cooks at once both are right.
#[utoipa::path(post, path = "/api/v1/orders/{id}/bump", tag = "kitchen", request_body = NewBump,
    responses((status = 200, body = BatchBody)))]
pub async fn bump(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", OrderId)?;
    let command = new_bump(call.fields()?, order)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Take a bump back (kitchen)
///
/// Within 15 min; its lines are what they were, times included. Where one of them has moved on: 409 `STALE_STATUS`, and
/// none is touched. Undone already: 200 and no event.
#[utoipa::path(post, path = "/api/v1/undo", tag = "kitchen", request_body = NewUndo,
    responses((status = 200, body = BatchBody)))]
pub async fn undo(call: Call) -> Result<HttpResponse, HttpError> {
    let command = new_undo(call.fields()?)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// A void, a change or a note was seen (kitchen)
///
/// Of one line, or of the order with all lines whose `attention` is not null. Seen already: 200 and no event.
#[utoipa::path(post, path = "/api/v1/orders/{id}/ack", tag = "kitchen", request_body = NewAcknowledgement,
    responses((status = 200, body = OrderBody)))]
pub async fn acknowledge(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", OrderId)?;
    let mut fields = call.fields()?;
    let item = fields.id("itemId", ItemId);
    let command = requests::finish(fields, Some(Command::AcknowledgeOrder { order, item }))?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Move the ticket before others (expo)
///
/// 0 is usual; what has more comes first.
#[utoipa::path(post, path = "/api/v1/orders/{id}/priority", tag = "kitchen", request_body = NewPriority,
    responses((status = 200, body = OrderBody)))]
pub async fn prioritise(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", OrderId)?;
    let mut fields = call.fields()?;
    let priority = fields.required("priority").integer("priority", 0..=u64::from(MAX_PRIORITY));
    let command =
        priority.map(|priority| Command::Order(order, OrderCommand::Prioritise { priority: priority as u8 }));
    let command = requests::finish(fields, command)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// `{stationId?}`
fn new_bump(mut fields: Fields<'_>, order: OrderId) -> Result<Command, HttpError> {
    let station = fields.id("stationId", StationId);
    requests::finish(fields, Some(Command::BumpOrder { order, station }))
}

/// `{batchId}`
fn new_undo(mut fields: Fields<'_>) -> Result<Command, HttpError> {
    let batch = fields.required("batchId").id("batchId", BatchId);
    requests::finish(fields, batch.map(|batch| Command::UndoBatch { batch }))
}

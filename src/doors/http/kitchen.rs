//! What the kitchen does with whole orders: bump and undo.

use super::{
    answers,
    body::Fields,
    caller::Call,
    error::HttpError,
    requests,
    schema::{NewBump, NewUndo},
};
use crate::{
    domain::{
        command::Command,
        ids::{BatchId, OrderId, StationId},
    },
    vocabulary::body::BatchBody,
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

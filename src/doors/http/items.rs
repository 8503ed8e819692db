//! `/orders/{id}/items`: line by line, so that two waiters on one table never overwrite each other.

use super::{
    answers,
    caller::Call,
    error::HttpError,
    requests,
    schema::{ItemChange, NewItem, NewItemStatus},
};
use crate::{
    domain::{
        command::Command,
        ids::{ItemId, OrderId},
    },
    vocabulary::body::ItemBody,
};
use actix_web::HttpResponse;

/// Add an item (waiter); on a confirmed order a late one
#[utoipa::path(post, path = "/api/v1/orders/{id}/items", tag = "items", request_body = NewItem,
    responses((status = 201, body = ItemBody)))]
pub async fn add(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", OrderId)?;
    let command = requests::new_item(call.fields()?, order)?;
    Ok(answers::created(call.execute(command).await?))
}

/// Change an item that is `PENDING` or `HELD` (waiter)
#[utoipa::path(patch, path = "/api/v1/orders/{id}/items/{itemId}", tag = "items", request_body = ItemChange,
    responses((status = 200, body = ItemBody)))]
pub async fn change(call: Call) -> Result<HttpResponse, HttpError> {
    let (order, item) = (call.caller.id("id", OrderId)?, call.caller.id("itemId", ItemId)?);
    let command = requests::change_item(call.fields()?, order, item)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Take an item back (waiter)
///
/// In a draft it goes, later it is `CANCELLED`.
#[utoipa::path(delete, path = "/api/v1/orders/{id}/items/{itemId}", tag = "items",
    responses((status = 204, description = "It is gone, or ended")))]
pub async fn remove(call: Call) -> Result<HttpResponse, HttpError> {
    let (order, item) = (call.caller.id("id", OrderId)?, call.caller.id("itemId", ItemId)?);
    let command = requests::nothing(call.fields()?, Command::RemoveItem { order, item })?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Move an item along its life cycle (by edge)
///
/// Where it is there already: 200 and no event, so that of two cooks who bump the same item both are right.
#[utoipa::path(post, path = "/api/v1/orders/{id}/items/{itemId}/status", tag = "items",
    request_body = NewItemStatus, responses((status = 200, body = ItemBody)))]
pub async fn set_status(call: Call) -> Result<HttpResponse, HttpError> {
    let (order, item) = (call.caller.id("id", OrderId)?, call.caller.id("itemId", ItemId)?);
    let command = requests::item_status(call.fields()?, order, item)?;
    Ok(answers::changed(call.execute(command).await?))
}

//! `/production-orders` (specification 001): what is printed, bound, packed and delivered.

use super::{
    answers,
    caller::{Call, Caller},
    error::HttpError,
    page, requests,
    schema::{Called, NewProductionOrder, Page, ProductionOrderChange},
};
use crate::{
    domain::{command::Command, ids::ProductionOrderId, rejection::Rejection},
    vocabulary::production::ProductionOrderBody,
};
use actix_web::HttpResponse;

/// Make a production order (waiter)
///
/// Told as `orderCreated`.
#[utoipa::path(post, path = "/api/v1/production-orders", tag = "production", request_body = NewProductionOrder,
    operation_id = "create_production_order", responses((status = 201, body = ProductionOrderBody)))]
pub async fn create(call: Call) -> Result<HttpResponse, HttpError> {
    let command = requests::new_production_order(call.fields()?, call.caller.state.stages.clone())?;
    Ok(answers::created(call.execute(command).await?))
}

/// List the production orders, newest issued first
#[utoipa::path(get, path = "/api/v1/production-orders", tag = "production",
    operation_id = "list_production_orders", params(Called, Page),
    responses((status = 200, body = [ProductionOrderBody])))]
pub async fn list(caller: Caller) -> Result<HttpResponse, HttpError> {
    let (asked, called) = caller.page_called()?;
    let read = caller.state.store.production_orders(caller.restaurant(), called.as_ref(), &asked);
    let listed = caller.read(read).await?;
    Ok(page::list(&caller, &listed, ProductionOrderBody::from))
}

/// One production order
#[utoipa::path(get, path = "/api/v1/production-orders/{id}", tag = "production",
    operation_id = "get_production_order",
    responses((status = 200, body = ProductionOrderBody), (status = 304, description = "As in If-None-Match")))]
pub async fn get(caller: Caller) -> Result<HttpResponse, HttpError> {
    let id = caller.id("id", ProductionOrderId)?;
    let order = caller.read(caller.state.store.production_order(caller.restaurant(), id)).await?;
    let order = order.ok_or_else(|| Rejection::not_found("Production order", id))?;
    answers::unless_known(&caller, order.version, ProductionOrderBody::from(&order))
}

/// Change a production order (waiter; a stage back manager, with a message)
///
/// Told as `orderUpdated` and `{orderId}/update`, the latter with the message. Nothing changed and nothing said: no event.
#[utoipa::path(patch, path = "/api/v1/production-orders/{id}", tag = "production",
    operation_id = "change_production_order", request_body = ProductionOrderChange,
    responses((status = 200, body = ProductionOrderBody)))]
pub async fn change(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", ProductionOrderId)?;
    let stages = call.caller.state.stages.clone();
    let command = requests::change_production_order(call.fields()?, order, stages)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Delete a production order (manager)
///
/// Told as `orderDeleted`.
#[utoipa::path(delete, path = "/api/v1/production-orders/{id}", tag = "production",
    operation_id = "delete_production_order", responses((status = 204, description = "It is gone")))]
pub async fn remove(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", ProductionOrderId)?;
    let command = requests::nothing(call.fields()?, Command::DeleteProductionOrder { order })?;
    Ok(answers::changed(call.execute(command).await?))
}

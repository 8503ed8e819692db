//! `/orders`: making, reading, confirming and ending orders.

use super::{
    answers,
    caller::{Call, Caller},
    error::HttpError,
    page, requests,
    schema::{self, NewOrder, Why},
};
use crate::{
    domain::{
        command::Command,
        ids::{OrderId, TableId},
        order::{OrderCommand, OrderStatus},
        rejection::Rejection,
    },
    store::reads::OrderFilter,
    vocabulary::body::OrderBody,
};
use actix_web::HttpResponse;

/// Begin an order at a table session (waiter)
///
/// It is a draft: nothing goes to kitchens before it is confirmed.
#[utoipa::path(post, path = "/api/v1/orders", tag = "orders", request_body = NewOrder,
    responses((status = 201, body = OrderBody)))]
pub async fn create(call: Call) -> Result<HttpResponse, HttpError> {
    let command = requests::new_order(call.fields()?)?;
    Ok(answers::created(call.execute(command).await?))
}

/// List the orders, newest first
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders",
    params(schema::OrderFilter, schema::Called, schema::Page),
    responses((status = 200, body = [OrderBody])))]
pub async fn list(caller: Caller) -> Result<HttpResponse, HttpError> {
    let mut query = caller.query();
    let filter = OrderFilter {
        statuses: query.many_of("status", &OrderStatus::ALL, OrderStatus::name),
        table: query.id("table", TableId),
        since: query.time("since"),
        confirmed: false,
        called: query.external_id(),
    };
    let asked = query.page();
    query.finish()?;
    let listed = caller.read(caller.state.store.orders(caller.restaurant(), &filter, &asked)).await?;
    Ok(page::list(&caller, &listed, OrderBody::from))
}

/// One order with its items
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "orders",
    responses((status = 200, body = OrderBody), (status = 304, description = "As in If-None-Match")))]
pub async fn get(caller: Caller) -> Result<HttpResponse, HttpError> {
    let id = caller.id("id", OrderId)?;
    let order = caller.read(caller.state.store.order(caller.restaurant(), id)).await?;
    let order = order.ok_or_else(|| Rejection::not_found("Order", id))?;
    answers::unless_known(&caller, order.version, OrderBody::from(&order))
}

/// Send the order to the kitchen (waiter)
#[utoipa::path(post, path = "/api/v1/orders/{id}/confirm", tag = "orders",
    responses((status = 200, body = OrderBody)))]
pub async fn confirm(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", OrderId)?;
    let command = requests::nothing(call.fields()?, Command::ConfirmOrder { order })?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Cancel the order (waiter; once started manager, with a reason)
///
/// What has not been started is `CANCELLED`, what has is `VOIDED`.
#[utoipa::path(post, path = "/api/v1/orders/{id}/cancel", tag = "orders", request_body = Why,
    responses((status = 200, body = OrderBody)))]
pub async fn cancel(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", OrderId)?;
    let command = requests::cancel(call.fields()?, order)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Close a served order (waiter, cashier; a ready one manager)
#[utoipa::path(post, path = "/api/v1/orders/{id}/close", tag = "orders",
    responses((status = 200, body = OrderBody)))]
pub async fn close(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", OrderId)?;
    let command = requests::nothing(call.fields()?, Command::Order(order, OrderCommand::Close))?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Open a closed order again (manager)
#[utoipa::path(post, path = "/api/v1/orders/{id}/reopen", tag = "orders", request_body = Why,
    responses((status = 200, body = OrderBody)))]
pub async fn reopen(call: Call) -> Result<HttpResponse, HttpError> {
    let order = call.caller.id("id", OrderId)?;
    let command = requests::reopen(call.fields()?, order)?;
    Ok(answers::changed(call.execute(command).await?))
}

//! `/orders` at the root (specification 000): orders over the counter, and every confirmed one in its words.

use super::{
    answers,
    caller::{Call, Caller},
    error::HttpError,
    page,
    public::Public,
    schema::{self, NewCounterOrder},
};
use crate::{
    code::ErrorCode,
    domain::{command::Command, order::Order, rejection::Rejection},
    store::reads::OrderFilter,
    vocabulary::{
        admin::{OrderBody, WholeOrderBody},
        commands,
    },
};
use actix_web::{HttpResponse, http::StatusCode};

/// Sell over the counter (waiter, cashier; without a token where public orders are on)
///
/// The order is confirmed at once, with one line and at no table.
#[utoipa::path(post, path = "/orders", tag = "admin", request_body = NewCounterOrder, security((), ("token" = [])),
    responses((status = 201, body = OrderBody)))]
pub async fn place_order(Public(call): Public<Call, false>) -> Result<HttpResponse, HttpError> {
    let command = commands::new_order(call.body())?;
    Ok(answers::admin(call.execute(command).await?, StatusCode::CREATED))
}

/// List all confirmed orders, newest first
#[utoipa::path(get, path = "/orders", tag = "admin", params(schema::Page), security((), ("token" = [])),
    responses((status = 200, body = [WholeOrderBody])))]
pub async fn confirmed_orders(Public(caller): Public<Caller, true>) -> Result<HttpResponse, HttpError> {
    let asked = caller.page()?;
    let filter = OrderFilter { confirmed: true, ..OrderFilter::default() };
    let listed = caller.read(caller.state.store.orders(caller.restaurant(), &filter, &asked)).await?;
    let bodies = whole(&caller, &listed.rows).await?;
    let cursor = listed.next.as_ref().map(page::encode);
    Ok(page::answer(caller.request.uri(), &listed.head, &bodies, cursor))
}

/// One confirmed order, by its number
#[utoipa::path(get, path = "/orders/{id}", tag = "admin", security((), ("token" = [])),
    responses((status = 200, body = WholeOrderBody), (status = 304, description = "As in If-None-Match")))]
pub async fn confirmed_order(Public(caller): Public<Caller, true>) -> Result<HttpResponse, HttpError> {
    let number = number(&caller)?;
    let order = caller.read(caller.state.store.order_numbered(caller.restaurant(), number)).await?;
    let order = order.ok_or_else(|| Rejection::not_found("Order", number))?;
    let body = whole(&caller, std::slice::from_ref(&order)).await?.pop();
    answers::unless_known(&caller, order.version, body)
}

/// Hand the whole order out (waiter, cashier, expo)
///
/// Its live lines are `SERVED`; a second time it is refused with 409.
#[utoipa::path(patch, path = "/orders/{id}/ship", tag = "admin", security((), ("token" = [])),
    responses((status = 200, body = OrderBody)))]
pub async fn ship_order(Public(call): Public<Call, true>) -> Result<HttpResponse, HttpError> {
    let command = commands::nothing(call.body(), Command::ShipOrder { number: number(&call.caller)? })?;
    Ok(answers::admin(call.execute(command).await?, StatusCode::OK))
}

/// The number in the path, as NestJS's `ParseIntPipe` reads it. One below zero is nobody's.
fn number(caller: &Caller) -> Result<u64, HttpError> {
    let text = caller.request.match_info().get("id").unwrap_or_default();
    let number = Some(text).filter(|text| !text.starts_with('+')).and_then(|text| text.parse::<i64>().ok());
    let message = "Validation failed (numeric string is expected)";
    let number = number.ok_or_else(|| HttpError::new(ErrorCode::BadRequest, message))?;
    u64::try_from(number).map_err(|_| Rejection::not_found("Order", number).into())
}

async fn whole(caller: &Caller, orders: &[Order]) -> Result<Vec<WholeOrderBody>, HttpError> {
    let customers = caller.read(caller.state.store.customers_of(caller.restaurant(), orders)).await?;
    let body = |order: &Order| {
        let customer = order.customer.and_then(|customer| customers.get(&customer.id));
        WholeOrderBody::new(order, customer, caller.principal().role)
    };
    Ok(orders.iter().map(body).collect())
}

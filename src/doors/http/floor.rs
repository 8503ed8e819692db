//! `/tables` and `/table-sessions`.

use super::{
    answers,
    caller::{Call, Caller},
    error::HttpError,
    page, requests,
    schema::{Called, NewMerge, NewTable, NewTablePlace, NewTableSession, Page},
};
use crate::{
    domain::{
        command::Command,
        ids::{TableId, TableSessionId},
        principal::Role,
        rejection::Rejection,
    },
    vocabulary::body::{TableBody, TableSessionBody},
};
use actix_web::HttpResponse;

/// List the tables, newest first
#[utoipa::path(get, path = "/api/v1/tables", tag = "floor",
    params(Called, Page),
    responses((status = 200, body = [TableBody])))]
pub async fn tables(caller: Caller) -> Result<HttpResponse, HttpError> {
    let (asked, called) = caller.page_called()?;
    let read = caller.state.store.tables(caller.restaurant(), called.as_ref(), &asked);
    let listed = caller.read(read).await?;
    Ok(page::list(&caller, &listed, TableBody::from))
}

/// Make a table (manager)
#[utoipa::path(post, path = "/api/v1/tables", tag = "floor", request_body = NewTable,
    responses((status = 201, body = TableBody)))]
pub async fn create_table(call: Call) -> Result<HttpResponse, HttpError> {
    let command = requests::new_table(call.fields()?)?;
    Ok(answers::created(call.execute(command).await?))
}

/// List the table sessions, newest first (waiter)
#[utoipa::path(get, path = "/api/v1/table-sessions", tag = "floor",
    params(Page),
    responses((status = 200, body = [TableSessionBody])))]
pub async fn table_sessions(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Waiter])?;
    let asked = caller.page()?;
    let listed = caller.read(caller.state.store.table_sessions(caller.restaurant(), &asked)).await?;
    Ok(page::list(&caller, &listed, TableSessionBody::from))
}

/// Seat guests at a table (waiter)
///
/// One session is open at a table; of racing openings one wins, the others get 409 `TABLE_OCCUPIED`.
#[utoipa::path(post, path = "/api/v1/table-sessions", tag = "floor", request_body = NewTableSession,
    responses((status = 201, body = TableSessionBody)))]
pub async fn open_table_session(call: Call) -> Result<HttpResponse, HttpError> {
    let command = requests::new_table_session(call.fields()?)?;
    Ok(answers::created(call.execute(command).await?))
}

/// One table session (waiter)
#[utoipa::path(get, path = "/api/v1/table-sessions/{id}", tag = "floor",
    responses((status = 200, body = TableSessionBody)))]
pub async fn table_session(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Waiter])?;
    let id = caller.id("id", TableSessionId)?;
    let session = caller.read(caller.state.store.table_session(caller.restaurant(), id)).await?;
    let session = session.ok_or_else(|| Rejection::not_found("Table session", id))?;
    Ok(HttpResponse::Ok().json(TableSessionBody::from(&session)))
}

/// The guests have left (waiter)
///
/// With open orders 409 `SESSION_HAS_OPEN_ORDERS`.
#[utoipa::path(post, path = "/api/v1/table-sessions/{id}/close", tag = "floor",
    responses((status = 200, body = TableSessionBody)))]
pub async fn close_table_session(call: Call) -> Result<HttpResponse, HttpError> {
    let session = call.caller.id("id", TableSessionId)?;
    let command = requests::nothing(call.fields()?, Command::CloseTableSession { session })?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Move the guests to another table (waiter)
///
/// Their open orders go along; the kitchen sees no new line. A table with guests: 409 `TABLE_OCCUPIED`.
#[utoipa::path(post, path = "/api/v1/table-sessions/{id}/move", tag = "floor", request_body = NewTablePlace,
    responses((status = 200, body = TableSessionBody)))]
pub async fn move_table_session(call: Call) -> Result<HttpResponse, HttpError> {
    let session = call.caller.id("id", TableSessionId)?;
    let mut fields = call.fields()?;
    let table = fields.required("tableId").id("tableId", TableId);
    let command = table.map(|table| Command::MoveTableSession { session, table });
    let command = requests::finish(fields, command)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Merge a table session into another (waiter)
///
/// Its open orders go to the other, ticket numbers stay, and it is closed. The answer is the other session.
#[utoipa::path(post, path = "/api/v1/table-sessions/{id}/merge", tag = "floor", request_body = NewMerge,
    responses((status = 200, body = TableSessionBody)))]
pub async fn merge_table_sessions(call: Call) -> Result<HttpResponse, HttpError> {
    let session = call.caller.id("id", TableSessionId)?;
    let mut fields = call.fields()?;
    let into = fields.required("intoId").id("intoId", TableSessionId);
    let command = into.map(|into| Command::MergeTableSessions { session, into });
    let command = requests::finish(fields, command)?;
    Ok(answers::changed(call.execute(command).await?))
}

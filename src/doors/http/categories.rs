//! `/menu/categories`: the parts of the menu.

use super::{
    answers,
    body::Fields,
    caller::{Call, Caller},
    error::HttpError,
    page, requests,
    schema::{CategoryChange, NewCategory, Page},
};
use crate::{
    domain::{command::Command, ids::CategoryId, menu::MAX_POSITION, rejection::Rejection, text::Label},
    vocabulary::menu::CategoryBody,
};
use actix_web::HttpResponse;

/// List the categories, newest first
#[utoipa::path(get, path = "/api/v1/menu/categories", tag = "menu", operation_id = "list_categories",
    params(Page),
    responses((status = 200, body = [CategoryBody])))]
pub async fn list(caller: Caller) -> Result<HttpResponse, HttpError> {
    let asked = caller.page()?;
    let listed = caller.read(caller.state.store.categories(caller.restaurant(), &asked)).await?;
    Ok(page::list(&caller, &listed, CategoryBody::from))
}

/// One category
#[utoipa::path(get, path = "/api/v1/menu/categories/{id}", tag = "menu", operation_id = "get_category",
    responses((status = 200, body = CategoryBody), (status = 304, description = "As in If-None-Match")))]
pub async fn get(caller: Caller) -> Result<HttpResponse, HttpError> {
    let id = caller.id("id", CategoryId)?;
    let category = caller.read(caller.state.store.category(caller.restaurant(), id)).await?;
    let category = category.ok_or_else(|| Rejection::not_found("Category", id))?;
    answers::unless_known(&caller, category.version, CategoryBody::from(&category))
}

/// Make a category (manager)
#[utoipa::path(post, path = "/api/v1/menu/categories", tag = "menu", operation_id = "create_category",
    request_body = NewCategory, responses((status = 201, body = CategoryBody)))]
pub async fn create(call: Call) -> Result<HttpResponse, HttpError> {
    let mut fields = call.fields()?;
    let name = fields.required("name").text("name", Label::parse);
    let position = position(&mut fields);
    let command = name.map(|name| Command::CreateCategory { name, position });
    let command = requests::finish(fields, command)?;
    Ok(answers::created(call.execute(command).await?))
}

/// Change a category (manager)
///
/// Under another name its dishes go along, and the station that makes them still does.
#[utoipa::path(patch, path = "/api/v1/menu/categories/{id}", tag = "menu", operation_id = "change_category",
    request_body = CategoryChange, responses((status = 200, body = CategoryBody)))]
pub async fn change(call: Call) -> Result<HttpResponse, HttpError> {
    let category = call.caller.id("id", CategoryId)?;
    let mut fields = call.fields()?;
    let (name, position) = (fields.text("name", Label::parse), position(&mut fields));
    let command = requests::finish(fields, Some(Command::ChangeCategory { category, name, position }))?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Remove a category (manager)
///
/// With dishes in it 409 `CATEGORY_IN_USE`.
#[utoipa::path(delete, path = "/api/v1/menu/categories/{id}", tag = "menu", operation_id = "remove_category",
    responses((status = 204, description = "It is gone")))]
pub async fn remove(call: Call) -> Result<HttpResponse, HttpError> {
    let category = call.caller.id("id", CategoryId)?;
    let command = requests::nothing(call.fields()?, Command::RemoveCategory { category })?;
    Ok(answers::changed(call.execute(command).await?))
}

fn position(fields: &mut Fields<'_>) -> Option<u32> {
    fields.integer("position", 0..=u64::from(MAX_POSITION)).map(|position| position as u32)
}

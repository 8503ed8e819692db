//! `/menu`: what there is to order.

use super::{
    answers,
    body::Fields,
    caller::{Call, Caller},
    conditions,
    error::HttpError,
    page::{self, X_STREAM_EPOCH, X_STREAM_SEQ},
    requests,
    schema::{Called, MenuItemChange, NewAvailability, NewMenuItem, Page},
};
use crate::{
    domain::{
        command::Command,
        ids::MenuItemId,
        menu::{Availability, DishChange, MAX_REMAINING},
        rejection::Rejection,
        text::{Label, Name},
    },
    store::StoreError,
    vocabulary::menu::{MenuItemBody, state},
};
use actix_web::{
    HttpResponse,
    http::header::{CONTENT_TYPE, ETAG, HeaderValue},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};

/// The whole menu, by the place of the category and name
#[utoipa::path(get, path = "/api/v1/menu", tag = "menu",
    responses((status = 200, body = [MenuItemBody]), (status = 304, description = "As in If-None-Match")))]
pub async fn menu(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.query().finish()?;
    let (head, mut dishes) = caller.read(caller.state.store.menu(caller.restaurant())).await?;
    // What the clock has passed a moment ago is shown so, also before the event tells it.
    let now = Timestamp::now();
    for dish in &mut dishes {
        dish.pass(now);
    }
    let bodies: Vec<MenuItemBody> = dishes.iter().map(MenuItemBody::from).collect();
    let text = serde_json::to_vec(&bodies).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    // The menu has no version of its own: its content names it.
    let etag = conditions::etag(URL_SAFE_NO_PAD.encode(&digest(&SHA256, &text).as_ref()[..12]));
    let known = conditions::is_known(caller.request.headers(), &etag)?;
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((ETAG, etag))
        .insert_header((X_STREAM_EPOCH, head.epoch.to_string()))
        .insert_header((X_STREAM_SEQ, head.seq));
    if known {
        return Ok(response.finish());
    }
    Ok(response.insert_header((CONTENT_TYPE, HeaderValue::from_static("application/json"))).body(text))
}

/// List the dishes, newest first
#[utoipa::path(get, path = "/api/v1/menu/items", tag = "menu", operation_id = "list_menu_items",
    params(Called, Page),
    responses((status = 200, body = [MenuItemBody])))]
pub async fn items(caller: Caller) -> Result<HttpResponse, HttpError> {
    let (asked, called) = caller.page_called()?;
    let read = caller.state.store.dishes(caller.restaurant(), called.as_ref(), &asked);
    let listed = caller.read(read).await?;
    Ok(page::list(&caller, &listed, MenuItemBody::from))
}

/// One dish
#[utoipa::path(get, path = "/api/v1/menu/items/{id}", tag = "menu", operation_id = "get_menu_item",
    responses((status = 200, body = MenuItemBody), (status = 304, description = "As in If-None-Match")))]
pub async fn item(caller: Caller) -> Result<HttpResponse, HttpError> {
    let id = caller.id("id", MenuItemId)?;
    let dish = caller.read(caller.state.store.dish(caller.restaurant(), id)).await?;
    let dish = dish.ok_or_else(|| Rejection::not_found("Menu item", id))?;
    answers::unless_known(&caller, dish.version, MenuItemBody::from(&dish))
}

/// Put a dish on the menu (manager)
#[utoipa::path(post, path = "/api/v1/menu/items", tag = "menu", operation_id = "create_menu_item",
    request_body = NewMenuItem, responses((status = 201, body = MenuItemBody)))]
pub async fn create_item(call: Call) -> Result<HttpResponse, HttpError> {
    let command = new_item(call.fields()?)?;
    Ok(answers::created(call.execute(command).await?))
}

/// Change a dish (manager); lines that were ordered keep what they were ordered at
#[utoipa::path(patch, path = "/api/v1/menu/items/{id}", tag = "menu", operation_id = "change_menu_item",
    request_body = MenuItemChange, responses((status = 200, body = MenuItemBody)))]
pub async fn change_item(call: Call) -> Result<HttpResponse, HttpError> {
    let dish = call.caller.id("id", MenuItemId)?;
    let mut fields = call.fields()?;
    let change = DishChange {
        name: fields.text("name", Name::parse),
        category: fields.text("category", Label::parse),
        price: fields.decimal("price"),
        course: fields.clearable("course", Label::parse),
        station: fields.clearable("station", Label::parse),
    };
    let command = requests::finish(fields, Some(Command::ChangeDish { dish, change }))?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Take a dish off the menu (manager); lines that were ordered stay
#[utoipa::path(delete, path = "/api/v1/menu/items/{id}", tag = "menu", operation_id = "remove_menu_item",
    responses((status = 204, description = "It is gone")))]
pub async fn remove_item(call: Call) -> Result<HttpResponse, HttpError> {
    let dish = call.caller.id("id", MenuItemId)?;
    let command = requests::nothing(call.fields()?, Command::RemoveDish { dish })?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Say whether a dish is to be had (kitchen)
///
/// `remaining` counts portions, which confirmations take; at zero it is sold out. At `until` the other state begins, by
/// the clock.
#[utoipa::path(put, path = "/api/v1/menu/items/{id}/availability", tag = "menu", request_body = NewAvailability,
    responses((status = 200, body = MenuItemBody)))]
pub async fn set_availability(call: Call) -> Result<HttpResponse, HttpError> {
    let dish = call.caller.id("id", MenuItemId)?;
    let command = availability(call.fields()?, dish)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// `{name, category, price, course?, station?}`
fn new_item(mut fields: Fields<'_>) -> Result<Command, HttpError> {
    let name = fields.required("name").text("name", Name::parse);
    let category = fields.required("category").text("category", Label::parse);
    let price = fields.required("price").decimal("price");
    let change = DishChange {
        course: fields.text("course", Label::parse).map(Some),
        station: fields.text("station", Label::parse).map(Some),
        ..DishChange::default()
    };
    let all = name.zip(category).zip(price);
    let command = all.map(|((name, category), price)| Command::CreateDish { name, category, price, change });
    requests::finish(fields, command)
}

/// `{state, remaining?, until?}`
fn availability(mut fields: Fields<'_>, dish: MenuItemId) -> Result<Command, HttpError> {
    let available = fields.required("state").one_of("state", &[true, false], state);
    // What is sold out has nothing left to count: there the member is unknown, as any other.
    let remaining = match available {
        Some(false) => None,
        _ => fields.integer("remaining", 1..=u64::from(MAX_REMAINING)).map(|left| left as u32),
    };
    let until = fields.time("until");
    let command = available.map(|available| Command::SetAvailability {
        dish,
        availability: Availability { available, remaining, until },
    });
    requests::finish(fields, command)
}

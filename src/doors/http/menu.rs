//! `/menu`: what there is to order.

use super::{
    caller::Caller,
    conditions,
    error::HttpError,
    page::{X_STREAM_EPOCH, X_STREAM_SEQ},
};
use crate::{domain::menu::MenuItem, store::StoreError};
use actix_web::{
    HttpResponse,
    http::header::{CONTENT_TYPE, ETAG, HeaderValue},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A dish.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MenuItem)]
pub struct MenuItemBody {
    pub id: Uuid,
    pub name: String,
    pub category: String,
    /// Fixed scale, e.g. `"15.50"`.
    pub price: String,
    pub course: Option<String>,
    pub station: Option<String>,
    pub available: bool,
    /// Portions left, where they are counted.
    pub remaining: Option<u32>,
}

impl From<&MenuItem> for MenuItemBody {
    fn from(dish: &MenuItem) -> Self {
        Self {
            id: dish.id.0,
            name: dish.name.to_string(),
            category: dish.category.to_string(),
            price: dish.price.to_string(),
            course: dish.course.as_ref().map(ToString::to_string),
            station: dish.station.as_ref().map(ToString::to_string),
            available: dish.available,
            remaining: dish.remaining,
        }
    }
}

/// The whole menu, by category and name
#[utoipa::path(get, path = "/api/v1/menu", tag = "menu",
    responses((status = 200, body = [MenuItemBody]), (status = 304, description = "As in If-None-Match")))]
pub async fn menu(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.query().finish()?;
    let (head, dishes) = caller.state.store.menu(caller.restaurant()).await?;
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

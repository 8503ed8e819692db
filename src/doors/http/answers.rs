//! Answers to commands: the same command's answer, kept under a key, becomes the same bytes again.

use super::{conditions::etag, error::HttpError, idempotency::IDEMPOTENT_REPLAY};
use crate::{
    domain::command::Reply,
    store::lane::Executed,
    vocabulary::{
        body::{BatchBody, ItemBody, OrderBody, StationBody, TableBody, TableSessionBody},
        menu::{CategoryBody, MenuItemBody},
    },
};
use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{ETAG, HeaderValue},
    },
};
use serde::Serialize;

/// 201 with what was made.
pub fn created(executed: Executed) -> HttpResponse {
    answer(executed, StatusCode::CREATED)
}

/// 200 with what was changed; 204 where it is gone.
pub fn changed(executed: Executed) -> HttpResponse {
    answer(executed, StatusCode::OK)
}

fn answer(Executed { outcome, replayed }: Executed, status: StatusCode) -> HttpResponse {
    let mut response = match outcome {
        Err(rejection) => HttpError::from(rejection).error_response(),
        Ok(Reply::Table(table)) => HttpResponse::build(status).json(TableBody::from(&table)),
        Ok(Reply::TableSession(session)) => {
            HttpResponse::build(status).json(TableSessionBody::from(&session))
        }
        Ok(Reply::Order(order)) => versioned(status, order.version, OrderBody::from(&order)),
        Ok(Reply::Item(item)) => versioned(status, item.version, ItemBody::from(&item)),
        Ok(Reply::Removed) => HttpResponse::NoContent().finish(),
        Ok(Reply::Bumped { batch, order }) => {
            versioned(status, order.version, BatchBody::of(batch.as_ref(), &order))
        }
        Ok(Reply::Category(category)) => versioned(status, category.version, CategoryBody::from(&category)),
        Ok(Reply::Dish(dish)) => versioned(status, dish.version, MenuItemBody::from(&dish)),
        Ok(Reply::Station(station)) => versioned(status, station.version, StationBody::from(&station)),
    };
    if replayed {
        response.headers_mut().insert(IDEMPOTENT_REPLAY, HeaderValue::from_static("true"));
    }
    response
}

/// A body with its version as entity tag.
pub fn versioned(status: StatusCode, version: u32, body: impl Serialize) -> HttpResponse {
    HttpResponse::build(status).insert_header((ETAG, etag(version))).json(body)
}

//! Answers to commands: the same command's answer, kept under a key, becomes the same bytes again.

use super::{caller::Caller, conditions, error::HttpError, idempotency::IDEMPOTENT_REPLAY};
use crate::{
    domain::command::Reply,
    store::lane::Executed,
    vocabulary::{
        admin,
        body::{BatchBody, ItemBody, OrderBody, StationBody, TableBody, TableSessionBody},
        donations::DonationBody,
        menu::{CategoryBody, MenuItemBody},
        production::ProductionOrderBody,
        resources,
    },
};
use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{ContentType, ETAG, HeaderValue},
    },
};
use serde::Serialize;

/// 201 with what was made.
pub fn created(executed: Executed) -> HttpResponse {
    with(executed, StatusCode::CREATED)
}

/// 200 with what was changed; 204 where it is gone.
pub fn changed(executed: Executed) -> HttpResponse {
    with(executed, StatusCode::OK)
}

/// The same for what specification 000 asks for, in its words.
pub fn admin(executed: Executed, status: StatusCode) -> HttpResponse {
    given(executed, |reply| match reply {
        Reply::Order(order) => versioned(status, order.version, admin::OrderBody::from(&order)),
        other => plain(other, status),
    })
}

/// With this status, where it was done.
pub fn with(executed: Executed, status: StatusCode) -> HttpResponse {
    given(executed, |reply| plain(reply, status))
}

fn plain(reply: Reply, status: StatusCode) -> HttpResponse {
    match reply {
        Reply::Table(table) => HttpResponse::build(status).json(TableBody::from(&table)),
        Reply::TableSession(session) => HttpResponse::build(status).json(TableSessionBody::from(&session)),
        Reply::Order(order) => versioned(status, order.version, OrderBody::from(&order)),
        Reply::Item(item) => versioned(status, item.version, ItemBody::from(&item)),
        Reply::Donation(donation) => versioned(status, donation.version, DonationBody::from(&donation)),
        Reply::ProductionOrder(order) => versioned(status, order.version, ProductionOrderBody::from(&order)),
        Reply::Document(_) | Reply::Documents(_) | Reply::Deleted(_) => {
            let mut response = HttpResponse::build(status);
            if let Reply::Document(document) = &reply {
                response.insert_header((ETAG, conditions::etag(document.version)));
            }
            response
                .content_type(ContentType::json())
                .body(resources::calls::answer(&reply).unwrap_or_default())
        }
        Reply::Removed => HttpResponse::NoContent().finish(),
        Reply::Bumped { batch, order } => {
            versioned(status, order.version, BatchBody::of(batch.as_ref(), &order))
        }
        Reply::Category(category) => versioned(status, category.version, CategoryBody::from(&category)),
        Reply::Dish(dish) => versioned(status, dish.version, MenuItemBody::from(&dish)),
        Reply::Station(station) => versioned(status, station.version, StationBody::from(&station)),
    }
}

fn given(Executed { outcome, replayed }: Executed, body: impl FnOnce(Reply) -> HttpResponse) -> HttpResponse {
    let response = match outcome {
        Err(rejection) => HttpError::from(rejection).error_response(),
        Ok(reply) => body(reply),
    };
    self::replayed(response, replayed)
}

/// Says of an answer whether it was given before.
pub fn replayed(mut response: HttpResponse, replayed: bool) -> HttpResponse {
    if replayed {
        response.headers_mut().insert(IDEMPOTENT_REPLAY, HeaderValue::from_static("true"));
    }
    response
}

/// A body with its version as entity tag, or 304 where the client says that it has that.
pub fn unless_known(caller: &Caller, version: u32, body: impl Serialize) -> Result<HttpResponse, HttpError> {
    let etag = conditions::etag(version);
    if conditions::is_known(caller.request.headers(), &etag)? {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, etag)).finish());
    }
    Ok(versioned(StatusCode::OK, version, body))
}

fn versioned(status: StatusCode, version: u32, body: impl Serialize) -> HttpResponse {
    HttpResponse::build(status).insert_header((ETAG, conditions::etag(version))).json(body)
}

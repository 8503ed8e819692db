//! Which pages may call: the Origin check, and CORS for the pages that pass it.

use super::{
    idempotency::{IDEMPOTENCY_KEY, IDEMPOTENT_REPLAY},
    page::{X_STREAM_EPOCH, X_STREAM_SEQ},
    trace::X_REQUEST_ID,
};
use crate::{code::ErrorCode, config::origins::Origins, doors::refusal::refusal};
use actix_cors::Cors;
use actix_web::{
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderName, ORIGIN},
    },
    middleware::Next,
    web::Data,
};

/// How long a browser may remember a preflight, in seconds; Chromium keeps none longer.
const PREFLIGHT_MAX_AGE: usize = 7_200;

/// CORS with credentials for the pages that `origins` allows. Inside of [`check`], which refuses the others.
pub fn cors(origins: Origins) -> Cors {
    Cors::default()
        .allowed_origin_fn(move |origin, _| origin.to_str().is_ok_and(|origin| origins.allows(Some(origin))))
        .allowed_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PATCH,
            Method::PUT,
            Method::DELETE,
        ])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("last-event-id"),
            IDEMPOTENCY_KEY,
        ])
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::RETRY_AFTER,
            X_STREAM_EPOCH,
            X_STREAM_SEQ,
            IDEMPOTENT_REPLAY,
            X_REQUEST_ID,
        ])
        .supports_credentials()
        .max_age(PREFLIGHT_MAX_AGE)
}

/// Refuses a request that a foreign page makes, simple requests and upgrades too, which CORS lets through.
pub async fn check(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let allowed = {
        let mut values = request.headers().get_all(ORIGIN);
        match (values.next(), values.next(), request.app_data::<Data<Origins>>()) {
            (None, ..) => true,
            (Some(value), None, Some(origins)) => {
                value.to_str().is_ok_and(|origin| origins.allows(Some(origin)))
            }
            _ => false,
        }
    };
    if allowed {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    Ok(request.into_response(refusal(ErrorCode::OriginForbidden)))
}

//! Reading a body off the connection: its type, its size and its time are bounded.

use crate::{code::ErrorCode, config::sections::Http, doors::http::error::HttpError};
use actix_web::{HttpRequest, dev::Payload, http::header, web::BytesMut};
use bytes::Bytes;
use futures_util::StreamExt;

/// The whole body. Errors: 408 where it takes longer than `body_within`, 413 past `max_body`, 415 where it is not JSON.
pub async fn read(request: &HttpRequest, payload: &mut Payload, settings: &Http) -> Result<Bytes, HttpError> {
    let limit = *settings.max_body;
    if content_length(request).is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let collected = tokio::time::timeout(*settings.body_within, collect(payload, limit)).await;
    let body = collected
        .map_err(|_| HttpError::new(ErrorCode::RequestTimeout, "the body did not arrive in time"))??;
    if !body.is_empty() && !is_json(request) {
        let message = "a body must be application/json in UTF-8, not compressed";
        return Err(HttpError::new(ErrorCode::UnsupportedMediaType, message));
    }
    Ok(body)
}

async fn collect(payload: &mut Payload, limit: usize) -> Result<Bytes, HttpError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| HttpError::new(ErrorCode::BadRequest, error.to_string()))?;
        if body.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn too_large(limit: usize) -> HttpError {
    HttpError::new(ErrorCode::PayloadTooLarge, format!("a body has at most {limit} bytes"))
}

fn content_length(request: &HttpRequest) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_json(request: &HttpRequest) -> bool {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let plain = text(header::CONTENT_ENCODING).is_none_or(|coding| coding.eq_ignore_ascii_case("identity"));
    plain && text(header::CONTENT_TYPE).is_some_and(is_json_type)
}

/// `application/json` or a type built on it (RFC 6839 §3.1), in UTF-8.
fn is_json_type(value: &str) -> bool {
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let json = essence == "application/json"
        || essence.strip_prefix("application/").is_some_and(|subtype| subtype.ends_with("+json"));
    json && parts.all(|parameter| match parameter.split_once('=') {
        Some(("charset", charset)) => matches!(charset.trim_matches('"'), "utf-8" | "utf8"),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_by_table() {
        for (value, json) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json; charset=\"utf-8\"", true),
            ("application/merge-patch+json", true),
            ("application/json; charset=utf-16", false),
            ("application/jsonp", false),
            ("application/x-www-form-urlencoded", false),
            ("text/plain", false),
            ("text/json", false),
            ("", false),
        ] {
            assert_eq!(is_json_type(value), json, "{value:?}");
        }
    }
}

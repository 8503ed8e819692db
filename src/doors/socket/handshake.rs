//! What the doors of sockets and event streams look at before they open: the bearer token; and how they refuse.

use crate::code::ErrorCode;
use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
};
use secrecy::SecretString;

/// The bearer token; any other `Authorization` is a token that nobody signed.
pub fn bearer(headers: &HeaderMap) -> Option<SecretString> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let token = match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    };
    Some(token.to_owned().into())
}

/// An error before the upgrade, in the shape of the REST interface.
pub fn refusal(code: ErrorCode) -> HttpResponse {
    let face = code.face();
    let status = StatusCode::from_u16(face.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = status.canonical_reason().unwrap_or("Error");
    let mut response = HttpResponse::build(status);
    if face.retry && matches!(face.status, 429 | 503) {
        response.insert_header((header::RETRY_AFTER, "1"));
    }
    response.json(serde_json::json!({
        "statusCode": face.status, "message": reason, "error": reason, "code": face.name,
    }))
}

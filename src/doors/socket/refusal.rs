//! How the doors of sockets and event streams refuse before they open.

use crate::code::ErrorCode;
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};

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

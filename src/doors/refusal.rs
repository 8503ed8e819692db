//! How every door refuses: NestJS's shape with a stable code. A 5xx says nothing of its cause; the log does.

use crate::{code::ErrorCode, vocabulary::names::ErrorCodeName};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use serde::Serialize;
use std::{borrow::Cow, time::Duration};
use utoipa::ToSchema;

/// `Retry-After` where nothing better is known: what is over in a second is a failover or a full queue.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// `{"statusCode":400,"message":["…"],"error":"Bad Request","code":"VALIDATION_FAILED"}`
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Error)]
pub struct ErrorBody<'a> {
    pub status_code: u16,
    /// A list where the code is `VALIDATION_FAILED`, one text otherwise.
    pub message: Message<'a>,
    /// The status in words.
    pub error: &'a str,
    /// Stable name of the reason.
    #[schema(value_type = ErrorCodeName)]
    pub code: &'a str,
    /// The status of an order or item that stood in the way of a transition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_status: Option<&'a str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Message<'a> {
    One(Cow<'a, str>),
    All(&'a [String]),
}

impl<'a> ErrorBody<'a> {
    /// `messages` are what a client may read of the reason, where the code lets it read anything.
    pub fn new(code: ErrorCode, messages: &'a [String], current_status: Option<&'a str>) -> Self {
        let status = status(code);
        Self {
            status_code: status.as_u16(),
            message: match code {
                ErrorCode::ValidationFailed => Message::All(messages),
                code => Message::One(match fixed_message(code, status) {
                    Some(fixed) => Cow::Borrowed(fixed),
                    None => Cow::Owned(messages.join("; ")),
                }),
            },
            error: status.canonical_reason().unwrap_or_default(),
            code: code.name(),
            current_status,
        }
    }

    /// With the headers that its status demands.
    pub fn answer(&self, retry_after: Option<Duration>) -> HttpResponse {
        let status = StatusCode::from_u16(self.status_code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            let seconds = retry_after.unwrap_or(RETRY_AFTER).as_millis().div_ceil(1000).max(1);
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.json(self)
    }
}

/// The status of a code.
pub fn status(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.face().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Where the cause is nobody's business, or nothing can be said but the status.
fn fixed_message(code: ErrorCode, status: StatusCode) -> Option<&'static str> {
    match code {
        ErrorCode::InvalidToken | ErrorCode::TokenExpired => Some("Unauthorized"),
        ErrorCode::InvalidCredentials => Some("Invalid credentials"),
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some("Service Unavailable"),
        _ if status.is_server_error() => Some("Internal server error"),
        _ => None,
    }
}

/// What is said of a code that comes without words.
pub fn words(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::IdempotencyInFlight => "a request with this Idempotency-Key is being answered",
        ErrorCode::IdempotencyKeyReused => "this Idempotency-Key was used for another request",
        ErrorCode::OriginForbidden => "this origin may not call; see FRONTEND_URL and PUBLIC_URL",
        ErrorCode::Forbidden => "Forbidden resource",
        code => status(code).canonical_reason().unwrap_or_else(|| code.name()),
    }
}

/// A refusal that needs no words of its own.
pub fn refusal(code: ErrorCode) -> HttpResponse {
    refusal_saying(code, words(code))
}

pub fn refusal_saying(code: ErrorCode, message: &str) -> HttpResponse {
    ErrorBody::new(code, &[message.to_owned()], None).answer(None)
}

/// 405, where NestJS says 404: a client learns that the path is right, and from `Allow` what it may do there.
pub fn method_not_allowed(request: &HttpRequest, allow: &str) -> HttpResponse {
    let message = format!("Cannot {} {}", request.method(), request.path());
    let mut response = refusal_saying(ErrorCode::MethodNotAllowed, &message);
    if let Ok(value) = allow.parse() {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_when_to_come_back_and_how_to_sign_in() {
        for &code in ErrorCode::ALL {
            let response = refusal(code);
            let (status, headers) = (response.status().as_u16(), response.headers());
            assert_eq!(headers.contains_key("retry-after"), matches!(status, 429 | 503), "{code}");
            assert_eq!(headers.contains_key("www-authenticate"), status == 401, "{code}");
        }
        let later =
            ErrorBody::new(ErrorCode::TooManyRequests, &[], None).answer(Some(Duration::from_secs(90)));
        assert_eq!(later.headers().get("retry-after").unwrap(), "90");
    }
}

//! `HttpError`: a refusal in NestJS's shape, with a stable code. A 5xx says nothing of its cause; the log does.

use super::body::BadJson;
use crate::{auth::AuthError, code::ErrorCode, domain::rejection::Rejection, store::StoreError};
use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use std::{borrow::Cow, fmt, time::Duration};
use utoipa::ToSchema;

/// `Retry-After` where nothing better is known: what is over in a second is a failover or a full queue.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpError {
    pub code: ErrorCode,
    messages: Vec<String>,
    current: Option<String>,
    retry_after: Option<Duration>,
}

impl HttpError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, messages: vec![message.into()], current: None, retry_after: None }
    }

    /// Every fault of a body or a query.
    pub fn validation(faults: Vec<String>) -> Self {
        Self { code: ErrorCode::ValidationFailed, messages: faults, current: None, retry_after: None }
    }

    #[must_use]
    pub fn retry_after(mut self, after: Option<Duration>) -> Self {
        self.retry_after = after;
        self
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.face().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The body that a client reads.
    pub fn body(&self) -> ErrorBody<'_> {
        let status = self.status();
        ErrorBody {
            status_code: status.as_u16(),
            message: match self.code {
                ErrorCode::ValidationFailed => Message::All(&self.messages),
                code => Message::One(match fixed_message(code, status) {
                    Some(fixed) => Cow::Borrowed(fixed),
                    None => Cow::Owned(self.messages.join("; ")),
                }),
            },
            error: status.canonical_reason().unwrap_or_default(),
            code: self.code.name(),
            current_status: self.current.as_deref(),
        }
    }
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
    pub code: &'a str,
    /// The status that stood in the way of a transition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_status: Option<&'a str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Message<'a> {
    One(Cow<'a, str>),
    All(&'a [String]),
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.messages.join("; "))
    }
}

impl std::error::Error for HttpError {}

impl ResponseError for HttpError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status();
        // The request's span carries its id. Being told to stop is no failure.
        if self.code == ErrorCode::ShuttingDown {
            tracing::info!(error.code = %self.code, "request refused");
        } else if status.is_server_error() {
            tracing::error!(error.code = %self.code, cause = %self.messages.join("; "), "request failed");
        }
        let mut response = HttpResponse::build(status);
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            let seconds = self.retry_after.unwrap_or(RETRY_AFTER).as_secs().max(1);
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        response.json(self.body())
    }
}

impl From<Rejection> for HttpError {
    fn from(rejection: Rejection) -> Self {
        let Rejection { code, messages, current } = rejection;
        Self { code, messages, current, retry_after: None }
    }
}

impl From<StoreError> for HttpError {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<ErrorCode> for HttpError {
    fn from(code: ErrorCode) -> Self {
        let message = match code {
            ErrorCode::IdempotencyInFlight => "a request with this Idempotency-Key is being answered",
            ErrorCode::IdempotencyKeyReused => "this Idempotency-Key was used for another request",
            ErrorCode::Forbidden => "Forbidden resource",
            code => code.name(),
        };
        Self::new(code, message)
    }
}

impl From<AuthError> for HttpError {
    fn from(error: AuthError) -> Self {
        Self::new(error.code(), error.to_string()).retry_after(error.retry_after())
    }
}

impl From<BadJson> for HttpError {
    fn from(error: BadJson) -> Self {
        Self::new(ErrorCode::BadRequest, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(error: &HttpError) -> String {
        serde_json::to_string(&error.body()).unwrap()
    }

    #[test]
    fn bodies_have_the_shape_of_nestjs() {
        let faults = vec!["name should not be empty".to_owned(), "property foo should not exist".to_owned()];
        for (error, expected) in [
            (
                HttpError::validation(faults),
                r#"{"statusCode":400,"message":["name should not be empty","property foo should not exist"],"error":"Bad Request","code":"VALIDATION_FAILED"}"#,
            ),
            (
                Rejection::new(ErrorCode::InvalidTransition, "no such way").at("SERVED").into(),
                r#"{"statusCode":409,"message":"no such way","error":"Conflict","code":"INVALID_TRANSITION","currentStatus":"SERVED"}"#,
            ),
            (
                ErrorCode::TokenExpired.into(),
                r#"{"statusCode":401,"message":"Unauthorized","error":"Unauthorized","code":"TOKEN_EXPIRED"}"#,
            ),
            (
                Rejection::forbidden().into(),
                r#"{"statusCode":403,"message":"Forbidden resource","error":"Forbidden","code":"FORBIDDEN"}"#,
            ),
            (
                StoreError::Unavailable("host db-7 refused".into()).into(),
                r#"{"statusCode":503,"message":"Service Unavailable","error":"Service Unavailable","code":"DATABASE_UNAVAILABLE"}"#,
            ),
            (
                StoreError::Corrupt("column note".into()).into(),
                r#"{"statusCode":500,"message":"Internal server error","error":"Internal Server Error","code":"INTERNAL"}"#,
            ),
        ] {
            assert_eq!(body(&error), expected);
        }
    }

    #[test]
    fn headers_tell_when_to_come_back_and_how_to_sign_in() {
        for &code in ErrorCode::ALL {
            let response = HttpError::from(code).error_response();
            let (status, headers) = (response.status().as_u16(), response.headers());
            assert_eq!(headers.contains_key("retry-after"), matches!(status, 429 | 503), "{code}");
            assert_eq!(headers.contains_key("www-authenticate"), status == 401, "{code}");
        }
        let later = HttpError::from(ErrorCode::TooManyRequests).retry_after(Some(Duration::from_secs(90)));
        assert_eq!(later.error_response().headers().get("retry-after").unwrap(), "90");
    }
}

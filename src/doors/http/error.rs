//! `HttpError`: why the REST door refused a request; every layer's errors become one.

use super::body::BadJson;
use crate::{
    auth::AuthError,
    code::ErrorCode,
    domain::rejection::Rejection,
    doors::refusal::{self, ErrorBody},
    store::StoreError,
};
use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use std::{fmt, time::Duration};

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

    /// The body that a client reads.
    pub fn body(&self) -> ErrorBody<'_> {
        ErrorBody::new(self.code, &self.messages, self.current.as_deref())
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.messages.join("; "))
    }
}

impl std::error::Error for HttpError {}

impl ResponseError for HttpError {
    fn status_code(&self) -> StatusCode {
        refusal::status(self.code)
    }

    fn error_response(&self) -> HttpResponse {
        // The request's span carries its id. Being told to stop is no failure, and sending strangers away is meant.
        if self.code == ErrorCode::ShuttingDown {
            tracing::info!(error.code = %self.code, "request refused");
        } else if self.code == ErrorCode::Overloaded {
            tracing::warn!(error.code = %self.code, cause = %self.messages.join("; "), "request refused");
        } else if self.status_code().is_server_error() {
            tracing::error!(error.code = %self.code, cause = %self.messages.join("; "), "request failed");
        }
        self.body().answer(self.retry_after)
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
        Self::new(code, refusal::words(code))
    }
}

impl From<AuthError> for HttpError {
    fn from(error: AuthError) -> Self {
        if let AuthError::Rejected(rejection) = error {
            return rejection.into();
        }
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
}

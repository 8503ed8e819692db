//! How Engine.IO refuses a request: a status, a number and a fixed text, which clients and suites know to the byte.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};

/// The reasons of Engine.IO's own server, with its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    UnknownTransport,
    UnknownSession,
    BadMethod,
    BadRequest,
    Forbidden,
    UnsupportedVersion,
    /// Ours: no new session now.
    Overloaded,
}

impl Refusal {
    const fn face(self) -> (StatusCode, u8, &'static str) {
        match self {
            Self::UnknownTransport => (StatusCode::BAD_REQUEST, 0, "Transport unknown"),
            Self::UnknownSession => (StatusCode::BAD_REQUEST, 1, "Session ID unknown"),
            Self::BadMethod => (StatusCode::BAD_REQUEST, 2, "Bad handshake method"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, 3, "Bad request"),
            Self::Forbidden => (StatusCode::FORBIDDEN, 4, "Forbidden"),
            Self::UnsupportedVersion => (StatusCode::BAD_REQUEST, 5, "Unsupported protocol version"),
            Self::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, 3, "Overloaded"),
        }
    }

    pub fn response(self) -> HttpResponse {
        let (status, code, message) = self.face();
        let body = format!(r#"{{"code":{code},"message":"{message}"}}"#);
        let mut response = HttpResponse::build(status);
        if self == Self::Overloaded {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        response.content_type("application/json").body(body)
    }
}

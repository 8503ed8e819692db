//! `AuthError`: every way authentication refuses, and the code each reduces to.

use crate::{code::ErrorCode, domain::rejection::Rejection, store::StoreError};
use std::time::Duration;

/// Why a caller was not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Not a token of ours: malformed, forged, or with claims that contradict each other or the database.
    #[error("the access token is not valid")]
    InvalidToken,
    #[error("the access token has expired")]
    TokenExpired,
    /// The login or the user is gone.
    #[error("the access token was revoked")]
    Revoked,
    /// Unknown user or wrong password; which of them is not told.
    #[error("e-mail or password is wrong")]
    InvalidCredentials,
    /// Unknown, expired, revoked or reused; which of them is not told.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    #[error("too many attempts, try again in {} s", .0.as_secs())]
    TooManyFailures(Duration),
    /// The lifetime that was asked for is not between a second and the configured one.
    #[error("ttl must be between 1 and {} seconds", .0.as_secs())]
    TtlOutOfRange(Duration),
    /// Too short or too long for a password.
    #[error(
        "password must have between {} and {} characters",
        super::password::MIN_LEN,
        super::password::MAX_LEN
    )]
    UnfitPassword,
    /// Too many password checks are waiting.
    #[error("too many logins at once")]
    Overloaded,
    /// `JWT_SECRET` is missing or too short.
    #[error("JWT_SECRET must have at least {} bytes", super::claims::MIN_SECRET)]
    NoSecret,
    /// The database did not answer, or refused.
    #[error("the database could not be asked: {0}")]
    Store(ErrorCode),
    /// Understood and refused, with what the client is told.
    #[error("{}", .0.messages.join("; "))]
    Rejected(Rejection),
    /// Cannot happen by a caller's doing; the log says what did.
    #[error("authentication failed internally")]
    Internal,
}

impl AuthError {
    /// Somebody has the address; whoever it is.
    pub fn email_taken() -> Self {
        Rejection::new(ErrorCode::EmailTaken, "this e-mail address cannot be used").into()
    }

    /// What clients are told.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidToken | Self::Revoked | Self::InvalidRefreshToken => ErrorCode::InvalidToken,
            Self::TokenExpired => ErrorCode::TokenExpired,
            Self::InvalidCredentials => ErrorCode::InvalidCredentials,
            Self::TooManyFailures(_) => ErrorCode::TooManyRequests,
            Self::TtlOutOfRange(_) | Self::UnfitPassword => ErrorCode::ValidationFailed,
            Self::Overloaded => ErrorCode::Overloaded,
            Self::Store(code) => *code,
            Self::Rejected(rejection) => rejection.code,
            Self::NoSecret | Self::Internal => ErrorCode::Internal,
        }
    }

    /// For `Retry-After`, in whole seconds, where a time is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyFailures(after) => Some(*after),
            _ => None,
        }
    }
}

impl From<Rejection> for AuthError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<StoreError> for AuthError {
    /// The cause goes to the log here, as only the code goes on. The constraints that a client's input can
    /// break without a bug of ours are an address and a name to log in by that somebody has.
    fn from(error: StoreError) -> Self {
        if matches!(&error, StoreError::Constraint(name) if name == "users_email_key") {
            return Self::email_taken();
        }
        if matches!(&error, StoreError::Constraint(name) if name == "user_profiles_login_key") {
            return Rejection::new(ErrorCode::ValueTaken, "this name to log in by cannot be used").into();
        }
        tracing::warn!(%error, "authentication could not ask the database");
        Self::Store(error.code())
    }
}

impl From<&AuthError> for ErrorCode {
    fn from(error: &AuthError) -> Self {
        error.code()
    }
}

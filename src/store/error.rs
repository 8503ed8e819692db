//! What can go wrong between us and the database, and what a client is told of it.

use crate::code::ErrorCode;
use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// A failure of the store; the request may be fine.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection to be had, or it broke: PostgreSQL is down, restarting or cut off.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// A statement, a lock or a free connection took longer than its setting.
    #[error("database timeout: {0}")]
    Timeout(String),
    /// The disk is full, or the database refuses writes.
    #[error("database cannot write: {0}")]
    NoSpace(String),
    /// A constraint refused the rows; its name says which.
    #[error("constraint {0} violated")]
    Constraint(String),
    /// Another transaction was in the way; the same again may succeed.
    #[error("transaction conflict: {0}")]
    Conflict(String),
    /// A row is not what the program believes; a bug or a foreign hand.
    #[error("unexpected data: {0}")]
    Corrupt(String),
    /// Any other error of the database: a bug.
    #[error("database error: {}", explain(.0))]
    Database(#[from] tokio_postgres::Error),
}

/// The driver's error with all its causes; its own text is "db error" and no more.
pub(super) fn explain(error: &tokio_postgres::Error) -> String {
    if let Some(db) = error.as_db_error() {
        return format!("{} ({})", db.message(), db.code().code());
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl StoreError {
    /// What clients are told; never the cause.
    pub fn code(&self) -> ErrorCode {
        match self {
            StoreError::Unavailable(_) | StoreError::NoSpace(_) => ErrorCode::DatabaseUnavailable,
            StoreError::Timeout(_) | StoreError::Conflict(_) => ErrorCode::Overloaded,
            StoreError::Constraint(_) | StoreError::Corrupt(_) | StoreError::Database(_) => {
                ErrorCode::Internal
            }
        }
    }

    /// True where the database itself has answered so: its connection is good, and waits for the end of a transaction that
    /// failed.
    pub(super) const fn is_answer(&self) -> bool {
        match self {
            StoreError::NoSpace(_) | StoreError::Constraint(_) | StoreError::Conflict(_) => true,
            StoreError::Unavailable(_)
            | StoreError::Timeout(_)
            | StoreError::Corrupt(_)
            | StoreError::Database(_) => false,
        }
    }

    /// Sorts an error of the driver.
    pub(super) fn of(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            // The driver's own errors but for a closed connection and I/O are bugs of ours (types, counts).
            return match error.is_closed()
                || std::error::Error::source(&error).is_some_and(|e| e.is::<std::io::Error>())
            {
                true => Self::Unavailable(explain(&error)),
                false => Self::Database(error),
            };
        };
        let text = db.message().to_owned();
        match *db.code() {
            SqlState::UNIQUE_VIOLATION | SqlState::CHECK_VIOLATION | SqlState::FOREIGN_KEY_VIOLATION => {
                Self::Constraint(db.constraint().unwrap_or("?").to_owned())
            }
            // The last one: a statement before it failed, whose answer was not waited for.
            SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::IN_FAILED_SQL_TRANSACTION => Self::Conflict(text),
            SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE => Self::Timeout(text),
            SqlState::DISK_FULL | SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::IO_ERROR => {
                Self::NoSpace(text)
            }
            ref code
                if code.code().starts_with("57P")
                    || code.code().starts_with("08")
                    || code.code().starts_with("53") =>
            {
                Self::Unavailable(text)
            }
            _ => Self::Database(error),
        }
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(_) => Self::Timeout("waiting for a connection".into()),
            PoolError::Backend(error) => match Self::of(error) {
                // Whatever keeps us from connecting is an unavailable database.
                Self::Database(error) => Self::Unavailable(explain(&error)),
                sorted => sorted,
            },
            other => Self::Unavailable(other.to_string()),
        }
    }
}

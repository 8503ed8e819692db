//! Rows of the database as values of the domain.

use super::StoreError;

/// A stored text that must be one the domain knows.
pub(super) fn known<T>(value: Option<T>, what: &str, text: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::Corrupt(format!("{what} {text:?}")))
}

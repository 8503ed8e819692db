//! `Rejection`: a command was understood and refused, with what the client is told.

use crate::code::ErrorCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A final answer of the domain. The same command would be refused again until something else changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    #[serde(serialize_with = "write_code", deserialize_with = "read_code")]
    pub code: ErrorCode,
    /// One message, or each fault of a validation.
    pub messages: Vec<String>,
    /// The status that stood in the way of a transition.
    pub current: Option<String>,
}

impl Rejection {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, messages: vec![message.into()], current: None }
    }

    /// An unknown id, or another restaurant's: the answer is the same to the byte.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::NotFound, format!("{what} with ID {id} not found"))
    }

    /// The role may not do this.
    pub fn forbidden() -> Self {
        Self::new(ErrorCode::Forbidden, "Forbidden resource")
    }

    /// A field that only the restaurant's own data can judge.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::ValidationFailed, message)
    }

    /// With the status that the thing is in.
    #[must_use]
    pub fn at(mut self, current: impl std::fmt::Display) -> Self {
        self.current = Some(current.to_string());
        self
    }
}

fn write_code<S: Serializer>(code: &ErrorCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.name())
}

fn read_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ErrorCode, D::Error> {
    let name = String::deserialize(deserializer)?;
    ErrorCode::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown code {name}")))
}

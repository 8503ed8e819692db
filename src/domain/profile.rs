//! What a house keeps of its people beside the built-in fields, and the name they log in by.

use super::resource::Fields;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A name to log in by, under the field that holds it: `username:ana`. In one spelling, so that a person has one name; under
/// its field, so that it is nobody's where people log in by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginName(String);

impl LoginName {
    pub fn new(field: &str, value: &str) -> Self {
        Self(format!("{field}:{}", value.trim().to_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Values of declared fields, as far as they are given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    pub fields: Fields,
    /// Where the field to log in by is among them.
    pub login: Option<LoginName>,
}

/// Who wants in: what was typed, which may be nobody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginBy {
    Email(String),
    Name(LoginName),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling_and_its_field() {
        let ana = LoginName::new("username", " Ana ");
        assert_eq!(ana.as_str(), "username:ana");
        assert_eq!(ana, LoginName::new("username", "ANA"));
        assert_ne!(ana, LoginName::new("phone", "ana"));
    }
}

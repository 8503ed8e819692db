//! What a house keeps of its people beside the built-in fields, and the name they log in by.

use super::resource::Fields;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Characters of a name to log in by.
pub const LONGEST: usize = 64;

/// A name to log in by, under the field that holds it: `username:ana`. In one spelling, so that a person has one name; under
/// its field, so that it is nobody's where people log in by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginName(String);

impl LoginName {
    /// `None` for what nobody can be called.
    pub fn parse(field: &str, value: &str) -> Option<Self> {
        let value = value.trim();
        let fits = (1..=LONGEST).contains(&value.chars().count()) && !value.chars().any(char::is_control);
        fits.then(|| Self(format!("{field}:{}", value.to_lowercase())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The field that holds it.
    pub fn field(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(field, _)| field)
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
    /// No name at all; throttled and answered like any other.
    Nobody,
}

impl From<&str> for LoginBy {
    fn from(email: &str) -> Self {
        Self::Email(email.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling_and_its_field() {
        let ana = LoginName::parse("username", " Ana ");
        assert_eq!(ana.as_ref().map(LoginName::as_str), Some("username:ana"));
        assert_eq!(LoginName::parse("username", "a:b").as_ref().map(LoginName::field), Some("username"));
        assert_eq!(ana, LoginName::parse("username", "ANA"));
        assert_ne!(ana, LoginName::parse("phone", "ana"));
        for bad in ["", "  ", "a\0b", "a\nb", &"a".repeat(LONGEST + 1)] {
            assert_eq!(LoginName::parse("username", bad), None, "{bad:?}");
        }
    }
}

//! Values of documents: what a field can hold, exact from the client to the database and back.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{cmp::Ordering, fmt};

/// A finite number, as JavaScript has it. There is one zero.
#[derive(Debug, Clone, Copy)]
pub struct Number(f64);

impl Number {
    /// `None` for what JSON has no number for.
    pub fn new(number: f64) -> Option<Self> {
        // -0 is 0: the database knows no other.
        number.is_finite().then_some(Self(number + 0.0))
    }

    pub const fn get(self) -> f64 {
        self.0
    }

    /// True for what JavaScript calls a safe integer, all of which are told apart.
    pub fn is_safe_integer(self) -> bool {
        const MAX_SAFE: f64 = 9_007_199_254_740_991.0;
        self.0.fract() == 0.0 && self.0.abs() <= MAX_SAFE
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.total_cmp(&other.0) == Ordering::Equal
    }
}

impl Eq for Number {}

/// As JSON writes it: the shortest digits that are read back as the same number, no fraction where there is none.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Stored as text: a reader of JSON may take the last digit of a number for another.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text.parse().ok().and_then(Self::new);
        number.ok_or_else(|| D::Error::custom("not a number"))
    }
}

/// What a field holds. A date is text, in the one form in which times are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Text(String),
    Number(Number),
    Boolean(bool),
}

/// As the index of unique values has it: equal where, and only where, two values of one kind are.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => number.fmt(f),
            Value::Boolean(boolean) => boolean.fmt(f),
        }
    }
}

/// Fields by name, in the order of their declaration; what is absent has no entry.
pub type Fields = Vec<(String, Value)>;

/// The value of one field.
pub fn value<'a>(fields: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
}

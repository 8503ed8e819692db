//! A JSON object as its members' raw text: what a typed reader cannot lose a digit, a duplicate or an unknown name of.

use crate::wire::json::{MAX_DEPTH, is_too_deep};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::fmt;

/// Why a text is no JSON object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadJson {
    #[error("Unexpected end of JSON input")]
    Ended,
    /// Counted in bytes from 0.
    #[error("Unexpected token in JSON at position {0}")]
    Token(usize),
    #[error("JSON is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("the body must be a JSON object")]
    NotAnObject,
}

/// Members in their order, duplicates included.
#[derive(Debug)]
pub struct Members<'a>(pub Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Reads `text`; nothing at all counts as `{}`.
    pub fn parse(text: &'a [u8]) -> Result<Self, BadJson> {
        if text.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(Vec::new()));
        }
        if is_too_deep(text) {
            return Err(BadJson::TooDeep);
        }
        let whole: &RawValue = serde_json::from_slice(text).map_err(|error| fault(&error, text))?;
        if !whole.get().starts_with('{') {
            return Err(BadJson::NotAnObject);
        }
        serde_json::from_str(whole.get()).map_err(|error| fault(&error, whole.get().as_bytes()))
    }
}

fn fault(error: &serde_json::Error, text: &[u8]) -> BadJson {
    if error.is_eof() {
        return BadJson::Ended;
    }
    let before: usize =
        text.split(|&b| b == b'\n').take(error.line().saturating_sub(1)).map(|l| l.len() + 1).sum();
    BadJson::Token(before + error.column().saturating_sub(1))
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn objects_only_and_within_the_depth() {
        let nested = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1));
        for (text, expected) in [
            ("", Ok(0)),
            (" \n", Ok(0)),
            ("{}", Ok(0)),
            (r#" {"a":1,"b":[2],"a":{}} "#, Ok(3)),
            (r#"{"a":"]}[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"#, Ok(1)),
            (r#"{"a":"\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"#, Ok(1)),
            (&nested(32), Ok(1)),
            (&nested(33), Err(BadJson::TooDeep)),
            ("[]", Err(BadJson::NotAnObject)),
            ("null", Err(BadJson::NotAnObject)),
            ("\"a\"", Err(BadJson::NotAnObject)),
            ("{", Err(BadJson::Ended)),
            (r#"{"a":"#, Err(BadJson::Ended)),
            (r#"{"a":1,}"#, Err(BadJson::Token(7))),
            ("{\n \"a\": x}", Err(BadJson::Token(8))),
            ("{} x", Err(BadJson::Token(3))),
            ("{'a':1}", Err(BadJson::Token(1))),
        ] {
            assert_eq!(Members::parse(text.as_bytes()).map(|m| m.0.len()), expected, "{text:?}");
        }
        assert!(Members::parse(b"{\"a\":\"\xff\"}").is_err(), "not UTF-8");
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Members::parse(&bytes);
        }
    }
}

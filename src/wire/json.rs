//! Raw JSON: checked once for syntax and depth, then carried as a slice of what was received.

use bytestring::ByteString;
use serde_json::value::RawValue;

/// Nesting that no honest client needs; deeper values are refused before anything recurses over them.
pub const MAX_DEPTH: usize = 32;

/// A JSON value as text, whose syntax and depth were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(ByteString);

/// The text is not JSON, nests too deeply, or is not of the asked type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not acceptable as JSON")]
pub struct NotJson;

impl Json {
    /// Checks a whole text.
    pub fn parse(text: &ByteString) -> Result<Self, NotJson> {
        refuse_deep(text)?;
        let raw: &RawValue = serde_json::from_str(text).map_err(|_| NotJson)?;
        Ok(Self(text.slice_ref(raw.get())))
    }

    /// Checks an array and gives its elements.
    pub fn array(text: &ByteString) -> Result<Vec<Self>, NotJson> {
        refuse_deep(text)?;
        let raws: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| NotJson)?;
        Ok(raws.into_iter().map(|raw| Self(text.slice_ref(raw.get()))).collect())
    }

    /// Text of our own making, which is JSON.
    pub fn trusted(text: impl Into<ByteString>) -> Self {
        Self(text.into())
    }

    pub fn is_object(&self) -> bool {
        self.0.starts_with('{')
    }

    pub fn is_string(&self) -> bool {
        self.0.starts_with('"')
    }

    pub fn is_number(&self) -> bool {
        self.0.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }

    /// The content of a string; `None` where this is something else.
    pub fn string(&self) -> Option<ByteString> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') {
            return serde_json::from_str::<String>(&self.0).ok().map(ByteString::from);
        }
        Some(self.0.slice_ref(inner))
    }

    /// Reads it as a struct of our own, see [`object`].
    pub fn object<'a, T: serde::Deserialize<'a>>(&'a self) -> Result<T, NotJson> {
        object(&self.0)
    }

    /// Reads all of it.
    pub fn value(&self) -> Result<serde_json::Value, NotJson> {
        serde_json::from_str(&self.0).map_err(|_| NotJson)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its text: a clone keeps what it was received in.
    pub fn text(&self) -> &ByteString {
        &self.0
    }
}

/// True where arrays and objects nest deeper than [`MAX_DEPTH`]: one pass, no recursion. Brackets in strings do not count.
pub fn is_too_deep(text: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for &byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return true;
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

fn refuse_deep(text: &str) -> Result<(), NotJson> {
    if is_too_deep(text.as_bytes()) { Err(NotJson) } else { Ok(()) }
}

/// Reads a client's text as a struct of our own. serde would take an array's elements for a struct's members; on the wire
/// nothing but an object is one.
pub fn object<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, NotJson> {
    if !text.trim_ascii_start().starts_with('{') {
        return Err(NotJson);
    }
    serde_json::from_str(text).map_err(|_| NotJson)
}

/// Text as a JSON string, quoted.
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_slices_of_the_text() {
        let text = ByteString::from(r#" ["a\"b", "plain", {"k":[1]}, -5 ] "#);
        let values = Json::array(&text).unwrap();
        assert_eq!(values[0].string().unwrap(), "a\"b");
        assert_eq!(values[1].string().unwrap(), "plain");
        assert!(values[2].is_object() && values[2].string().is_none());
        assert!(values[3].is_number());
        assert_eq!(values[2].as_str(), r#"{"k":[1]}"#);
        let range = text.as_bytes().as_ptr_range();
        assert!(range.contains(&values[2].as_str().as_ptr()));
    }

    #[test]
    fn depth_is_bounded_and_brackets_in_strings_do_not_count() {
        let nested = |depth: usize| ByteString::from("[".repeat(depth) + &"]".repeat(depth));
        assert!(Json::parse(&nested(MAX_DEPTH)).is_ok());
        assert!(Json::parse(&nested(MAX_DEPTH + 1)).is_err());
        assert!(Json::parse(&nested(1_000_000)).is_err());
        assert!(Json::parse(&quote(&"[\"\\".repeat(100)).into()).is_ok());
    }

    #[test]
    fn a_struct_is_read_from_an_object_and_nothing_else() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Seen {
            seq: u64,
        }
        for text in [r#"{"seq":4}"#, " {\"seq\": 4}\n"] {
            assert_eq!(object(text), Ok(Seen { seq: 4 }));
            assert_eq!(Json::parse(&text.into()).unwrap().object(), Ok(Seen { seq: 4 }));
        }
        for text in ["[4]", " [4]", "4", "null", "\"4\"", "{}", r#"{"seq":"4"}"#, r#"{"seq":4}{}"#, ""] {
            assert_eq!(object::<Seen>(text), Err(NotJson), "{text}");
        }
    }

    #[test]
    fn refuses_broken_syntax() {
        for bad in ["", "{", "[1,]", "{} {}", "nul", "\"\u{1}\"", "01"] {
            assert!(Json::parse(&bad.into()).is_err(), "{bad:?}");
        }
    }
}

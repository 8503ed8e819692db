//! Readers for what has a shape of its own: an object within the body, numbers with bounds, lists of addresses.

use super::{Fields, number};
use std::ops::RangeInclusive;

/// Longest address of a picture, in bytes.
const MAX_URL: usize = 2_000;

impl<'a> Fields<'a> {
    /// The object that a member is, read by `read`; its faults are told with the member's name in front.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Fields<'a>) -> Option<T>) -> Option<T> {
        let raw = self.value(name)?;
        let Ok(mut fields) = Fields::parse(raw.as_bytes()) else {
            self.fault(name, "must be an object");
            return None;
        };
        let value = read(&mut fields);
        match fields.finish(Some(value)) {
            Ok(value) => value,
            Err(faults) => {
                self.faults.extend(faults.into_iter().map(|fault| match fault.strip_prefix("property ") {
                    Some(unknown) => format!("property {name}.{unknown}"),
                    None => format!("{name}.{fault}"),
                }));
                None
            }
        }
    }

    /// A number within bounds.
    pub fn number(&mut self, name: &str, range: RangeInclusive<f64>) -> Option<f64> {
        let raw = self.value(name)?;
        let Some(number) = number(raw).filter(|number| number.is_finite()) else {
            self.fault(name, "must be a number conforming to the specified constraints");
            return None;
        };
        if number < *range.start() {
            self.fault(name, format!("must not be less than {}", range.start()));
        } else if number > *range.end() {
            self.fault(name, format!("must not be greater than {}", range.end()));
        } else {
            return Some(number);
        }
        None
    }

    /// A list of `most` HTTP addresses; an absent one is empty.
    pub fn urls(&mut self, name: &str, most: usize) -> Vec<String> {
        let Some(raw) = self.value(name) else { return Vec::new() };
        let Ok(values) = serde_json::from_str::<Vec<serde_json::Value>>(raw) else {
            self.fault(name, "must be an array");
            return Vec::new();
        };
        if values.len() > most {
            self.fault(name, format!("must contain no more than {most} elements"));
            return Vec::new();
        }
        let urls: Option<Vec<String>> = values.iter().map(|value| url(value.as_str()?)).collect();
        urls.unwrap_or_else(|| {
            self.faults.push(format!("each value in {name} must be a URL address"));
            Vec::new()
        })
    }
}

/// What a page may show as a picture: `javascript:` and `data:` are none.
fn url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = text.len() <= MAX_URL && text.bytes().all(|byte| byte.is_ascii_graphic());
    let quiet = !text.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}']);
    (web && !host.is_empty() && plain && quiet).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value, or the faults joined.
    fn outcome<T: std::fmt::Debug>(body: &str, read: impl Fn(&mut Fields<'_>) -> T) -> String {
        let mut fields = Fields::parse(body.as_bytes()).unwrap();
        let value = read(&mut fields);
        match fields.finish(Some(value)) {
            Ok(value) => format!("{value:?}"),
            Err(faults) => faults.join("; "),
        }
    }

    #[test]
    fn objects_by_table() {
        let read = |fields: &mut Fields<'_>| {
            fields.required("at").object("at", |at| at.required("lat").number("lat", -90.0..=90.0))
        };
        for (body, expected) in [
            (r#"{"at":{"lat":40.4}}"#, "Some(40.4)"),
            (r#"{"at":{"lat":-90}}"#, "Some(-90.0)"),
            ("{}", "at should not be empty"),
            (r#"{"at":7}"#, "at must be an object"),
            (r#"{"at":[]}"#, "at must be an object"),
            (r#"{"at":{}}"#, "at.lat should not be empty"),
            (r#"{"at":{"lat":90.1}}"#, "at.lat must not be greater than 90"),
            (r#"{"at":{"lat":-91}}"#, "at.lat must not be less than -90"),
            (r#"{"at":{"lat":"1"}}"#, "at.lat must be a number conforming to the specified constraints"),
            (r#"{"at":{"lat":1e999}}"#, "at.lat must be a number conforming to the specified constraints"),
            (r#"{"at":{"lat":1,"x":2}}"#, "property at.x should not exist"),
        ] {
            assert_eq!(outcome(body, read), expected, "{body}");
        }
    }

    #[test]
    fn lists_of_addresses_by_table() {
        let bad = "each value in a must be a URL address";
        for (raw, expected) in [
            (r#"["https://x.example/a.jpg","http://y"]"#, r#"["https://x.example/a.jpg", "http://y"]"#),
            ("[]", "[]"),
            ("null", "[]"),
            (r#""https://x""#, "a must be an array"),
            (r#"["https://"]"#, bad),
            (r#"["x.jpg"]"#, bad),
            (r#"["javascript://x/%0aalert(1)"]"#, bad),
            (r#"["data:image/png;base64,AA=="]"#, bad),
            (r#"["https://x/\"onload"]"#, bad),
            (r#"["https://x /"]"#, bad),
            ("[1]", bad),
            (r#"["http://a","http://b","http://c"]"#, "a must contain no more than 2 elements"),
        ] {
            assert_eq!(outcome(&format!(r#"{{"a":{raw}}}"#), |f| f.urls("a", 2)), expected, "{raw}");
        }
    }
}

//! Query parameters, read as strictly as bodies: an unknown one is refused, because a misspelt filter filters nothing.

use super::{
    body::uuid,
    error::HttpError,
    page::{self, MAX_LIMIT},
};
use crate::{
    domain::{
        ids::ResourceId,
        resource::{Field, MAX_FIELDS, Value},
        text::ExternalId,
    },
    store::reads::{Cursor, PageRequest},
    vocabulary::fields::declared,
    wire::time::is_storable,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::{ops::RangeInclusive, str::FromStr};
use uuid::Uuid;

/// Items of a page where the client does not say.
pub const DEFAULT_LIMIT: u64 = 50;

/// Most parameters that are looked at: every field of an entity may be filtered by, and a page has three of its own.
const MAX_PARAMETERS: usize = MAX_FIELDS + 4;

/// The parameters of one request, and what was found wrong with them so far.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    faults: Vec<String>,
}

impl Query {
    /// Splits and decodes a query string (WHATWG URL §5.1).
    pub fn parse(query: &str) -> Self {
        let mut this = Self { pairs: Vec::new(), faults: Vec::new() };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if this.pairs.len() == MAX_PARAMETERS {
                this.faults.push(format!("the query must not have more than {MAX_PARAMETERS} parameters"));
                break;
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (decode(name), decode(value)) else {
                this.faults.push("the query must be UTF-8, percent-encoded".to_owned());
                continue;
            };
            if this.pairs.iter().any(|(known, _)| *known == name) {
                this.faults.push(format!("property {name} should not exist twice"));
            } else {
                this.pairs.push((name, value));
            }
        }
        this
    }

    /// The text of a parameter; an empty one counts as absent, as forms send it.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let index = self.pairs.iter().position(|(known, _)| known == name)?;
        Some(self.pairs.remove(index).1).filter(|value| !value.is_empty())
    }

    /// Notes what is wrong with a parameter.
    pub fn fault(&mut self, name: &str, fault: impl std::fmt::Display) {
        self.faults.push(format!("{name} {fault}"));
    }

    pub fn integer(&mut self, name: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let text = self.text(name)?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u64>() {
            Ok(number) if digits && range.contains(&number) => return Some(number),
            Ok(number) if digits && number < *range.start() => {
                self.fault(name, format!("must not be less than {}", range.start()));
            }
            Ok(_) if digits => self.fault(name, format!("must not be greater than {}", range.end())),
            _ => self.fault(name, "must be an integer number"),
        }
        None
    }

    /// What `read` makes of the text, or the fault that it makes nothing of it.
    pub fn parsed<T>(&mut self, name: &str, fault: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let value = read(&text);
        if value.is_none() {
            self.fault(name, fault);
        }
        value
    }

    pub fn id<T>(&mut self, name: &str, make: fn(Uuid) -> T) -> Option<T> {
        let text = self.text(name)?;
        let id = uuid(&text);
        if id.is_none() {
            self.fault(name, "must be a UUID");
        }
        id.map(make)
    }

    /// An RFC 3339 time, from year 1 on.
    pub fn time(&mut self, name: &str) -> Option<Timestamp> {
        let text = self.text(name)?;
        // A `+` that was not percent-encoded has become a space.
        let time = Timestamp::from_str(&text.replace(' ', "+")).ok().filter(is_storable);
        if time.is_none() {
            self.fault(name, "must be a valid ISO 8601 date string");
        }
        time
    }

    /// The moment that a required day begins, or, where it is `included`, the one after it; a day is one of UTC,
    /// `2026-11-20`. A time (RFC 3339) is that moment itself.
    pub fn day(&mut self, name: &str, included: bool) -> Option<Timestamp> {
        let Some(text) = self.text(name) else {
            self.fault(name, "should not be empty");
            return None;
        };
        let next = |day: Date| if included { day.tomorrow().ok() } else { Some(day) };
        let midnight = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
        let time = match text.len() {
            10 => Date::from_str(&text).ok().and_then(next).and_then(midnight),
            _ => Timestamp::from_str(&text.replace(' ', "+")).ok(),
        };
        let time = time.filter(is_storable);
        if time.is_none() {
            self.fault(name, "must be a valid ISO 8601 date string");
        }
        time
    }

    /// Names of a list, comma separated.
    pub fn many_of<T: Copy>(&mut self, name: &str, all: &[T], label: fn(T) -> &'static str) -> Vec<T> {
        let Some(text) = self.text(name) else { return Vec::new() };
        let one = |part: &str| all.iter().copied().find(|value| label(*value) == part.trim());
        let found: Option<Vec<T>> = text.split(',').map(one).collect();
        found.unwrap_or_else(|| {
            let names: Vec<&str> = all.iter().copied().map(label).collect();
            self.fault(name, format!("must be one of the following values: {}", names.join(", ")));
            Vec::new()
        })
    }

    pub fn limit(&mut self) -> u32 {
        self.integer("limit", 1..=MAX_LIMIT).unwrap_or(DEFAULT_LIMIT) as u32
    }

    /// A value of this field's kind.
    pub fn declared(&mut self, field: &Field) -> Option<Value> {
        let text = self.text(&field.name)?;
        declared::of_text(field.kind, &text).map_err(|fault| self.fault(&field.name, fault)).ok()
    }

    /// 1 to `most` ids, comma separated; none of them where they are at fault.
    pub fn ids(&mut self, name: &str, most: usize) -> Vec<ResourceId> {
        let text = self.text(name).unwrap_or_default();
        let parts = text.split(',').filter(|part| !part.is_empty());
        let ids: Option<Vec<Uuid>> = parts.map(|part| uuid(part.trim())).collect();
        let ids = ids.ok_or_else(|| "must be an array of UUIDs".to_owned());
        let ids = ids.and_then(|ids| declared::distinct(ids, most));
        let ids = ids.map_err(|fault| self.fault(name, fault)).unwrap_or_default();
        ids.into_iter().map(ResourceId).collect()
    }

    /// What another system called it.
    pub fn external_id(&mut self) -> Option<ExternalId> {
        let text = self.text("externalId")?;
        ExternalId::parse(&text).map_err(|fault| self.fault("externalId", fault)).ok()
    }

    /// An opaque cursor, decoded by `read`.
    pub fn cursor<T>(&mut self, read: fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text("cursor")?;
        let cursor = read(&text);
        if cursor.is_none() {
            self.fault("cursor", "must be one that a Link header gave");
        }
        cursor
    }

    /// `limit` and `cursor` of a list.
    pub fn page(&mut self) -> PageRequest {
        PageRequest { limit: self.limit(), after: self.cursor::<Cursor>(page::decode) }
    }

    /// Every fault, if there is one; parameters that nobody asked for are faults.
    pub fn finish(mut self) -> Result<(), HttpError> {
        let left = std::mem::take(&mut self.pairs);
        self.faults.extend(left.into_iter().map(|(name, _)| format!("property {name} should not exist")));
        if self.faults.is_empty() { Ok(()) } else { Err(HttpError::validation(self.faults)) }
    }
}

/// Percent-decoding, `+` for a space.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| (byte? as char).to_digit(16);
                (digit(rest.next())? * 16 + digit(rest.next())?) as u8
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ids::TableId, order::OrderStatus};

    fn outcome<T: std::fmt::Debug>(query: &str, read: impl Fn(&mut Query) -> T) -> String {
        let mut parsed = Query::parse(query);
        let value = read(&mut parsed);
        match parsed.finish() {
            Ok(()) => format!("{value:?}"),
            Err(error) => serde_json::to_value(error.body()).unwrap()["message"].to_string(),
        }
    }

    #[test]
    fn parameters_by_table() {
        let limit = |q: &mut Query| q.limit();
        for (query, expected) in [
            ("", "50"),
            ("limit=1", "1"),
            ("limit=100", "100"),
            ("&limit=7&", "7"),
            ("limit=", "50"),
            ("limit=0", r#"["limit must not be less than 1"]"#),
            ("limit=101", r#"["limit must not be greater than 100"]"#),
            ("limit=-1", r#"["limit must be an integer number"]"#),
            ("limit=+1", r#"["limit must be an integer number"]"#),
            ("limit=1.5", r#"["limit must be an integer number"]"#),
            ("limit=99999999999999999999", r#"["limit must be an integer number"]"#),
            ("limit=1&limit=2", r#"["property limit should not exist twice"]"#),
            ("limit=1&page=2", r#"["property page should not exist"]"#),
            ("limit=%zz", r#"["the query must be UTF-8, percent-encoded"]"#),
            ("limit=%ff", r#"["the query must be UTF-8, percent-encoded"]"#),
            ("%6cimit=9", "9"),
            ("limit=2&&&&", "2"),
        ] {
            assert_eq!(outcome(query, limit), expected, "{query}");
        }
    }

    #[test]
    fn filters_by_table() {
        let statuses = |q: &mut Query| q.many_of("status", &OrderStatus::ALL, OrderStatus::name);
        assert_eq!(outcome("status=READY,SERVED", statuses), "[Ready, Served]");
        assert_eq!(outcome("status=READY%2C%20SERVED", statuses), "[Ready, Served]");
        assert!(
            outcome("status=ready", statuses).contains("status must be one of the following values: DRAFT,")
        );
        let since = |q: &mut Query| q.time("since").map(|time| time.as_second());
        assert_eq!(outcome("since=1970-01-01T00:00:07Z", since), "Some(7)");
        assert_eq!(outcome("since=1970-01-01T01:00:07+01:00", since), "Some(7)");
        assert_eq!(outcome("since=yesterday", since), r#"["since must be a valid ISO 8601 date string"]"#);
        // PostgreSQL ends earlier than RFC 3339's extended years: these came back as 500.
        assert_eq!(outcome("since=0001-01-01T00:00:00Z", since), "Some(-62135596800)");
        for far in ["-005000-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "0001-01-01T00:00:00%2B01:00"] {
            let refused = r#"["since must be a valid ISO 8601 date string"]"#;
            assert_eq!(outcome(&format!("since={far}"), since), refused, "{far}");
        }
        let day = |q: &mut Query| (q.day("from", false), q.day("to", true));
        for (query, expected) in [
            ("from=1970-01-02&to=1970-01-02", "(Some(1970-01-02T00:00:00Z), Some(1970-01-03T00:00:00Z))"),
            (
                "from=1970-01-02T06:00:00%2B01:00&to=1970-01-03",
                "(Some(1970-01-02T05:00:00Z), Some(1970-01-04T00:00:00Z))",
            ),
            (
                "from=1970-02-30&to=",
                r#"["from must be a valid ISO 8601 date string","to should not be empty"]"#,
            ),
            (
                "from=0000-12-31&to=9999-12-31",
                r#"["from must be a valid ISO 8601 date string","to must be a valid ISO 8601 date string"]"#,
            ),
        ] {
            assert_eq!(outcome(query, day), expected, "{query}");
        }
        assert_eq!(outcome("table=5", |q| q.id("table", TableId)), r#"["table must be a UUID"]"#);
    }
}

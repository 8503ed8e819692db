//! Typed readers for a body's members. Each notes its faults and goes on; `finish` tells them all.
//!
//! A reader answers `None` where the member is absent, null, or at fault. What has not been asked for must not be there.

pub mod declared;
mod json;
mod lists;
mod shapes;

pub use json::BadJson;

use crate::{
    domain::{money::Decimal, text::BadText},
    wire::time::is_storable,
};
use jiff::{Timestamp, Unit, civil::Date, tz::TimeZone};
use json::Members;
use secrecy::SecretString;
use serde_json::value::RawValue;
use std::{ops::RangeInclusive, str::FromStr};
use uuid::Uuid;

/// Most unknown members, and doubled ones, that are told: an answer need not be larger than what was asked.
const MAX_UNKNOWN: usize = 20;

/// A demand on a number, as class-validator declares and words them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    NotEmpty,
    Number,
    /// Zero or more.
    NotNegative,
    /// More than zero.
    Positive,
}

impl Demand {
    /// What is wrong with a member's text; `None` for an absent one.
    fn fault(self, raw: Option<&str>) -> Option<&'static str> {
        let value = raw.and_then(number).filter(|value| value.is_finite());
        match self {
            Demand::NotEmpty if raw.is_none_or(|raw| raw == "\"\"") => Some("should not be empty"),
            Demand::Number if value.is_none() => {
                Some("must be a number conforming to the specified constraints")
            }
            Demand::NotNegative if value.is_none_or(|value| value < 0.0) => Some("must not be less than 0"),
            Demand::Positive if value.is_none_or(|value| value <= 0.0) => Some("must be a positive number"),
            _ => None,
        }
    }
}

/// A body's members, and what was found wrong with them so far.
#[derive(Debug)]
pub struct Fields<'a> {
    members: Vec<(String, &'a RawValue)>,
    faults: Vec<String>,
}

impl<'a> Fields<'a> {
    /// The members of a JSON object; an empty body is `{}`. Of a member that comes twice neither counts.
    pub fn parse(body: &'a [u8]) -> Result<Self, BadJson> {
        let Members(mut members) = Members::parse(body)?;
        let mut faults = Vec::new();
        members.sort_by(|(a, _), (b, _)| a.cmp(b));
        for pair in members.chunk_by(|(a, _), (b, _)| a == b).filter(|same| same.len() > 1).take(MAX_UNKNOWN)
        {
            faults.push(format!("property {} should not exist twice", pair[0].0));
        }
        members.dedup_by(|(a, _), (b, _)| a == b);
        Ok(Self { members, faults })
    }

    fn take(&mut self, name: &str) -> Option<&'a str> {
        let index = self.members.iter().position(|(member, _)| member == name)?;
        Some(self.members.remove(index).1.get())
    }

    /// The member's raw text, unless it is absent or null.
    fn value(&mut self, name: &str) -> Option<&'a str> {
        self.take(name).filter(|raw| *raw != "null")
    }

    fn fault(&mut self, name: &str, fault: impl std::fmt::Display) {
        self.faults.push(format!("{name} {fault}"));
    }

    fn string(&mut self, name: &str) -> Option<String> {
        let raw = self.value(name)?;
        let read = serde_json::from_str(raw).ok();
        if read.is_none() {
            self.fault(name, "must be a string");
        }
        read
    }

    /// Makes the member that is read next a required one.
    pub fn required(&mut self, name: &str) -> &mut Self {
        if !self.has(name) {
            self.take(name);
            self.fault(name, "should not be empty");
        }
        self
    }

    /// Text of the domain: a name, a note, a reason, a label.
    pub fn text<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, BadText>) -> Option<T> {
        let text = self.string(name)?;
        parse(&text).map_err(|fault| self.fault(name, fault)).ok()
    }

    /// The same, where an empty text says that there shall be none: `Some(None)`. Null stands for absent here too.
    pub fn clearable<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, BadText>) -> Option<Option<T>> {
        let text = self.string(name)?;
        if text.trim().is_empty() {
            return Some(None);
        }
        parse(&text).map(Some).map_err(|fault| self.fault(name, fault)).ok()
    }

    /// A time: RFC 3339, or a date, which is its midnight in UTC, as JavaScript has it. To the millisecond.
    pub fn time(&mut self, name: &str) -> Option<Timestamp> {
        let text = self.string(name)?;
        let time = time(text.trim());
        if time.is_none() {
            self.fault(name, "must be a valid ISO 8601 date string");
        }
        time
    }

    /// The same, where an empty text says that there shall be none: `Some(None)`.
    pub fn clearable_time(&mut self, name: &str) -> Option<Option<Timestamp>> {
        match self.members.iter().find(|(member, _)| member == name) {
            Some((_, raw))
                if serde_json::from_str(raw.get()).is_ok_and(|text: String| text.trim().is_empty()) =>
            {
                self.take(name).map(|_| None)
            }
            _ => self.time(name).map(Some),
        }
    }

    /// True where the member is there and not null.
    pub fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(member, raw)| member == name && raw.get() != "null")
    }

    /// Text that is not shown in any log; not empty.
    pub fn secret(&mut self, name: &str) -> Option<SecretString> {
        let text = self.string(name)?;
        if text.is_empty() {
            self.fault(name, "should not be empty");
            return None;
        }
        Some(text.into())
    }

    /// Text that some type of its own judges.
    pub fn parsed<T, E: std::fmt::Display>(
        &mut self,
        name: &str,
        parse: fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.string(name)?;
        // Such a fault names the member itself.
        parse(text.trim()).map_err(|fault| self.faults.push(fault.to_string())).ok()
    }

    /// Any text but an empty one.
    pub fn plain(&mut self, name: &str) -> Option<String> {
        let text = self.string(name)?;
        if text.trim().is_empty() {
            self.fault(name, "should not be empty");
            return None;
        }
        Some(text)
    }

    /// An integer in a range; `2.0` is one, as JavaScript has it.
    pub fn integer(&mut self, name: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let raw = self.value(name)?;
        let Some(number) = number(raw).filter(|number| number.fract() == 0.0) else {
            self.fault(name, "must be an integer number");
            return None;
        };
        // Exact: every range of ours ends far below 2^53.
        if number < *range.start() as f64 {
            self.fault(name, format!("must not be less than {}", range.start()));
        } else if number > *range.end() as f64 {
            self.fault(name, format!("must not be greater than {}", range.end()));
        } else {
            return Some(number as u64);
        }
        None
    }

    /// A JSON number, read as decimal text.
    pub fn decimal(&mut self, name: &str) -> Option<Decimal> {
        let raw = self.value(name)?;
        if number(raw).is_none() {
            self.fault(name, "must be a number conforming to the specified constraints");
            return None;
        }
        Decimal::from_str(raw).map_err(|fault| self.fault(name, fault)).ok()
    }

    /// The text of a number on which all of `demands` are met. Each that is not tells its fault, as class-validator does
    /// with its decorators: the last one first.
    fn demanded(&mut self, name: &str, demands: &[Demand]) -> Option<&'a str> {
        let raw = self.value(name);
        let told = self.faults.len();
        for fault in demands.iter().rev().filter_map(|demand| demand.fault(raw)) {
            self.fault(name, fault);
        }
        raw.filter(|_| self.faults.len() == told)
    }

    /// A decimal number under several demands; absent and null are met by none.
    pub fn demanded_decimal(&mut self, name: &str, demands: &[Demand]) -> Option<Decimal> {
        let raw = self.demanded(name, demands)?;
        Decimal::from_str(raw).map_err(|fault| self.fault(name, fault)).ok()
    }

    /// A whole number under several demands, where it is there at all.
    pub fn optional_integer(&mut self, name: &str, demands: &[Demand]) -> Option<u64> {
        if !self.has(name) {
            self.take(name);
            return None;
        }
        let whole = self.demanded(name, demands).and_then(number)?;
        if whole.fract() != 0.0 {
            self.fault(name, "must be an integer number");
            return None;
        }
        // Saturates far beyond every number that is given.
        Some(whole as u64)
    }

    /// An id in its hyphenated form.
    pub fn id<T>(&mut self, name: &str, make: fn(Uuid) -> T) -> Option<T> {
        let raw = self.value(name)?;
        let id = serde_json::from_str::<String>(raw).ok().and_then(|text| uuid(&text));
        if id.is_none() {
            self.fault(name, "must be a UUID");
        }
        id.map(make)
    }

    /// One of a few names.
    pub fn one_of<T: Copy>(&mut self, name: &str, all: &[T], label: fn(T) -> &'static str) -> Option<T> {
        let raw = self.value(name)?;
        let text = serde_json::from_str::<String>(raw).unwrap_or_default();
        let found = all.iter().copied().find(|value| label(*value) == text);
        if found.is_none() {
            let names: Vec<&str> = all.iter().copied().map(label).collect();
            self.fault(name, format!("must be one of the following values: {}", names.join(", ")));
        }
        found
    }

    /// `value` if nothing was at fault and nothing is left over; otherwise every fault.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<String>> {
        let left = std::mem::take(&mut self.members);
        let unknown = left.into_iter().take(MAX_UNKNOWN);
        self.faults.extend(unknown.map(|(name, _)| format!("property {name} should not exist")));
        match value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(self.faults),
        }
    }
}

/// The value of a JSON number's text, for its range and kind only.
fn number(raw: &str) -> Option<f64> {
    let starts = raw.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    raw.parse::<f64>().ok().filter(|_| starts)
}

fn time(text: &str) -> Option<Timestamp> {
    let is_date = text.len() == "2024-01-01".len();
    let midnight = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    let time = if is_date { midnight()?.timestamp() } else { text.parse().ok()? };
    time.round(Unit::Millisecond).ok().filter(is_storable)
}

/// RFC 9562's text form and no other.
pub fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::parse_str(text).ok()).flatten()
}

#[cfg(test)]
mod tests;

//! Values with units, as they are written in a settings file: `"10s"`, `"64KiB"`.

use serde::{Deserialize, Deserializer, de::Error};
use std::{ops::Deref, time::Duration};

/// A length of time: `"500ms"`, `"2s"`, `"12h"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub struct Span(pub Duration);

impl Deref for Span {
    type Target = Duration;
    fn deref(&self) -> &Duration {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        humantime::parse_duration(&text).map(Self).map_err(|error| {
            D::Error::custom(format!("\"{text}\" is not a time with a unit, like \"10s\": {error}"))
        })
    }
}

/// A number of bytes: `"512B"`, `"64KiB"`, `"8MiB"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub struct Bytes(pub usize);

impl Deref for Bytes {
    type Target = usize;
    fn deref(&self) -> &usize {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_bytes(&text).map(Self).ok_or_else(|| {
            D::Error::custom(format!("\"{text}\" is not a number of B, KiB or MiB, like \"64KiB\""))
        })
    }
}

fn parse_bytes(text: &str) -> Option<usize> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let factor = match text[digits..].trim() {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return None,
    };
    text[..digits].parse::<usize>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_need_a_unit() {
        assert_eq!(parse_bytes("64KiB"), Some(65_536));
        assert_eq!(parse_bytes("8 MiB"), Some(8 << 20));
        assert_eq!(parse_bytes("0B"), Some(0));
        for bad in ["64", "KiB", "64kb", "-1B", "1.5MiB", "99999999999999999999MiB", ""] {
            assert_eq!(parse_bytes(bad), None, "{bad:?}");
        }
    }
}

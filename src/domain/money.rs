//! Money: an integer of minor units in an ISO 4217 currency; decimal text in, fixed-scale text out, never a float.

use iso_currency::Currency as Iso;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An ISO 4217 currency, e.g. EUR (2 digits), JPY (0), KWD (3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(Iso);

impl Currency {
    /// The currency with this three-letter code.
    pub fn from_code(code: &str) -> Option<Self> {
        Iso::from_code(code).map(Self)
    }

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Digits after the point; 0 for the few codes that have no minor unit (gold and the like).
    pub fn digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }
}

impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(code: String) -> Result<Self, String> {
        Self::from_code(&code).ok_or_else(|| format!("{code} is no ISO 4217 currency"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// A non-negative decimal number as a client wrote it, exact: `units × 10^-scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    units: i64,
    scale: u32,
}

/// Why a text is no [`Decimal`] or no [`Money`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotMoney {
    #[error("is not a decimal number")]
    Malformed,
    #[error("must not be less than 0")]
    Negative,
    #[error("is too large")]
    TooLarge,
    #[error("has more digits after the point than the currency")]
    TooPrecise,
}

impl FromStr for Decimal {
    type Err = NotMoney;

    /// Reads a JSON number (RFC 8259 §6), exponent included, without losing a digit.
    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let (text, negative) = match text.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.parse::<i32>().map_err(|_| NotMoney::Malformed)?)
            }
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return Err(NotMoney::Malformed),
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        if whole.is_empty() || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit()) {
            return Err(NotMoney::Malformed);
        }
        let digits = format!("{whole}{fraction}");
        // Zeros at either end carry no value; what is left must fit.
        let trimmed = digits.trim_end_matches('0');
        let dropped = digits.len() - trimmed.len();
        let significant = trimmed.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Self { units: 0, scale: 0 });
        }
        if negative {
            return Err(NotMoney::Negative);
        }
        let scale = fraction.len() as i64 - dropped as i64 - i64::from(exponent);
        let units: i64 = significant.parse().map_err(|_| NotMoney::TooLarge)?;
        if scale >= 0 {
            let scale = u32::try_from(scale).map_err(|_| NotMoney::TooPrecise)?;
            return Ok(Self { units, scale });
        }
        let up = u32::try_from(-scale).ok().and_then(|n| 10i64.checked_pow(n)).ok_or(NotMoney::TooLarge)?;
        Ok(Self { units: units.checked_mul(up).ok_or(NotMoney::TooLarge)?, scale: 0 })
    }
}

/// An amount in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents for EUR, yen for JPY.
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    /// The largest amount of one line, in minor units.
    pub const MAX_LINE: i64 = 10_000_000_000;

    pub fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// `decimal` in `currency`, exactly.
    pub fn exact(decimal: Decimal, currency: Currency) -> Result<Self, NotMoney> {
        let up = currency.digits().checked_sub(decimal.scale).ok_or(NotMoney::TooPrecise)?;
        let minor = 10i64.checked_pow(up).and_then(|factor| decimal.units.checked_mul(factor));
        Ok(Self { minor: minor.ok_or(NotMoney::TooLarge)?, currency })
    }

    /// This price `qty` times; `None` where it is over [`Money::MAX_LINE`].
    pub fn times(self, qty: u32) -> Option<Self> {
        let minor = self.minor.checked_mul(i64::from(qty)).filter(|minor| *minor <= Self::MAX_LINE)?;
        Some(Self { minor, ..self })
    }

    /// The sum of both, which are of one restaurant and so of one currency.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { minor: self.minor.saturating_add(other.minor), ..self }
    }
}

impl fmt::Display for Money {
    /// Fixed scale: `15.50` (EUR), `1550` (JPY), `15.500` (KWD).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits() as usize;
        if digits == 0 {
            return write!(f, "{}", self.minor);
        }
        let unit = 10i64.pow(digits as u32);
        write!(f, "{}.{:0digits$}", self.minor / unit, self.minor % unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(text: &str, code: &str) -> Result<String, NotMoney> {
        let currency = Currency::from_code(code).expect("a currency");
        Money::exact(text.parse()?, currency).map(|money| money.to_string())
    }

    #[test]
    fn reads_numbers_as_decimal_text() {
        use NotMoney::*;
        let rows = [
            ("15.5", "EUR", Ok("15.50")),
            ("15.50", "EUR", Ok("15.50")),
            ("15.500000", "EUR", Ok("15.50")),
            ("0", "EUR", Ok("0.00")),
            ("-0", "EUR", Ok("0.00")),
            ("0.1", "EUR", Ok("0.10")),
            ("1e2", "EUR", Ok("100.00")),
            ("1.55E1", "EUR", Ok("15.50")),
            ("1550e-2", "EUR", Ok("15.50")),
            ("15", "JPY", Ok("15")),
            ("15.0", "JPY", Ok("15")),
            ("15.5", "KWD", Ok("15.500")),
            ("15.555", "KWD", Ok("15.555")),
            ("15.555", "EUR", Err(TooPrecise)),
            ("15.5", "JPY", Err(TooPrecise)),
            ("1e-99", "EUR", Err(TooPrecise)),
            ("1e99", "EUR", Err(TooLarge)),
            ("92233720368547758079", "EUR", Err(TooLarge)),
            ("-1", "EUR", Err(Negative)),
            ("", "EUR", Err(Malformed)),
            ("1.", "EUR", Err(Malformed)),
            (".5", "EUR", Err(Malformed)),
            ("1e", "EUR", Err(Malformed)),
            ("1e99999999999", "EUR", Err(Malformed)),
            ("--1", "EUR", Err(Malformed)),
            ("NaN", "EUR", Err(Malformed)),
        ];
        for (text, code, expected) in rows {
            assert_eq!(money(text, code), expected.map(str::to_owned), "{text} {code}");
        }
    }

    #[test]
    fn a_line_has_a_ceiling() {
        let euro = Currency::from_code("EUR").expect("a currency");
        let price = Money { minor: 1_000_000_000, currency: euro };
        assert_eq!(price.times(10).map(|m| m.minor), Some(Money::MAX_LINE));
        assert_eq!(price.times(11), None);
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(minor in 0i64..=i64::MAX / 1000, code in prop::sample::select(vec!["EUR", "JPY", "KWD"])) {
            let money = Money { minor, currency: Currency::from_code(code).expect("a currency") };
            let read = Money::exact(money.to_string().parse().expect("a decimal"), money.currency);
            prop_assert_eq!(read, Ok(money));
        }

        #[test]
        fn any_text_is_answered(text in ".{0,40}") {
            let _ = text.parse::<Decimal>();
        }
    }
}

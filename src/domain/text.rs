//! Text that people typed, checked once: names, notes, reasons, labels.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text was refused; reads on after the field's name, in class-validator's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    #[error("should not be empty")]
    Empty,
    #[error("must be shorter than or equal to {0} characters")]
    TooLong(usize),
    #[error("must not contain control characters")]
    Control,
}

fn check(text: &str, min: usize, max: usize) -> Result<String, BadText> {
    let text = text.trim();
    if text.len() < min {
        return Err(BadText::Empty);
    }
    if text.chars().count() > max {
        return Err(BadText::TooLong(max));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(BadText::Control);
    }
    Ok(text.to_owned())
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $min:literal..=$max:literal)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Trims and checks: characters counted, no control characters but newline.
            pub fn parse(text: &str) -> Result<Self, BadText> {
                check(text, $min, $max).map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    /// What a dish, a table or a person is called.
    Name 1..=200
    /// Free text for the kitchen.
    Note 0..=1000
    /// Why something was cancelled or voided.
    Reason 1..=500
    /// A station or a course: `grill`, `dessert`.
    Label 1..=50
    /// An e-mail address or a telephone number, as it was given: people read it, nobody is sent anything.
    Contact 1..=254
    /// What another system called it, in which it was before it moved in.
    ExternalId 1..=200
    /// How far a production order is: `In Printing`.
    Stage 1..=50
}

impl ExternalId {
    /// Where it is one that a system counted to, as a serial column does: `57`, neither `057` nor a telephone number.
    pub fn number(&self) -> Option<u64> {
        let number = self.0.parse::<i32>().ok().filter(|number| *number >= 1)?;
        (number.to_string() == self.0).then_some(u64::from(number.unsigned_abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counted_id_is_a_number() {
        let number = |text: &str| ExternalId::parse(text).unwrap().number();
        assert_eq!(
            (number("1"), number(" 57 "), number("2147483647")),
            (Some(1), Some(57), Some(2_147_483_647))
        );
        for none in
            ["0", "-1", "+1", "057", "1.5", "c-1", "2147483648", "34600000004", "99999999999999999999"]
        {
            assert_eq!(number(none), None, "{none}");
        }
    }

    #[test]
    fn bounds_are_in_characters_after_trimming() {
        assert_eq!(Name::parse("  Hamburguesa ").map(|n| n.to_string()), Ok("Hamburguesa".into()));
        assert_eq!(Name::parse(&"ñ".repeat(200)).map(|n| n.as_str().len()), Ok(400));
        assert_eq!(Name::parse(&"ñ".repeat(201)), Err(BadText::TooLong(200)));
        assert_eq!(Name::parse("   "), Err(BadText::Empty));
        assert_eq!(
            Note::parse("no onion\nallergy: nuts").map(|n| n.to_string()),
            Ok("no onion\nallergy: nuts".into())
        );
        assert_eq!(Note::parse("bell \u{7}"), Err(BadText::Control));
        assert_eq!(Reason::parse(""), Err(BadText::Empty));
    }
}

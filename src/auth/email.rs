//! E-mail addresses as sign-in names: checked, lower case, so that one person has one spelling.

use std::fmt;

/// A plain address of ASCII letters, as `local@domain`, lower-cased; at most 254 bytes (RFC 5321 §4.5.3.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// The text was not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("email must be an email")]
pub struct NotAnEmail;

/// Longest address, in bytes.
const MAX_LEN: usize = 254;
/// Longest part before the `@` (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;

impl Email {
    /// Checks and lower-cases an address. Quoted local parts, comments and address literals are not accepted.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail)?;
        let local_ok = (1..=MAX_LOCAL).contains(&local.len())
            && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom));
        let domain_ok = domain.contains('.') && domain.split('.').all(is_label);
        if text.len() > MAX_LEN || !local_ok || !domain_ok {
            return Err(NotAnEmail);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The address, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `atext` of RFC 5322 §3.2.3.
fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// A host name's label (RFC 1123 §2.1).
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_lowered_and_the_rest_is_refused() {
        for (text, parsed) in [
            ("waiter@restaurante.com", "waiter@restaurante.com"),
            ("Ana.Ruiz+Bar@Mesa.ORG", "ana.ruiz+bar@mesa.org"),
            ("o'hara@x-y.example", "o'hara@x-y.example"),
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), parsed);
        }
        let long = format!("{}@mesa.org", "a".repeat(65));
        let longer = format!("a@{}.org", "b.".repeat(130));
        for bad in [
            "",
            "@",
            "a@",
            "@b.c",
            "a",
            "a@b",
            "a b@c.d",
            "a@b..c",
            "a@.b",
            "a@b.",
            ".a@b.c",
            "a..b@c.d",
            "a@-b.c",
            "a@b-.c",
            "a@b_c.d",
            "a@b.c\n",
            "a\0@b.c",
            "ä@b.c",
            "a@ü.c",
            "a@b@c.d",
            "\"a\"@b.c",
            "a@[1.2.3.4]",
            &long,
            &longer,
        ] {
            assert_eq!(Email::parse(bad), Err(NotAnEmail), "{bad:?}");
        }
    }
}

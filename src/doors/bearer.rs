//! The `Authorization` header, as every door reads it (RFC 6750 §2.1).

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use secrecy::SecretString;

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization<'a> {
    Absent,
    /// Another scheme, no token, or the header twice.
    Malformed,
    Bearer(&'a str),
}

impl<'a> Authorization<'a> {
    pub fn of(headers: &'a HeaderMap) -> Self {
        let mut values = headers.get_all(AUTHORIZATION);
        let value = match (values.next(), values.next()) {
            (None, _) => return Self::Absent,
            (Some(value), None) => value.to_str().unwrap_or_default(),
            (Some(_), Some(_)) => return Self::Malformed,
        };
        match value.split_once(' ').map(|(scheme, token)| (scheme, token.trim())) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
                Self::Bearer(token)
            }
            _ => Self::Malformed,
        }
    }

    /// The token, where there is a proper one.
    pub fn token(self) -> Option<&'a str> {
        match self {
            Self::Bearer(token) => Some(token),
            Self::Absent | Self::Malformed => None,
        }
    }

    /// What has to be verified: a malformed header counts as a token that nobody signed, not as none.
    pub fn presented(self) -> Option<SecretString> {
        match self {
            Self::Absent => None,
            Self::Malformed => Some(String::new().into()),
            Self::Bearer(token) => Some(token.to_owned().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn headers_by_table() {
        for (lines, expected) in [
            (vec![], Authorization::Absent),
            (vec!["Bearer abc"], Authorization::Bearer("abc")),
            (vec!["bearer  abc "], Authorization::Bearer("abc")),
            (vec!["Bearer"], Authorization::Malformed),
            (vec!["Bearer "], Authorization::Malformed),
            (vec!["Basic abc"], Authorization::Malformed),
            (vec!["abc"], Authorization::Malformed),
            (vec!["Bearer a", "Bearer b"], Authorization::Malformed),
        ] {
            let mut headers = HeaderMap::new();
            lines.iter().for_each(|line| headers.append(AUTHORIZATION, HeaderValue::from_str(line).unwrap()));
            assert_eq!(Authorization::of(&headers), expected, "{lines:?}");
        }
    }
}

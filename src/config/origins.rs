//! Origins: which pages may call this server, compared by scheme, host and port and by nothing else.

use serde::{Deserialize, Deserializer, de::Error};
use std::{fmt, str::FromStr};

/// A web origin (RFC 6454): scheme, host and port. The host is lower case, the port always there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    secure: bool,
    host: String,
    port: u16,
}

/// Why a text is not an origin; made to be read by the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not an origin like \"https://orders.example.com\": {why}")]
pub struct NotAnOrigin {
    text: String,
    why: &'static str,
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        parse(text).map_err(|why| NotAnOrigin { text: text.to_owned(), why })
    }
}

fn parse(text: &str) -> Result<Origin, &'static str> {
    if text == "*" {
        return Err("a star would let any page act for a signed-in user; name the pages");
    }
    let (scheme, rest) = text.split_once("://").ok_or("it begins with http:// or https://")?;
    let secure = match scheme.to_ascii_lowercase().as_str() {
        "http" => false,
        "https" => true,
        _ => return Err("it begins with http:// or https://"),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.contains(['/', '?', '#', '\\']) {
        return Err("an origin has no path");
    }
    if authority.contains('@') {
        return Err("an origin names no user");
    }
    // The last colon separates a port only outside the brackets of an IPv6 address.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port = match port {
        None => {
            if secure {
                443
            } else {
                80
            }
        }
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().ok().filter(|&port| port != 0).ok_or("the port is between 1 and 65535")?
        }
        Some(_) => return Err("the port is between 1 and 65535"),
    };
    Ok(Origin { secure, host: parse_host(host)?, port })
}

fn parse_host(host: &str) -> Result<String, &'static str> {
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or("its IPv6 address lacks a bracket")?;
        let address: std::net::Ipv6Addr = inner.parse().map_err(|_| "its IPv6 address is malformed")?;
        return Ok(format!("[{address}]"));
    }
    if host.is_empty() {
        return Err("it has no host");
    }
    if !host.is_ascii() {
        return Err("browsers send such a host in its xn-- form; write it so");
    }
    if !host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')) {
        return Err("its host holds a character that no host has");
    }
    Ok(host.to_ascii_lowercase())
}

/// As a browser writes it in its `Origin` header: without the scheme's own port.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.secure { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port == usual { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.trim().parse().map_err(D::Error::custom)
    }
}

/// Origins in one text, comma separated, as `FRONTEND_URL` holds them.
pub(super) fn comma_separated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Origin>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_err(D::Error::custom)).collect()
}

/// The pages that may call this server. The `Host` header has no say: a foreign page chooses it (DNS rebinding).
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<Origin>);

impl Origins {
    /// The pages that were named: `FRONTEND_URL` and `PUBLIC_URL`.
    pub fn new(named: impl IntoIterator<Item = Origin>) -> Self {
        Self(named.into_iter().collect())
    }

    /// Also pages that this machine itself serves from our own port; only the demo wants that.
    pub fn with_loopback(mut self, port: u16) -> Self {
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            for secure in [false, true] {
                self.0.push(Origin { secure, host: host.to_owned(), port });
            }
        }
        self
    }

    /// Whether a request with this `Origin` header may go on. Without one it is no browser page (a native client,
    /// curl); `null` is a page from disk or a sandboxed frame, which anybody can make.
    pub fn allows(&self, header: Option<&str>) -> bool {
        let Some(header) = header else { return true };
        header.parse().is_ok_and(|origin| self.0.contains(&origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_and_written_as_browsers_write_them() {
        for (text, written) in [
            ("http://localhost:5173", "http://localhost:5173"),
            ("HTTPS://Orders.Example.COM", "https://orders.example.com"),
            ("https://orders.example.com:443/", "https://orders.example.com"),
            ("http://a:80", "http://a"),
            ("https://a:80", "https://a:80"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_is_no_origin_says_why() {
        for text in [
            "",
            "*",
            "null",
            "localhost",
            "localhost:3000",
            "ftp://a",
            "http://",
            "http://:3000",
            "http://a:0",
            "http://a:65536",
            "http://a:+80",
            "http://a:",
            "http://a/b",
            "http://a?x",
            "http://a#x",
            "http://u@a",
            "http://[::1",
            "http://[zz]",
            "http://a b",
            "http://a,http://b",
            "http://*.a.com",
            "http://münchen.de",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn only_the_same_scheme_host_and_port_pass() {
        let named = ["https://orders.example.com", "http://localhost:5173"].map(|o| o.parse().unwrap());
        let origins = Origins::new(named);
        for (header, allowed) in [
            (None, true),
            (Some("https://orders.example.com"), true),
            (Some("https://ORDERS.example.com"), true),
            (Some("http://localhost:5173"), true),
            (Some("null"), false),
            (Some(""), false),
            (Some("*"), false),
            (Some("http://orders.example.com"), false),
            (Some("https://orders.example.com:8443"), false),
            (Some("https://orders.example.com.evil.net"), false),
            (Some("https://evil.net/https://orders.example.com"), false),
            (Some("https://orders.example.com@evil.net"), false),
            (Some("http://localhost:3000"), false),
            (Some("http://127.0.0.1:5173"), false),
        ] {
            assert_eq!(origins.allows(header), allowed, "{header:?}");
        }
    }

    #[test]
    fn loopback_pages_pass_on_our_port_only() {
        let origins = Origins::default().with_loopback(3000);
        for good in
            ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000", "https://localhost:3000"]
        {
            assert!(origins.allows(Some(good)), "{good}");
        }
        for bad in [
            "http://localhost:3001",
            "http://localhost",
            "http://127.0.0.2:3000",
            "http://localhost.evil:3000",
        ] {
            assert!(!origins.allows(Some(bad)), "{bad}");
        }
        assert!(!Origins::default().allows(Some("http://localhost:3000")));
    }
}

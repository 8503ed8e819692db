//! Mail: what is in it, and the password of the mail server, cross no network in the clear.

use crate::config::{Mistake, sections::Mail};
use secrecy::ExposeSecret;
use std::net::IpAddr;

const KEY: &str = "mail.smtp";

/// TLS from the start, TLS required, or a server on this machine.
pub fn check(mail: &Mail) -> Result<(), Mistake> {
    match &mail.smtp {
        Some(url) if !is_private(url.expose_secret()) => {
            let what = "it would send passwords and tokens in the clear: smtps://… begins with TLS, smtp://…?tls=required asks for \
                        it (STARTTLS); without, a server on this machine only";
            Err(Mistake::about(KEY, what, None))
        }
        _ => Ok(()),
    }
}

/// What cannot be read is none. What it comes to otherwise the library says.
fn is_private(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return true };
    if !scheme.eq_ignore_ascii_case("smtp") {
        return true;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let tls = query.split('&').find_map(|pair| pair.strip_prefix("tls="));
    let place = rest.split('/').next().unwrap_or_default();
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let host = match place.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => place.split(':').next().unwrap_or_default(),
    };
    tls == Some("required")
        || host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_clear_to_this_machine_only() {
        for (url, expected) in [
            ("smtps://ana:pw@mail.example.com", true),
            ("smtp://ana:pw@mail.example.com:587?tls=required", true),
            ("smtp://ana:pw@mail.example.com:587/us?x=1&tls=required", true),
            ("smtp://localhost:25", true),
            ("smtp://127.0.0.1", true),
            ("smtp://[::1]:2525", true),
            ("smtp://ana:pw@mail.example.com:587", false),
            ("SMTP://mail.example.com", false),
            ("smtp://mail.example.com:587?tls=opportunistic", false),
            ("smtp://mail.example.com:587?tls=none&tls=required", false),
            ("smtp://mail.example.com#?tls=required", false),
            ("smtp://localhost@mail.example.com", false),
            ("smtp://localhost.example.com", false),
            ("smtp://10.0.0.1:25", false),
        ] {
            assert_eq!(is_private(url), expected, "{url}");
        }
    }
}

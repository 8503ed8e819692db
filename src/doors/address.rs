//! The client's address: the peer's, or, behind proxies that we trust, what the first of them saw.

use actix_web::HttpRequest;
use ipnet::IpNet;
use std::net::IpAddr;

/// The proxies that are trusted, for the doors that find them in the app's data.
pub struct Trusted(pub Vec<IpNet>);

/// The address a request came from; `None` only without a peer, as in tests.
pub fn client(request: &HttpRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    Some(resolve(peer, forwarded, trusted))
}

/// The rightmost address of `X-Forwarded-For` that no trusted proxy has; further left anyone can write what he likes.
/// Several lines count as one list. What is no address ends the walk at the proxy that passed it on.
pub fn resolve<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    trusted: &[IpNet],
) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut nearest = peer.to_canonical();
    for hop in forwarded.rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(&nearest) {
            break;
        }
        let Some(address) = parse(hop) else { break };
        nearest = address.to_canonical();
    }
    nearest
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`.
fn parse(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rightmost_untrusted_address_counts() {
        let proxies: Vec<IpNet> = ["10.0.0.0/8", "::1/128"].map(|net| net.parse().unwrap()).into();
        for (peer, lines, expected) in [
            // Nobody is trusted but the proxies: a client's own header is not believed.
            ("203.0.113.9", vec!["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["6.6.6.6, 198.51.100.1, 10.2.2.2"], "198.51.100.1"),
            ("10.0.0.1", vec!["6.6.6.6", "198.51.100.1", " 10.2.2.2 "], "198.51.100.1"),
            ("10.0.0.1", vec!["10.3.3.3, 10.2.2.2"], "10.3.3.3"),
            ("10.0.0.1", vec!["198.51.100.1:55000"], "198.51.100.1"),
            ("10.0.0.1", vec!["[2001:db8::7]:443"], "2001:db8::7"),
            ("10.0.0.1", vec!["[2001:db8::7]"], "2001:db8::7"),
            ("::1", vec!["2001:db8::7"], "2001:db8::7"),
            ("::ffff:10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["6.6.6.6, unknown"], "10.0.0.1"),
            ("10.0.0.1", vec!["6.6.6.6, , 10.2.2.2"], "10.2.2.2"),
            ("10.0.0.1", vec![""], "10.0.0.1"),
        ] {
            let peer: IpAddr = peer.parse().unwrap();
            assert_eq!(
                resolve(peer, lines.clone().into_iter(), &proxies).to_string(),
                expected,
                "{peer} {lines:?}"
            );
        }
    }
}

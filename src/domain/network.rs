//! Who counts as one visitor, where nothing but an address is known of them.

use std::net::{IpAddr, Ipv4Addr};

/// One customer of a provider: an IPv4 address, or an IPv6 /64, of which a customer has 2^64 addresses to try from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Network {
    V4(Ipv4Addr),
    V6([u16; 4]),
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::V4(v4),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Self::V6([a, b, c, d])
            }
        }
    }
}

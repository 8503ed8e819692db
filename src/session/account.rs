//! What the house is asked of people's accounts: it goes through sessions unread.

use crate::domain::principal::Principal;
use bytestring::ByteString;
use std::{fmt, net::IpAddr};

/// JSON text with passwords or tokens in it: no log line shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Private(pub ByteString);

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private")
    }
}

/// An `auth-*` event.
#[derive(Debug)]
pub struct AccountAsked {
    /// `None`: nobody asks.
    pub principal: Option<Principal>,
    /// The client's, as far as it is known.
    pub address: Option<IpAddr>,
    pub event: ByteString,
    pub data: Private,
    /// With which a refresh whose answer was lost is asked again.
    pub key: Option<ByteString>,
}

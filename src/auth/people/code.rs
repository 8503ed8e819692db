//! Codes that let someone in once: a prefix and base64url of the restaurant and a secret. Only hashes are stored.

use super::super::{AuthError, refresh_token::sha256};
use crate::{code::ErrorCode, domain::ids::RestaurantId, domain::rejection::Rejection};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

const ID: usize = 16;

/// What a code is for: its prefix tells secret scanners and people, and keeps one kind from passing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Invite,
    Reset,
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Invite => "ci1_",
            Self::Reset => "cp1_",
        }
    }

    /// Random bytes.
    const fn secret(self) -> usize {
        match self {
            Self::Invite => 16,
            Self::Reset => 32,
        }
    }
}

/// A code in the open. It names its restaurant, so that the tenant is known before anything is looked up.
pub struct Code {
    pub restaurant: RestaurantId,
    kind: Kind,
    bytes: Vec<u8>,
}

impl Code {
    /// Errors: `Internal` where the system has no randomness.
    pub fn generate(kind: Kind, restaurant: RestaurantId) -> Result<Self, AuthError> {
        let mut bytes = restaurant.0.as_bytes().to_vec();
        bytes.resize(ID + kind.secret(), 0);
        SystemRandom::new().fill(&mut bytes[ID..]).map_err(|_| AuthError::Internal)?;
        Ok(Self { restaurant, kind, bytes })
    }

    /// Errors: `InvalidCode` for anything but what `expose` writes.
    pub fn parse(kind: Kind, text: &SecretString) -> Result<Self, AuthError> {
        let encoded = text.expose_secret().trim().strip_prefix(kind.prefix());
        let bytes = encoded.and_then(|encoded| URL_SAFE_NO_PAD.decode(encoded).ok());
        let bytes = bytes.filter(|bytes| bytes.len() == ID + kind.secret()).ok_or_else(invalid)?;
        let restaurant = Uuid::from_slice(&bytes[..ID]).map_err(|_| invalid())?;
        Ok(Self { restaurant: RestaurantId(restaurant), kind, bytes })
    }

    /// The text for whoever shall have it.
    pub fn expose(&self) -> SecretString {
        let mut text = self.kind.prefix().to_owned();
        URL_SAFE_NO_PAD.encode_string(&self.bytes, &mut text);
        text.into()
    }

    /// What is stored of it.
    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.bytes)
    }
}

/// Unknown, used, taken back or too old; which of them is not told.
pub fn invalid() -> AuthError {
    Rejection::new(ErrorCode::InvalidCode, "the code is not valid").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_round_trips_and_nothing_else_is_one() {
        let restaurant = RestaurantId::generate();
        let code = Code::generate(Kind::Invite, restaurant).unwrap();
        let text = code.expose();
        let back = Code::parse(Kind::Invite, &text).unwrap();
        assert_eq!((back.restaurant, back.hash()), (restaurant, code.hash()));
        assert_ne!(Code::generate(Kind::Invite, restaurant).unwrap().hash(), code.hash());
        let text = text.expose_secret();
        let other = format!("cr1_{}", &text[4..]);
        for bad in ["", "ci1_", &text[4..], &text[..text.len() - 1], &format!("{text}A"), &other] {
            assert!(Code::parse(Kind::Invite, &bad.into()).is_err(), "{bad:?}");
        }
        assert!(Code::parse(Kind::Reset, &text.into()).is_err(), "one kind is not another");
    }
}

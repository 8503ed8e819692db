//! Refresh tokens as clients hold them: `cr1_` and base64url of restaurant, login and secret. Only hashes are stored.

use super::AuthError;
use crate::domain::ids::{LoginId, RestaurantId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest, hmac,
    rand::{SecureRandom, SystemRandom},
};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use uuid::Uuid;

/// Tells secret scanners and people what it is; the digit is the format's version.
const PREFIX: &str = "cr1_";
const ID: usize = 16;
const SECRET: usize = 32;
const LEN: usize = 2 * ID + SECRET;

/// SHA-256 of a token or of an idempotency key. The token's secret has 256 random bits, so nothing slower is needed.
pub type Hash = [u8; 32];

/// A token in the open. It names its restaurant, so that the tenant is known before anything is looked up.
#[derive(Clone)]
pub struct RefreshToken {
    pub restaurant: RestaurantId,
    pub login: LoginId,
    secret: [u8; SECRET],
}

impl RefreshToken {
    /// The first token of a login. Errors: `Internal` where the system has no randomness.
    pub fn first(restaurant: RestaurantId, login: LoginId) -> Result<Self, AuthError> {
        let mut secret = [0; SECRET];
        SystemRandom::new().fill(&mut secret).map_err(|_| AuthError::Internal)?;
        Ok(Self { restaurant, login, secret })
    }

    /// The token that follows this one. With an idempotency key it is the same each time, so that an answer that got
    /// lost can be repeated although only its hash was stored; `server` keeps who holds an old token and guesses keys
    /// from computing the new one. Without a key it is random. Errors: `Internal`.
    pub fn successor(&self, key: Option<&str>, server: &hmac::Key) -> Result<Self, AuthError> {
        let Some(key) = key else { return Self::first(self.restaurant, self.login) };
        let mut context = hmac::Context::with_key(server);
        context.update(&self.bytes());
        context.update(key.as_bytes());
        let mut secret = [0; SECRET];
        secret.copy_from_slice(context.sign().as_ref());
        Ok(Self { restaurant: self.restaurant, login: self.login, secret })
    }

    /// Errors: `InvalidRefreshToken` for anything but what `expose` writes.
    pub fn parse(text: &SecretString) -> Result<Self, AuthError> {
        let encoded = text.expose_secret().strip_prefix(PREFIX).ok_or(AuthError::InvalidRefreshToken)?;
        let mut bytes = [0; LEN];
        match URL_SAFE_NO_PAD.decode_slice(encoded, &mut bytes) {
            Ok(LEN) => {}
            _ => return Err(AuthError::InvalidRefreshToken),
        }
        let part =
            |at: usize| Uuid::from_slice(&bytes[at..at + ID]).map_err(|_| AuthError::InvalidRefreshToken);
        let (restaurant, login) = (RestaurantId(part(0)?), LoginId(part(ID)?));
        let mut secret = [0; SECRET];
        secret.copy_from_slice(&bytes[2 * ID..]);
        bytes.zeroize();
        Ok(Self { restaurant, login, secret })
    }

    /// The text for the client.
    pub fn expose(&self) -> SecretString {
        let mut text = PREFIX.to_owned();
        URL_SAFE_NO_PAD.encode_string(self.bytes(), &mut text);
        text.into()
    }

    /// What is stored of it.
    pub fn hash(&self) -> Hash {
        sha256(&self.bytes())
    }

    fn bytes(&self) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        bytes[..ID].copy_from_slice(self.restaurant.0.as_bytes());
        bytes[ID..2 * ID].copy_from_slice(self.login.0.as_bytes());
        bytes[2 * ID..].copy_from_slice(&self.secret);
        bytes
    }
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> RefreshToken {
        RefreshToken::first(RestaurantId::generate(), LoginId::generate()).unwrap()
    }

    #[test]
    fn a_token_round_trips_and_nothing_else_is_one() {
        let token = token();
        let text = token.expose();
        assert_eq!(text.expose_secret().len(), 90);
        let back = RefreshToken::parse(&text).unwrap();
        assert_eq!((back.restaurant, back.login, back.hash()), (token.restaurant, token.login, token.hash()));

        let text = text.expose_secret();
        let cut = &text[..89];
        for bad in [
            "",
            "cr1_",
            cut,
            &text[4..],
            &format!("{text}A"),
            &format!("{text}=="),
            &format!("cr2_{}", &text[4..]),
        ] {
            assert!(RefreshToken::parse(&bad.into()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn successors_repeat_for_the_same_key_only() {
        let (token, other) = (token(), token());
        let server = |n: u8| hmac::Key::new(hmac::HMAC_SHA256, &[n; 32]);
        let next = |from: &RefreshToken, key, n| from.successor(key, &server(n)).unwrap().hash();
        assert_eq!(next(&token, Some("k"), 1), next(&token, Some("k"), 1));
        assert_ne!(next(&token, Some("k"), 1), next(&token, Some("l"), 1));
        assert_ne!(next(&token, Some("k"), 1), next(&token, Some("k"), 2));
        assert_ne!(next(&token, Some("k"), 1), next(&other, Some("k"), 1));
        assert_ne!(next(&token, None, 1), next(&token, None, 1));
    }
}

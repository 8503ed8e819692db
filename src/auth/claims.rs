//! Access tokens: JWT (RFC 7519) with one pinned algorithm, HS256, and nothing in the header that could choose another.

use super::{AuthError, crypto};
use crate::{
    config::sections,
    domain::{
        ids::{LoginId, RestaurantId, UserId},
        principal::Role,
    },
};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::hmac;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Fewest bytes of `JWT_SECRET`: the output of SHA-256 (RFC 7518 §3.2).
pub const MIN_SECRET: usize = 32;
/// Longest token that is looked at, in bytes: ours have some 450; what is longer is refused before it is parsed.
const MAX_TOKEN: usize = 8 * 1024;
/// Latest `exp`, in seconds: the end of the year 9999. A time in milliseconds lies beyond and is refused.
const MAX_EXP: i64 = 253_402_300_799;

/// What a token says, once its signature and times were found good. Whether it still holds, `Verifier` asks the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    /// Of an NGO's: its `organizationId`.
    pub restaurant: RestaurantId,
    pub role: Role,
    /// `sid`; tokens of other services have none.
    pub login: Option<LoginId>,
    /// Of an NGO's: the names of donation boards; `None` where it names none.
    pub boards: Option<Vec<String>>,
    /// In whole seconds; the token is good before this, not at it.
    pub expires_at: Timestamp,
}

/// The claims as others and we write them (README, "Contracts"). What is unknown is ignored, what is doubled refused.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Incoming {
    /// Seconds since 1970; a float or a string is refused.
    exp: i64,
    /// Only its form is checked: a token from a clock slightly ahead of ours is good.
    #[serde(rename = "iat")]
    _iat: Option<f64>,
    nbf: Option<f64>,
    role: Role,
    user_id: Option<String>,
    sub: Option<String>,
    restaurant_id: Option<String>,
    /// In place of `restaurantId`, of an NGO's.
    organization_id: Option<String>,
    /// Beside it. Of staff's it says nothing.
    boards: Option<Vec<String>>,
    sid: Option<String>,
    iss: Option<String>,
    aud: Option<Audience>,
}

/// The claims as we write them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outgoing<'a> {
    exp: i64,
    iat: i64,
    role: Role,
    user_id: &'a str,
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    restaurant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    boards: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Many(many) => many.iter().any(|one| one == audience),
        }
    }
}

/// The secret, ready to sign and to check.
pub struct Keys {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
    issuer: Option<String>,
    audience: Option<String>,
}

impl Keys {
    /// Takes `auth.jwt_secret`, `issuer`, `audience`. Errors: `NoSecret`.
    pub fn new(settings: &sections::Auth) -> Result<Self, AuthError> {
        crypto::install();
        let secret = settings.jwt_secret.as_ref().ok_or(AuthError::NoSecret)?.expose_secret().as_bytes();
        if secret.len() < MIN_SECRET {
            return Err(AuthError::NoSecret);
        }
        // The library checks algorithm and signature; times and names are checked here, with the time as an argument
        // and without its habits (60 s of leeway, floats as `exp`, a missing `aud` passing).
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Ok(Self {
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            validation,
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
        })
    }

    /// Signs a token, issued at `now`. Errors: `Internal`.
    pub fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String, AuthError> {
        let (user, ngo) = (claims.user.to_string(), claims.role == Role::Ngo);
        let wire = Outgoing {
            exp: claims.expires_at.as_second(),
            iat: now.as_second(),
            role: claims.role,
            user_id: &user,
            sub: &user,
            restaurant_id: (!ngo).then(|| claims.restaurant.to_string()),
            organization_id: ngo.then(|| claims.restaurant.to_string()),
            boards: claims.boards.as_deref().filter(|_| ngo),
            sid: claims.login.map(|login| login.to_string()),
            iss: self.issuer.as_deref(),
            aud: self.audience.as_deref(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &wire, &self.signing)
            .map_err(|_| AuthError::Internal)
    }

    /// Checks size, form, algorithm, signature, times and names. Errors: `InvalidToken`, `TokenExpired`.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<Claims, AuthError> {
        if token.len() > MAX_TOKEN {
            return Err(AuthError::InvalidToken);
        }
        let data = jsonwebtoken::decode::<Incoming>(token, &self.checking, &self.validation)
            .map_err(|_| AuthError::InvalidToken)?;
        if !is_plain(&data.header) {
            return Err(AuthError::InvalidToken);
        }
        let claims = self.read(&data.claims, now).ok_or(AuthError::InvalidToken)?;
        if claims.expires_at <= now { Err(AuthError::TokenExpired) } else { Ok(claims) }
    }

    /// A key of its own for another purpose, derived from the secret.
    pub(super) fn derive(&self, purpose: &[u8]) -> hmac::Key {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, self.signing.as_bytes());
        hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&secret, purpose).as_ref())
    }

    fn read(&self, wire: &Incoming, now: Timestamp) -> Option<Claims> {
        let user = match (&wire.user_id, &wire.sub) {
            (Some(user), Some(sub)) => Some(id(user)?).filter(|user| id(sub) == Some(*user))?,
            (Some(one), None) | (None, Some(one)) => id(one)?,
            (None, None) => return None,
        };
        let issued = self.issuer.as_ref().is_none_or(|issuer| wire.iss.as_ref() == Some(issuer));
        let addressed = self
            .audience
            .as_ref()
            .is_none_or(|audience| wire.aud.as_ref().is_some_and(|aud| aud.names(audience)));
        let begun = wire.nbf.is_none_or(|nbf| nbf <= now.as_millisecond() as f64 / 1000.0);
        if !(issued && addressed && begun && (0..=MAX_EXP).contains(&wire.exp)) {
            return None;
        }
        // A token is of a restaurant's staff or of an NGO, and says so twice.
        let tenant = match (wire.role, &wire.restaurant_id, &wire.organization_id) {
            (Role::Ngo, None, Some(id)) => id,
            (Role::Ngo, ..) | (_, _, Some(_)) => return None,
            (_, restaurant, None) => restaurant.as_ref()?,
        };
        Some(Claims {
            user: UserId(user),
            restaurant: RestaurantId(id(tenant)?),
            role: wire.role,
            boards: wire.boards.clone().filter(|_| wire.role == Role::Ngo),
            login: match &wire.sid {
                Some(sid) => Some(LoginId(id(sid)?)),
                None => None,
            },
            expires_at: Timestamp::from_second(wire.exp).ok()?,
        })
    }
}

/// True for a header of `alg` and at most `typ: JWT`. Whatever could name a key, embed one, point to one, or change how
/// the rest is read (`kid`, `jwk`, `jku`, `x5u`, `x5c`, `crit`, `b64`, `zip`, …) is refused although the signature is good.
fn is_plain(header: &Header) -> bool {
    let typ = header.typ.as_ref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"));
    let mut bare = Header::new(header.alg);
    bare.typ.clone_from(&header.typ);
    typ && *header == bare
}

/// An id in its canonical, hyphenated form only: other spellings of a UUID would be other cache keys.
fn id(text: &str) -> Option<Uuid> {
    if text.len() != uuid::fmt::Hyphenated::LENGTH { None } else { Uuid::try_parse(text).ok() }
}

#[cfg(test)]
mod tests {
    use super::super::forged::{SECRET, claims, keys, settings};
    use super::*;

    #[test]
    fn a_token_round_trips_and_dies_at_its_time() {
        let keys = keys();
        let now: Timestamp = "2026-01-01T12:00:00.900Z".parse().unwrap();
        let claims = Claims { expires_at: Timestamp::from_second(now.as_second() + 2).unwrap(), ..claims() };
        let token = keys.sign(&claims, now).unwrap();
        assert!(token.len() < 512, "{}", token.len());
        assert_eq!(keys.check(&token, now).unwrap(), claims);
        let at = |text: &str| keys.check(&token, text.parse().unwrap());
        assert!(at("2026-01-01T12:00:01.999Z").is_ok());
        assert_eq!(at("2026-01-01T12:00:02Z"), Err(AuthError::TokenExpired));
        assert_eq!(at("2027-01-01T12:00:02Z"), Err(AuthError::TokenExpired));
    }

    #[test]
    fn issuer_and_audience_are_set_and_checked_where_configured() {
        let plain = keys();
        let named = Keys::new(&sections::Auth {
            issuer: Some("comanda".into()),
            audience: Some("kitchen".into()),
            ..settings(SECRET)
        })
        .unwrap();
        let now = Timestamp::now();
        let token = named.sign(&claims(), now).unwrap();
        assert!(named.check(&token, now).is_ok());
        assert!(plain.check(&token, now).is_ok());
        let bare = plain.sign(&claims(), now).unwrap();
        assert_eq!(named.check(&bare, now), Err(AuthError::InvalidToken));
    }

    #[test]
    fn a_short_or_missing_secret_is_refused() {
        for secret in ["", "short", "31 bytes are not enough for us."] {
            assert_eq!(Keys::new(&settings(secret)).err(), Some(AuthError::NoSecret), "{secret:?}");
        }
        let none = sections::Auth { jwt_secret: None, ..settings(SECRET) };
        assert_eq!(Keys::new(&none).err(), Some(AuthError::NoSecret));
    }
}

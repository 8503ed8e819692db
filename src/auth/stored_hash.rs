//! Hashes of passwords as they are stored: ours, and those that another system made, until their users' first login here.

use super::AuthError;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordVerifier, Version, password_hash::Error as Argon2Error,
};
use std::{str::FromStr, time::Duration};

/// Rounds of bcrypt, as a power of two: 14 takes about a second, and every failed login may have to take as long.
const MAX_BCRYPT_COST: u32 = 14;
const MIN_BCRYPT_COST: u32 = 4;
/// Of argon2: memory in KiB (256 MiB), lanes, and memory times passes (1 GiB, about a second).
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_LANES: u32 = 16;
const MAX_WORK_KIB: u64 = 1024 * 1024;

/// About what a core of today takes, for the price of a kind: a round of bcrypt, and a KiB that argon2 passes over.
const BCRYPT_ROUND: Duration = Duration::from_micros(50);
const ARGON2_KIB: Duration = Duration::from_nanos(900);

/// Why a text is no hash that is checked here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHash {
    #[error(
        "passwordHash must be bcrypt ($2a$, $2b$, $2y$) or argon2 ($argon2id$v=19$m=…,t=…,p=…$salt$hash)"
    )]
    Unknown,
    /// So dear that every login with it would hold a core for seconds.
    #[error("passwordHash is too costly: {0}")]
    TooCostly(String),
}

/// What it costs to check a hash: those of one kind take the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HashKind {
    Bcrypt { cost: u32 },
    Argon2 { algorithm: Algorithm, version: Version, params: Params },
}

/// A hash that can be checked, at a cost within the bounds.
#[derive(Debug)]
pub struct StoredHash<'a> {
    pub kind: HashKind,
    text: &'a str,
}

impl HashKind {
    /// From a whole hash, or its beginning up to the salt.
    pub fn parse(text: &str) -> Result<Self, BadHash> {
        let mut parts = text.split('$').skip(1);
        let mut part = || parts.next().ok_or(BadHash::Unknown);
        match part()? {
            "2a" | "2b" | "2y" => {
                let cost = part()?;
                let is_cost = cost.len() == 2 && cost.bytes().all(|byte| byte.is_ascii_digit());
                let cost = Some(cost).filter(|_| is_cost).and_then(|cost| cost.parse().ok());
                let cost = cost.filter(|cost| *cost >= MIN_BCRYPT_COST);
                Self::Bcrypt { cost: cost.ok_or(BadHash::Unknown)? }.within_bounds()
            }
            name => {
                let algorithm = Algorithm::from_str(name).map_err(|_| BadHash::Unknown)?;
                // Without a version it would be the old one, which nobody means.
                let version = part()?.strip_prefix("v=").and_then(|v| v.parse::<u32>().ok());
                let version = version.and_then(|version| Version::try_from(version).ok());
                let params = Params::from_str(part()?).map_err(|_| BadHash::Unknown)?;
                Self::Argon2 { algorithm, version: version.ok_or(BadHash::Unknown)?, params }.within_bounds()
            }
        }
    }

    fn within_bounds(self) -> Result<Self, BadHash> {
        let too_costly = |what: &str, is: u64, most: u64| {
            Err(BadHash::TooCostly(format!("{what} {is}, where {most} is the most")))
        };
        match &self {
            Self::Bcrypt { cost } if *cost > MAX_BCRYPT_COST => {
                too_costly("bcrypt cost", (*cost).into(), MAX_BCRYPT_COST.into())
            }
            Self::Argon2 { params, .. } => {
                let (memory, passes, lanes) = (params.m_cost(), params.t_cost(), params.p_cost());
                let work = u64::from(memory) * u64::from(passes);
                if memory > MAX_MEMORY_KIB {
                    too_costly("argon2 memory (m)", memory.into(), MAX_MEMORY_KIB.into())
                } else if work > MAX_WORK_KIB {
                    too_costly("argon2 memory times passes (m*t)", work, MAX_WORK_KIB)
                } else if lanes > MAX_LANES {
                    too_costly("argon2 lanes (p)", lanes.into(), MAX_LANES.into())
                } else {
                    Ok(self)
                }
            }
            Self::Bcrypt { .. } => Ok(self),
        }
    }

    /// About how long a check takes.
    pub fn price(&self) -> Duration {
        match self {
            Self::Bcrypt { cost } => BCRYPT_ROUND * (1 << cost),
            // Within the bounds it fits.
            Self::Argon2 { params, .. } => ARGON2_KIB * params.m_cost().saturating_mul(params.t_cost()),
        }
    }

    /// Does the work of checking a password against a hash of this kind, for its time alone.
    pub(super) fn spend(&self, password: &[u8]) -> Result<(), AuthError> {
        const SALT: [u8; 16] = [0; 16];
        match self {
            Self::Bcrypt { cost } => {
                bcrypt::hash_with_salt_bytes(password, *cost, SALT).map(drop).map_err(|_| AuthError::Internal)
            }
            Self::Argon2 { algorithm, version, params } => {
                let argon2 = Argon2::new(*algorithm, *version, params.clone());
                let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
                argon2.hash_password_into(password, &SALT, &mut out).map_err(|_| AuthError::Internal)
            }
        }
    }
}

impl<'a> StoredHash<'a> {
    /// Errors: what is no such hash, or one too costly to check.
    pub fn parse(text: &'a str) -> Result<Self, BadHash> {
        let kind = HashKind::parse(text)?;
        let whole = match &kind {
            HashKind::Bcrypt { .. } => bcrypt::HashParts::from_str(text).is_ok(),
            HashKind::Argon2 { .. } => {
                PasswordHash::new(text).is_ok_and(|hash| hash.salt.is_some() && hash.hash.is_some())
            }
        };
        if whole { Ok(Self { kind, text }) } else { Err(BadHash::Unknown) }
    }

    /// True where `password` is the one that was hashed; of bcrypt only its first 72 bytes count. Errors: `Internal`.
    pub(super) fn verify(&self, password: &[u8]) -> Result<bool, AuthError> {
        match &self.kind {
            HashKind::Bcrypt { .. } => bcrypt::verify(password, self.text).map_err(|_| AuthError::Internal),
            HashKind::Argon2 { .. } => {
                let hash = PasswordHash::new(self.text).map_err(|_| AuthError::Internal)?;
                // By the hash's own parameters, whichever are this one's.
                match Argon2::default().verify_password(password, &hash) {
                    Ok(()) => Ok(true),
                    Err(Argon2Error::PasswordInvalid) => Ok(false),
                    Err(_) => Err(AuthError::Internal),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::PasswordHasher;
    use proptest::prelude::*;

    fn argon2(name: &str, m: u32, t: u32, p: u32) -> String {
        let params = Params::new(m, t, p, None).unwrap();
        let hasher = Argon2::new(Algorithm::from_str(name).unwrap(), Version::V0x13, params);
        let salt = [7; 16];
        let hash: PasswordHash = hasher.hash_password_with_salt(b"secreto1", &salt).unwrap();
        hash.to_string()
    }

    /// The last three were made by PHP, by glibc and by the reference argon2.
    #[test]
    fn hashes_of_other_systems_are_checked() {
        let bcrypt =
            |version| bcrypt::hash_with_salt("secreto1", 4, [1; 16]).unwrap().format_for_version(version);
        let mut all: Vec<String> =
            [bcrypt::Version::TwoA, bcrypt::Version::TwoB, bcrypt::Version::TwoY].map(bcrypt).into();
        all.extend(["argon2i", "argon2d", "argon2id"].map(|name| argon2(name, 64, 3, 2)));
        for text in all {
            let hash = StoredHash::parse(&text).unwrap();
            assert_eq!(hash.verify(b"secreto1"), Ok(true), "{text}");
            assert_eq!(hash.verify(b"secreto2"), Ok(false), "{text}");
            assert_eq!(hash.verify(b""), Ok(false), "{text}");
            assert_eq!(HashKind::parse(&text), Ok(hash.kind.clone()), "{text}");
            assert_eq!(hash.kind.spend(b"secreto1"), Ok(()));
        }
        for (text, password) in [
            ("$2y$10$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a", "rasmuslerdorf"),
            ("$2b$10$N9qo8uLOickgx2ZMRZoMyeaHnMhe/aJj1nu3JY56ufWbytgebWIS6", "ana-2024"),
            (
                "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRvZmx1aXM$SIETxy/gzZZrUJoMZzm1+dS368nJ6KadOQa0zvvGmc0",
                "luis-2024",
            ),
        ] {
            assert_eq!(StoredHash::parse(text).unwrap().verify(password.as_bytes()), Ok(true), "{text}");
        }
    }

    #[test]
    fn what_is_no_hash_or_too_dear_is_refused() {
        let good = bcrypt::hash_with_salt("x", 4, [1; 16]).unwrap().to_string();
        let cost = |cost| good.replacen("$04$", cost, 1);
        let phc = |rest: &str| format!("$argon2id$v=19${rest}$c29tZXNhbHQ$MTIzNDU2Nzg5MDEyMzQ1Ng");
        for text in
            ["", "secreto1", "$", "$2b$", "$2b$10", "$2x$04$", "$1$abc$def", "$argon2id$", &good[..59]]
        {
            assert_eq!(StoredHash::parse(text).err(), Some(BadHash::Unknown), "{text}");
        }
        let unversioned = "$argon2i$m=64,t=3,p=1$c29tZXNhbHQ$MTIzNDU2Nzg5MDEyMzQ1Ng";
        for text in [
            &cost("$4$"),
            &cost("$+4$"),
            &cost("$03$"),
            unversioned,
            &phc("m=64,t=3"),
            &phc("m=1,t=1,p=1"),
            "$argon2id$v=19$m=64,t=3,p=1$c29tZXNhbHQ",
        ] {
            let parsed = StoredHash::parse(text).map(|hash| hash.kind);
            // A parameter that is left out has the library's default.
            assert!(parsed == Err(BadHash::Unknown) || text.contains("m=64,t=3$"), "{text}: {parsed:?}");
        }
        for (text, dear) in [
            (cost("$14$"), None),
            (cost("$15$"), Some("bcrypt cost 15, where 14 is the most")),
            (cost("$31$"), Some("bcrypt cost 31, where 14 is the most")),
            (phc("m=262144,t=4,p=4"), None),
            (phc("m=262145,t=1,p=1"), Some("argon2 memory (m) 262145, where 262144 is the most")),
            (
                phc("m=262144,t=5,p=1"),
                Some("argon2 memory times passes (m*t) 1310720, where 1048576 is the most"),
            ),
            (
                phc("m=4294967295,t=4294967295,p=1"),
                Some("argon2 memory (m) 4294967295, where 262144 is the most"),
            ),
            (phc("m=1024,t=1,p=17"), Some("argon2 lanes (p) 17, where 16 is the most")),
        ] {
            let refused = StoredHash::parse(&text).err().map(|error| error.to_string());
            assert_eq!(refused, dear.map(|dear| format!("passwordHash is too costly: {dear}")), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in r"\$?(2[abxy]|argon2i?d?|[a-z0-9]{0,3})?\$?[a-zA-Z0-9=,./+$]{0,90}|.{0,60}") {
            if let Ok(hash) = StoredHash::parse(&text) {
                prop_assert!(hash.kind.within_bounds().is_ok());
            }
        }
    }
}

//! Passwords: argon2id (RFC 9106) on a few threads that serve no socket, with a bounded queue in front.
//!
//! Nobody learns from an answer's time whether an address is a user's: each failed check does the same work, once for
//! every kind of hash that some user has. That is ours alone, but while users who moved in have not logged in yet.

use super::{
    AuthError,
    stored_hash::{HashKind, StoredHash},
};
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Fewest and most characters of a new password; the most bounds what is hashed.
pub const MIN_LEN: usize = 8;
pub const MAX_LEN: usize = 256;

/// OWASP's second recommendation: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes and checks passwords. Cheap to clone; clones share the queue.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    /// The kind of hash that is made here.
    ours: HashKind,
    /// Those being computed and those waiting.
    places: Arc<Semaphore>,
    /// Those being computed; each holds 19 MiB and a core.
    cores: Arc<Semaphore>,
}

impl HashKind {
    /// True of the kind that is made here.
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Argon2 { algorithm: Algorithm::Argon2id, version: Version::V0x13, params } => {
                (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES)
            }
            _ => false,
        }
    }
}

/// What came of checking a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right; and what was stored is another system's hash, which this one of ours is to replace.
    Renewed(String),
}

/// A place in the queue. Taken early, so that a login that cannot be served is refused before it costs anything.
pub struct Place(OwnedSemaphorePermit);

impl Passwords {
    /// `at_once` and `waiting`: `auth.hash_concurrency`, `auth.hash_queue`. Errors: `Internal`.
    pub fn new(at_once: usize, waiting: usize) -> Result<Self, AuthError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| AuthError::Internal)?;
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        let argon2 = Argon2::new(algorithm, version, params.clone());
        let ours = HashKind::Argon2 { algorithm, version, params };
        let at_once = at_once.max(1);
        Ok(Self {
            argon2,
            ours,
            places: Arc::new(Semaphore::new(at_once.saturating_add(waiting).min(Semaphore::MAX_PERMITS))),
            cores: Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS))),
        })
    }

    /// The kind of hash that is made here.
    pub(super) fn ours(&self) -> &HashKind {
        &self.ours
    }

    /// Joins the queue. Errors: `Overloaded`.
    pub fn queue(&self) -> Result<Place, AuthError> {
        self.places.clone().try_acquire_owned().map(Place).map_err(|_| AuthError::Overloaded)
    }

    /// Checks `password` against `stored`; of an unknown user nothing is. `others` are the kinds of hashes, besides ours,
    /// that some user has. Errors: `Internal`, also where what is stored is no hash, or one too costly to check.
    pub async fn verify(
        &self,
        place: Place,
        password: SecretString,
        stored: Option<String>,
        others: Arc<[HashKind]>,
    ) -> Result<Verdict, AuthError> {
        let (argon2, ours) = (self.argon2.clone(), self.ours.clone());
        self.run(place, move || {
            let password = password.expose_secret().as_bytes();
            let stored = stored.as_deref().map(StoredHash::parse).transpose();
            let stored = stored.map_err(|_| AuthError::Internal)?;
            if let Some(stored) = &stored
                && stored.verify(password)?
            {
                return match stored.kind == ours {
                    true => Ok(Verdict::Right),
                    // However short it is: it was good enough where it comes from.
                    false => hash(&argon2, password).map(Verdict::Renewed),
                };
            }
            let checked = stored.as_ref().map(|stored| &stored.kind);
            remaining(&ours, &others, checked).try_for_each(|kind| kind.spend(password))?;
            Ok(Verdict::Wrong)
        })
        .await
    }

    /// Hashes a new password to a PHC string. Errors: `UnfitPassword`, `Overloaded`, `Internal`.
    pub async fn hash(&self, password: SecretString) -> Result<String, AuthError> {
        if !(MIN_LEN..=MAX_LEN).contains(&password.expose_secret().chars().count()) {
            return Err(AuthError::UnfitPassword);
        }
        let argon2 = self.argon2.clone();
        let place = self.queue()?;
        self.run(place, move || hash(&argon2, password.expose_secret().as_bytes())).await
    }

    /// The work keeps its place and its core to the end, also where the caller has gone.
    async fn run<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce() -> Result<T, AuthError> + Send + 'static,
    ) -> Result<T, AuthError> {
        let core = self.cores.clone().acquire_owned().await.map_err(|_| AuthError::Internal)?;
        tokio::task::spawn_blocking(move || {
            let _held = (place.0, core);
            work()
        })
        .await
        .map_err(|_| AuthError::Internal)?
    }
}

/// The work that is left of a failed check, after the kind that was `checked`.
fn remaining<'a>(
    ours: &'a HashKind,
    others: &'a [HashKind],
    checked: Option<&'a HashKind>,
) -> impl Iterator<Item = &'a HashKind> {
    std::iter::once(ours).chain(others).filter(move |kind| checked != Some(*kind))
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, AuthError> {
    let hash: PasswordHash = argon2.hash_password(password).map_err(|_| AuthError::Internal)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_hashed_as_promised_and_checked() {
        let passwords = Passwords::new(2, 2).unwrap();
        let stored = passwords.hash("password123".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash("password123".into()).await.unwrap(), "salted");
        let check = async |password: &str, stored: Option<&str>| {
            let place = passwords.queue().unwrap();
            passwords.verify(place, password.into(), stored.map(str::to_owned), Arc::default()).await
        };
        assert_eq!(check("password123", Some(&stored)).await, Ok(Verdict::Right));
        assert_eq!(check("password124", Some(&stored)).await, Ok(Verdict::Wrong));
        assert_eq!(check("", Some(&stored)).await, Ok(Verdict::Wrong));
        assert_eq!(check("", None).await, Ok(Verdict::Wrong));
        assert_eq!(check("password123", Some("password123")).await, Err(AuthError::Internal));

        // Another system's: right once, with one of ours to be kept from then on; also where it is short for here.
        let foreign = bcrypt::hash_with_salt("secret", 4, [1; 16]).unwrap().to_string();
        assert_eq!(check("Secret", Some(&foreign)).await, Ok(Verdict::Wrong));
        let Ok(Verdict::Renewed(renewed)) = check("secret", Some(&foreign)).await else { panic!() };
        assert!(renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{renewed}");
        assert_eq!(check("secret", Some(&renewed)).await, Ok(Verdict::Right));
        let dear = foreign.replacen("$04$", "$20$", 1);
        assert_eq!(check("secret", Some(&dear)).await, Err(AuthError::Internal), "not for half an hour");
    }

    /// Who fails learns nothing from the time: unknown, with a hash of ours, with another's, it is the same work.
    #[test]
    fn every_failed_check_does_the_same_work() {
        let passwords = Passwords::new(1, 1).unwrap();
        let others = [HashKind::Bcrypt { cost: 12 }, HashKind::Bcrypt { cost: 10 }];
        assert!(passwords.ours.is_ours() && !others.iter().any(HashKind::is_ours));
        let work = |checked: Option<&HashKind>, others: &[HashKind]| {
            let left = remaining(&passwords.ours, others, checked);
            let mut all: Vec<String> = left.chain(checked).map(|kind| format!("{kind:?}")).collect();
            all.sort();
            all
        };
        assert_eq!(work(None, &[]), work(Some(&passwords.ours), &[]));
        let expected = work(None, &others);
        assert_eq!(expected.len(), 3);
        for checked in others.iter().chain([&passwords.ours]) {
            assert_eq!(work(Some(checked), &others), expected);
        }
    }

    #[tokio::test]
    async fn lengths_are_checked_and_the_queue_ends() {
        let passwords = Passwords::new(1, 1).unwrap();
        for unfit in ["", "seven77", &"x".repeat(257)] {
            assert_eq!(passwords.hash(unfit.into()).await, Err(AuthError::UnfitPassword));
        }
        let held = (passwords.queue().unwrap(), passwords.queue().unwrap());
        assert_eq!(passwords.queue().err(), Some(AuthError::Overloaded));
        assert_eq!(passwords.hash("password123".into()).await, Err(AuthError::Overloaded));
        drop(held);
        assert!(passwords.hash("password123".into()).await.is_ok());
    }
}

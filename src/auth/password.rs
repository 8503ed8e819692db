//! Passwords: argon2id (RFC 9106) on a few threads that serve no socket, with a bounded queue in front.

use super::AuthError;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash,
};
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
    /// What the password of an unknown user is checked against, so that it takes the same time.
    decoy: Arc<str>,
    /// Those being computed and those waiting.
    places: Arc<Semaphore>,
    /// Those being computed; each holds 19 MiB and a core.
    cores: Arc<Semaphore>,
}

/// A place in the queue. Taken early, so that a login that cannot be served is refused before it costs anything.
pub struct Place(OwnedSemaphorePermit);

impl Passwords {
    /// `at_once` and `waiting`: `auth.hash_concurrency`, `auth.hash_queue`. Costs one hash. Errors: `Internal`.
    pub fn new(at_once: usize, waiting: usize) -> Result<Self, AuthError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| AuthError::Internal)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, b"the password of nobody")?;
        let at_once = at_once.max(1);
        Ok(Self {
            argon2,
            decoy: decoy.into(),
            places: Arc::new(Semaphore::new(at_once.saturating_add(waiting).min(Semaphore::MAX_PERMITS))),
            cores: Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS))),
        })
    }

    /// Joins the queue. Errors: `Overloaded`.
    pub fn queue(&self) -> Result<Place, AuthError> {
        self.places.clone().try_acquire_owned().map(Place).map_err(|_| AuthError::Overloaded)
    }

    /// True where `password` is the one that was hashed to `stored`, a PHC string; `None` for an unknown user takes as
    /// long and is false. Errors: `Internal`, also where what is stored is not a hash.
    pub async fn verify(
        &self,
        place: Place,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<bool, AuthError> {
        let (argon2, decoy) = (self.argon2.clone(), self.decoy.clone());
        self.run(place, move || {
            let known = stored.is_some();
            let parsed =
                PasswordHash::new(stored.as_deref().unwrap_or(&decoy)).map_err(|_| AuthError::Internal)?;
            match argon2.verify_password(password.expose_secret().as_bytes(), &parsed) {
                Ok(()) => Ok(known),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(_) => Err(AuthError::Internal),
            }
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
            passwords.verify(place, password.into(), stored.map(str::to_owned)).await
        };
        assert_eq!(check("password123", Some(&stored)).await, Ok(true));
        assert_eq!(check("password124", Some(&stored)).await, Ok(false));
        assert_eq!(check("", Some(&stored)).await, Ok(false));
        assert_eq!(check("the password of nobody", None).await, Ok(false));
        assert_eq!(check("password123", Some("password123")).await, Err(AuthError::Internal));
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

//! Verifies access tokens: signature and times here, standing in the database, believed for a few seconds.

use super::{AuthError, Claims, Keys, cache::Cache, standing::judge};
use crate::{
    config::sections,
    domain::{
        ids::{LoginId, RestaurantId, UserId},
        principal::Verified,
    },
    store::{Store, StoreError, users, users::Standing},
};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Longest wait for a standing: a frozen database must not hold requests. Shorter than what a client is promised
/// (5 s).
const ANSWER_WITHIN: Duration = Duration::from_secs(4);

/// Whose standing: what a token claims of its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bearer {
    pub restaurant: RestaurantId,
    pub user: UserId,
    pub login: Option<LoginId>,
}

/// Where standings are read.
pub trait Standings: Send + Sync + 'static {
    fn read(&self, bearer: Bearer) -> BoxFuture<'static, Result<Standing, StoreError>>;
}

impl Standings for Store {
    fn read(&self, bearer: Bearer) -> BoxFuture<'static, Result<Standing, StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            let tx = store.read(bearer.restaurant).await?;
            let standing = users::standing(&tx, bearer.restaurant, bearer.user, bearer.login).await?;
            tx.commit().await?;
            Ok(standing)
        })
    }
}

/// Cheap to clone; clones share the cache.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<Keys>,
    foreign_users: bool,
    cache: Arc<Cache>,
}

impl Verifier {
    /// `settings.principal_ttl` bounds how long a role change or removal goes unnoticed.
    pub fn new(keys: Arc<Keys>, standings: Arc<dyn Standings>, settings: &sections::Auth) -> Self {
        let cache = Arc::new(Cache::new(standings, *settings.principal_ttl, ANSWER_WITHIN));
        Self { keys, foreign_users: settings.foreign_users, cache }
    }

    /// Whose token this is, in the role of now, and for how long. Errors: `InvalidToken`, `TokenExpired`, `Revoked`;
    /// `Store` (try again) where the database could not be asked.
    pub async fn verify(&self, token: &str) -> Result<Verified, AuthError> {
        let claims = self.keys.check(token, Timestamp::now())?;
        let Claims { restaurant, user, login, .. } = claims;
        let standing = self.cache.get(Bearer { restaurant, user, login }, Instant::now()).await?;
        let (principal, boards) = judge(&claims, &standing, self.foreign_users)?;
        // Counted from now: the database may have taken its time.
        let left = claims.expires_at.duration_since(Timestamp::now());
        match Duration::try_from(left) {
            Ok(valid_for) if !valid_for.is_zero() => {
                Ok(Verified { principal, expires_at: claims.expires_at, valid_for, boards })
            }
            _ => Err(AuthError::TokenExpired),
        }
    }

    /// Forgets what is known of a login, so that its next token is looked up.
    pub fn invalidate(&self, login: LoginId) {
        self.cache.forget(|bearer| bearer.login == Some(login));
    }

    /// Forgets what is known of a user.
    pub fn invalidate_user(&self, user: UserId) {
        self.cache.forget(|bearer| bearer.user == user);
    }

    /// Forgets what is known of everybody of a restaurant or an NGO.
    pub fn invalidate_tenant(&self, tenant: RestaurantId) {
        self.cache.forget(|bearer| bearer.restaurant == tenant);
    }
}

#[cfg(test)]
mod tests;

//! One change of people in a transaction, answered once per idempotency key.

use super::{Changed, People};
use crate::{
    auth::AuthError,
    code::ErrorCode,
    domain::{
        command::IdempotencyKey, ids::LoginId, people::Person, principal::Principal, rejection::Rejection,
    },
    store::{
        StoreError, Tx,
        people::{self, Kept},
    },
};
use ring::hmac;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

/// What a request came to; at managers' own calls nothing is left of a user who was removed.
#[derive(Debug)]
pub struct Done<T = Option<Person>> {
    pub outcome: Result<T, Rejection>,
    /// Given before, for the same key.
    pub replayed: bool,
    /// Logins that ended with it: their sockets are to be closed at once.
    pub ended: Vec<LoginId>,
}

/// A transaction that may go on.
pub(super) struct Turn {
    pub tx: Tx,
    kept: Option<Kept>,
}

pub(super) enum Begun<T> {
    Turn(Box<Turn>),
    Answered(Done<T>),
}

/// What an answer must be to be kept.
pub(super) trait Answer: Serialize + DeserializeOwned + Debug + Send + Sync {}
impl<T: Serialize + DeserializeOwned + Debug + Send + Sync> Answer for T {}

impl People {
    /// A transaction in the restaurant of `by`, unless the key has its answer already.
    /// Errors: `IdempotencyInFlight`, `IdempotencyKeyReused`, `Store`.
    pub(super) async fn begin<T: Answer>(
        &self,
        by: &Principal,
        scope: &'static str,
        key: Option<IdempotencyKey>,
    ) -> Result<Begun<T>, AuthError> {
        let tx = self.0.tokens.0.store.write(by.restaurant).await?;
        let kept = key.map(|IdempotencyKey { key, fingerprint }| {
            let mut keyed = [0; 32];
            keyed.copy_from_slice(hmac::sign(&self.0.fingerprints, &fingerprint).as_ref());
            Kept { restaurant: by.restaurant, user: by.user, scope, key, fingerprint: keyed }
        });
        let Some(kept) = kept else { return Ok(Begun::Turn(Box::new(Turn { tx, kept: None }))) };
        if !people::claim(&tx, &kept).await? {
            tx.rollback().await?;
            let why = "a request with this Idempotency-Key is being answered";
            return Err(Rejection::new(ErrorCode::IdempotencyInFlight, why).into());
        }
        match people::find(&tx, &kept).await? {
            None => Ok(Begun::Turn(Box::new(Turn { tx, kept: Some(kept) }))),
            Some((fingerprint, outcome)) => {
                tx.rollback().await?;
                if fingerprint != kept.fingerprint {
                    let why = "this Idempotency-Key was used for another request";
                    return Err(Rejection::new(ErrorCode::IdempotencyKeyReused, why).into());
                }
                Ok(Begun::Answered(Done { outcome, replayed: true, ended: Vec::new() }))
            }
        }
    }

    /// Commits what was done, or undoes it, and keeps a final answer under the key.
    pub(super) async fn finish<T: Answer>(
        &self,
        turn: Turn,
        result: Result<Changed<T>, AuthError>,
    ) -> Result<Done<T>, AuthError> {
        let Turn { tx, kept } = turn;
        match result {
            Ok(Changed { answer, users, ended }) => {
                let outcome = Ok(answer);
                if let Some(kept) = &kept {
                    people::keep(&tx, kept, &outcome).await?;
                }
                tx.commit().await?;
                users.into_iter().for_each(|user| self.0.tokens.0.verifier.invalidate_user(user));
                Ok(Done { outcome, replayed: false, ended })
            }
            Err(AuthError::Rejected(rejection)) => {
                tx.rollback().await?;
                let outcome = Err(rejection);
                if let Some(kept) = kept.filter(|_| is_final(&outcome)) {
                    self.keep(&kept, &outcome).await?;
                }
                Ok(Done { outcome, replayed: false, ended: Vec::new() })
            }
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }

    /// In a transaction of its own: the one that was refused may be broken.
    async fn keep<T: Answer>(&self, kept: &Kept, outcome: &Result<T, Rejection>) -> Result<(), AuthError> {
        let tx = self.0.tokens.0.store.write(kept.restaurant).await?;
        match people::keep(&tx, kept, outcome).await {
            Ok(()) => Ok(tx.commit().await?),
            // Its twin was as quick; what it was told is as good.
            Err(StoreError::Constraint(_)) => Ok(tx.rollback().await?),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the same request would be answered so again, until something else changes.
fn is_final<T>(outcome: &Result<T, Rejection>) -> bool {
    outcome.as_ref().is_err_and(|rejection| matches!(rejection.code.face().status, 404 | 409 | 422))
}

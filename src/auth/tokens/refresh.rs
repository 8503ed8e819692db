//! Refreshing and logging out: one refresh token for the next, or the end of the family.

use super::{
    super::{
        AuthError,
        refresh_token::{RefreshToken, sha256},
        rotation::{Decision, decide},
    },
    Inner, Refreshed,
};
use crate::{
    domain::ids::LoginId,
    store::{
        logins::{self, Revoked, Rotation},
        people,
    },
};

impl Inner {
    pub(super) async fn refresh(
        &self,
        token: RefreshToken,
        key: Option<String>,
    ) -> Result<Refreshed, AuthError> {
        let (restaurant, login) = (token.restaurant, token.login);
        let key_hash = key.as_ref().map(|key| sha256(key.as_bytes()));
        let _place = self.strangers.enter().await?;
        let tx = self.store.write(restaurant).await?;
        let held = logins::lock_and_read(&tx, restaurant, login, &token.hash()).await?;
        let decision = held.as_ref().map_or(Decision::Refuse, |held| decide(held, key_hash.as_ref()));
        let next = match (held, decision) {
            (Some(held), Decision::Rotate) => {
                let next = token.successor(key.as_deref(), &self.successors)?;
                let rotation = Rotation {
                    restaurant,
                    login,
                    token: token.hash(),
                    key: key_hash,
                    successor: next.hash(),
                    refresh_ttl: self.refresh_ttl,
                    lives: self.lives(held.access_ttl),
                };
                logins::rotate(&tx, &rotation).await?.then_some((held, next))
            }
            (Some(held), Decision::Repeat) => {
                Some((held, token.successor(key.as_deref(), &self.successors)?))
            }
            (_, Decision::Reuse) => {
                logins::revoke(&tx, restaurant, login, Revoked::Reuse).await?;
                tx.commit().await?;
                self.verifier.invalidate(login);
                tracing::warn!(restaurant.id = %restaurant, login.id = %login, "a refresh token came twice");
                return Ok(Refreshed::Reused { restaurant, login });
            }
            (_, Decision::Refuse) | (None, _) => None,
        };
        let Some((held, next)) = next else {
            tx.rollback().await?;
            return Err(AuthError::InvalidRefreshToken);
        };
        let boards = super::boards(&tx, &held.account).await?;
        let profile = people::profile(&tx, restaurant, held.account.user).await?;
        tx.commit().await?;
        let answer = self.answer(held.account, boards, profile, next, held.access_ttl)?;
        Ok(Refreshed::Answer(Box::new(answer)))
    }

    pub(super) async fn logout(&self, token: &RefreshToken) -> Result<Option<LoginId>, AuthError> {
        let _place = self.strangers.enter().await?;
        let tx = self.store.write(token.restaurant).await?;
        let ended = logins::logout(&tx, token.restaurant, token.login, &token.hash()).await?;
        tx.commit().await?;
        self.verifier.invalidate(token.login);
        Ok(ended.then_some(token.login))
    }
}

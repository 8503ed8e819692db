//! Logging in: throttled, the password checked off the socket threads and hashed anew where another system had hashed it,
//! then a login with its first refresh token.

use super::{
    super::{AuthError, Email, password::Verdict, refresh_token::RefreshToken},
    Inner, LoginAnswer,
};
use crate::{
    domain::{
        ids::LoginId,
        profile::{LoginBy, LoginName},
    },
    store::{Tx, logins, people, users},
};
use secrecy::SecretString;
use std::{net::IpAddr, sync::Arc, time::Duration};

/// Whom to look for.
enum Who {
    Email(Email),
    Name(LoginName),
    /// What is no address is nobody's; it is throttled and answered like any other.
    Nobody,
}

impl From<LoginBy> for Who {
    fn from(by: LoginBy) -> Self {
        match by {
            LoginBy::Email(text) => Email::parse(&text).map_or(Self::Nobody, Self::Email),
            LoginBy::Name(name) => Self::Name(name),
            LoginBy::Nobody => Self::Nobody,
        }
    }
}

impl Who {
    /// What their failures are counted under.
    fn spelling(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Name(name) => name.as_str(),
            Self::Nobody => "",
        }
    }
}

impl Inner {
    pub(super) async fn login(
        &self,
        by: LoginBy,
        password: SecretString,
        ttl: Duration,
        address: IpAddr,
    ) -> Result<LoginAnswer, AuthError> {
        let who = Who::from(by);
        // First what costs nothing: who guesses is told so, and takes no place from others.
        self.attempts.check(who.spelling(), address)?;
        let known = self.check(&who, password, address).await?;
        self.open(known, ttl).await
    }

    /// Checks the password of whoever is logged in already; the hash it was checked against. Counted as a login is: who
    /// holds a stolen token guesses no better than a stranger.
    pub(in crate::auth) async fn confirm(
        &self,
        email: &str,
        password: SecretString,
        address: IpAddr,
    ) -> Result<String, AuthError> {
        let who = Who::from(LoginBy::Email(email.to_owned()));
        self.attempts.check(who.spelling(), address)?;
        Ok(self.check(&who, password, address).await?.password_hash)
    }

    async fn check(
        &self,
        who: &Who,
        password: SecretString,
        address: IpAddr,
    ) -> Result<users::Credentials, AuthError> {
        let place = self.passwords.queue()?;
        let attempt = self.attempts.begin(who.spelling(), address).await?;
        let known = match who {
            Who::Email(email) => self.credentials(email).await?,
            Who::Name(name) => self.named(name).await?,
            Who::Nobody => None,
        };
        let stored = known.as_ref().map(|known| known.password_hash.clone());
        let others = self.foreign_hashes.kinds(|| self.foreign_kinds()).await?;
        let verdict = self.passwords.verify(place, password.clone(), stored, others).await?;
        if let Some(known) = &known {
            self.foreign_hashes.met(&known.password_hash, self.passwords.ours());
        }
        let checked = match (known, verdict) {
            (Some(known), Verdict::Right) => Some(known),
            (Some(known), Verdict::Renewed(hash)) => self.renew(known, hash, password).await?,
            _ => None,
        };
        match &checked {
            Some(_) => attempt.succeeded(),
            None => attempt.failed(),
        }
        checked.ok_or(AuthError::InvalidCredentials)
    }

    /// Keeps a hash of ours in place of another system's. Where somebody was quicker it is theirs that counts: the same
    /// user on another tablet, or another password.
    async fn renew(
        &self,
        known: users::Credentials,
        hash: String,
        password: SecretString,
    ) -> Result<Option<users::Credentials>, AuthError> {
        let users::Account { restaurant, user, .. } = known.account;
        let to = people::Change {
            password_hash: Some(&hash),
            only_with: Some(&known.password_hash),
            ..people::Change::default()
        };
        let tx = self.store.write(restaurant).await?;
        let renewed = people::change(&tx, restaurant, user, &to).await?.is_some();
        tx.commit().await?;
        if renewed {
            return Ok(Some(users::Credentials { password_hash: hash, ..known }));
        }
        let Some(Ok(email)) = known.account.email.as_deref().map(Email::parse) else { return Ok(None) };
        let Some(known) = self.credentials(&email).await? else { return Ok(None) };
        let (place, stored) = (self.passwords.queue()?, known.password_hash.clone());
        let verdict = self.passwords.verify(place, password, Some(stored), Arc::default()).await?;
        Ok(Some(known).filter(|_| verdict == Verdict::Right))
    }

    pub(in crate::auth) async fn credentials(
        &self,
        email: &Email,
    ) -> Result<Option<users::Credentials>, AuthError> {
        let _place = self.logins.enter().await?;
        let tx = self.store.untenanted().await?;
        let known = users::by_email(&tx, email.as_str()).await?;
        tx.commit().await?;
        Ok(known)
    }

    async fn foreign_kinds(&self) -> Result<Vec<String>, AuthError> {
        let _place = self.logins.enter().await?;
        let tx = self.store.untenanted().await?;
        let kinds = users::foreign_hash_kinds(&tx).await?;
        tx.commit().await?;
        Ok(kinds)
    }

    async fn named(&self, name: &LoginName) -> Result<Option<users::Credentials>, AuthError> {
        let _place = self.logins.enter().await?;
        let tx = self.store.untenanted().await?;
        let known = users::by_login(&tx, name).await?;
        tx.commit().await?;
        Ok(known)
    }

    /// Opens a login of a user whose password was this a moment ago.
    pub(in crate::auth) async fn open(
        &self,
        known: users::Credentials,
        ttl: Duration,
    ) -> Result<LoginAnswer, AuthError> {
        let users::Credentials { account, password_hash } = known;
        let tx = self.store.write(account.restaurant).await?;
        match self.open_in(&tx, account, Some(&password_hash), ttl).await {
            Ok(answer) => {
                tx.commit().await?;
                Ok(answer)
            }
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }

    /// The same in a transaction, which is to be committed; without a password for a display that was paired.
    pub(in crate::auth) async fn open_in(
        &self,
        tx: &Tx,
        account: users::Account,
        password_hash: Option<&str>,
        ttl: Duration,
    ) -> Result<LoginAnswer, AuthError> {
        let login = LoginId::generate();
        let token = RefreshToken::first(account.restaurant, login)?;
        let new = self.new_login(login, &account, ttl, password_hash);
        if !logins::open(tx, &new).await? {
            return Err(AuthError::InvalidCredentials);
        }
        logins::first_token(tx, account.restaurant, login, &token.hash(), self.refresh_ttl).await?;
        let boards = super::boards(tx, &account).await?;
        let profile = people::profile(tx, account.restaurant, account.user).await?;
        self.answer(account, boards, profile, token, ttl)
    }
}

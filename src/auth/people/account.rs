//! One's own account: the name for the asking, address and password for the current password.

use super::{People, heard, no_user};
use crate::{
    auth::{AuthError, Email, tokens::to_its_end},
    domain::{
        ids::LoginId,
        people::{Deed, Detail, Person},
        principal::Principal,
        profile::Profile,
        rejection::Rejection,
        resource::Fields,
        text::Name,
    },
    store::{
        logins::{self, Revoked},
        people::{self, Change},
    },
};
use secrecy::SecretString;
use std::net::IpAddr;

/// What shall change.
#[derive(Default)]
pub struct AccountChange {
    pub name: Option<Name>,
    pub email: Option<Email>,
    pub password: Option<SecretString>,
    pub profile: Profile,
    /// Asked for where the address, the password or the name to log in by changes.
    pub current: Option<SecretString>,
}

/// The account as it is then, and the other logins that ended.
pub struct Account {
    pub person: Person,
    pub profile: Fields,
    pub ended: Vec<LoginId>,
}

impl People {
    /// Changes the caller's own account; another password ends the other logins, which are told, and spares this one.
    /// Errors: `ValidationFailed`, `InvalidCredentials` for a wrong current password, `TooManyFailures`, `NotFound` for a
    /// user of another service, `EmailTaken`, `UnfitPassword`, `Overloaded`, `Store`.
    pub async fn change_account(
        &self,
        who: Principal,
        to: AccountChange,
        address: IpAddr,
    ) -> Result<Account, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            let inner = &this.0.tokens.0;
            let AccountChange { name, email, password, profile, current } = to;
            let known = inner.store.person(who.restaurant, who.user).await?;
            let known = known.ok_or_else(|| no_user(who.user))?;
            let mut checked = None;
            if email.is_some() || password.is_some() || profile.login.is_some() {
                let current =
                    current.ok_or_else(|| Rejection::invalid("currentPassword should not be empty"))?;
                checked = Some(inner.confirm(&known.email, current, address).await?);
            }
            let hash = match password {
                Some(password) => Some(inner.passwords.hash(password).await?),
                None => None,
            };
            let taking = this.taking(who.restaurant, email.is_some() || profile.login.is_some()).await?;
            let tx = inner.store.write(who.restaurant).await?;
            let changed = async {
                let to = Change {
                    name: name.as_ref().map(Name::as_str),
                    email: email.as_ref().map(Email::as_str),
                    role: None,
                    password_hash: hash.as_deref(),
                    only_with: checked.as_deref(),
                };
                let person = people::change(&tx, who.restaurant, who.user, &to).await?;
                // Gone, or another password came in between.
                let person = person.ok_or(AuthError::InvalidCredentials)?;
                let ended = match hash {
                    Some(_) => {
                        logins::end_all(&tx, who.restaurant, who.user, Revoked::Password, who.login).await?
                    }
                    None => Vec::new(),
                };
                let shown_so = !people::put_profile(&tx, who.restaurant, who.user, &profile).await?;
                let touched = match shown_so {
                    true => None,
                    false => people::touch(&tx, who.restaurant, who.user).await?,
                };
                let person = touched.unwrap_or(person);
                let mut detail = Detail::between(&known, &person, hash.is_some());
                detail.fields.extend(profile.fields.iter().map(|(name, _)| name.clone()));
                if detail != Detail::default() {
                    people::note(&tx, who.restaurant, who.user, Deed::UserChanged, who.user.0, &detail)
                        .await?;
                }
                let profile = people::profile(&tx, who.restaurant, who.user).await?;
                Ok(Account { person, profile, ended })
            };
            let changed = changed.await;
            heard(taking, &changed);
            match changed {
                Ok(changed) => {
                    tx.commit().await?;
                    changed.ended.iter().for_each(|login| inner.verifier.invalidate(*login));
                    Ok(changed)
                }
                Err(error) => {
                    tx.rollback().await?;
                    Err(error)
                }
            }
        })
        .await
    }

    /// Ends the login that the caller's token belongs to; a token of another service has none. Errors: `Store`.
    pub async fn log_out(&self, who: &Principal) -> Result<(), AuthError> {
        let Some(login) = who.login else { return Ok(()) };
        let (this, restaurant) = (self.clone(), who.restaurant);
        to_its_end(async move {
            let inner = &this.0.tokens.0;
            let tx = inner.store.write(restaurant).await?;
            logins::revoke(&tx, restaurant, login, Revoked::Logout).await?;
            tx.commit().await?;
            inner.verifier.invalidate(login);
            Ok(())
        })
        .await
    }
}

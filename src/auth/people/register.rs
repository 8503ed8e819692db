//! Registration: with an invite into its restaurant, or, where that is open, as the owner of a new one.

use super::{
    People,
    code::{Code, Kind, invalid},
};
use crate::{
    auth::{AuthError, Email, LoginAnswer, tokens::to_its_end},
    code::ErrorCode,
    config::sections::Register,
    domain::{
        ids::{RestaurantId, UserId},
        money::Currency,
        people::{Deed, Detail, may_manage},
        principal::{Principal, Role},
        profile::Profile,
        rejection::Rejection,
        text::Name,
    },
    store::{
        people,
        seed::NewRestaurant,
        users::{self, Account, Credentials, NewUser},
    },
};
use secrecy::SecretString;
use std::net::IpAddr;

/// What a client says of itself; its role is not among it.
pub struct Registration {
    pub email: Email,
    pub name: Name,
    pub password: SecretString,
    pub invite: Option<SecretString>,
    /// Of a new restaurant.
    pub restaurant: Option<Name>,
    pub currency: Option<Currency>,
    pub profile: Profile,
}

/// Of a new restaurant, where its owner says nothing else.
const CURRENCY: &str = "EUR";

impl People {
    /// Makes a user and logs it in. `by` is who presents a token, if anyone. A taken address is told, since its owner has
    /// to know why it does not work, but only with a good invite or where everyone may register, and five times an hour.
    /// Errors: `Forbidden`, `InvalidCode`, `EmailTaken`, `UnfitPassword`, `TooManyFailures`, `Overloaded`, `Store`.
    pub async fn register(
        &self,
        new: Registration,
        by: Option<Principal>,
        address: IpAddr,
    ) -> Result<LoginAnswer, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            let code = this.may_register(&new, by.as_ref())?;
            // Every attempt counts: each that goes on costs a hash and may learn whether an address is taken.
            this.0.registrations.count("", address)?;
            // Whoever has no good code does not get as far as a password's hash.
            if let Some(code) = &code {
                this.peek(code).await?;
            }
            let inner = &this.0.tokens.0;
            let password_hash = inner.passwords.hash(new.password.clone()).await?;
            let credentials = match code {
                Some(code) => this.join(&code, &new, password_hash).await?,
                None => this.found(&new, password_hash).await?,
            };
            inner.open(credentials, inner.access_ttl).await
        })
        .await
    }

    /// The invite's code, where one is needed or given.
    fn may_register(&self, new: &Registration, by: Option<&Principal>) -> Result<Option<Code>, AuthError> {
        let refused = |why: &str| AuthError::from(Rejection::new(ErrorCode::Forbidden, why));
        let code = new.invite.as_ref().map(|code| Code::parse(Kind::Invite, code)).transpose();
        match (self.0.register, code?) {
            (Register::Off, _) => Err(refused("registration is closed")),
            (Register::Open, code) => Ok(code),
            (Register::Invite | Register::Protected, None) => {
                Err(refused("registration needs an inviteCode"))
            }
            (Register::Invite, code) => Ok(code),
            (Register::Protected, Some(code)) => {
                let manager = by.filter(|by| by.restaurant == code.restaurant);
                let manager = manager.is_some_and(|by| may_manage(by.role, Role::Kitchen).is_ok());
                if manager { Ok(Some(code)) } else { Err(refused("registration needs a manager's token")) }
            }
        }
    }

    async fn peek(&self, code: &Code) -> Result<(), AuthError> {
        let tx = self.0.tokens.0.store.write(code.restaurant).await?;
        let found = people::redeem(&tx, code.restaurant, &code.hash()).await?;
        tx.rollback().await?;
        found.map(drop).ok_or_else(invalid)
    }

    /// Uses the invite and makes its user, together.
    async fn join(
        &self,
        code: &Code,
        new: &Registration,
        password_hash: String,
    ) -> Result<Credentials, AuthError> {
        let restaurant = code.restaurant;
        let tx = self.0.tokens.0.store.write(restaurant).await?;
        let joined = async {
            let invite = people::redeem(&tx, restaurant, &code.hash()).await?.ok_or_else(invalid)?;
            let user = user(restaurant, new, invite.role, password_hash);
            users::insert(&tx, &user).await?;
            people::put_profile(&tx, restaurant, user.user, &new.profile).await?;
            if !people::use_invite(&tx, restaurant, invite.id, user.user).await? {
                return Err(invalid());
            }
            let detail = Detail { invite: Some(invite.id), ..Detail::of(invite.role) };
            people::note(&tx, restaurant, user.user, Deed::Registered, user.user.0, &detail).await?;
            Ok(user)
        };
        match joined.await {
            Ok(user) => {
                tx.commit().await?;
                Ok(credentials(&user))
            }
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }

    /// Makes a restaurant as `comanda restaurant` does, without tables.
    async fn found(&self, new: &Registration, password_hash: String) -> Result<Credentials, AuthError> {
        let id = RestaurantId::generate();
        let owner = user(id, new, Role::Owner, password_hash);
        let usual = || Name::parse(&format!("{}'s restaurant", new.name));
        let name = match &new.restaurant {
            Some(name) => name.clone(),
            None => usual().map_err(|_| Rejection::invalid("restaurantName should not be empty"))?,
        };
        let currency = new.currency.or_else(|| Currency::from_code(CURRENCY)).ok_or(AuthError::Internal)?;
        let (tables, menu, stations, customers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let known = credentials(&owner);
        let house =
            NewRestaurant { id, name, currency, tables, menu, stations, customers, users: vec![owner] };
        let user = known.account.user;
        let tx = self.0.tokens.0.store.found(&house).await?;
        if let Err(error) = people::put_profile(&tx, id, user, &new.profile).await {
            tx.rollback().await?;
            return Err(error.into());
        }
        people::note(&tx, id, user, Deed::Registered, user.0, &Detail::of(Role::Owner)).await?;
        tx.commit().await?;
        Ok(known)
    }
}

fn user(restaurant: RestaurantId, new: &Registration, role: Role, password_hash: String) -> NewUser {
    NewUser {
        user: UserId::generate(),
        restaurant,
        email: new.email.as_str().to_owned(),
        name: new.name.to_string(),
        role,
        password_hash,
    }
}

fn credentials(new: &NewUser) -> Credentials {
    let NewUser { user, restaurant, email, name, role, password_hash } = new;
    let (email, name) = (Some(email.clone()), name.clone());
    let account = Account { user: *user, restaurant: *restaurant, email, name, role: *role };
    Credentials { account, password_hash: password_hash.clone() }
}

//! Managers make, change and remove users; nobody above themselves, and never the last owner.

use super::{
    Changed, People, heard, no_user,
    turn::{Begun, Done, Turn},
};
use crate::{
    auth::{AuthError, Email, tokens::to_its_end},
    code::ErrorCode,
    domain::{
        command::IdempotencyKey,
        ids::UserId,
        people::{Deed, Detail, Person, may_lose_an_owner, may_manage},
        principal::{Principal, Role},
        rejection::Rejection,
        text::Name,
    },
    store::{
        logins::{self, Revoked},
        people::{self, Change},
        users::{self, NewUser},
    },
};
use secrecy::SecretString;

/// A user to be made.
pub struct NewPerson {
    pub email: Email,
    pub name: Name,
    pub role: Role,
    pub password: SecretString,
}

/// What of a user shall change.
#[derive(Default)]
pub struct PersonChange {
    pub email: Option<Email>,
    pub name: Option<Name>,
    pub role: Option<Role>,
    pub password: Option<SecretString>,
}

impl People {
    /// Makes a user. Errors: `Forbidden`, `EmailTaken`, `UnfitPassword`, `Overloaded`, `Store`, and the key's.
    pub async fn create(
        &self,
        by: Principal,
        new: NewPerson,
        key: Option<IdempotencyKey>,
    ) -> Result<Done, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            may_manage(by.role, new.role)?;
            // Before the transaction: it takes a while, and no row should wait for it.
            let password_hash = this.0.tokens.0.passwords.hash(new.password).await?;
            let taking = this.taking(by.restaurant, true).await?;
            let turn = match this.begin(&by, "CreateUser", key).await? {
                Begun::Answered(done) => return Ok(done),
                Begun::Turn(turn) => *turn,
            };
            let user = NewUser {
                user: UserId::generate(),
                restaurant: by.restaurant,
                email: new.email.as_str().to_owned(),
                name: new.name.to_string(),
                role: new.role,
                password_hash,
            };
            let made = insert(&turn, &by, &user).await;
            heard(taking, &made);
            this.finish(turn, made).await
        })
        .await
    }

    /// Changes a user. Another password ends the user's logins. One's own address and password ask for the current
    /// password, which this does not. Errors: `Forbidden`, `NotFound`, `EmailTaken`, `LastOwner`, `UnfitPassword`,
    /// `Overloaded`, `Store`, and the key's.
    pub async fn change(
        &self,
        by: Principal,
        user: UserId,
        to: PersonChange,
        key: Option<IdempotencyKey>,
    ) -> Result<Done, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            let PersonChange { email, name, role, password } = to;
            may_manage(by.role, role.unwrap_or(Role::Kitchen))?;
            if user == by.user && (email.is_some() || password.is_some()) {
                return Err(own());
            }
            let hash = match password {
                Some(password) => Some(this.0.tokens.0.passwords.hash(password).await?),
                None => None,
            };
            let taking = this.taking(by.restaurant, email.is_some()).await?;
            let turn = match this.begin(&by, "ChangeUser", key).await? {
                Begun::Answered(done) => return Ok(done),
                Begun::Turn(turn) => *turn,
            };
            let to = Change {
                name: name.as_ref().map(Name::as_str),
                email: email.as_ref().map(Email::as_str),
                role,
                password_hash: hash.as_deref(),
                only_with: None,
            };
            let changed = update(&turn, &by, user, &to).await;
            heard(taking, &changed);
            this.finish(turn, changed).await
        })
        .await
    }

    /// Removes a user: tokens and sockets end, the address is free again. Errors: `Forbidden`, `NotFound`, `LastOwner`,
    /// `Store`, and the key's.
    pub async fn remove(
        &self,
        by: Principal,
        user: UserId,
        key: Option<IdempotencyKey>,
    ) -> Result<Done, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            may_manage(by.role, Role::Kitchen)?;
            let turn = match this.begin(&by, "RemoveUser", key).await? {
                Begun::Answered(done) => return Ok(done),
                Begun::Turn(turn) => *turn,
            };
            let removed = delete(&turn, &by, user).await;
            this.finish(turn, removed).await
        })
        .await
    }
}

pub(super) async fn insert(turn: &Turn, by: &Principal, user: &NewUser) -> Result<Changed, AuthError> {
    let tx = &turn.tx;
    users::insert(tx, user).await?;
    // Read back for the time it was made, which is the database's.
    let (mut made, _) = people::lock(tx, by.restaurant, &[user.user]).await?;
    let detail = Detail::of(user.role);
    people::note(tx, by.restaurant, by.user, Deed::UserMade, user.user.0, &detail).await?;
    Ok(Changed { answer: made.pop(), users: vec![user.user], ended: Vec::new() })
}

pub(super) async fn update(
    turn: &Turn,
    by: &Principal,
    user: UserId,
    to: &Change<'_>,
) -> Result<Changed, AuthError> {
    let tx = &turn.tx;
    let before = whom(turn, by, user, |person| {
        person.role == Role::Owner && to.role.is_some_and(|role| role != Role::Owner)
    })
    .await?;
    let person = people::change(tx, by.restaurant, user, to).await?.ok_or_else(|| no_user(user))?;
    let ended = match to.password_hash {
        Some(_) => logins::end_all(tx, by.restaurant, user, Revoked::Password, None).await?,
        None => Vec::new(),
    };
    let detail = Detail::between(&before, &person, to.password_hash.is_some());
    if detail != Detail::default() {
        people::note(tx, by.restaurant, by.user, Deed::UserChanged, user.0, &detail).await?;
    }
    Ok(Changed { answer: Some(person), users: vec![user], ended })
}

pub(super) async fn delete(turn: &Turn, by: &Principal, user: UserId) -> Result<Changed, AuthError> {
    let tx = &turn.tx;
    let person = whom(turn, by, user, |person| person.role == Role::Owner).await?;
    let ended = logins::end_all(tx, by.restaurant, user, Revoked::Removed, None).await?;
    users::remove(tx, by.restaurant, user).await?;
    let detail = Detail::of(person.role);
    people::note(tx, by.restaurant, by.user, Deed::UserRemoved, user.0, &detail).await?;
    Ok(Changed { answer: None, users: vec![user], ended })
}

/// The user, locked, where `by` may manage it and an owner is left if `loses` one.
async fn whom(
    turn: &Turn,
    by: &Principal,
    user: UserId,
    loses: impl FnOnce(&Person) -> bool,
) -> Result<Person, AuthError> {
    let (mut found, owners) = people::lock(&turn.tx, by.restaurant, &[user]).await?;
    let person = found.pop().ok_or_else(|| no_user(user))?;
    may_manage(by.role, person.role)?;
    if loses(&person) {
        may_lose_an_owner(owners)?;
    }
    Ok(person)
}

/// What asks for the current password is not changed without it.
pub(super) fn own() -> AuthError {
    let why = "your own e-mail address and password are changed at /api/v1/auth/me";
    Rejection::new(ErrorCode::Forbidden, why).into()
}

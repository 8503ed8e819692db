//! Logging in, refreshing, logging out: passwords and refresh tokens in, access tokens out.

mod login;
mod refresh;

use super::{
    AuthError, Claims, Email, Keys, Passwords, Verifier, attempts::Attempts, foreign_hashes::ForeignHashes,
    gate::Gate, refresh_token::RefreshToken, throttle::Limits,
};
use crate::{
    config::sections,
    domain::{
        ids::{LoginId, RestaurantId, UserId},
        principal::{Principal, Role},
        profile::LoginBy,
        resource::Fields,
    },
    store::{
        Store, Tx,
        logins::{self, NewLogin},
        people,
        users::{self, Account},
    },
};
use jiff::Timestamp;
use ring::hmac;
use secrecy::SecretString;
use std::{future::Future, net::IpAddr, sync::Arc, time::Duration};

/// Longest wait for one of these calls, the queue for a core included; the work itself goes on.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
/// Shortest lifetime a client may ask for; tests want seconds.
const MIN_TTL: Duration = Duration::from_secs(1);

/// What a login and a refresh answer.
#[derive(Debug, Clone)]
pub struct LoginAnswer {
    pub access_token: SecretString,
    pub refresh_token: SecretString,
    /// Lifetime of the access token in whole seconds.
    pub expires_in: u64,
    pub user: Account,
    /// What the house keeps of the user beside that.
    pub profile: Fields,
    pub login: LoginId,
}

impl LoginAnswer {
    pub const TOKEN_TYPE: &'static str = "Bearer";
}

/// The outcome of a refresh.
#[derive(Debug)]
pub enum Refreshed {
    Answer(Box<LoginAnswer>),
    /// The token had been used before: its login is ended now, and the login's sockets are to be closed. The client is
    /// told `InvalidToken`.
    Reused {
        restaurant: RestaurantId,
        login: LoginId,
    },
}

/// The principal, with what is known of the user; a user of another service has no more than the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    pub user: UserId,
    pub role: Role,
    pub restaurant: RestaurantId,
    pub email: Option<String>,
    pub name: Option<String>,
    pub profile: Fields,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Tokens(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) keys: Arc<Keys>,
    pub(super) verifier: Verifier,
    pub(super) passwords: Passwords,
    foreign_hashes: ForeignHashes,
    attempts: Arc<Attempts>,
    /// In front of the database, for refreshes and logouts: a token that nobody issued is known as such only there.
    pub(super) strangers: Gate,
    /// The same for logins, which have a bounded queue of their own: neither takes the other's turn.
    logins: Gate,
    /// Makes successors of refresh tokens.
    successors: hmac::Key,
    pub(super) access_ttl: Duration,
    refresh_ttl: Duration,
}

impl Tokens {
    pub fn new(
        store: Store,
        keys: Arc<Keys>,
        verifier: Verifier,
        passwords: Passwords,
        settings: &sections::Auth,
    ) -> Self {
        let attempts = Attempts::new(Limits {
            per_account: settings.failures_per_account,
            per_address: settings.failures_per_address,
            window: *settings.failure_window,
        });
        let successors = keys.derive(b"comanda refresh token successor 1");
        let (access_ttl, refresh_ttl) = (*settings.access_ttl, *settings.refresh_ttl);
        Self(Arc::new(Inner {
            store,
            keys,
            verifier,
            passwords,
            foreign_hashes: ForeignHashes::default(),
            attempts,
            strangers: Gate::default(),
            logins: Gate::default(),
            successors,
            access_ttl,
            refresh_ttl,
        }))
    }

    /// Logs a user in from `address`. `ttl` in seconds, for access tokens that live less than `auth.access_ttl`.
    /// Errors: `InvalidCredentials`, `TooManyFailures`, `TtlOutOfRange`, `Overloaded`, `Store`.
    pub async fn login(
        &self,
        by: impl Into<LoginBy>,
        password: SecretString,
        ttl: Option<u64>,
        address: IpAddr,
    ) -> Result<LoginAnswer, AuthError> {
        let ttl = self.0.ttl(ttl)?;
        let by = by.into();
        self.run(move |inner| async move { inner.login(by, password, ttl, address).await }).await
    }

    /// Gives a new pair of tokens for a refresh token, which is then used up. A repeat with the same idempotency key
    /// gets the same refresh token again while nobody has used that. Errors: `InvalidRefreshToken`, `Overloaded`,
    /// `Store`.
    pub async fn refresh(&self, token: SecretString, key: Option<&str>) -> Result<Refreshed, AuthError> {
        let token = RefreshToken::parse(&token)?;
        let key = key.map(str::to_owned);
        self.run(move |inner| async move { inner.refresh(token, key).await }).await
    }

    /// Ends the login of a refresh token; says which, so that its sockets can be closed, and `None` where the token is
    /// not one of ours or its login had ended: the client gets 204 either way. Errors: `Overloaded`, `Store`.
    pub async fn logout(&self, token: SecretString) -> Result<Option<LoginId>, AuthError> {
        let Ok(token) = RefreshToken::parse(&token) else { return Ok(None) };
        self.run(move |inner| async move { inner.logout(&token).await }).await
    }

    /// What is known of the caller. Errors: `Revoked` for a user removed this moment, `Store`.
    pub async fn me(&self, principal: &Principal) -> Result<Me, AuthError> {
        let Principal { user, role, restaurant, login, .. } = *principal;
        let found = self
            .run(move |inner| async move {
                let tx = inner.store.read(restaurant).await?;
                let found = users::by_id(&tx, restaurant, user).await?;
                let profile = people::profile(&tx, restaurant, user).await?;
                tx.commit().await?;
                Ok(found.map(|account| (account, profile)))
            })
            .await?;
        match found {
            Some((account, profile)) => Ok(Me {
                user,
                role: account.role,
                restaurant,
                email: account.email,
                name: Some(account.name),
                profile,
            }),
            None if login.is_none() => {
                Ok(Me { user, role, restaurant, email: None, name: None, profile: Fields::new() })
            }
            None => Err(AuthError::Revoked),
        }
    }

    /// An access token for a user, without a password or a refresh token: for the command line only. It belongs to a
    /// login of its own. Errors: `InvalidCredentials` where there is no such user, `Store`.
    pub async fn issue_for_email(&self, email: &str) -> Result<SecretString, AuthError> {
        let email = Email::parse(email).map_err(|_| AuthError::InvalidCredentials)?;
        self.run(move |inner| async move {
            let known = inner.credentials(&email).await?.ok_or(AuthError::InvalidCredentials)?;
            let login = LoginId::generate();
            let tx = inner.store.write(known.account.restaurant).await?;
            let new = inner.new_login(login, &known.account, inner.access_ttl, None);
            let opened = logins::open(&tx, &new).await?;
            let boards = boards(&tx, &known.account).await?;
            tx.commit().await?;
            if !opened {
                return Err(AuthError::InvalidCredentials);
            }
            inner.access_token(&known.account, boards, login, inner.access_ttl)
        })
        .await
    }

    /// Runs to its end in a task of its own, also where the client hangs up.
    async fn run<T, F>(&self, work: impl FnOnce(Arc<Inner>) -> F) -> Result<T, AuthError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, AuthError>> + Send + 'static,
    {
        to_its_end(work(self.0.clone())).await
    }
}

/// Runs in a task of its own, also where whoever waits for it has gone. Errors: `Overloaded` where it takes too long.
pub(super) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, AuthError>> + Send + 'static,
) -> Result<T, AuthError> {
    match tokio::time::timeout(ANSWER_WITHIN, tokio::spawn(work)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(AuthError::Internal),
        Err(_) => Err(AuthError::Overloaded),
    }
}

/// What a token of this user says of boards: those its NGO is on. Nothing of staff's.
async fn boards(tx: &Tx, user: &Account) -> Result<Option<Vec<String>>, AuthError> {
    if user.role != Role::Ngo {
        return Ok(None);
    }
    let boards = users::boards(tx, user.restaurant).await?;
    Ok(Some(boards.iter().map(|one| one.name.clone()).collect()))
}

impl Inner {
    fn answer(
        &self,
        user: Account,
        boards: Option<Vec<String>>,
        profile: Fields,
        refresh: RefreshToken,
        ttl: Duration,
    ) -> Result<LoginAnswer, AuthError> {
        // A setting may have become shorter since the login.
        let ttl = ttl.min(self.access_ttl);
        let access_token = self.access_token(&user, boards, refresh.login, ttl)?;
        let refresh_token = refresh.expose();
        let (expires_in, login) = (ttl.as_secs(), refresh.login);
        Ok(LoginAnswer { access_token, refresh_token, expires_in, user, profile, login })
    }

    fn access_token(
        &self,
        user: &Account,
        boards: Option<Vec<String>>,
        login: LoginId,
        ttl: Duration,
    ) -> Result<SecretString, AuthError> {
        let now = Timestamp::now();
        let seconds = i64::try_from(ttl.as_secs()).map_err(|_| AuthError::Internal)?;
        let expires_at = Timestamp::from_second(now.as_second().saturating_add(seconds))
            .map_err(|_| AuthError::Internal)?;
        let claims = Claims {
            user: user.user,
            restaurant: user.restaurant,
            role: user.role,
            login: Some(login),
            boards,
            expires_at,
        };
        self.keys.sign(&claims, now).map(SecretString::from)
    }

    fn new_login<'a>(
        &self,
        login: LoginId,
        account: &Account,
        access_ttl: Duration,
        password_hash: Option<&'a str>,
    ) -> NewLogin<'a> {
        NewLogin {
            login,
            restaurant: account.restaurant,
            user: account.user,
            access_ttl,
            lives: self.lives(access_ttl),
            password_hash,
        }
    }

    /// From now on some token of a login is good, at most.
    fn lives(&self, access_ttl: Duration) -> Duration {
        self.refresh_ttl.max(access_ttl)
    }

    fn ttl(&self, asked: Option<u64>) -> Result<Duration, AuthError> {
        let ttl = asked.map_or(self.access_ttl, Duration::from_secs);
        let fits = (MIN_TTL..=self.access_ttl).contains(&ttl);
        fits.then_some(ttl).ok_or(AuthError::TtlOutOfRange(self.access_ttl))
    }
}

//! People: who is let into a restaurant, in which role, and who is put out again.
//!
//! They are transactions of the authentication's store and no commands of a lane: nothing in a restaurant's stream changes,
//! no display is told, and whoever manages people must not wait behind an evening's orders.

mod account;
mod code;
mod devices;
mod documents;
mod entities;
mod invites;
mod register;
mod reset;
mod turn;
mod users;

pub use account::{Account, AccountChange};
pub use devices::{Asked, Claim, Polled, ROLES as DEVICE_ROLES};
pub use invites::MadeInvite;
pub use register::Registration;
pub use turn::Done;
pub use users::{NewPerson, PersonChange};

use super::{
    AuthError, Tokens,
    attempts::{Attempts, Running},
    mail::Mailer,
    throttle::Limits,
};
use crate::{
    code::ErrorCode,
    config::sections,
    domain::{
        ids::{LoginId, RestaurantId, UserId},
        people::Person,
        principal::Role,
        rejection::Rejection,
    },
};
use ring::hmac;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};
use tokio::sync::Semaphore;

/// What strangers may do is counted over this time.
const HOUR: Duration = Duration::from_secs(3600);

/// Displays that ask to be paired, of one address, in an hour: a new restaurant hangs up a dozen at once.
const PAIRINGS: u32 = 60;

/// What is counted by something else than an address, whoever has many of those.
const ANYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Cheap to clone.
#[derive(Clone)]
pub struct People(Arc<Inner>);

struct Inner {
    tokens: Tokens,
    /// A request's fingerprint is kept for days, and some of them hold a password: without this key nobody who reads the
    /// database can try passwords against it.
    fingerprints: hmac::Key,
    invite_ttl: Duration,
    register: sections::Register,
    registrations: Arc<Attempts>,
    /// Tenants whose people heard that an address is taken.
    taken: Arc<Attempts>,
    reset_ttl: Duration,
    resets: Arc<Attempts>,
    /// The same, from wherever.
    mailboxes: Arc<Attempts>,
    /// Wrong tokens of strangers.
    wrong_tokens: Arc<Attempts>,
    pairing_ttl: Duration,
    /// Displays that ask.
    pairings: Arc<Attempts>,
    wrong_codes: Arc<Attempts>,
    new_role: Role,
    /// The declared field that people log in by, beside the address.
    login_field: Option<String>,
    /// New users who are written to.
    welcomes: Arc<Attempts>,
    mailer: Mailer,
    mails: Arc<Semaphore>,
}

impl People {
    pub fn new(tokens: Tokens, mailer: Mailer, settings: &sections::Auth) -> Self {
        let fingerprints = tokens.0.keys.derive(b"comanda fingerprints of people 1");
        let an_hour =
            |per_account, per_address| Attempts::new(Limits { per_account, per_address, window: HOUR });
        let registrations = settings.registrations_per_hour;
        Self(Arc::new(Inner {
            tokens,
            fingerprints,
            invite_ttl: *settings.invite_ttl,
            register: settings.register.unwrap_or(sections::Register::Invite),
            registrations: an_hour(registrations, registrations),
            taken: an_hour(settings.taken_per_hour, u32::MAX),
            reset_ttl: *settings.reset_ttl,
            resets: an_hour(settings.resets_per_account, settings.resets_per_address),
            mailboxes: an_hour(settings.resets_per_mailbox, u32::MAX),
            wrong_tokens: an_hour(settings.wrong_codes_per_hour, settings.wrong_codes_per_hour),
            pairing_ttl: *settings.pairing_ttl,
            pairings: an_hour(PAIRINGS, PAIRINGS),
            wrong_codes: an_hour(settings.wrong_codes_per_hour, settings.wrong_codes_per_hour),
            login_field: Some(settings.login_field.trim())
                .filter(|field| *field != "email")
                .map(str::to_owned),
            new_role: match settings.new_user_role {
                sections::NewUserRole::Waiter => Role::Waiter,
                sections::NewUserRole::Cashier => Role::Cashier,
                sections::NewUserRole::Expo => Role::Expo,
                sections::NewUserRole::Kitchen => Role::Kitchen,
            },
            // Counted by restaurant, whose sockets and calls come from anywhere.
            welcomes: an_hour(settings.welcomes_per_hour, u32::MAX),
            mailer,
            mails: Arc::new(Semaphore::new(reset::AT_ONCE)),
        }))
    }
}

impl People {
    fn login_field(&self) -> Option<&str> {
        self.0.login_field.as_deref()
    }

    /// Before somebody of a tenant takes an address or a name, where one of them is asked for. Errors: `TooManyFailures`.
    async fn taking(&self, tenant: RestaurantId, asked: bool) -> Result<Option<Running>, AuthError> {
        if !asked {
            return Ok(None);
        }
        // Counted by tenant, from wherever: whoever tries addresses out has many of his own.
        self.0.taken.begin(&tenant.to_string(), ANYWHERE).await.map(Some)
    }
}

/// Counts what was heard; all else is nobody's to find out.
fn heard<T>(taking: Option<Running>, done: &Result<T, AuthError>) {
    let taken =
        |rejection: &Rejection| matches!(rejection.code, ErrorCode::EmailTaken | ErrorCode::ValueTaken);
    if let (Some(taking), Err(AuthError::Rejected(rejection))) = (taking, done)
        && taken(rejection)
    {
        taking.failed();
    }
}

/// What is changed under a lock: the answer, whom it is of, and what their change ends.
struct Changed<T = Option<Person>> {
    answer: T,
    users: Vec<UserId>,
    ended: Vec<LoginId>,
}

fn no_user(user: UserId) -> AuthError {
    Rejection::not_found("User", user).into()
}

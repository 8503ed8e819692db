//! `auth-*` over sockets: the events of specification 003, answered as `/api/v1/auth` answers its calls, by the same types.
//!
//! What came in is never repeated in an answer, nor logged: it holds passwords and tokens.

use crate::{
    actors::directory::RoomDirectory,
    auth::{AuthError, LoginAnswer, Refreshed, Tokens, people::People},
    code::ErrorCode,
    domain::{ids::LoginId, rejection::Rejection},
    doors::{
        http::{Changed, LoggedOut, Sent, TokensBody, UserBody, bodies, counted},
        refusal,
    },
    session::{AccountAsked, Private},
    telemetry::metrics::Metrics,
    vocabulary::{fields::Fields, profile::Declared},
    wire::said::text,
};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

/// What answers them.
#[derive(Clone)]
pub struct Accounts {
    tokens: Tokens,
    pub(super) people: People,
    profile: Arc<Declared>,
    rooms: RoomDirectory,
    metrics: Metrics,
}

impl Accounts {
    pub fn new(
        tokens: &Tokens,
        people: &People,
        profile: &Arc<Declared>,
        rooms: &RoomDirectory,
        metrics: &Metrics,
    ) -> Self {
        let (tokens, people) = (tokens.clone(), people.clone());
        Self { tokens, people, profile: Arc::clone(profile), rooms: rooms.clone(), metrics: metrics.clone() }
    }

    /// At once, and not only when the poller of revocations comes by.
    pub(super) fn ended(&self, logins: &[LoginId]) {
        logins.iter().for_each(|login| self.rooms.dismiss_login(*login, ErrorCode::Removed));
    }

    /// The data of the answer.
    pub async fn answer(&self, asked: AccountAsked) -> Result<Private, Rejection> {
        let AccountAsked { principal: who, address, event, data, key } = asked;
        let fields = Fields::parse(data.0.as_bytes())?;
        // Without an address all are counted as one.
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let data = match (event.as_ref(), who) {
            ("auth-login", _) => self.login(fields, address).await?,
            ("auth-register", who) => {
                let new = bodies::registration(fields, &self.profile).map_err(faults)?;
                tokens(&self.people.register(new, who, address).await.map_err(refused)?)
            }
            ("auth-refresh-token", _) => self.refresh(fields, key.as_deref()).await?,
            ("auth-reset-password", _) => {
                let email = bodies::reset_password(fields).map_err(faults)?;
                self.people.ask_reset(&email, address).await.map_err(refused)?;
                text(&Sent { sent: true })
            }
            ("auth-change-password", _) => {
                let (token, password) = bodies::change_password(fields).map_err(faults)?;
                self.ended(&self.people.reset_password(token, password, address).await.map_err(refused)?);
                text(&Changed { changed: true })
            }
            ("auth-get-account", Some(who)) => {
                fields.finish(Some(())).map_err(faults)?;
                account(self.tokens.me(&who).await.map_err(refused)?)
            }
            ("auth-update-account", Some(who)) => {
                let to = bodies::account_change(fields, &self.profile).map_err(faults)?;
                let changed = self.people.change_account(who, to, address).await.map_err(refused)?;
                self.ended(&changed.ended);
                account(changed)
            }
            ("auth-logout", Some(who)) => {
                fields.finish(Some(())).map_err(faults)?;
                // Its sockets, of which this is one, hear of it from the poller: first comes the answer.
                self.people.log_out(&who).await.map_err(refused)?;
                text(&LoggedOut { logged_out: true })
            }
            _ => return Err(Rejection::new(ErrorCode::InvalidToken, "Unauthorized")),
        };
        Ok(Private(data.into()))
    }

    async fn login(&self, fields: Fields<'_>, address: IpAddr) -> Result<String, Rejection> {
        let login = bodies::login(fields, &self.profile).map_err(faults)?;
        let outcome = self.tokens.login(login.by, login.password, login.ttl, address).await;
        counted(&self.metrics, &outcome);
        Ok(tokens(&outcome.map_err(refused)?))
    }

    async fn refresh(&self, fields: Fields<'_>, key: Option<&str>) -> Result<String, Rejection> {
        let token = bodies::refresh_token(fields).map_err(faults)?;
        match self.tokens.refresh(token, key).await.map_err(refused)? {
            Refreshed::Answer(answer) => Ok(tokens(&answer)),
            Refreshed::Reused { login, .. } => {
                self.ended(&[login]);
                Err(Rejection::new(ErrorCode::InvalidToken, "Unauthorized"))
            }
        }
    }
}

fn tokens(answer: &LoginAnswer) -> String {
    text(&TokensBody::from(answer))
}

fn account(of: impl Into<UserBody>) -> String {
    text(&of.into())
}

fn faults(messages: Vec<String>) -> Rejection {
    Rejection { code: ErrorCode::ValidationFailed, messages, current: None }
}

/// As REST words it: of our own failures nothing but that there was one.
pub(super) fn refused(error: AuthError) -> Rejection {
    let code = error.code();
    match error {
        AuthError::Rejected(rejection) => rejection,
        AuthError::InvalidCredentials => Rejection::new(code, "Invalid credentials"),
        error if matches!(code.face().status, 400 | 403 | 404 | 409 | 429) => {
            Rejection::new(code, error.to_string())
        }
        _ => Rejection::new(code, refusal::words(code)),
    }
}

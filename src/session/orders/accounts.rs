//! `auth-*` over a socket (specification 003): logging in authenticates the socket, logging out ends it.
//!
//! A socket is one user's for as long as it lives. Who is let in without a token is nobody until it logs in, and is in no
//! room; a member that logs in as somebody else is refused, since the room's events that are on their way to it are not
//! that one's.

use super::{
    OrdersSocket, State,
    answers::{answer, fail, refuse},
};
use crate::{
    code::ErrorCode,
    domain::{
        principal::{Principal, Role},
        rejection::Rejection,
    },
    session::{
        AccountAsked, Action, Now, Private, Verified,
        feed::{Feed, Wanted},
        places::Places,
        socketio::{Context, Event},
    },
    wire::json::Json,
};
use bytestring::ByteString;
use secrecy::SecretString;
use serde::Deserialize;
use std::{net::IpAddr, sync::Arc, time::Duration};

/// Where the events are answered, and where one comes in without a token: names of namespaces.
#[derive(Debug, Default)]
pub struct Namespaces {
    pub answered: Vec<String>,
    pub anonymous: Vec<String>,
}

/// What a socket knows of it.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    pub namespaces: Arc<Namespaces>,
    /// Whom guesses are counted under; `None` where the carrier does not know.
    pub address: Option<IpAddr>,
    /// For those that nobody has logged in on, and how long they keep one.
    pub places: Arc<Places>,
    pub anonymous_within: Duration,
}

impl Accounts {
    pub(super) fn lets_in(&self, namespace: &str) -> bool {
        self.answers(namespace) && self.namespaces.anonymous.iter().any(|name| name == namespace)
    }

    fn answers(&self, namespace: &str) -> bool {
        self.namespaces.answered.iter().any(|name| name == namespace)
    }
}

/// Those that anyone may ask for, and those that need a user.
const PUBLIC: [&str; 5] =
    ["auth-login", "auth-register", "auth-reset-password", "auth-change-password", "auth-refresh-token"];
const OWN: [&str; 3] = ["auth-get-account", "auth-update-account", "auth-logout"];
/// All of them.
pub const ACCOUNT_EVENTS: [&str; PUBLIC.len() + OWN.len()] = {
    let [a, b, c, d, e] = PUBLIC;
    let [f, g, h] = OWN;
    [a, b, c, d, e, f, g, h]
};
/// Those whose answer holds a token, with which the socket goes on.
const TOKENS: [&str; 3] = ["auth-login", "auth-register", "auth-refresh-token"];

/// An answer that waits until its token was verified.
#[derive(Debug)]
pub(super) struct Entering {
    event: ByteString,
    ack: Option<u64>,
    data: Private,
}

/// How far a login on this socket is; one at a time, since two that end at once could not both be its user.
#[derive(Debug, Default)]
pub(super) enum Login {
    #[default]
    None,
    /// The house is asked for a token.
    Asked,
    /// It is being verified.
    Verifying(Entering),
    /// The room is asked for a place.
    Joining(Entering),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tokens {
    access_token: SecretString,
}

impl OrdersSocket {
    /// Whether this is one of these events, here; if so it has been taken care of.
    pub(super) fn account_event(&mut self, now: Now, event: &Event, context: &mut Context<'_>) -> bool {
        let name = event.name.as_ref();
        let nobody = matches!(self.state, State::Anonymous { .. });
        let known = PUBLIC.contains(&name) || OWN.contains(&name);
        if !(known && self.accounts.answers(&self.namespace)) {
            if nobody {
                fail(name, event.ack, ErrorCode::InvalidToken, super::UNAUTHORIZED, context);
            }
            return nobody;
        }
        let principal = match &self.state {
            State::Member { feed, .. } => Some(feed.principal().clone()),
            _ => None,
        };
        // Whoever orders over the counter without a token has no account either.
        let principal = principal.filter(|principal| principal.role != Role::Public);
        if principal.is_none() && OWN.contains(&name) {
            fail(name, event.ack, ErrorCode::InvalidToken, super::UNAUTHORIZED, context);
            return true;
        }
        if TOKENS.contains(&name) {
            let refreshing = matches!(&self.state, State::Member { refresh: Some(_), .. });
            if refreshing || !matches!(self.login, Login::None) {
                let why = "another login is under way";
                fail(name, event.ack, ErrorCode::TooManyRequests, why, context);
                return true;
            }
            self.login = Login::Asked;
            self.wait(now);
        }
        // A client that passes nothing may send null.
        let data = event.argument(0).map(Json::as_str).filter(|data| *data != "null").unwrap_or_default();
        let asked = AccountAsked {
            principal,
            address: self.accounts.address,
            event: event.name.clone(),
            data: Private(data.into()),
            key: event.key.clone(),
        };
        context.actions().push(Action::Account { socket: self.socket, asked, ack: event.ack });
        true
    }

    /// Whoever is logging in is not put out meanwhile; who only says so is in the end.
    fn wait(&mut self, now: Now) {
        if let State::Anonymous { until, latest, .. } = &mut self.state {
            *until = (*until).max(now.mono + super::VERIFY_WITHIN).min(*latest);
        }
    }

    fn is_somebodys(&self) -> bool {
        matches!(&self.state, State::Member { feed, .. } if !is_nobody(feed.principal()))
    }

    /// The house has answered. Where the answer holds a token, that is verified before the client hears of it.
    pub(super) fn account_answered(
        &mut self,
        now: Now,
        event: ByteString,
        ack: Option<u64>,
        result: Result<Private, Rejection>,
        context: &mut Context<'_>,
    ) {
        let mut tokens = TOKENS.contains(&event.as_ref());
        if tokens {
            self.login = Login::None;
            self.wait(now);
        }
        if event == "auth-register" && self.is_somebodys() {
            // Who lets somebody else in, where registration is protected, stays who it is.
            tokens = false;
        }
        match result {
            Err(rejection) => refuse(&event, ack, &rejection, context),
            Ok(data) if tokens => match serde_json::from_str::<Tokens>(&data.0) {
                Ok(Tokens { access_token }) => {
                    self.login = Login::Verifying(Entering { event, ack, data });
                    let socket = self.socket;
                    context.actions().push(Action::Verify { socket, token: access_token });
                }
                Err(_) => fail(&event, ack, ErrorCode::Internal, "no answer", context),
            },
            Ok(data) => {
                answer(&event, ack, &data.0, context);
                if event == "auth-logout" {
                    self.leave(None, context);
                    context.disconnect();
                }
            }
        }
    }

    /// The token of an answer was verified: the socket is its user's from here on.
    pub(super) fn entered(
        &mut self,
        now: Now,
        entering: Entering,
        result: Result<Verified, ErrorCode>,
        context: &mut Context<'_>,
    ) {
        let Entering { event, ack, data } = &entering;
        let vocabulary = self.vocabulary;
        let result = result.and_then(|verified| verified.on_board(self.board.as_deref()));
        if result.as_ref().is_ok_and(|verified| !vocabulary.admits(verified.principal.role)) {
            return fail(event, *ack, ErrorCode::Forbidden, "nothing here is for this user", context);
        }
        let entered = result.and_then(|verified| match &mut self.state {
            State::Member { feed, .. } if is_nobody(feed.principal()) => Err(ErrorCode::Forbidden),
            State::Member { feed, .. } => feed.renew(now, verified, context.actions()).map(|_| true),
            State::Anonymous { .. } | State::Verifying(_) => {
                let wanted = Wanted {
                    vocabulary,
                    since: None,
                    max_replay_bytes: self.max_replay_bytes,
                    address: self.accounts.address,
                };
                let feed = Feed::open(self.socket, now, verified, wanted, context.actions());
                self.state = State::Member { feed: Box::new(feed), refresh: None };
                Ok(false)
            }
        });
        match entered {
            Ok(true) => answer(event, *ack, &data.0, context),
            // Answered when the room has it: what is committed from there on is told.
            Ok(false) => self.login = Login::Joining(entering),
            Err(ErrorCode::Forbidden) => {
                let why = "this connection is somebody else's; log in on a new one";
                fail(event, *ack, ErrorCode::Forbidden, why, context);
            }
            // Not the client's fault, and the tokens are good: kept from it, a refresh's would end the login.
            Err(code) if code.face().status >= 500 => {
                answer(event, *ack, &data.0, context);
                if matches!(self.state, State::Anonymous { .. }) {
                    context.close(code);
                }
            }
            Err(code) => fail(event, *ack, code, "token not accepted", context),
        }
    }

    /// The room has taken in who has just logged in.
    pub(super) fn joined_after_login(&mut self, context: &mut Context<'_>) {
        if let Login::Joining(Entering { event, ack, data }) = std::mem::take(&mut self.login) {
            answer(&event, ack, &data.0, context);
        }
    }

    /// It has not, and never will.
    pub(super) fn refused_after_login(&mut self, code: ErrorCode, context: &mut Context<'_>) {
        if let Login::Joining(Entering { event, ack, .. }) = std::mem::take(&mut self.login) {
            fail(&event, ack, code, "no place in the room", context);
        }
    }
}

fn is_nobody(principal: &Principal) -> bool {
    principal.role == Role::Public
}

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
        AccountAsked, Action, Now, Verified,
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
    data: ByteString,
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
            self.wait(now);
            // One at a time: two that end at once could not both be this socket's user.
            let refreshing = matches!(&self.state, State::Member { refresh: Some(_), .. });
            if refreshing || self.entering.is_some() || std::mem::replace(&mut self.asked_in, true) {
                let why = "another login is under way";
                fail(name, event.ack, ErrorCode::TooManyRequests, why, context);
                return true;
            }
        }
        let data = event.argument(0).map(Json::as_str).unwrap_or_default();
        let asked = AccountAsked {
            principal,
            address: self.accounts.address,
            event: event.name.clone(),
            data: data.into(),
            key: event.key.clone(),
        };
        context.actions().push(Action::Account { socket: self.socket, asked, ack: event.ack });
        true
    }

    /// Whoever is logging in is not put out meanwhile.
    fn wait(&mut self, now: Now) {
        if let State::Anonymous { until, .. } = &mut self.state {
            *until = (*until).max(now.mono + super::VERIFY_WITHIN);
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
        result: Result<ByteString, Rejection>,
        context: &mut Context<'_>,
    ) {
        let mut tokens = TOKENS.contains(&event.as_ref());
        if tokens {
            self.asked_in = false;
            self.wait(now);
        }
        if event == "auth-register" && self.is_somebodys() {
            // Who lets somebody else in, where registration is protected, stays who it is.
            tokens = false;
        }
        match result {
            Err(rejection) => refuse(&event, ack, &rejection, context),
            Ok(data) if tokens => match serde_json::from_str::<Tokens>(&data) {
                Ok(Tokens { access_token }) => {
                    self.entering = Some(Entering { event, ack, data });
                    let socket = self.socket;
                    context.actions().push(Action::Verify { socket, token: access_token });
                }
                Err(_) => fail(&event, ack, ErrorCode::Internal, "no answer", context),
            },
            Ok(data) => {
                answer(&event, ack, &data, context);
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
        result: Result<Verified, ErrorCode>,
        context: &mut Context<'_>,
    ) {
        let Some(Entering { event, ack, data }) = self.entering.take() else { return };
        let vocabulary = self.vocabulary;
        if result.as_ref().is_ok_and(|verified| !vocabulary.admits(verified.principal.role)) {
            return fail(&event, ack, ErrorCode::Forbidden, "nothing here is for this user", context);
        }
        let entered = result.and_then(|verified| match &mut self.state {
            State::Member { feed, .. } if is_nobody(feed.principal()) => Err(ErrorCode::Forbidden),
            State::Member { feed, .. } => feed.renew(now, verified, context.actions()).map(drop),
            State::Anonymous { .. } | State::Verifying(_) => {
                let wanted = Wanted {
                    vocabulary,
                    since: None,
                    max_replay_bytes: self.max_replay_bytes,
                    address: self.accounts.address,
                };
                let feed = Feed::open(self.socket, now, verified, wanted, context.actions());
                self.state = State::Member { feed: Box::new(feed), refresh: None };
                Ok(())
            }
        });
        match entered {
            Ok(()) => answer(&event, ack, &data, context),
            Err(ErrorCode::Forbidden) => {
                let why = "this connection is somebody else's; log in on a new one";
                fail(&event, ack, ErrorCode::Forbidden, why, context);
            }
            Err(code) => fail(&event, ack, code, "token not accepted", context),
        }
    }
}

fn is_nobody(principal: &Principal) -> bool {
    principal.role == Role::Public
}

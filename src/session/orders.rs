//! A restaurant's events on Socket.IO, in the words of each namespace: who may come in, the room, live events, requests.
//!
//! On every namespace a token in the handshake lets staff in, on `/donations` and `/api` NGOs too. On `/admin`,
//! whose specification knows no login, so does none where the settings let the public order; and what a client asks for
//! there goes to the house as a command.
//!
//! What is final (a bad token, a removed user) is told by CONNECT_ERROR or DISCONNECT, after which a stock client stays
//! away; whatever may pass ends the engine, after which it comes back.

mod accounts;
mod answers;
mod commands;
mod namespaces;
mod requests;
mod welcome;

pub use accounts::{ACCOUNT_EVENTS, Accounts, Namespaces};
pub use namespaces::Orders;

use super::{
    Delivery, Input, Now, Verified,
    cursor::{Handed, Step, Steps},
    entry::{Claim, Entry},
    feed::Feed,
    places::Place,
    recovery::Recovery,
    socketio::{Context, Event, Socket},
};
use crate::{
    code::ErrorCode,
    domain::{ids::SocketId, principal::PublicAccess, stream::Position},
    wire::{
        event::Vocabulary,
        json::Json,
        offset::{Offset, Outside},
        said::{Refreshed, text},
        time::Written,
    },
};
use accounts::Login;
use answers::{answer, fail};
use secrecy::SecretString;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// What Socket.IO's own examples answer where a token is not good.
const UNAUTHORIZED: &str = "Unauthorized";

/// For a token's verification. The verifier gives up on a slow database after 4 s, so this binds only where its answer
/// does not come at all.
const VERIFY_WITHIN: Duration = Duration::from_secs(10);

/// Logins that keep a socket without a user open beyond its time, each for [`VERIFY_WITHIN`].
const LOGIN_TRIES: u32 = 6;

/// A member of a restaurant's room, or one who wants to be.
#[derive(Debug)]
pub struct OrdersSocket {
    socket: SocketId,
    namespace: String,
    vocabulary: Vocabulary,
    /// `None` where nobody comes in without a token.
    public: Option<PublicAccess>,
    token: Option<SecretString>,
    /// The donation board that its client has named.
    board: Option<String>,
    max_replay_bytes: usize,
    /// `None` where this connection cannot be recovered: no `pid`, and nothing but their own arguments on its events.
    recovery: Option<Arc<Recovery>>,
    /// The socket that its client wants back, until it is answered.
    claim: Claim,
    /// It has left the room of production orders, and hears nothing of them.
    outside: bool,
    accounts: Accounts,
    login: Login,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Until when; `None` before anyone was asked.
    Verifying(Option<Instant>),
    /// In without a token, and in no room; until when, unless it logs in, and at the latest, whatever it tries.
    Anonymous { until: Instant, latest: Instant, _place: Place },
    Member {
        feed: Box<Feed>,
        /// A newer token is being verified; the number waits for its acknowledgement.
        refresh: Option<Option<u64>>,
    },
}

impl OrdersSocket {
    fn verified(&mut self, now: Now, result: Result<Verified, ErrorCode>, context: &mut Context<'_>) {
        self.login = match std::mem::take(&mut self.login) {
            Login::Verifying(entering) => return self.entered(now, entering, result, context),
            login => login,
        };
        let result = result.and_then(|verified| verified.on_board(self.board.as_deref()));
        match (&mut self.state, result) {
            (State::Anonymous { .. }, _) => {}
            (State::Verifying(_), Ok(verified)) if !self.vocabulary.admits(verified.principal.role) => {
                context.refuse(UNAUTHORIZED, ErrorCode::Forbidden);
            }
            (State::Verifying(_), Ok(verified)) => {
                let feed = self.enter(now, verified, context.actions());
                self.state = State::Member { feed: Box::new(feed), refresh: None };
            }
            (State::Verifying(_), Err(code)) if is_unauthorized(code) => context.refuse(UNAUTHORIZED, code),
            (State::Verifying(_), Err(code)) => context.close(code),
            (State::Member { feed, refresh }, result) => {
                let Some(ack) = refresh.take() else { return };
                match result.and_then(|verified| feed.renew(now, verified, context.actions())) {
                    Ok(expires_at) => {
                        let data = Refreshed { expires_at: Written(expires_at).to_string() };
                        answer("auth-refresh", ack, &text(&data), context);
                    }
                    Err(code) => fail("auth-refresh", ack, code, "token not accepted", context),
                }
            }
        }
    }

    /// What its client is to repeat, having everything up to this position.
    fn offset(&self, position: Position) -> String {
        let outside = match &self.state {
            State::Member { feed, .. } if self.outside => Outside::Socket(feed.sid()),
            _ => Outside::No,
        };
        Offset { position, outside }.to_string()
    }

    fn hand_on(&self, handed: &Handed, context: &mut Context<'_>) {
        let outside = if self.outside { Outside::Yes } else { Outside::No };
        let offset = self.recovery.as_ref().map(|_| outside);
        let own = match &self.state {
            State::Member { feed, .. } => feed.sid(),
            _ => self.socket,
        };
        for event in handed.events() {
            if self.outside && event.of_production || event.caller == Some(own) {
                continue;
            }
            context.deliver(event, offset);
        }
    }

    /// It is out for good: a stock client stays away.
    fn end(&mut self, code: ErrorCode, context: &mut Context<'_>) {
        self.leave(Some(code), context);
        context.refuse(if is_unauthorized(code) { UNAUTHORIZED } else { "Refused" }, code);
        context.disconnect();
    }

    fn leave(&self, code: Option<ErrorCode>, context: &mut Context<'_>) {
        context.actions().push(super::Action::Leave { socket: self.socket, code });
    }

    /// Lets the feed do something and frames what it hands up.
    fn feed(&mut self, context: &mut Context<'_>, act: impl FnOnce(&mut Feed, &mut Context<'_>) -> Steps) {
        let State::Member { feed, .. } = &mut self.state else { return };
        for step in act(feed, context) {
            match step {
                Step::Welcome { recovered, at } => self.welcome(recovered, &at, context),
                Step::Send(handed) => self.hand_on(&handed, context),
                Step::Resync { at } => self.resync(&at, context),
                Step::Read { .. } => {}
            }
        }
    }

    fn delivered(&mut self, delivery: Delivery, context: &mut Context<'_>) {
        match delivery {
            Delivery::Close(code) if !code.face().retry => self.end(code, context),
            delivery => self.feed(context, |feed, context| feed.delivered(delivery, context.actions())),
        }
    }
}

impl Socket for OrdersSocket {
    fn connect(&mut self, now: Now, auth: Option<&Json>, context: &mut Context<'_>) {
        let entry = Entry::read(auth, self.recovery.as_deref());
        (self.claim, self.board) = (entry.claim, entry.board);
        if !entry.recovery {
            self.recovery = None;
        }
        match (self.token.take().or(entry.token), self.public) {
            (Some(token), _) => {
                let socket = self.socket;
                self.state = State::Verifying(Some(now.mono + VERIFY_WITHIN));
                context.actions().push(super::Action::Verify { socket, token });
            }
            (None, Some(public)) => {
                if !public.read {
                    // It may act and not hear: not of positions either, which count what the restaurant sells.
                    self.vocabulary = Vocabulary::Silence;
                    self.recovery = None;
                }
                self.verified(now, Ok(Verified::public(public.restaurant)), context);
            }
            (None, None) if self.accounts.lets_in(&self.namespace) => {
                let Some(place) = self.accounts.places.take(self.accounts.address) else {
                    return context.let_go(UNAUTHORIZED, ErrorCode::TooManySockets);
                };
                // Its `pid` would be nobody's.
                self.recovery = None;
                self.claim = Claim::None;
                let until = now.mono + self.accounts.anonymous_within;
                let latest = until + LOGIN_TRIES * VERIFY_WITHIN;
                self.state = State::Anonymous { until, latest, _place: place };
                context.accept(self.socket, None);
            }
            (None, None) => context.refuse(UNAUTHORIZED, ErrorCode::InvalidToken),
        }
    }

    fn event(&mut self, now: Now, event: Event, context: &mut Context<'_>) {
        if !self.account_event(now, &event, context) {
            self.asked(now, event, context);
        }
    }

    fn refused(
        &mut self,
        _: Now,
        event: Event,
        code: ErrorCode,
        message: &'static str,
        context: &mut Context<'_>,
    ) {
        fail(&event.name, event.ack, code, message, context);
    }

    fn input(&mut self, now: Now, input: Input, context: &mut Context<'_>) {
        match input {
            Input::Verified { result, .. } => self.verified(now, result, context),
            Input::Joined { result: Err(code), .. } if !code.face().retry => {
                self.refused_after_login(code, context);
                self.end(code, context);
            }
            Input::Joined { result, .. } => {
                self.feed(context, |feed, context| feed.joined(result, context.actions()));
            }
            Input::Page { result, .. } => {
                self.feed(context, |feed, context| feed.page(now, result, context.actions()));
            }
            Input::Delivered { delivery, .. } => self.delivered(delivery, context),
            Input::Account { event, ack, result, .. } => {
                self.account_answered(now, event, ack, result, context);
            }
            Input::Executed { event, ack, result, .. } => {
                commands::answer(self.vocabulary, &event, ack, result, context);
            }
            _ => {}
        }
    }

    fn tick(&mut self, now: Now, context: &mut Context<'_>) {
        if let State::Verifying(Some(by)) = self.state
            && by <= now.mono
        {
            return context.close(ErrorCode::Overloaded);
        }
        if let State::Anonymous { until, .. } = self.state
            && until <= now.mono
        {
            return context.let_go(UNAUTHORIZED, ErrorCode::AuthTimeout);
        }
        self.feed(context, |feed, context| feed.tick(now, context.actions()));
    }

    fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Member { feed, .. } => feed.deadline(),
            State::Verifying(by) => *by,
            State::Anonymous { until, .. } => Some(*until),
        }
    }

    fn moved(&mut self, _: Now, context: &mut Context<'_>) {
        if let State::Member { feed, .. } = &self.state {
            feed.moved(context.actions());
        }
    }

    fn left(&mut self, context: &mut Context<'_>) {
        self.leave(None, context);
    }
}

fn is_unauthorized(code: ErrorCode) -> bool {
    matches!(code.face().status, 401 | 403)
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;

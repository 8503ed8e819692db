//! The restaurant's events on Socket.IO's main namespace: a token in the handshake, the room, live events, a few requests.
//!
//! What is final (a bad token, a removed user) is told by CONNECT_ERROR or DISCONNECT, after which a stock client stays
//! away; whatever may pass ends the engine, after which it comes back.

use super::{
    Delivery, Input, Now, Verified,
    cursor::{Step, Steps},
    feed::Feed,
    socketio::{Application, Context, Event, Socket},
};
use crate::{
    code::ErrorCode,
    domain::ids::SocketId,
    wire::{
        json::{Json, quote},
        socketio::{Content, MAIN},
        time::Written,
    },
};
use secrecy::SecretString;
use serde::Deserialize;
use std::time::Instant;

/// Bytes of a client's event name that an error repeats.
const MAX_PATTERN: usize = 128;

/// The namespaces of the product.
#[derive(Debug)]
pub struct Orders {
    /// From the handshake's `Authorization`; comes before what CONNECT brings.
    pub token: Option<SecretString>,
    /// A replay of more bytes ends in a resync.
    pub max_replay_bytes: usize,
}

impl Application for Orders {
    type Socket = OrdersSocket;

    fn open(&mut self, namespace: &str, socket: SocketId) -> Option<OrdersSocket> {
        let Self { token, max_replay_bytes } = self;
        (namespace == MAIN).then(|| OrdersSocket {
            socket,
            token: token.clone(),
            max_replay_bytes: *max_replay_bytes,
            state: State::Verifying,
        })
    }
}

/// A member of a restaurant's room, or one who wants to be.
#[derive(Debug)]
pub struct OrdersSocket {
    socket: SocketId,
    token: Option<SecretString>,
    max_replay_bytes: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    Verifying,
    Member {
        feed: Box<Feed>,
        /// A newer token is being verified; the number waits for its acknowledgement.
        refresh: Option<Option<u64>>,
    },
}

#[derive(Deserialize)]
struct Token {
    token: SecretString,
}

#[derive(Deserialize)]
struct Seen {
    seq: u64,
}

impl OrdersSocket {
    fn verified(&mut self, now: Now, result: Result<Verified, ErrorCode>, context: &mut Context<'_>) {
        match (&mut self.state, result) {
            (State::Verifying, Ok(verified)) => {
                let out = context.actions();
                let feed = Feed::open(self.socket, now, verified, None, self.max_replay_bytes, out);
                self.state = State::Member { feed: Box::new(feed), refresh: None };
            }
            (State::Verifying, Err(code)) if matches!(code.face().status, 401 | 403) => {
                context.refuse("Unauthorized", code);
            }
            (State::Verifying, Err(code)) => context.close(code),
            (State::Member { feed, refresh }, result) => {
                let Some(ack) = refresh.take() else { return };
                match result.and_then(|verified| feed.renew(now, verified, context.actions())) {
                    Ok(expires_at) => {
                        let data = format!(r#"{{"expiresAt":"{}"}}"#, Written(expires_at));
                        answer("auth-refresh", ack, &data, context);
                    }
                    Err(code) => fail("auth-refresh", ack, code, "token not accepted", context),
                }
            }
        }
    }

    /// Lets the feed do something and frames what it hands up.
    fn feed(&mut self, context: &mut Context<'_>, act: impl FnOnce(&mut Feed, &mut Context<'_>) -> Steps) {
        let State::Member { feed, .. } = &mut self.state else { return };
        for step in act(feed, context) {
            match step {
                Step::Welcome { .. } => context.accept(self.socket, None),
                Step::Send(handed) => handed.events().for_each(|event| context.deliver(event, false)),
                Step::Resync { at } => {
                    let data = format!(r#"{{"epoch":{},"seq":{}}}"#, quote(&at.epoch.0), at.seq);
                    context.emit("resync", Content::new(vec![Json::trusted(data)]));
                }
                Step::Read { .. } => {}
            }
        }
    }

    fn delivered(&mut self, delivery: Delivery, context: &mut Context<'_>) {
        match delivery {
            Delivery::Close(code) if !code.face().retry => {
                self.left(context);
                context.refuse("Unauthorized", code);
                context.disconnect();
            }
            delivery => self.feed(context, |feed, context| feed.delivered(delivery, context.actions())),
        }
    }
}

impl Socket for OrdersSocket {
    fn connect(&mut self, _: Now, auth: Option<&Json>, context: &mut Context<'_>) {
        let given = || auth.and_then(|auth| auth.read::<Token>().ok()).map(|auth| auth.token);
        match self.token.take().or_else(given) {
            Some(token) => {
                let socket = self.socket;
                context.actions().push(super::Action::Verify { socket, token });
            }
            None => context.refuse("Unauthorized", ErrorCode::InvalidToken),
        }
    }

    fn event(&mut self, _: Now, event: Event, context: &mut Context<'_>) {
        let State::Member { refresh, .. } = &mut self.state else { return };
        let argument = event.argument(0);
        match event.name.as_ref() {
            "auth-refresh" => match argument.map(Json::read::<Token>) {
                Some(Ok(_)) if refresh.is_some() => {
                    let why = "another refresh is under way";
                    fail(&event.name, event.ack, ErrorCode::TooManyRequests, why, context);
                }
                Some(Ok(Token { token })) => {
                    *refresh = Some(event.ack);
                    context.actions().push(super::Action::Verify { socket: self.socket, token });
                }
                _ => fail(&event.name, event.ack, ErrorCode::ValidationFailed, "token is missing", context),
            },
            "seen" => match argument.map(Json::read::<Seen>) {
                Some(Ok(Seen { seq })) => {
                    context.actions().push(super::Action::Seen { socket: self.socket, seq });
                    if event.ack.is_some() {
                        answer("seen", event.ack, &format!(r#"{{"seq":{seq}}}"#), context);
                    }
                }
                _ => fail(&event.name, event.ack, ErrorCode::ValidationFailed, "seq is missing", context),
            },
            name => fail(name, event.ack, ErrorCode::NotFound, "unknown event", context),
        }
    }

    fn input(&mut self, now: Now, input: Input, context: &mut Context<'_>) {
        match input {
            Input::Verified { result, .. } => self.verified(now, result, context),
            Input::Joined { result, .. } => {
                self.feed(context, |feed, context| feed.joined(result, context.actions()));
            }
            Input::Page { result, .. } => {
                self.feed(context, |feed, context| feed.page(now, result, context.actions()));
            }
            Input::Delivered { delivery, .. } => self.delivered(delivery, context),
            _ => {}
        }
    }

    fn tick(&mut self, now: Now, context: &mut Context<'_>) {
        self.feed(context, |feed, context| feed.tick(now, context.actions()));
    }

    fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Member { feed, .. } => feed.deadline(),
            State::Verifying => None,
        }
    }

    fn moved(&mut self, _: Now, context: &mut Context<'_>) {
        if let State::Member { feed, .. } = &self.state {
            feed.moved(context.actions());
        }
    }

    fn left(&mut self, context: &mut Context<'_>) {
        context.actions().push(super::Action::Leave { socket: self.socket });
    }
}

/// The result of a request: to its acknowledgement, or else as an event of the same name.
fn answer(event: &str, ack: Option<u64>, data: &str, context: &mut Context<'_>) {
    match ack {
        Some(id) => {
            let result = format!(r#"{{"event":{},"data":{data}}}"#, quote(event));
            context.ack(id, Content::new(vec![Json::trusted(result)]));
        }
        None => context.emit(event, Content::new(vec![Json::trusted(data)])),
    }
}

/// A failed request: an `exception` event, and an acknowledgement without an `event` member, where one is asked for.
fn fail(event: &str, ack: Option<u64>, code: ErrorCode, message: &str, context: &mut Context<'_>) {
    if let Some(id) = ack {
        let error = format!(r#"{{"error":{{"code":"{code}","message":{}}}}}"#, quote(message));
        context.ack(id, Content::new(vec![Json::trusted(error)]));
    }
    let pattern = quote(&event[..event.floor_char_boundary(MAX_PATTERN)]);
    let message = quote(message);
    let exception = format!(
        r#"{{"status":"error","message":{message},"code":"{code}","cause":{{"pattern":{pattern}}}}}"#
    );
    context.emit("exception", Content::new(vec![Json::trusted(exception)]));
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;

//! The plain WebSocket as a session: a token, `ready`, what was missed, live events; heartbeats, `seen`, `auth-refresh`.
//!
//! | state | waits for | ends with |
//! |---|---|---|
//! | Waiting | the `auth` frame | 4501 after `authenticate_within` |
//! | Verifying | the verifier | the verifier's refusal, 1013 where it takes too long |
//! | Member | events and requests | any close code of the error table |
//! | Closed | nothing | |

mod calls;
mod requests;
mod settings;

pub use requests::position;
pub use settings::{Entry, Settings};

use super::{
    Action, Frame, Input, Now, Session, Verified,
    cursor::{Step, Steps},
    feed::{Feed, Wanted},
    heartbeat::{Beat, Heartbeat},
    limits::Bucket,
};
use crate::{
    code::ErrorCode,
    domain::{ids::SocketId, stream::Position},
    wire::{
        event::Vocabulary,
        plain as wire,
        said::{Refreshed, Seen},
        time::Written,
    },
};
use bytestring::ByteString;
use requests::{NotARequest, Request};
use serde_json::value::RawValue;
use std::{sync::Arc, time::Instant};

/// The `id` of a frame that is answered later.
type Id = Option<Box<RawValue>>;

#[derive(Debug)]
enum State {
    Waiting { until: Instant },
    Verifying { until: Instant, since: Option<Position>, id: Id },
    Member { feed: Box<Feed>, auth: Id, refresh: Option<Id> },
    Closed,
}

/// One plain WebSocket.
#[derive(Debug)]
pub struct Plain {
    settings: Arc<Settings>,
    vocabulary: Vocabulary,
    /// The donation board that its client has named.
    board: Option<String>,
    socket: SocketId,
    entry: Option<Entry>,
    state: State,
    bucket: Bucket,
    calls: calls::Calls,
    pings: Heartbeat,
    spoke_at: Instant,
}

impl Plain {
    pub fn new(settings: Arc<Settings>, socket: SocketId, entry: Entry, now: Now) -> Self {
        Self {
            vocabulary: Vocabulary::Restaurant,
            board: None,
            socket,
            entry: Some(entry),
            state: State::Waiting { until: now.mono + settings.authenticate_within },
            bucket: Bucket::new(settings.events_per_second, settings.events_burst, now.mono),
            calls: calls::Calls::default(),
            pings: Heartbeat::new(now.mono, settings.ping_interval, settings.pong_within),
            spoke_at: now.mono,
            settings,
        }
    }

    /// In these words, of their stream; of a board's, of the one that is named so.
    pub fn speaking(self, vocabulary: Vocabulary, board: Option<String>) -> Self {
        Self { vocabulary, board, ..self }
    }

    fn say(&mut self, now: Now, text: ByteString, out: &mut Vec<Action>) {
        self.spoke_at = now.mono;
        out.push(Action::Send(Frame::Text(text)));
    }

    fn refuse(&mut self, now: Now, id: Option<&RawValue>, code: ErrorCode, why: &str, out: &mut Vec<Action>) {
        self.say(now, wire::error(id, code, why), out);
    }

    fn close(&mut self, code: ErrorCode, out: &mut Vec<Action>) {
        self.state = State::Closed;
        out.push(Action::Close(Some(code)));
    }

    fn enter(
        &mut self,
        now: Now,
        verified: Verified,
        since: Option<Position>,
        auth: Id,
        out: &mut Vec<Action>,
    ) {
        let (vocabulary, max_replay_bytes) = (self.vocabulary, self.settings.max_replay_bytes);
        let wanted = Wanted { vocabulary, since, max_replay_bytes, address: None };
        let feed = Feed::open(self.socket, now, verified, wanted, out);
        self.state = State::Member { feed: Box::new(feed), auth, refresh: None };
    }

    fn text(&mut self, now: Now, text: &str, out: &mut Vec<Action>) {
        if !self.bucket.take(now.mono) {
            return self.close(ErrorCode::Flood, out);
        }
        let frame = match wire::parse(text) {
            Ok(frame) => frame,
            Err(bad) => return self.refuse(now, None, ErrorCode::BadRequest, &bad.to_string(), out),
        };
        let request = requests::read(self.vocabulary, &frame.event, frame.data);
        // A name that is none of ours may be anything, a password typed in the wrong place too.
        let event = if matches!(request, Err(NotARequest::UnknownEvent)) { "unknown" } else { &*frame.event };
        tracing::trace!(target: "comanda::wire", event, bytes = text.len(), "plain frame in");
        match request {
            Ok(request) => self.request(now, request, frame.id, out),
            Err(NotARequest::UnknownEvent) => self.ask(now, &frame, out),
            Err(NotARequest::BadData) => self.refuse(
                now,
                frame.id,
                ErrorCode::ValidationFailed,
                "data is not what the event needs",
                out,
            ),
        }
    }

    fn request(&mut self, now: Now, request: Request, id: Option<&RawValue>, out: &mut Vec<Action>) {
        let socket = self.socket;
        match (&mut self.state, request) {
            (&mut State::Waiting { until }, Request::Auth { token, since }) => {
                self.state = State::Verifying { until, since, id: id.map(ToOwned::to_owned) };
                out.push(Action::Verify { socket, token });
            }
            (State::Member { refresh, .. }, Request::Refresh { token }) => {
                if refresh.is_some() {
                    let why = "another refresh is under way";
                    return self.refuse(now, id, ErrorCode::TooManyRequests, why, out);
                }
                *refresh = Some(id.map(ToOwned::to_owned));
                out.push(Action::Verify { socket, token });
            }
            (State::Member { .. }, Request::Seen { seq }) => {
                out.push(Action::Seen { socket, seq });
                if id.is_some() {
                    self.say(now, wire::event(id, "seen", Seen { seq }), out);
                }
            }
            (State::Member { .. }, Request::Ping) => self.say(now, wire::pong(id, now.wall), out),
            (State::Member { .. } | State::Verifying { .. }, Request::Auth { .. }) => {
                self.refuse(now, id, ErrorCode::BadRequest, "already authenticated", out);
            }
            #[cfg(feature = "faults")]
            (_, Request::Poison) => panic!("poison frame"),
            (State::Waiting { .. } | State::Verifying { .. }, _) => {
                self.refuse(now, id, ErrorCode::InvalidToken, "not authenticated", out);
            }
            (State::Closed, _) => {}
        }
    }

    fn verified(&mut self, now: Now, result: Result<Verified, ErrorCode>, out: &mut Vec<Action>) {
        let result = result.and_then(|verified| verified.on_board(self.board.as_deref()));
        match &mut self.state {
            State::Verifying { since, id, .. } => match result {
                Ok(verified) => {
                    let (since, id) = (since.take(), id.take());
                    self.enter(now, verified, since, id, out);
                }
                Err(code) => self.close(code, out),
            },
            State::Member { feed, refresh, .. } => {
                let Some(id) = refresh.take() else { return };
                match result.and_then(|verified| feed.renew(now, verified, out)) {
                    Ok(expires_at) => {
                        let data = Refreshed { expires_at: Written(expires_at).to_string() };
                        self.say(now, wire::event(id.as_deref(), "auth-refresh", data), out);
                    }
                    Err(code) => self.refuse(now, id.as_deref(), code, "token not accepted", out),
                }
            }
            State::Waiting { .. } | State::Closed => {}
        }
    }

    /// Lets the feed do something and frames what it hands up.
    fn feed(
        &mut self,
        now: Now,
        out: &mut Vec<Action>,
        act: impl FnOnce(&mut Feed, &mut Vec<Action>) -> Steps,
    ) {
        let State::Member { feed, auth, .. } = &mut self.state else { return };
        for step in act(feed, out) {
            let text = match step {
                Step::Welcome { recovered, at } => {
                    wire::ready(auth.take().as_deref(), self.socket, &at, recovered, now.wall)
                }
                Step::Send(handed) => {
                    out.extend(handed.events().map(|event| Action::Send(Frame::Text(event.plain().clone()))));
                    continue;
                }
                Step::Resync { at } => wire::resync(&at),
                Step::Read { .. } => continue,
            };
            out.push(Action::Send(Frame::Text(text)));
        }
        match out.last() {
            Some(Action::Send(_)) => self.spoke_at = now.mono,
            Some(Action::Close(_)) => self.state = State::Closed,
            _ => {}
        }
    }

    fn tick(&mut self, now: Now, out: &mut Vec<Action>) {
        match self.state {
            State::Waiting { until } if until <= now.mono => return self.close(ErrorCode::AuthTimeout, out),
            // Our fault, not the client's: it may try again.
            State::Verifying { until, .. } if until <= now.mono => {
                return self.close(ErrorCode::Overloaded, out);
            }
            _ => {}
        }
        self.feed(now, out, |feed, out| feed.tick(now, out));
        if matches!(self.state, State::Closed) {
            return;
        }
        match self.pings.tick(now.mono) {
            Beat::Silent => return self.close(ErrorCode::PeerSilent, out),
            Beat::Ping => out.push(Action::Send(Frame::Ping)),
            Beat::Nothing => {}
        }
        if let State::Member { feed, .. } = &self.state
            && let Some(known) = feed.known()
            && self.spoke_at + self.settings.heartbeat <= now.mono
        {
            self.say(now, wire::heartbeat(known, now.wall), out);
        }
    }
}

impl Session for Plain {
    fn opened(&mut self, now: Now, out: &mut Vec<Action>) {
        if let Some(Entry::Verified(verified, since)) = self.entry.take() {
            self.enter(now, verified, since, None, out);
        }
    }

    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        if matches!(self.state, State::Closed) {
            return;
        }
        match input {
            Input::Text(text) => self.text(now, &text, out),
            Input::Binary(_) => self.close(ErrorCode::UnsupportedMediaType, out),
            Input::Pong => self.pings.pong(now.mono),
            Input::Tick => self.tick(now, out),
            Input::Verified { result, .. } => self.verified(now, result, out),
            Input::Joined { result, .. } => self.feed(now, out, |feed, out| feed.joined(result, out)),
            Input::Page { result, .. } => self.feed(now, out, |feed, out| feed.page(now, result, out)),
            Input::Delivered { delivery, .. } => {
                self.feed(now, out, |feed, out| feed.delivered(delivery, out))
            }
            Input::Shutdown(code) => self.close(code, out),
            Input::Executed { event, ack, result, .. } => self.executed(now, &event, ack, result, out),
            // Never asked for.
            Input::Account { .. } => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let state = match &self.state {
            State::Waiting { until } | State::Verifying { until, .. } => Some(*until),
            State::Member { feed, .. } => {
                let heartbeat = feed.known().map(|_| self.spoke_at + self.settings.heartbeat);
                [feed.deadline(), heartbeat].into_iter().flatten().min()
            }
            State::Closed => return None,
        };
        state.into_iter().chain([self.pings.deadline()]).min()
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

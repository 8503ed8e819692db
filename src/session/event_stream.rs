//! Server-sent events as a session: one way only, so it is a feed and its silence.

use super::{
    Action, Frame, Input, Now, Session, Verified,
    cursor::{Step, Steps},
    feed::{Feed, Wanted},
};
use crate::{
    domain::{ids::SocketId, stream::Position},
    wire::sse as wire,
};
use std::time::{Duration, Instant};

/// When a browser comes back after the stream ended.
const RETRY: Duration = Duration::from_secs(2);

/// One event stream; its texts are raw server-sent events.
#[derive(Debug)]
pub struct EventStream {
    socket: SocketId,
    heartbeat: Duration,
    max_replay_bytes: usize,
    entry: Option<(Verified, Option<Position>)>,
    feed: Option<Feed>,
    spoke_at: Instant,
    closed: bool,
}

impl EventStream {
    /// `heartbeat`: silence after which a comment is sent.
    pub fn new(
        socket: SocketId,
        verified: Verified,
        since: Option<Position>,
        heartbeat: Duration,
        max_replay_bytes: usize,
        now: Now,
    ) -> Self {
        Self {
            socket,
            heartbeat,
            max_replay_bytes,
            entry: Some((verified, since)),
            feed: None,
            spoke_at: now.mono,
            closed: false,
        }
    }

    fn say(&mut self, now: Now, steps: Steps, out: &mut Vec<Action>) {
        for step in steps {
            let text = match step {
                Step::Welcome { at, .. } => wire::welcome(&at, RETRY),
                Step::Send(handed) => {
                    out.extend(handed.events().map(|event| Action::Send(Frame::Text(event.sse().clone()))));
                    continue;
                }
                Step::Resync { at } => wire::resync(&at),
                Step::Read { .. } => continue,
            };
            out.push(Action::Send(Frame::Text(text)));
        }
        match out.last() {
            Some(Action::Send(_)) => self.spoke_at = now.mono,
            Some(Action::Close(_)) => self.closed = true,
            _ => {}
        }
    }
}

impl Session for EventStream {
    fn opened(&mut self, now: Now, out: &mut Vec<Action>) {
        if let Some((verified, since)) = self.entry.take() {
            let wanted = Wanted::all(since, self.max_replay_bytes);
            self.feed = Some(Feed::open(self.socket, now, verified, wanted, out));
        }
    }

    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Action>) {
        let Some(feed) = self.feed.as_mut().filter(|_| !self.closed) else { return };
        let steps = match input {
            Input::Joined { result, .. } => feed.joined(result, out),
            Input::Page { result, .. } => feed.page(now, result, out),
            Input::Delivered { delivery, .. } => feed.delivered(delivery, out),
            Input::Tick => feed.tick(now, out),
            Input::Shutdown(code) => {
                self.closed = true;
                out.push(Action::Close(Some(code)));
                return;
            }
            // It asks for nothing of this.
            Input::Text(_)
            | Input::Binary(_)
            | Input::Pong
            | Input::Verified { .. }
            | Input::Account { .. }
            | Input::Executed { .. } => return,
        };
        let known = feed.known();
        self.say(now, steps, out);
        if !self.closed && self.spoke_at + self.heartbeat <= now.mono {
            self.spoke_at = now.mono;
            out.push(Action::Send(Frame::Text(wire::heartbeat(known.unwrap_or(0)))));
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let feed = self.feed.as_ref().filter(|_| !self.closed)?;
        feed.deadline().into_iter().chain([self.spoke_at + self.heartbeat]).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        code::ErrorCode,
        domain::{
            ids::{BoardId, RestaurantId, UserId},
            principal::{Principal, Role},
            stream::Epoch,
        },
        session::{Delivery, Joined, Missed},
    };
    use jiff::Timestamp;

    fn written(out: Vec<Action>) -> Vec<String> {
        out.into_iter()
            .filter(|action| !matches!(action, Action::Welcomed { .. }))
            .map(|action| match action {
                Action::Send(Frame::Text(text)) => text.to_string(),
                Action::Close(code) => format!("close {}", code.map_or("", ErrorCode::name)),
                other => format!("{other:?}").split(' ').next().unwrap_or_default().to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_stream_welcomes_resyncs_breaks_its_silence_and_ends_with_the_token() {
        let start = Now { mono: Instant::now(), wall: Timestamp::UNIX_EPOCH };
        let at = |seconds| Now { mono: start.mono + Duration::from_secs(seconds), ..start };
        let principal = Principal {
            user: UserId::generate(),
            role: Role::Kitchen,
            restaurant: RestaurantId::generate(),
            board: BoardId::DEFAULT,
            login: None,
        };
        let valid_for = Duration::from_secs(5);
        let verified =
            Verified { principal, expires_at: start.wall + valid_for, valid_for, boards: Default::default() };
        let socket = SocketId::generate();
        let since = Some("old:3".parse().unwrap());
        let mut stream = EventStream::new(socket, verified, since, Duration::from_secs(2), 1 << 20, start);
        let mut out = vec![];
        stream.opened(start, &mut out);
        assert_eq!(written(out), ["Join"]);

        let mut on = |now, input| {
            let mut out = vec![];
            stream.handle(now, input, &mut out);
            written(out)
        };
        let joined = Joined { epoch: Epoch("e".into()), head: 7, missed: Missed::Lost };
        let seen = on(start, Input::Joined { socket, result: Ok(joined) });
        assert_eq!(
            seen,
            ["retry: 2000\nid: e:7\n\n", "id: e:7\nevent: resync\ndata: {\"epoch\":\"e\",\"seq\":7}\n\n"]
        );
        assert!(on(at(1), Input::Tick).is_empty());
        assert_eq!(on(at(2), Input::Tick), [": seq 7\n\n"]);
        // Two were lost, and their read takes long: the comment tells of them.
        let delivery = Delivery::Head(9);
        assert_eq!(on(at(2), Input::Delivered { socket, delivery }), ["ReadLog"]);
        assert_eq!(on(at(4), Input::Tick), [": seq 9\n\n"]);
        assert_eq!(on(at(5), Input::Tick), ["close TOKEN_EXPIRED"]);
        assert!(on(at(9), Input::Tick).is_empty());
        assert_eq!(stream.deadline(), None);
    }
}

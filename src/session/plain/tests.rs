//! Conversations with a plain session, written as the frames that go out.

use super::*;
use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        principal::{Principal, Role},
        stream::{Epoch, Seq},
    },
    session::{Delivery, Joined, Missed, Page},
    wire::event::{Batch, WireEvent},
};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

struct Talk {
    session: Plain,
    start: Instant,
    elapsed: Duration,
    principal: Principal,
}

impl Talk {
    fn new(entry: impl FnOnce(&Principal) -> Entry) -> Self {
        let principal = Principal::of(UserId::generate(), Role::Kitchen, RestaurantId::generate());
        let settings = Settings {
            authenticate_within: Duration::from_secs(5),
            heartbeat: Duration::from_secs(2),
            ping_interval: Duration::from_secs(10),
            pong_within: Duration::from_secs(8),
            events_per_second: 10,
            events_burst: 40,
            max_replay_bytes: 8 << 20,
        };
        let start = Instant::now();
        let now = Now { mono: start, wall: Timestamp::UNIX_EPOCH };
        let socket = SocketId(Uuid::nil());
        let session = Plain::new(Arc::new(settings), socket, entry(&principal), now);
        Self { session, start, elapsed: Duration::ZERO, principal }
    }

    fn member(since: Option<Position>) -> Self {
        let mut talk = Self::new(|principal| Entry::Verified(verified(principal, 3_600), since));
        let mut out = vec![];
        talk.session.opened(talk.now(), &mut out);
        assert!(written(out).concat().starts_with("join"));
        talk
    }

    fn now(&self) -> Now {
        Now { mono: self.start + self.elapsed, wall: Timestamp::UNIX_EPOCH }
    }

    fn on(&mut self, input: Input) -> Vec<String> {
        let mut out = vec![];
        self.session.handle(self.now(), input, &mut out);
        written(out)
    }

    fn says(&mut self, text: &str) -> Vec<String> {
        self.on(Input::Text(text.into()))
    }

    fn joined(&mut self, head: Seq, missed: Missed) -> Vec<String> {
        let joined = Joined { epoch: Epoch("e".into()), head, missed };
        self.on(Input::Joined { socket: self.session.socket, result: Ok(joined) })
    }

    fn delivered(&mut self, delivery: Delivery) -> Vec<String> {
        self.on(Input::Delivered { socket: self.session.socket, delivery })
    }

    fn page(&mut self, result: Result<Page, ErrorCode>) -> Vec<String> {
        self.on(Input::Page { socket: self.session.socket, result })
    }

    fn verified(&mut self, result: Result<Verified, ErrorCode>) -> Vec<String> {
        self.on(Input::Verified { socket: self.session.socket, result })
    }

    /// Lets time pass as a carrier does: from deadline to deadline.
    fn passes(&mut self, seconds: u64) -> Vec<String> {
        let end = self.elapsed + Duration::from_secs(seconds);
        let mut seen = vec![];
        while let Some(due) = self.session.deadline()
            && due <= self.start + end
        {
            self.elapsed = self.elapsed.max(due - self.start);
            let at = self.elapsed.as_secs();
            seen.extend(self.on(Input::Tick).into_iter().map(|what| format!("{at}s {what}")));
        }
        self.elapsed = end;
        seen
    }
}

fn verified(principal: &Principal, seconds: u64) -> Verified {
    Verified {
        principal: principal.clone(),
        expires_at: Timestamp::UNIX_EPOCH + Duration::from_secs(seconds),
        valid_for: Duration::from_secs(seconds),
        boards: Default::default(),
    }
}

fn batch(first: Seq, last: Seq) -> Arc<Batch> {
    let epoch = Epoch("e".into());
    let event = |seq| {
        let data = "{}".to_owned();
        Arc::new(WireEvent::new(epoch.clone(), seq, Uuid::nil(), Timestamp::UNIX_EPOCH, "x", data))
    };
    Arc::new(Batch { epoch: epoch.clone(), first, last, events: (first..=last).map(event).collect() })
}

fn written(out: Vec<Action>) -> Vec<String> {
    let shown = out.into_iter().filter(|action| !matches!(action, Action::Welcomed { .. }));
    shown
        .map(|action| match action {
            Action::Send(Frame::Text(text)) => text
                .replace(&SocketId(Uuid::nil()).to_string(), "SID")
                .replace("1970-01-01T00:00:00.000Z", "T"),
            Action::Send(Frame::Ping) => "ping".into(),
            Action::Send(Frame::Binary(_)) => "binary".into(),
            Action::Volatile(_) => "volatile".into(),
            Action::Verify { .. } => "verify".into(),
            Action::Join { since: None, .. } => "join".into(),
            Action::Join { since: Some(since), .. } => format!("join {since}"),
            Action::Adopt { .. } => "adopt".into(),
            Action::Leave { .. } => "leave".into(),
            Action::ReadLog { after, limit, .. } => format!("read {after} {limit}"),
            Action::Seen { seq, .. } => format!("seen {seq}"),
            Action::Close(code) => format!("close {}", code.map_or("", ErrorCode::name)),
            action => format!("{action:?}"),
        })
        .collect()
}

fn event(seq: Seq) -> String {
    format!(r#"{{"event":"x","data":{{}},"seq":{seq}}}"#)
}

const READY_7: &str =
    r#"{"event":"ready","data":{"sid":"SID","epoch":"e","seq":7,"recovered":false,"serverTime":"T"}}"#;

#[test]
fn the_first_frame_authenticates() {
    let mut talk = Talk::new(|_| Entry::FirstFrame);
    assert_eq!(
        talk.says(r#"{"event":"seen","data":{"seq":1},"id":1}"#),
        [r#"{"id":1,"error":{"code":"INVALID_TOKEN","message":"not authenticated"}}"#]
    );
    let auth = r#"{"event":"auth","data":{"token":"t","epoch":"e","since":4},"id":"a"}"#;
    assert_eq!(talk.says(auth), ["verify"]);
    let good = verified(&talk.principal, 60);
    assert_eq!(talk.verified(Ok(good)), ["join e:4"]);
    assert_eq!(
        talk.joined(5, Missed::Ring(vec![batch(5, 5)])),
        [
            r#"{"id":"a","event":"ready","data":{"sid":"SID","epoch":"e","seq":4,"recovered":true,"serverTime":"T"}}"#,
            &event(5)
        ]
    );
    let again = talk.says(r#"{"event":"auth","data":{"token":"t"}}"#);
    assert!(again[0].contains("already authenticated"), "{again:?}");
}

#[test]
fn a_bad_token_and_no_token_close() {
    for code in [ErrorCode::InvalidToken, ErrorCode::TokenExpired] {
        let mut talk = Talk::new(|_| Entry::FirstFrame);
        talk.says(r#"{"event":"auth","data":{"token":"t"}}"#);
        assert_eq!(talk.verified(Err(code)), [format!("close {code}")]);
        assert_eq!(talk.session.deadline(), None);
    }
    let mut silent = Talk::new(|_| Entry::FirstFrame);
    assert_eq!(silent.passes(60), ["5s close AUTH_TIMEOUT"]);
    // A verifier that hangs is not the client's fault.
    let mut stuck = Talk::new(|_| Entry::FirstFrame);
    stuck.says(r#"{"event":"auth","data":{"token":"t"}}"#);
    assert_eq!(stuck.passes(60), ["5s close OVERLOADED"]);
}

#[test]
fn live_events_wait_behind_the_replay() {
    let mut talk = Talk::member(Some("e:2".parse().unwrap()));
    assert_eq!(talk.joined(7, Missed::Log), ["read 2 256"]);
    assert!(talk.delivered(Delivery::Events(batch(8, 8))).is_empty());
    let first = talk.page(Ok(Page::Events(Some(batch(3, 5)))));
    assert_eq!(first[0], "read 5 256");
    assert!(first[1].contains(r#""seq":2,"recovered":true"#), "{first:?}");
    assert_eq!(first[2..], [event(3), event(4), event(5)]);
    assert!(talk.delivered(Delivery::Events(batch(9, 9))).is_empty());
    let rest = talk.page(Ok(Page::Events(Some(batch(6, 9)))));
    assert_eq!(rest, [event(6), event(7), event(8), event(9)]);
    assert_eq!(talk.delivered(Delivery::Events(batch(10, 10))), [event(10)]);
}

#[test]
fn what_cannot_be_honoured_is_said() {
    let mut talk = Talk::member(Some("old:2".parse().unwrap()));
    let resync = r#"{"event":"resync","data":{"epoch":"e","seq":7}}"#;
    assert_eq!(talk.joined(7, Missed::Lost), [READY_7, resync]);
}

#[test]
fn a_failed_read_is_tried_again_and_in_the_end_closes() {
    let mut talk = Talk::member(None);
    talk.joined(7, Missed::NotAsked);
    assert_eq!(talk.delivered(Delivery::Head(9)), ["read 7 256"]);
    for _ in 1..10 {
        assert!(talk.page(Err(ErrorCode::DatabaseUnavailable)).is_empty());
        assert!(talk.passes(1).iter().any(|what| what.ends_with("read 7 256")));
    }
    assert_eq!(talk.page(Err(ErrorCode::DatabaseUnavailable)), ["close DATABASE_UNAVAILABLE"]);
}

#[test]
fn a_join_that_hangs_is_our_fault() {
    let mut talk = Talk::member(None);
    assert_eq!(talk.passes(60), ["10s ping", "15s close OVERLOADED"]);
}

#[test]
fn silence_is_broken_by_heartbeats_and_a_dead_peer_is_noticed() {
    let mut talk = Talk::member(None);
    assert_eq!(talk.joined(7, Missed::NotAsked), [READY_7]);
    let beat = |seq| format!(r#"{{"event":"heartbeat","data":{{"seq":{seq},"serverTime":"T"}}}}"#);
    assert_eq!(talk.passes(3), [format!("2s {}", beat(7))]);
    talk.delivered(Delivery::Events(batch(8, 8)));
    assert_eq!(talk.passes(2), [format!("5s {}", beat(8))]);
    // Something is missing, and the log cannot be read: the display sees the gap all the same.
    assert_eq!(talk.delivered(Delivery::Head(9)), ["read 8 256"]);
    assert!(talk.page(Err(ErrorCode::DatabaseUnavailable)).is_empty());
    assert_eq!(talk.passes(2), ["6s read 8 256".into(), format!("7s {}", beat(9))]);
    let rest = talk.passes(20);
    let other: Vec<_> = rest.iter().filter(|what| !what.contains("heartbeat")).collect();
    assert_eq!(other, ["10s ping", "18s close PEER_SILENT"]);
}

#[test]
fn a_token_is_refreshed_or_expires() {
    let mut talk = Talk::member(None);
    talk.joined(7, Missed::NotAsked);
    let refresh = r#"{"event":"auth-refresh","data":{"token":"t"},"id":3}"#;
    assert_eq!(talk.says(refresh), ["verify"]);
    assert!(talk.says(refresh)[0].contains("TOO_MANY_REQUESTS"));
    let stranger = Principal { user: UserId::generate(), ..talk.principal.clone() };
    assert!(talk.verified(Ok(verified(&stranger, 60)))[0].contains(r#"{"id":3,"error":{"code":"FORBIDDEN""#));
    assert_eq!(talk.says(refresh), ["verify"]);
    let newer = verified(&talk.principal, 4);
    assert_eq!(
        talk.verified(Ok(newer)),
        [r#"{"id":3,"event":"auth-refresh","data":{"expiresAt":"1970-01-01T00:00:04.000Z"}}"#]
    );
    assert_eq!(talk.passes(9).last().map(String::as_str), Some("4s close TOKEN_EXPIRED"));
}

#[test]
fn requests_are_answered_and_refused() {
    let mut talk = Talk::member(None);
    talk.joined(7, Missed::NotAsked);
    assert_eq!(talk.says(r#"{"event":"seen","data":{"seq":6}}"#), ["seen 6"]);
    assert_eq!(
        talk.says(r#"{"event":"seen","data":{"seq":7},"id":"s"}"#),
        ["seen 7", r#"{"id":"s","event":"seen","data":{"seq":7}}"#]
    );
    assert!(talk.says(r#"{"event":"seen","data":{"seq":-1},"id":1}"#)[0].contains("VALIDATION_FAILED"));
    assert!(talk.says("nonsense")[0].contains(r#"{"event":"error","data":{"code":"BAD_REQUEST""#));
    assert_eq!(talk.on(Input::Binary(bytes::Bytes::new())), ["close UNSUPPORTED_MEDIA_TYPE"]);
    assert!(talk.says(r#"{"event":"seen","data":{"seq":7}}"#).is_empty());
}

#[test]
fn a_flood_closes() {
    let mut talk = Talk::member(None);
    let seen = r#"{"event":"seen","data":{"seq":6}}"#;
    assert!((0..40).all(|_| talk.says(seen) == ["seen 6"]));
    assert_eq!(talk.says(seen), ["close FLOOD"]);
}

#[test]
fn the_room_and_the_server_can_end_it() {
    let mut talk = Talk::member(None);
    talk.joined(7, Missed::NotAsked);
    assert_eq!(talk.delivered(Delivery::Close(ErrorCode::Removed)), ["close REMOVED"]);
    let mut talk = Talk::member(None);
    assert_eq!(talk.on(Input::Shutdown(ErrorCode::ShuttingDown)), ["close SHUTTING_DOWN"]);
    let mut talk = Talk::member(None);
    let socket = talk.session.socket;
    let full = Input::Joined { socket, result: Err(ErrorCode::TooManySockets) };
    assert_eq!(talk.on(full), ["close TOO_MANY_SOCKETS"]);
}

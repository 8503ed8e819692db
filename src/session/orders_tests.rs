//! Conversations on the main namespace, written as the packets that go out.

use super::*;
use crate::{
    domain::{
        ids::{BoardId, RestaurantId, UserId},
        principal::{Principal, Role},
        rejection::Rejection,
        stream::{Epoch, Seq},
    },
    session::{
        Action, Frame, Joined, Missed, Page, Session,
        socketio::{Limits, SocketIo},
    },
    wire::event::{Batch, WireEvent},
};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

#[path = "orders/accounts_tests.rs"]
mod accounts_tests;
#[path = "orders/admin_tests.rs"]
mod admin_tests;
#[path = "orders/answers_tests.rs"]
mod answers_tests;
#[path = "orders/recovery_tests.rs"]
mod recovery_tests;
#[path = "orders/rooms_tests.rs"]
mod rooms_tests;

struct Talk {
    session: SocketIo<Orders>,
    start: Now,
    seconds: u64,
    socket: SocketId,
    principal: Principal,
    /// The name under which it joined last.
    asked_as: Option<SocketId>,
    /// What its welcome said.
    recovered: Option<bool>,
    /// The words it asked for last.
    vocabulary: Option<Vocabulary>,
}

impl Talk {
    fn new(header: Option<&str>) -> Self {
        Self::with(header, None)
    }

    fn with(header: Option<&str>, recovery: Option<Arc<Recovery>>) -> Self {
        let token = header.map(SecretString::from);
        Self::of(|_| Orders { token, max_replay_bytes: 8 << 20, recovery, ..Orders::default() })
    }

    fn of(orders: impl FnOnce(RestaurantId) -> Orders) -> Self {
        let limits = Limits {
            connect_within: Duration::from_secs(5),
            max_namespaces: 8,
            max_attachments: 10,
            max_attachment_bytes: 65_536,
            max_pending_acks: 64,
            ack_within: Duration::from_secs(10),
            msgpack: false,
            events_per_second: 10,
            events_burst: 40,
        };
        let start = Now { mono: Instant::now(), wall: Timestamp::UNIX_EPOCH };
        let principal = Principal {
            user: UserId::generate(),
            role: Role::Kitchen,
            restaurant: RestaurantId::generate(),
            board: BoardId::DEFAULT,
            login: None,
        };
        let session = SocketIo::new(orders(principal.restaurant), limits, start);
        let socket = SocketId(Uuid::nil());
        Self {
            session,
            start,
            seconds: 0,
            socket,
            principal,
            asked_as: None,
            recovered: None,
            vocabulary: None,
        }
    }

    /// In the room, at position 7, with a token for a minute.
    fn member() -> Self {
        let mut talk = Self::new(Some("good"));
        assert_eq!(talk.says("0"), ["verify good"]);
        let verified = talk.good(60);
        assert_eq!(talk.verified(Ok(verified)), ["join"]);
        let answer = talk.joined(7, Missed::NotAsked);
        assert_eq!(answer, [format!(r#"40{{"sid":"{}"}}"#, talk.socket)]);
        talk
    }

    fn good(&self, seconds: u64) -> Verified {
        let valid_for = Duration::from_secs(seconds);
        Verified {
            principal: self.principal.clone(),
            expires_at: Timestamp::UNIX_EPOCH + valid_for,
            valid_for,
            boards: Default::default(),
        }
    }

    fn on(&mut self, input: Input) -> Vec<String> {
        let now = Now { mono: self.start.mono + Duration::from_secs(self.seconds), ..self.start };
        let mut out = Vec::new();
        self.session.handle(now, input, &mut out);
        self.written(out)
    }

    fn written(&mut self, out: Vec<Action>) -> Vec<String> {
        let words = out.into_iter().flat_map(|action| {
            vec![match action {
                Action::Send(Frame::Text(text)) => text.to_string(),
                Action::Verify { socket, token } => {
                    self.socket = socket;
                    format!("verify {}", token.expose_secret())
                }
                Action::Join { socket, since, sid, vocabulary, .. } => {
                    self.socket = socket;
                    (self.asked_as, self.vocabulary) = (Some(sid), Some(vocabulary));
                    since.map_or("join".into(), |since| format!("join {since}"))
                }
                Action::Welcomed { recovered, .. } => {
                    assert_eq!(self.recovered.replace(recovered), None, "welcomed twice");
                    return vec![];
                }
                Action::Leave { code, .. } => code.map_or("leave".into(), |code| format!("leave {code}")),
                Action::ReadLog { after, .. } => format!("read {after}"),
                Action::Seen { seq, .. } => format!("seen {seq}"),
                Action::Close(code) => format!("close {}", code.map_or("", ErrorCode::name)),
                Action::Account { socket, asked, .. } => {
                    self.socket = socket;
                    format!(
                        "{} as {}",
                        asked.event,
                        asked.principal.map_or("nobody".into(), |who| who.role.to_string())
                    )
                }
                // As a house without commands answers.
                Action::Execute { socket, asked, ack, .. } => {
                    let unknown = Rejection::new(ErrorCode::NotFound, "unknown event");
                    return self.on(Input::Executed {
                        socket,
                        event: asked.event,
                        ack,
                        result: Err(unknown),
                    });
                }
                action => format!("{action:?}"),
            }]
        });
        words.collect()
    }

    fn says(&mut self, text: &str) -> Vec<String> {
        self.on(Input::Text(text.into()))
    }

    fn verified(&mut self, result: Result<Verified, ErrorCode>) -> Vec<String> {
        self.on(Input::Verified { socket: self.socket, result })
    }

    fn joined(&mut self, head: Seq, missed: Missed) -> Vec<String> {
        let joined = Joined { epoch: Epoch("e".into()), head, missed };
        self.on(Input::Joined { socket: self.socket, result: Ok(joined) })
    }

    fn page(&mut self, batch: Option<Arc<Batch>>) -> Vec<String> {
        self.on(Input::Page { socket: self.socket, result: Ok(Page::Events(batch)) })
    }

    fn delivered(&mut self, delivery: Delivery) -> Vec<String> {
        self.on(Input::Delivered { socket: self.socket, delivery })
    }
}

fn batch(first: Seq, last: Seq) -> Arc<Batch> {
    let epoch = Epoch("e".into());
    let event = |seq| {
        let data = format!(r#"{{"seq":{seq}}}"#);
        Arc::new(WireEvent::new(epoch.clone(), seq, Uuid::nil(), Timestamp::UNIX_EPOCH, "order.new", data))
    };
    Arc::new(Batch { epoch: epoch.clone(), first, last, events: (first..=last).map(event).collect() })
}

fn order(seq: Seq) -> String {
    format!(r#"42["order.new",{{"seq":{seq}}}]"#)
}

fn unauthorized(code: &str) -> String {
    format!(r#"44{{"message":"Unauthorized","data":{{"code":"{code}"}}}}"#)
}

#[test]
fn the_header_comes_before_the_payload() {
    assert_eq!(Talk::new(Some("header")).says(r#"0{"token":"payload"}"#), ["verify header"]);
    assert_eq!(Talk::new(None).says(r#"0{"token":"payload"}"#), ["verify payload"]);
    for connect in ["0", "0{}", r#"0{"token":5}"#, r#"0{"token":null}"#] {
        assert_eq!(Talk::new(None).says(connect), [unauthorized("INVALID_TOKEN")], "{connect}");
    }
    assert_eq!(Talk::new(Some("t")).says("0/other,"), [r#"44/other,{"message":"Invalid namespace"}"#]);
}

#[test]
fn what_is_final_is_refused_and_what_may_pass_closes() {
    let mut talk = Talk::new(Some("t"));
    talk.says("0");
    assert_eq!(talk.verified(Err(ErrorCode::InvalidToken)), [unauthorized("INVALID_TOKEN")]);
    let mut talk = Talk::new(Some("t"));
    talk.says("0");
    assert_eq!(talk.verified(Err(ErrorCode::TokenExpired)), [unauthorized("TOKEN_EXPIRED")]);
    for code in [ErrorCode::DatabaseUnavailable, ErrorCode::Overloaded, ErrorCode::Internal] {
        let mut talk = Talk::new(Some("t"));
        talk.says("0");
        assert_eq!(talk.verified(Err(code)), [format!("close {code}")]);
    }
    let mut talk = Talk::new(Some("t"));
    talk.says("0");
    let good = talk.good(60);
    talk.verified(Ok(good));
    let socket = talk.socket;
    let full = Input::Joined { socket, result: Err(ErrorCode::RoomRestarting) };
    assert_eq!(talk.on(full), ["close ROOM_RESTARTING"]);
}

#[test]
fn live_events_follow_the_answer_to_connect_and_gaps_are_healed() {
    let mut talk = Talk::member();
    assert_eq!(talk.delivered(Delivery::Events(batch(8, 9))), [order(8), order(9)]);
    assert_eq!(talk.delivered(Delivery::Events(batch(11, 11))), ["read 9"]);
    assert_eq!(talk.page(Some(batch(10, 11))), [order(10), order(11)]);
    assert_eq!(talk.delivered(Delivery::Head(12)), ["read 11"]);
    let page = Input::Page { socket: talk.socket, result: Ok(Page::Expired) };
    assert_eq!(talk.on(page), [r#"42["resync",{"epoch":"e","seq":12}]"#]);
}

#[test]
fn an_event_before_the_joins_answer_waits_for_it() {
    let mut talk = Talk::new(Some("t"));
    talk.says("0");
    let good = talk.good(60);
    talk.verified(Ok(good));
    assert!(talk.delivered(Delivery::Events(batch(8, 8))).is_empty());
    let answer = talk.joined(7, Missed::NotAsked);
    assert_eq!(answer[0], "read 7");
    assert!(answer[1].starts_with(r#"40{"sid":"#), "{answer:?}");
}

#[test]
fn a_session_that_lost_its_seat_joins_again_from_where_it_stands() {
    let mut talk = Talk::member();
    talk.delivered(Delivery::Events(batch(8, 8)));
    let mut out = Vec::new();
    talk.session.moved(talk.start, talk.socket, &mut out);
    assert_eq!(talk.written(out), ["join e:8"]);
    assert_eq!(talk.joined(10, Missed::Ring(vec![batch(9, 10)])), [order(9), order(10)]);
    assert_eq!(talk.delivered(Delivery::Events(batch(11, 11))), [order(11)]);
}

#[test]
fn a_token_is_refreshed_or_ends_the_connection() {
    let mut talk = Talk::member();
    talk.seconds = 30;
    assert_eq!(talk.says(r#"27["auth-refresh",{"token":"newer"}]"#), ["verify newer"]);
    assert!(talk.says(r#"28["auth-refresh",{"token":"newer"}]"#)[0].contains("TOO_MANY_REQUESTS"));
    let newer = talk.good(60);
    let expected = r#"437[{"event":"auth-refresh","data":{"expiresAt":"1970-01-01T00:01:00.000Z"}}]"#;
    assert_eq!(talk.verified(Ok(newer)), [expected]);
    talk.seconds = 60;
    assert!(talk.on(Input::Tick).is_empty());
    talk.seconds = 90;
    assert_eq!(talk.session.deadline(), Some(talk.start.mono + Duration::from_secs(90)));
    assert_eq!(talk.on(Input::Tick), ["close TOKEN_EXPIRED"]);
}

#[test]
fn leaving_leaves_the_room_and_a_removal_is_final() {
    let mut talk = Talk::member();
    assert_eq!(talk.says("1"), ["leave"]);
    assert!(talk.delivered(Delivery::Events(batch(8, 8))).is_empty());
    let mut talk = Talk::member();
    assert_eq!(talk.delivered(Delivery::Close(ErrorCode::Removed)), ["leave REMOVED", "41"]);
    let mut talk = Talk::member();
    assert_eq!(talk.delivered(Delivery::Close(ErrorCode::SlowConsumer)), ["close SLOW_CONSUMER"]);
}

//! Conversations of clients that come back with a `pid`, written as the packets that go out.

use super::*;
use crate::{
    domain::stream::{Epoch, Position},
    session::recovery::{Pid, Recovery},
};

fn recovery() -> Arc<Recovery> {
    Arc::new(Recovery::new(b"a secret of these tests", vec!["/".into()]).unwrap())
}

impl Talk {
    fn recoverable() -> Self {
        Self::with(Some("good"), Some(recovery()))
    }

    /// The next connection of the same client, which says this; up to its room's answer.
    pub(super) fn comes_back(&self, connect: &str, since: &str) -> Self {
        let mut next = Self::recoverable();
        next.principal = self.principal.clone();
        next.says_and_joins(connect, since);
        next
    }

    fn says_and_joins(&mut self, connect: &str, since: &str) {
        assert_eq!(self.says(connect), ["verify good"]);
        let verified = self.good(60);
        assert_eq!(self.verified(Ok(verified)), [since]);
    }

    /// What the room knows it by.
    pub(super) fn sid(&self) -> String {
        self.asked_as.unwrap().to_string()
    }
}

/// `sid` and `pid` of an answer to CONNECT.
pub(super) fn ids(answer: &str) -> (String, String) {
    let json: serde_json::Value = serde_json::from_str(answer.strip_prefix("40").unwrap()).unwrap();
    let text = |name: &str| json[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned();
    (text("sid"), text("pid"))
}

/// A first connection, welcomed where the log stands at 7.
pub(super) fn first() -> (Talk, String, String) {
    let mut talk = Talk::recoverable();
    talk.says_and_joins("0", "join");
    let answer = talk.joined(7, Missed::NotAsked);
    assert_eq!((answer.len(), talk.recovered), (1, Some(false)));
    let (sid, pid) = ids(&answer[0]);
    (talk, sid, pid)
}

pub(super) fn at(seq: Seq) -> String {
    format!(r#"42["order.new",{{"seq":{seq}}},"e:{seq}"]"#)
}

fn resync(seq: Seq) -> String {
    format!(r#"42["resync",{{"epoch":"e","seq":{seq}}},"e:{seq}"]"#)
}

pub(super) fn answer(sid: &str, pid: &str) -> String {
    format!(r#"40{{"sid":"{sid}","pid":"{pid}"}}"#)
}

#[test]
fn the_old_socket_comes_first_then_what_was_missed_then_what_is_new() {
    let (mut talk, sid, pid) = first();
    assert_eq!(talk.delivered(Delivery::Events(batch(8, 9))), [at(8), at(9)]);

    // From the ring.
    let connect = format!(r#"0{{"token":"good","pid":"{pid}","offset":"e:9"}}"#);
    let mut talk = talk.comes_back(&connect, "join e:9");
    assert_ne!(talk.socket.to_string(), sid, "a connection has an id of its own");
    assert_eq!(talk.sid(), sid);
    assert!(talk.delivered(Delivery::Events(batch(11, 12))).is_empty());
    let expected = ["read 11".into(), answer(&sid, &pid), at(10), at(11)];
    assert_eq!(talk.joined(11, Missed::Ring(vec![batch(10, 11)])), expected);
    assert_eq!(talk.recovered, Some(true));
    assert_eq!(talk.page(Some(batch(12, 12))), [at(12)]);
    assert_eq!(talk.delivered(Delivery::Events(batch(13, 13))), [at(13)]);

    // From the log; no event had ever been received, so there is no offset.
    let connect = format!(r#"0{{"pid":"{pid}"}}"#);
    let mut talk = talk.comes_back(&connect, "join e:7");
    assert_eq!(talk.joined(13, Missed::Log), ["read 7"]);
    let expected = ["read 12".to_owned(), answer(&sid, &pid), at(8), at(9), at(10), at(11), at(12)];
    assert_eq!(talk.page(Some(batch(8, 12))), expected);
    assert!(talk.delivered(Delivery::Events(batch(14, 14))).is_empty(), "behind the replay");
    assert_eq!(talk.page(Some(batch(13, 14))), [at(13), at(14)]);

    // Nothing was missed.
    let mut talk = talk.comes_back(&format!(r#"0{{"pid":"{pid}","offset":"e:14"}}"#), "join e:14");
    assert_eq!(talk.joined(14, Missed::Ring(vec![])), [answer(&sid, &pid)]);
}

/// A stock client keeps its last offset for good, also over a fresh connection in which it received nothing.
#[test]
fn an_offset_counts_where_it_lies_behind_the_pid_in_the_same_log() {
    let (talk, _, pid) = first();
    for (offset, since) in [
        (r#""e:8""#, "join e:8"),
        (r#""e:7""#, "join e:7"),
        (r#""e:3""#, "join e:7"),
        (r#""old:99""#, "join e:7"),
        (r#""the last argument of somebody's event""#, "join e:7"),
        ("null", "join e:7"),
        ("12", "join e:7"),
    ] {
        talk.comes_back(&format!(r#"0{{"pid":"{pid}","offset":{offset}}}"#), since);
    }
}

#[test]
fn what_cannot_be_recovered_is_a_new_socket_and_one_resync() {
    let (talk, old, pid) = first();
    let connect = format!(r#"0{{"pid":"{pid}","offset":"e:8"}}"#);
    let is_new = |talk: &Talk, out: &[String]| {
        let (sid, new) = ids(&out[0]);
        assert_eq!((sid, talk.recovered), (talk.socket.to_string(), Some(false)));
        assert_ne!(new, pid);
        assert_ne!(talk.socket.to_string(), old);
        new
    };
    // More than the cap, another epoch, a position ahead of the log: the room says so.
    let mut talk = talk.comes_back(&connect, "join e:8");
    let out = talk.joined(90_000, Missed::Lost);
    let new = is_new(&talk, &out);
    assert_eq!(out[1..], [resync(90_000)]);
    assert_eq!(talk.delivered(Delivery::Events(batch(90_001, 90_001))), [at(90_001)]);
    // Cut off before the resync came: from its position on, which the new pid knows.
    talk.comes_back(&format!(r#"0{{"pid":"{new}","offset":"e:8"}}"#), "join e:90000");

    // Too old: the log says so.
    let mut talk = talk.comes_back(&connect, "join e:8");
    assert_eq!(talk.joined(12, Missed::Log), ["read 8"]);
    let out = talk.on(Input::Page { socket: talk.socket, result: Ok(Page::Expired) });
    is_new(&talk, &out);
    assert_eq!(out[1..], [resync(12)]);

    // The log was restored while it came back.
    let mut talk = talk.comes_back(&connect, "join e:8");
    let joined = Joined { epoch: Epoch("f".into()), head: 3, missed: Missed::Lost };
    let out = talk.on(Input::Joined { socket: talk.socket, result: Ok(joined) });
    is_new(&talk, &out);
    assert_eq!(out[1..], [r#"42["resync",{"epoch":"f","seq":3},"f:3"]"#]);
}

#[test]
fn a_pid_that_is_not_the_clients_own_is_lost_and_told_so() {
    let (talk, _, pid) = first();
    let strangers = [
        Principal { user: UserId::generate(), ..talk.principal.clone() },
        Principal { restaurant: RestaurantId::generate(), ..talk.principal.clone() },
    ];
    let lost = |mut next: Talk, pid: &str| {
        next.says_and_joins(&format!(r#"0{{"pid":{pid},"offset":"e:9"}}"#), "join");
        assert_eq!(next.sid(), next.socket.to_string(), "it takes nobody's seat");
        let out = next.joined(20, Missed::NotAsked);
        assert_eq!(ids(&out[0]).0, next.socket.to_string());
        assert_eq!(out[1..], [resync(20)]);
        assert_eq!(next.recovered, Some(false));
    };
    for stranger in strangers {
        let mut next = Talk::recoverable();
        next.principal = stranger;
        lost(next, &format!(r#""{pid}""#));
    }
    let mut other = Pid {
        sid: talk.socket,
        user: talk.principal.user,
        restaurant: talk.principal.restaurant,
        namespace: "/admin".into(),
        began: Position { epoch: Epoch("e".into()), seq: 7 },
    };
    let elsewhere = recovery().seal(&other).unwrap();
    other.namespace = "/".into();
    let other_key = Recovery::new(b"another secret", vec![]).unwrap().seal(&other).unwrap();
    for bad in [elsewhere, other_key, format!("{pid}x"), "nonsense".into(), String::new()] {
        let mut next = Talk::recoverable();
        next.principal = talk.principal.clone();
        lost(next, &format!(r#""{bad}""#));
    }
    for bad in ["7", "{}", "[]", "true"] {
        lost(Talk::recoverable(), bad);
    }
}

#[test]
fn without_recovery_events_have_their_own_arguments_and_nothing_else() {
    let (known, _, pid) = first();
    let off = r#"0{"token":"good","recovery":false}"#;
    for (recovery, connect) in [(Some(recovery()), off), (None, "0"), (Some(not_here()), "0")] {
        let mut talk = Talk::with(Some("good"), recovery.clone());
        talk.says_and_joins(connect, "join");
        let sid = talk.socket;
        assert_eq!(talk.joined(7, Missed::NotAsked), [format!(r#"40{{"sid":"{sid}"}}"#)]);
        assert_eq!(talk.delivered(Delivery::Events(batch(8, 8))), [order(8)]);

        // Not even where it had it before; but it hears that it has missed something.
        let mut talk = Talk::with(Some("good"), recovery);
        talk.principal = known.principal.clone();
        let connect = match connect {
            "0" => format!(r#"0{{"pid":"{pid}"}}"#),
            _ => format!(r#"0{{"pid":"{pid}","recovery":false}}"#),
        };
        talk.says_and_joins(&connect, "join");
        let sid = talk.socket;
        let expected =
            [format!(r#"40{{"sid":"{sid}"}}"#), r#"42["resync",{"epoch":"e","seq":9}]"#.to_owned()];
        assert_eq!(talk.joined(9, Missed::NotAsked), expected);
    }
}

fn not_here() -> Arc<Recovery> {
    Arc::new(Recovery::new(b"a secret of these tests", vec!["/admin".into()]).unwrap())
}

#[test]
fn the_token_decides_again_at_every_return() {
    let (_, _, pid) = first();
    let connect = format!(r#"0{{"token":"good","pid":"{pid}"}}"#);
    for (error, expected) in [
        (ErrorCode::TokenExpired, unauthorized("TOKEN_EXPIRED")),
        (ErrorCode::Removed, unauthorized("REMOVED")),
        (ErrorCode::DatabaseUnavailable, "close DATABASE_UNAVAILABLE".into()),
    ] {
        let mut talk = Talk::recoverable();
        talk.says(&connect);
        assert_eq!(talk.verified(Err(error)), [expected]);
    }
}

#[test]
fn a_newer_twin_ends_the_older_for_good() {
    let (mut talk, ..) = first();
    assert_eq!(talk.delivered(Delivery::Close(ErrorCode::Superseded)), ["leave SUPERSEDED", "41"]);
    assert!(talk.delivered(Delivery::Events(batch(8, 8))).is_empty());

    // It comes too late to the room, before or after it was in.
    let late =
        |talk: &mut Talk| talk.on(Input::Joined { socket: talk.socket, result: Err(ErrorCode::Superseded) });
    let (mut talk, ..) = first();
    assert_eq!(late(&mut talk), ["leave SUPERSEDED", "41"]);
    let mut talk = Talk::recoverable();
    talk.says_and_joins("0", "join");
    let refused = r#"44{"message":"Refused","data":{"code":"SUPERSEDED"}}"#;
    assert_eq!(late(&mut talk), ["leave SUPERSEDED", refused]);
}

#[test]
fn another_carrier_joins_under_the_same_name() {
    let (talk, sid, pid) = first();
    let connect = format!(r#"0{{"pid":"{pid}"}}"#);
    let moves = |talk: &mut Talk| {
        let mut out = Vec::new();
        talk.session.moved(talk.start, talk.socket, &mut out);
        talk.written(out);
        talk.sid()
    };
    let mut talk = talk.comes_back(&connect, "join e:7");
    assert_eq!(moves(&mut talk), sid, "before its welcome");
    talk.joined(7, Missed::Ring(vec![]));
    assert_eq!(moves(&mut talk), sid);
    let mut talk = talk.comes_back(&connect, "join e:7");
    talk.joined(7, Missed::Lost);
    assert_eq!(moves(&mut talk), talk.socket.to_string(), "it has a new socket");
}

/// A stock client takes the last argument of an event for its offset where that is a text.
#[test]
fn no_event_but_those_of_the_log_ends_in_a_text_or_has_no_argument() {
    let (mut talk, ..) = first();
    let mut out = Vec::new();
    for event in ["seen", "auth-refresh", "dance", "exception", "resync"] {
        for arguments in ["", ",{}", r#",{"seq":5}"#, r#",{"token":"newer"}"#, r#","e:99""#, r#",7,"e:99""#] {
            for ack in ["", "7"] {
                talk.seconds += 10;
                out.extend(talk.says(&format!(r#"2{ack}["{event}"{arguments}]"#)));
                let newer = talk.good(6_000);
                out.extend(talk.verified(Ok(newer)));
                let (socket, gone) = (talk.socket, ErrorCode::TokenExpired);
                talk.says(r#"2["auth-refresh",{"token":"older"}]"#);
                out.extend(talk.on(Input::Verified { socket, result: Err(gone) }));
            }
        }
    }
    let events: Vec<_> = out.iter().filter_map(|packet| packet.strip_prefix("42")).collect();
    assert!(events.len() > 40, "{}", events.len());
    for name in ["exception", "auth-refresh"] {
        assert!(events.iter().any(|event| event.starts_with(&format!(r#"["{name}""#))), "{name}");
    }
    for event in events {
        let event: Vec<serde_json::Value> = serde_json::from_str(event).unwrap();
        assert!(event.len() > 1 && event.last().unwrap().is_object(), "{event:?}");
    }
}

//! Conversations on `/admin`: staff and the public, commands and their answers.

use super::*;
use crate::session::Asked;
use bytestring::ByteString;

const ORDER: &str = r#"2/admin,7["new_order",{"total":5},{"key":"k"}]"#;

/// What a client without a token may do, where any.
fn visitor(public: Option<bool>) -> Talk {
    recoverable_visitor(public, None)
}

fn recoverable_visitor(public: Option<bool>, recovery: Option<Arc<Recovery>>) -> Talk {
    Talk::of(|restaurant| Orders {
        max_replay_bytes: 8 << 20,
        recovery,
        public: public.map(|read| PublicAccess { restaurant, read }),
        ..Orders::default()
    })
}

impl Talk {
    /// A house that answers nothing by itself.
    fn asks(&mut self, text: &str) -> (Principal, Asked, Option<u64>) {
        let mut out = Vec::new();
        self.session.handle(self.start, Input::Text(text.into()), &mut out);
        let [Action::Execute { principal, asked, ack, .. }] = out.as_slice() else { panic!("{out:?}") };
        (principal.clone(), asked.clone(), *ack)
    }

    fn executed(&mut self, ack: Option<u64>, result: Result<&str, Rejection>) -> Vec<String> {
        let (socket, event) = (self.socket, "new_order".into());
        self.on(Input::Executed { socket, event, ack, result: result.map(Into::into) })
    }
}

#[test]
fn staff_come_in_by_token_as_everywhere() {
    let mut talk = Talk::new(Some("good"));
    assert_eq!(talk.says("0/admin,"), ["verify good"]);
    let verified = talk.good(60);
    assert_eq!(talk.verified(Ok(verified)), ["join"]);
    assert_eq!(talk.vocabulary, Some(Vocabulary::Admin));
    let sid = talk.socket;
    assert_eq!(talk.joined(7, Missed::NotAsked), [format!(r#"40/admin,{{"sid":"{sid}"}}"#)]);
    assert_eq!(talk.delivered(Delivery::Events(batch(8, 8))), [r#"42/admin,["order.new",{"seq":8}]"#]);
    let (principal, asked, ack) = talk.asks(ORDER);
    assert_eq!((principal, ack), (talk.principal.clone(), Some(7)));
    assert_eq!(
        (asked.vocabulary, &*asked.event, &*asked.data),
        (Vocabulary::Admin, "new_order", r#"{"total":5}"#)
    );
    assert_eq!(asked.key.unwrap().key, "k");
}

/// Whatever anyone sends was copied, 64 KiB of it, before the house saw that there is no such event.
#[test]
fn data_is_not_copied_and_a_waiting_command_keeps_no_packet() {
    let mut talk = visitor(Some(true));
    talk.says("0/admin,");
    talk.joined(7, Missed::NotAsked);
    let packet = ByteString::from(format!(r#"2/admin,["dance","{}"]"#, "x".repeat(60_000)));
    let mut out = Vec::new();
    talk.session.handle(talk.start, Input::Text(packet.clone()), &mut out);
    let [Action::Execute { asked, .. }] = out.as_slice() else { panic!("{out:?}") };
    let bytes = packet.as_bytes().as_ptr_range();
    assert!(bytes.contains(&asked.data.as_bytes().as_ptr()));
    assert!(!bytes.contains(&asked.event.as_bytes().as_ptr()));
}

/// The verifier answers in time; where its answer is lost, its client is told to come back.
#[test]
fn a_token_is_verified_in_time_or_its_client_comes_back() {
    let mut talk = Talk::new(Some("good"));
    talk.says("0/admin,");
    talk.seconds = 9;
    assert!(talk.on(Input::Tick).is_empty(), "longer than the connect timeout");
    talk.seconds = 10;
    assert_eq!(talk.on(Input::Tick), ["close OVERLOADED"]);
    let mut talk = Talk::new(Some("good"));
    talk.says("0/admin,");
    talk.seconds = 9;
    let verified = talk.good(60);
    assert_eq!(talk.verified(Ok(verified)), ["join"]);
    talk.seconds = 23;
    assert!(talk.on(Input::Tick).is_empty(), "the join has a time of its own");
    talk.seconds = 24;
    assert_eq!(talk.on(Input::Tick), ["close OVERLOADED"]);
}

#[test]
fn whoever_has_no_token_comes_in_where_the_settings_let_the_public() {
    let refused = r#"44/admin,{"message":"Unauthorized","data":{"code":"INVALID_TOKEN"}}"#;
    assert_eq!(visitor(None).says("0/admin,"), [refused]);
    for (read, words) in [(true, Vocabulary::Admin), (false, Vocabulary::Silence)] {
        let mut talk = visitor(Some(read));
        // Nowhere else.
        assert_eq!(talk.says("0"), [unauthorized("INVALID_TOKEN")]);
        // A token that is none is not taken for none at all.
        assert_eq!(visitor(Some(read)).says(r#"0/admin,{"token":"bad"}"#), ["verify bad"]);
        assert_eq!(talk.says("0/admin,"), ["join"]);
        assert_eq!(talk.vocabulary, Some(words));
        talk.joined(7, Missed::NotAsked);
        let (principal, ..) = talk.asks(ORDER);
        assert_eq!(principal, Principal::public(talk.principal.restaurant));
    }
}

/// Whoever presented any pid was told, by `resync`, how many events the restaurant has had: every sale counts.
#[test]
fn who_may_act_and_not_hear_learns_no_position() {
    let comes = |read| {
        let recovery = Recovery::new(b"a secret", vec!["/admin".into()]).unwrap();
        let mut talk = recoverable_visitor(Some(read), Some(Arc::new(recovery)));
        assert_eq!(talk.says(r#"0/admin,{"pid":"any","offset":"e:3"}"#), ["join"]);
        let mut heard = talk.joined(7, Missed::NotAsked);
        // The log is of another life, or lacks something.
        heard.extend(talk.delivered(Delivery::Head(9)));
        let socket = talk.socket;
        heard.extend(talk.on(Input::Page { socket, result: Ok(Page::Expired) }));
        (heard, talk.socket)
    };
    let (heard, sid) = comes(false);
    assert_eq!(heard, [format!(r#"40/admin,{{"sid":"{sid}"}}"#), "read 7".to_owned()]);
    let (heard, _) = comes(true);
    assert!(heard[0].contains(r#""pid":""#), "{heard:?}");
    let resync = |seq| format!(r#"42/admin,["resync",{{"epoch":"e","seq":{seq}}},"e:{seq}"]"#);
    assert_eq!(heard[1..], [resync(7), "read 7".to_owned(), resync(9)]);
}

#[test]
fn a_command_is_answered_once_and_in_one_place() {
    let mut talk = visitor(Some(true));
    talk.says("0/admin,");
    talk.joined(7, Missed::NotAsked);
    talk.asks(ORDER);
    // A repetition waits for the first one's answer.
    assert!(talk.says(&ORDER.replace("admin,7", "admin,8")).is_empty());
    let done = |n| format!(r#"43/admin,{n}[{{"event":"new_order","data":{{"id":1}}}}]"#);
    assert_eq!(talk.executed(Some(7), Ok(r#"{"id":1}"#)), [done(8), done(7)]);
    // Without an acknowledgement its event tells, as it tells everybody.
    assert!(talk.executed(None, Ok(r#"{"id":2}"#)).is_empty());

    let faults = Rejection {
        code: ErrorCode::ValidationFailed,
        messages: vec!["total must not be less than 0".into(), "property x should not exist".into()],
        current: None,
    };
    let exception = r#"42/admin,["exception",{"status":"error","message":"total must not be less than 0; property x should not exist","code":"VALIDATION_FAILED","cause":{"pattern":"new_order"}}]"#;
    let ack = r#"43/admin,9[{"error":{"code":"VALIDATION_FAILED","message":"total must not be less than 0; property x should not exist","details":["total must not be less than 0","property x should not exist"]}}]"#;
    assert_eq!(talk.executed(Some(9), Err(faults.clone())), [ack, exception]);
    assert_eq!(talk.executed(None, Err(faults)), [exception]);
    let served = Rejection::new(ErrorCode::InvalidTransition, "no").at("SERVED");
    let ack = r#"43/admin,10[{"error":{"code":"INVALID_TRANSITION","message":"no","details":{"currentStatus":"SERVED"}}}]"#;
    assert_eq!(talk.executed(Some(10), Err(served))[0], ack);
}

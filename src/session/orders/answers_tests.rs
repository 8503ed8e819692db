//! Conversations about requests that fail: the acknowledgement, and the exception beside it.

use super::*;

fn exception(message: &str, code: &str, pattern: &str) -> String {
    format!(
        r#"42["exception",{{"status":"error","message":"{message}","code":"{code}","cause":{{"pattern":"{pattern}"}}}}]"#
    )
}

#[test]
fn every_acknowledgement_is_answered() {
    let mut talk = Talk::member();
    assert_eq!(talk.says(r#"2["seen",{"seq":5}]"#), ["seen 5"]);
    assert_eq!(talk.says(r#"21["seen",{"seq":6}]"#), ["seen 6", r#"431[{"event":"seen","data":{"seq":6}}]"#]);
    let unknown = exception("unknown event", "NOT_FOUND", "dance");
    assert_eq!(talk.says(r#"2["dance",{"password":"x"}]"#), std::slice::from_ref(&unknown));
    assert_eq!(
        talk.says(r#"22["dance"]"#),
        [r#"432[{"error":{"code":"NOT_FOUND","message":"unknown event"}}]"#.to_owned(), unknown]
    );
    let invalid = exception("seq is missing", "VALIDATION_FAILED", "seen");
    assert_eq!(talk.says(r#"2["seen",{"seq":-1}]"#), [invalid]);
}

#[test]
fn what_an_event_says_is_an_object() {
    let mut talk = Talk::member();
    for arguments in ["", ",[4]", ",4", ",null", ",{}", r#",{"seq":"4"}"#] {
        let invalid = exception("seq is missing", "VALIDATION_FAILED", "seen");
        assert_eq!(talk.says(&format!(r#"2["seen"{arguments}]"#)), [invalid], "{arguments}");
    }
    let missing = exception("token is missing", "VALIDATION_FAILED", "auth-refresh");
    assert_eq!(talk.says(r#"2["auth-refresh",["newer"]]"#), [missing]);
}

/// A refused event is answered as any that failed: it never comes to the house.
#[test]
fn an_event_refused_for_its_key_is_an_exception_too() {
    let mut talk = Talk::member();
    let message = "key must be 1 to 255 visible ASCII characters";
    let illegal = exception(message, "VALIDATION_FAILED", "seen");
    assert_eq!(talk.says(r#"2["seen",{"seq":5},{"key":""}]"#), std::slice::from_ref(&illegal));
    let error = r#""code":"VALIDATION_FAILED","message":"key must be 1 to 255 visible ASCII characters""#;
    let answer = format!(r#"431[{{"error":{{{error},"details":["{message}"]}}}}]"#);
    assert_eq!(talk.says(r#"21["seen",{"seq":5},{"key":7}]"#), [answer, illegal]);

    let first = [r#"seen 5"#, r#"432[{"event":"seen","data":{"seq":5}}]"#];
    assert_eq!(talk.says(r#"22["seen",{"seq":5},{"key":"k"}]"#), first);
    let reused = exception("the key was used for another event", "IDEMPOTENCY_KEY_REUSED", "seen");
    assert_eq!(talk.says(r#"2["seen",{"seq":6},{"key":"k"}]"#), std::slice::from_ref(&reused));
    let answer =
        r#"433[{"error":{"code":"IDEMPOTENCY_KEY_REUSED","message":"the key was used for another event"}}]"#;
    assert_eq!(talk.says(r#"23["seen",{"seq":6},{"key":"k"}]"#), [answer.to_owned(), reused]);
}

//! Events that a client repeats under the same key.

use super::*;

/// The first times out at the client, which sends it again; then the handler is done.
#[test]
fn a_twin_in_flight_waits_for_the_first_ones_answer() {
    let mut bench = Bench::connected();
    assert_eq!(bench.says(r#"21["slow",{"a":1},{"key":"k"}]"#), NOTHING);
    assert_eq!(bench.says(r#"22["slow",{"a":1},{"key":"k"}]"#), NOTHING);
    assert_eq!(bench.says(r#"23["slow",{"a":1}]"#), NOTHING, "without a key it is another");
    assert_eq!(bench.says(r#"2["finish"]"#), ["432[3]", "431[3]", "433[3]"]);
    assert_eq!(bench.says(r#"24["slow",{"a":1},{"key":"k"}]"#), ["434[3]"]);
    assert_eq!(bench.says(r#"2["finish"]"#), NOTHING);
}

#[test]
fn bytes_are_part_of_an_event_and_of_its_answer() {
    let mut bench = Bench::connected();
    let header = |id| format!(r#"51-{id}["echo",{{"_placeholder":true,"num":0}},{{"key":"k"}}]"#);
    let answer = |id| format!(r#"461-{id}[{{"_placeholder":true,"num":0}},{{"key":"k"}}]"#);
    for id in [1, 2] {
        bench.says(&header(id));
        assert_eq!(bench.bytes(b"a"), [answer(id), r#"b"a""#.into()]);
    }
    bench.says(&header(3));
    assert!(bench.bytes(b"b")[0].contains("IDEMPOTENCY_KEY_REUSED"));
}

#[test]
fn a_key_belongs_to_one_event() {
    let reused =
        r#"{"error":{"code":"IDEMPOTENCY_KEY_REUSED","message":"the key was used for another event"}}"#;
    let mut bench = Bench::connected();
    assert_eq!(bench.says(r#"21["echo",1,{"key":"k"}]"#).len(), 1);
    for other in [r#"["echo",2,{"key":"k"}]"#, r#"["ohce",1,{"key":"k"}]"#, r#"["echo",1,{"key":"k"},0]"#] {
        assert_eq!(bench.says(&format!("29{other}")), [format!("439[{reused}]")], "{other}");
        assert_eq!(bench.says(&format!("2{other}")), NOTHING, "nobody waits");
    }
    // A key is the socket's own.
    bench.says("0/a,");
    assert_eq!(bench.says(r#"2/a,1["echo",2,{"key":"k"}]"#).len(), 1);
    assert_eq!(bench.says(r#"2/a,2["echo",2,{"key":"k"}]"#), [r#"43/a,2[2,{"key":"k"}]"#]);
}

#[test]
fn only_a_second_argument_that_says_no_more_is_a_key() {
    let mut bench = Bench::connected();
    for event in
        [r#"["n",{"key":"k"}]"#, r#"["n",1,{"key":"k","b":2}]"#, r#"["n",1,"k"]"#, r#"["n",1,2,{"key":"k"}]"#]
    {
        for id in [1, 2] {
            bench.says(&format!("2{id}{event}"));
        }
    }
    assert_eq!(bench.says(r#"2["finish"]"#).len(), 8, "each was handled");
    let long = quote(&"k".repeat(256));
    for bad in [r#""""#, "1", "null", r#""a b""#, r#""é""#, long.as_str()] {
        let answer = bench.says(&format!(r#"25["n",1,{{"key":{bad}}}]"#));
        assert!(answer[0].starts_with(r#"435[{"error":{"code":"VALIDATION_FAILED""#), "{bad} {answer:?}");
    }
}

#[test]
fn more_than_is_remembered_at_once_ends_the_connection() {
    let mut bench = Bench::connected();
    for number in 0..MAX_KEYS {
        assert_eq!(bench.says(&format!(r#"2{number}["slow",0,{{"key":"{number}"}}]"#)), NOTHING);
    }
    assert_eq!(bench.says(r#"2900["slow",0,{"key":"more"}]"#), ["close TOO_MANY_REQUESTS"]);
}

/// A failure that may pass was kept as the key's answer for as long as the connection lived: the key that was to settle
/// whether an order stood heard IDEMPOTENCY_IN_FLIGHT, or 503, for ever.
#[test]
fn a_failure_that_may_pass_is_told_and_forgotten() {
    for &code in ErrorCode::ALL {
        let mut bench = Bench::connected();
        let told = |id| format!(r#"43{id}[{{"error":{{"code":"{code}","message":"no"}}}}]"#);
        let event = |id| format!(r#"2{id}["slow",0,{{"key":"k"}}]"#);
        assert_eq!(bench.says(&event(1)), NOTHING);
        assert_eq!(bench.says(&event(2)), NOTHING);
        assert_eq!(bench.says(&format!(r#"2["fail","{code}"]"#)), [told(2), told(1)]);
        let again = bench.says(&event(3));
        // As the contracts have it of what is stored: 404, 409, 422, and never a doubt.
        let kept = matches!(code.face().status, 404 | 409 | 422) && !code.face().retry;
        assert_eq!(again, if kept { vec![told(3)] } else { vec![] }, "{code}");
        // Tried again, it is the event's own again.
        if !kept {
            assert_eq!(bench.says(r#"2["finish"]"#), ["433[4]"], "{code}");
            assert_eq!(bench.says(&event(4)), ["434[4]"], "{code}");
        }
    }
}

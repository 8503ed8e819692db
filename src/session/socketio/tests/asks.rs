//! The server asks its clients.

use super::*;

#[test]
fn an_answer_comes_back_once() {
    let mut bench = Bench::connected();
    assert_eq!(bench.says(r#"2["ask",1]"#), [r#"420["q",1]"#]);
    assert_eq!(bench.says(r#"2["ask",2]"#), [r#"421["q",2]"#]);
    assert_eq!(bench.says(r#"31["two",2]"#), [r#"42["heard",1,"two",2]"#]);
    assert_eq!(bench.says(r#"30[]"#), [r#"42["heard",0]"#]);
    for text in ["30[]", "31[1]", "39[]", "39007199254740991[]"] {
        assert_eq!(bench.says(text), NOTHING, "doubled or unknown: {text}");
    }
    assert_eq!(bench.session.deadline(), None, "nothing is left of them");
}

#[test]
fn bytes_are_asked_and_answered() {
    let mut bench = Bench::connected();
    let placeholder = r#"{"_placeholder":true,"num":0}"#;
    assert_eq!(bench.says(&format!(r#"51-["ask",{placeholder}]"#)), NOTHING);
    assert_eq!(bench.bytes(b"a"), [format!(r#"451-0["q",{placeholder}]"#), r#"b"a""#.into()]);
    assert_eq!(bench.says(&format!("61-0[{placeholder}]")), NOTHING);
    let heard = bench.bytes(b"b");
    assert_eq!(heard, [format!(r#"451-["heard",0,{placeholder}]"#), r#"b"b""#.into()]);
}

#[test]
fn what_nobody_answers_is_told_and_forgotten() {
    let mut bench = Bench::connected();
    bench.says(r#"2["ask"]"#);
    assert_eq!(bench.session.deadline(), Some(bench.start.mono + Duration::from_millis(100)));
    bench.ms = 99;
    assert_eq!(bench.on(Input::Tick), NOTHING);
    bench.ms = 100;
    assert_eq!(bench.on(Input::Tick), [r#"42["heard",0,"not acknowledged in time"]"#]);
    assert_eq!(bench.on(Input::Tick), NOTHING);
    assert_eq!(bench.says("30[]"), NOTHING, "too late");
    assert_eq!(bench.session.deadline(), None);
}

#[test]
fn no_more_is_asked_than_may_wait() {
    let mut bench = Bench::connected();
    for _ in 0..2 {
        bench.says(r#"2["ask"]"#);
    }
    let refused = [r#"42["not-asked","too many acknowledgements are awaited"]"#];
    assert_eq!(bench.says(r#"2["ask"]"#), refused);
    bench.says("0/a,");
    assert_eq!(bench.says(r#"2/a,["ask"]"#), [refused[0].replace("42", "42/a,")], "of the whole connection");
    bench.says("30[]");
    assert_eq!(bench.says(r#"2/a,["ask"]"#), [r#"42/a,2["q"]"#]);
    // The number is another namespace's.
    assert_eq!(bench.says("32[]"), NOTHING);
    assert_eq!(bench.says("3/a,2[]"), [r#"42/a,["heard",2]"#]);
}

#[test]
fn nobody_hears_of_what_was_asked_before_leaving() {
    for leave in ["1", r#"2["out"]"#] {
        let mut bench = Bench::connected();
        bench.says("0/a,");
        bench.says(r#"2["ask"]"#);
        bench.says(r#"2/a,["ask"]"#);
        bench.says(leave);
        bench.ms = 100;
        assert_eq!(bench.on(Input::Tick), [r#"42/a,["heard",1,"not acknowledged in time"]"#], "{leave}");
        assert_eq!(bench.session.deadline(), None);
    }
}

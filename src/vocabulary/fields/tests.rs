//! Tables for the typed readers: what is read, and in which words the rest is refused.

use super::*;
use crate::domain::{
    ids::TableId,
    item::ItemStatus,
    text::{Name, Note},
};

/// Reads one member `a` with `read`; the faults joined, or the value as text.
fn outcome<T: std::fmt::Debug>(body: &str, read: impl Fn(&mut Fields<'_>) -> Option<T>) -> String {
    let mut fields = Fields::parse(body.as_bytes()).unwrap();
    let value = read(&mut fields);
    match fields.finish(Some(value)) {
        Ok(value) => format!("{value:?}"),
        Err(faults) => faults.join("; "),
    }
}

#[test]
fn text_by_table() {
    for (body, expected) in [
        (r#"{"a":" Mesa 1 "}"#, r#"Some(Name("Mesa 1"))"#),
        (r#"{"a":"\u00d1"}"#, r#"Some(Name("Ñ"))"#),
        ("{}", "None"),
        (r#"{"a":null}"#, "None"),
        (r#"{"a":""}"#, "a should not be empty"),
        (r#"{"a":"  "}"#, "a should not be empty"),
        (r#"{"a":5}"#, "a must be a string"),
        (r#"{"a":["x"]}"#, "a must be a string"),
        (r#"{"a":"\ud800"}"#, "a must be a string"),
        (r#"{"a":"x","b":1,"c":2}"#, "property b should not exist; property c should not exist"),
        (r#"{"A":"x"}"#, "property A should not exist"),
        (r#"{"a":"x","a":"y"}"#, "property a should not exist twice"),
        (r#"{"__proto__":{"a":1}}"#, "property __proto__ should not exist"),
    ] {
        assert_eq!(outcome(body, |f| f.text("a", Name::parse)), expected, "{body}");
    }
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(201));
    let expected = "a must be shorter than or equal to 200 characters";
    assert_eq!(outcome(&long, |f| f.text("a", Name::parse)), expected);
}

#[test]
fn a_required_member_is_neither_absent_nor_null() {
    for (body, expected) in [
        (r#"{"a":"x"}"#, r#"Some(Name("x"))"#),
        ("{}", "a should not be empty"),
        ("", "a should not be empty"),
        (r#"{"a":null}"#, "a should not be empty"),
        (r#"{"a":""}"#, "a should not be empty"),
        (r#"{"a":false}"#, "a must be a string"),
    ] {
        assert_eq!(outcome(body, |f| f.required("a").text("a", Name::parse)), expected, "{body}");
    }
}

#[test]
fn clearing_is_not_leaving_out() {
    for (body, expected) in [
        ("{}", "None"),
        (r#"{"a":null}"#, "None"),
        (r#"{"a":""}"#, "Some(None)"),
        (r#"{"a":" "}"#, "Some(None)"),
        (r#"{"a":"no onion"}"#, r#"Some(Some(Note("no onion")))"#),
        (r#"{"a":7}"#, "a must be a string"),
    ] {
        assert_eq!(outcome(body, |f| f.clearable("a", Note::parse)), expected, "{body}");
    }
}

#[test]
fn integers_by_table() {
    for (raw, expected) in [
        ("1", "Some(1)"),
        ("9999", "Some(9999)"),
        ("2.0", "Some(2)"),
        ("2e1", "Some(20)"),
        ("null", "None"),
        ("0", "a must not be less than 1"),
        ("-1", "a must not be less than 1"),
        ("10000", "a must not be greater than 9999"),
        ("1e300", "a must not be greater than 9999"),
        ("1e999", "a must be an integer number"),
        ("1.5", "a must be an integer number"),
        (r#""2""#, "a must be an integer number"),
        ("true", "a must be an integer number"),
        ("[]", "a must be an integer number"),
    ] {
        let body = format!(r#"{{"a":{raw}}}"#);
        assert_eq!(outcome(&body, |f| f.integer("a", 1..=9999)), expected, "{raw}");
    }
}

#[test]
fn decimals_are_read_from_their_text() {
    let not_a_number = "a must be a number conforming to the specified constraints";
    for (raw, expected) in [
        ("0", "Some(Decimal { units: 0, scale: 0 })"),
        ("15.50", "Some(Decimal { units: 155, scale: 1 })"),
        ("0.1", "Some(Decimal { units: 1, scale: 1 })"),
        ("9007199254740993", "Some(Decimal { units: 9007199254740993, scale: 0 })"),
        ("-1", "a must not be less than 0"),
        ("1e99", "a is too large"),
        (r#""15.50""#, not_a_number),
        ("{}", not_a_number),
        ("false", not_a_number),
    ] {
        let body = format!(r#"{{"a":{raw}}}"#);
        assert_eq!(outcome(&body, |f| f.decimal("a")), expected, "{raw}");
    }
}

#[test]
fn ids_have_one_form() {
    let good = "0190163d-8694-739b-aea5-966c26f8ad91";
    let expected = format!("Some(TableId({good}))");
    for (raw, expected) in [
        (good, expected.as_str()),
        ("0190163d8694739baea5966c26f8ad91", "a must be a UUID"),
        ("{0190163d-8694-739b-aea5-966c26f8ad91}", "a must be a UUID"),
        ("urn:uuid:0190163d-8694-739b-aea5-966c26f8ad91", "a must be a UUID"),
        ("session-id-here", "a must be a UUID"),
        ("", "a must be a UUID"),
    ] {
        let body = format!(r#"{{"a":"{raw}"}}"#);
        assert_eq!(outcome(&body, |f| f.id("a", TableId)), expected, "{raw}");
    }
    assert_eq!(outcome(r#"{"a":7}"#, |f| f.id("a", TableId)), "a must be a UUID");
}

#[test]
fn names_of_a_list() {
    let read = |f: &mut Fields<'_>| f.one_of("a", &[ItemStatus::Ready, ItemStatus::Held], ItemStatus::name);
    let refusal = "a must be one of the following values: READY, HELD";
    for (raw, expected) in [
        (r#""READY""#, "Some(Ready)"),
        (r#""ready""#, refusal),
        (r#""SERVED""#, refusal),
        ("1", refusal),
        (r#"["READY"]"#, refusal),
    ] {
        let body = format!(r#"{{"a":{raw}}}"#);
        assert_eq!(outcome(&body, read), expected, "{raw}");
    }
}

#[test]
fn secrets_are_not_trimmed_and_not_shown() {
    let mut fields = Fields::parse(br#"{"a":" pa ss "}"#).unwrap();
    let secret = fields.secret("a").unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&secret), " pa ss ");
    assert!(!format!("{secret:?}").contains("pa ss"));
}

#[test]
fn lists_and_truths_by_table() {
    for (body, expected) in [
        (r#"{"a":["x"," y "]}"#, r#"Some([Name("x"), Name("y")])"#),
        (r#"{"a":[]}"#, "Some([])"),
        (r#"{"a":null}"#, "None"),
        (r#"{"a":"x"}"#, "a must be an array"),
        (r#"{"a":{"b":1}}"#, "a must be an array"),
        (r#"{"a":["x","y","z","u"]}"#, "a must contain no more than 3 elements"),
        (r#"{"a":["x","x "]}"#, "All a's elements must be unique"),
        (r#"{"a":[1,2,""]}"#, "each value in a must be a string; each value in a should not be empty"),
    ] {
        assert_eq!(outcome(body, |f| f.texts("a", 3, Name::parse)), expected, "{body}");
    }
    for (body, expected) in [
        (r#"{"a":true}"#, "Some(true)"),
        (r#"{"a":false}"#, "Some(false)"),
        (r#"{"a":null}"#, "None"),
        (r#"{"a":1}"#, "a must be a boolean value"),
        (r#"{"a":"true"}"#, "a must be a boolean value"),
    ] {
        assert_eq!(outcome(body, |f| f.boolean("a")), expected, "{body}");
    }
}

#[test]
fn times_by_table() {
    for (body, expected) in [
        (r#"{"a":"2024-02-01T12:00:00.1239+01:00"}"#, "Some(Some(2024-02-01T11:00:00.124Z))"),
        (r#"{"a":"2024-02-01"}"#, "Some(Some(2024-02-01T00:00:00Z))"),
        (r#"{"a":""}"#, "Some(None)"),
        (r#"{"a":null}"#, "None"),
        ("{}", "None"),
        (r#"{"a":"2024-02-30"}"#, "a must be a valid ISO 8601 date string"),
        (r#"{"a":"2024-02-01T12:00"}"#, "a must be a valid ISO 8601 date string"),
        (r#"{"a":"0000-02-01"}"#, "a must be a valid ISO 8601 date string"),
        (r#"{"a":"-009999-01-01T00:00:00Z"}"#, "a must be a valid ISO 8601 date string"),
        (r#"{"a":"9999-12-31"}"#, "a must be a valid ISO 8601 date string"),
        (r#"{"a":1706745600000}"#, "a must be a string"),
    ] {
        assert_eq!(outcome(body, |f| f.clearable_time("a")), expected, "{body}");
    }
    assert_eq!(outcome(r#"{"a":""}"#, |f| f.time("a")), "a must be a valid ISO 8601 date string");
}

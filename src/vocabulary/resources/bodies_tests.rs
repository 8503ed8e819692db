//! Bodies by a schema with a field of every kind.

use super::*;
use crate::{
    config::entities,
    domain::resource::{Kind, Value},
    vocabulary::resources::{Catalog, shapes},
};
use proptest::prelude::*;
use std::sync::Arc;

const ID: &str = "0190163d-8694-739b-aea5-966c26f8ad91";

fn entity() -> Arc<Entity> {
    let text = r#"
        [[entities]]
        name = "Thing"
        path = "things"
        fields = [
            { name = "name", type = "string", required = true, maxLength = 20 },
            { name = "price", type = "number", min = 0, max = 1e6 },
            { name = "count", type = "integer" },
            { name = "sold", type = "boolean", default = false },
            { name = "until", type = "date" },
        ]"#;
    let declared = entities::parse(text, "test").unwrap();
    Arc::clone(&Catalog::new(&declared, &[]).unwrap().entities()[0])
}

fn read(kind: RouteKind, body: &str) -> Result<Change, String> {
    let body = body.replace("ID", ID);
    change(&entity(), kind, Target::InBody, body.as_bytes())
        .map_err(|rejection| rejection.messages.join("; "))
}

#[test]
fn faults_are_told_all_at_once_in_the_words_of_class_validator() {
    for (kind, body, expected) in [
        (RouteKind::CreateOne, "{}", "name should not be empty"),
        (RouteKind::CreateOne, r#"{"name":null}"#, "name should not be empty"),
        (RouteKind::CreateOne, r#"{"name":" "}"#, "name should not be empty"),
        (RouteKind::CreateOne, r#"{"name":5,"x":1}"#, "name must be a string; property x should not exist"),
        (RouteKind::CreateOne, r#"{"name":"a","id":"ID"}"#, "property id should not exist"),
        (
            RouteKind::CreateOne,
            r#"{"name":"aaaaaaaaaaaaaaaaaaaaa","price":-1,"count":1.5,"sold":"yes","until":"soon"}"#,
            "name must be shorter than or equal to 20 characters; price must not be less than 0; count must be an integer number; sold must be a boolean value; until must be a valid ISO 8601 date string",
        ),
        (
            RouteKind::CreateOne,
            r#"{"name":"a","price":1e999}"#,
            "price must be a number conforming to the specified constraints",
        ),
        (RouteKind::CreateOne, r#"{"name":"a\u0000"}"#, "name must not contain control characters"),
        (RouteKind::CreateOne, r#"{"name":"a","count":9007199254740993}"#, "count must be an integer number"),
        (RouteKind::CreateMany, "{}", "list should not be empty"),
        (RouteKind::CreateMany, r#"{"list":[]}"#, "list should not be empty"),
        (RouteKind::CreateMany, r#"{"list":{}}"#, "list must be an array"),
        (
            RouteKind::CreateMany,
            r#"{"list":[{"name":"a"},{},5]}"#,
            "list.1.name should not be empty; list.2 must be an object",
        ),
        (RouteKind::UpdateOne, r#"{"name":"a"}"#, "id should not be empty"),
        (RouteKind::UpdateOne, r#"{"id":"5"}"#, "id must be a UUID"),
        (RouteKind::UpdateOne, r#"{"id":"ID","name":""}"#, "name should not be empty"),
        (RouteKind::UpdateMany, r#"{"ids":[]}"#, "ids should not be empty"),
        (RouteKind::UpdateMany, r#"{"ids":["x"]}"#, "ids must be an array of UUIDs"),
        (RouteKind::ReplaceOne, r#"{"id":"ID"}"#, "name should not be empty"),
        (RouteKind::DeleteOne, r#"{"id":"ID","name":"a"}"#, "property name should not exist"),
        (RouteKind::DuplicateOne, r#"{"id":"ID","price":-1}"#, "price must not be less than 0"),
    ] {
        assert_eq!(read(kind, body), Err(expected.to_owned()), "{body}");
    }
}

#[test]
fn bodies_become_changes() {
    let text = |text: &str| Value::Text(text.to_owned());
    let pair = |name: &str, value| (name.to_owned(), value);
    let id = ResourceId(ID.parse().unwrap());
    let sold = || pair("sold", Value::Boolean(false));
    for (kind, body, expected) in [
        (
            RouteKind::CreateOne,
            r#"{"until":"2024-02-01","name":"a","sold":true,"price":null}"#,
            Change::Create(vec![vec![
                pair("name", text("a")),
                pair("sold", Value::Boolean(true)),
                pair("until", text("2024-02-01T00:00:00.000Z")),
            ]]),
        ),
        (
            RouteKind::CreateMany,
            r#"{"list":[{"name":"a"}]}"#,
            Change::Create(vec![vec![pair("name", text("a")), sold()]]),
        ),
        (RouteKind::UpdateOne, r#"{"id":"ID"}"#, Change::Update { ids: vec![id], fields: vec![] }),
        (
            RouteKind::UpdateMany,
            r#"{"ids":["ID","ID"],"name":"b"}"#,
            Change::Update { ids: vec![id], fields: vec![pair("name", text("b"))] },
        ),
        (
            RouteKind::ReplaceOne,
            r#"{"id":"ID","name":"b"}"#,
            Change::Replace { id, fields: vec![pair("name", text("b")), sold()] },
        ),
        (RouteKind::DeleteMany, r#"{"ids":["ID"]}"#, Change::Delete(vec![id])),
        (RouteKind::DuplicateOne, r#"{"id":"ID"}"#, Change::Duplicate { ids: vec![id], overrides: vec![] }),
    ] {
        assert_eq!(read(kind, body), Ok(expected), "{body}");
    }
}

#[test]
fn a_page_is_asked_for_with_filters_on_what_is_declared() {
    let read = |body: &str| listing(&entity(), body.as_bytes()).map_err(|r| r.messages.join("; "));
    let found = read(r#"{"page":2,"limit":5,"price":9,"name":"a"}"#).unwrap();
    assert_eq!((found.skip, found.page.limit, found.filter.len()), (5, 5, 2));
    assert_eq!(read("").map(|found| (found.skip, found.page.limit, found.page.after)), Ok((0, 20, None)));
    assert_eq!(read(r#"{"page":100,"limit":100}"#).map(|found| found.skip), Ok(9_900));
    for (body, expected) in [
        (r#"{"page":0}"#, "page must not be less than 1"),
        (r#"{"page":501}"#, "page must not be greater than 500; go on with cursor"),
        (r#"{"page":10001}"#, "page must not be greater than 10000"),
        (r#"{"cursor":"x"}"#, "cursor must be one that an answer gave"),
        (r#"{"cursor":7}"#, "cursor must be a string"),
        (r#"{"limit":101}"#, "limit must not be greater than 100"),
        (r#"{"colour":"red"}"#, "property colour should not exist"),
        (r#"{"price":"9"}"#, "price must be a number conforming to the specified constraints"),
    ] {
        assert_eq!(read(body), Err(expected.to_owned()), "{body}");
    }
}

fn json(kind: Kind) -> BoxedStrategy<serde_json::Value> {
    match kind {
        Kind::String => "[^\\x00-\\x1f\\x7f-\\u{9f}]{1,20}".prop_map(Into::into).boxed(),
        Kind::Number => (0.0..1e6_f64).prop_map(Into::into).boxed(),
        Kind::Integer => (-9_007_199_254_740_991_i64..9_007_199_254_740_991).prop_map(Into::into).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Into::into).boxed(),
        Kind::Date => (0_i64..4_000_000_000)
            .prop_map(|s| jiff::Timestamp::from_second(s).unwrap().to_string().into())
            .boxed(),
    }
}

proptest! {
    /// What the schema takes it gives back: the same text, the same number to its last digit.
    #[test]
    fn what_is_accepted_is_told_back_as_it_was(
        name in json(Kind::String), price in json(Kind::Number), count in json(Kind::Integer),
        sold in json(Kind::Boolean), until in json(Kind::Date),
    ) {
        prop_assume!(!name.as_str().unwrap().trim().is_empty());
        let body = serde_json::json!({ "name": name, "price": price, "count": count, "sold": sold, "until": until });
        let Ok(Change::Create(made)) = read(RouteKind::CreateOne, &body.to_string()) else { panic!("{body}") };
        let at = jiff::Timestamp::UNIX_EPOCH;
        let document = crate::domain::resource::Document {
            id: ResourceId(ID.parse().unwrap()), number: None, fields: made[0].clone(), version: 1, created_at: at, updated_at: at,
            external_id: None,
        };
        let told: serde_json::Value = serde_json::from_str(&shapes::document(&document)).unwrap();
        for member in ["name", "sold"] {
            prop_assert_eq!(&told[member], &body[member]);
        }
        prop_assert_eq!(told["count"].as_f64(), body["count"].as_f64());
        let text = shapes::document(&document);
        let written = format!("\"price\":{}", price.as_f64().unwrap());
        prop_assert!(text.contains(&written), "{} {}", text, written);
        let time = |value: &serde_json::Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        prop_assert_eq!(time(&told["until"]), time(&body["until"]));
    }
}

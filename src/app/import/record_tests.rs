//! Lines by table, and any bytes at all.

use super::*;
use crate::{
    config::{Purpose, load},
    vocabulary::resources::Catalog,
};
use proptest::prelude::*;
use std::{collections::BTreeMap, path::Path};

const HASH: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeaHnMhe/aJj1nu3JY56ufWbytgebWIS6";

/// Those that are built in.
fn entities() -> Vec<Arc<Entity>> {
    let settings = load(Path::new("/nowhere"), &BTreeMap::new(), Purpose::Migrate).unwrap();
    Catalog::new(&settings.entities, &[]).unwrap().entities().to_vec()
}

fn parse(line: &str, entities: &[Arc<Entity>], people: &Declared) -> Result<Record, Fault> {
    let stages = Stages::new(["Cut", "Sew"]).unwrap();
    Record::parse(line.as_bytes(), House { entities, customers: &customers(), people, stages: &stages })
}

fn customers() -> Arc<Entity> {
    entities().into_iter().find(|entity| entity.kept == Kept::Customers).unwrap()
}

/// The kind and the external id, or every fault.
fn read(line: &str) -> String {
    match parse(line, &entities(), &Declared::default()) {
        Ok(record) => format!("{} {}", record.kind().name(), record.external_id),
        Err(fault) => fault.why.join("; "),
    }
}

#[test]
fn good_lines() {
    let user = format!(
        r#"{{"kind":"user","externalId":"u-1","email":"Ana@Casa.example","name":"Ana","role":"WAITER","passwordHash":"{HASH}"}}"#
    );
    for (line, expected) in [
        (r#"{"kind":"table","externalId":"t-1","name":"1"}"#, "table t-1"),
        (r#" {"kind":"table","externalId":12,"name":"1"} "#, "table 12"),
        (user.as_str(), "user u-1"),
        (r#"{"kind":"customer","externalId":"c-1","name":"Luis","email":null}"#, "customer c-1"),
        (r#"{"kind":"dish","externalId":"m","name":"Flan","category":"Postres","price":4.5}"#, "dish m"),
        (
            r#"{"kind":"document","entity":"Product","externalId":"p","fields":{"name":"a","price":1}}"#,
            "document p",
        ),
        (r#"{"kind":"order","externalId":"o","items":[{"name":"Flan","qty":1,"unitPrice":4.5}]}"#, "order o"),
        (r#"{"kind":"order","externalId":"o","items":[{"dish":7,"qty":1,"status":"READY"}]}"#, "order o"),
        (
            r#"{"kind":"order","externalId":"o","table":1,"customer":"c","waiter":"u","note":"x","createdAt":"2024-05-01","items":[{"product":"p","qty":2}]}"#,
            "order o",
        ),
        (r#"{"kind":"production","externalId":"w","title":"Carta"}"#, "production w"),
        (
            r#"{"kind":"production","externalId":3,"title":"Carta","customerName":"Ana","status":"Sew","estimatedDate":"2026-12-01","dateIssued":"2026-11-19T10:00:00Z"}"#,
            "production 3",
        ),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
    let Ok(Record { thing: Thing::User(user), .. }) = parse(&user, &entities(), &Declared::default()) else {
        panic!()
    };
    assert_eq!((user.email.as_str(), user.role), ("ana@casa.example", Role::Waiter));
}

#[test]
fn bad_lines_tell_everything_that_is_wrong() {
    let kinds =
        "kind must be one of the following values: table, user, customer, dish, document, order, production";
    for (line, expected) in [
        ("", "kind should not be empty"),
        ("{}", "kind should not be empty"),
        ("nonsense", "Unexpected token in JSON at position 1"),
        ("[]", "the body must be a JSON object"),
        (r#"{"kind":"table""#, "Unexpected end of JSON input"),
        (r#"{"kind":"waiter","x":1}"#, kinds),
        (r#"{"kind":"table"}"#, "externalId should not be empty; name should not be empty"),
        (
            r#"{"kind":"table","externalId":"","name":""}"#,
            "externalId should not be empty; name should not be empty",
        ),
        (r#"{"kind":"table","externalId":1.5,"name":"1"}"#, "externalId must be a string"),
        (r#"{"kind":"table","externalId":"a","name":"1","seats":4}"#, "property seats should not exist"),
        (
            r#"{"kind":"user","externalId":"u","email":"x","name":"","role":"NGO","passwordHash":"secret"}"#,
            "email must be an email; name should not be empty; role must be one of the following values: OWNER, MANAGER, WAITER, CASHIER, EXPO, KITCHEN; passwordHash must be bcrypt ($2a$, $2b$, $2y$) or argon2 ($argon2id$v=19$m=…,t=…,p=…$salt$hash)",
        ),
        (
            r#"{"kind":"user","externalId":"u","email":"a@b.c","name":"A","role":"OWNER","passwordHash":"$2b$15$N9qo8uLOickgx2ZMRZoMyeaHnMhe/aJj1nu3JY56ufWbytgebWIS6"}"#,
            "passwordHash is too costly: bcrypt cost 15, where 14 is the most",
        ),
        (
            r#"{"kind":"document","entity":"User","externalId":"u","fields":{}}"#,
            "entity must be one of the following values: Product",
        ),
        (
            r#"{"kind":"document","entity":"Product","externalId":"p","fields":{"price":"1","x":2}}"#,
            "fields.name should not be empty; fields.price must be a number conforming to the specified constraints; fields.property x should not exist",
        ),
        (
            r#"{"kind":"dish","externalId":"m","name":"Flan","category":"Postres","price":-1}"#,
            "price must not be less than 0",
        ),
        (
            r#"{"kind":"production","externalId":3,"customerName":"Ana","dateIssued":"today","message":"x"}"#,
            "title should not be empty; dateIssued must be a valid ISO 8601 date string; property message should not exist",
        ),
        (r#"{"kind":"order","externalId":"o"}"#, "items should not be empty"),
        (r#"{"kind":"order","externalId":"o","items":[]}"#, "items should not be empty"),
        (
            r#"{"kind":"order","externalId":"o","items":[{"qty":0,"status":"CANCELLED"},7]}"#,
            "items.0.name should not be empty; items.0.unitPrice should not be empty; items.0.qty must not be less than 1; items.0.status must be one of the following values: PENDING, HELD, IN_PROGRESS, READY, SERVED; items.1 must be an object",
        ),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}

/// What the house declares of its people is read as where they register.
#[test]
fn users_have_the_declared_fields() {
    let environment = [
        ("COMANDA__AUTH__ADDITIONAL_FIELDS", "username:string!,points:integer"),
        ("COMANDA__AUTH__LOGIN_FIELD", "username"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let settings = load(Path::new("/nowhere"), &environment, Purpose::Migrate).unwrap();
    let people = Declared::new(&settings.auth).unwrap();
    for (members, told) in [
        (r#""username":" Ana ","points":3"#, "username:ana"),
        (r#""points":3"#, "username should not be empty"),
        (
            r#""username":" ","points":"3","x":1"#,
            "username should not be empty; points must be an integer number; property x should not exist",
        ),
    ] {
        let line = format!(
            r#"{{"kind":"user","externalId":"u","email":"a@b.c","name":"A","role":"OWNER","passwordHash":"{HASH}",{members}}}"#
        );
        let found = match parse(&line, &[], &people) {
            Ok(Record { thing: Thing::User(user), .. }) => user.profile.login.unwrap().to_string(),
            Ok(_) => panic!("{line}"),
            Err(fault) => fault.why.join("; "),
        };
        assert_eq!(found, told, "{line}");
    }
    assert_eq!(
        read(&format!(
            r#"{{"kind":"user","externalId":"u","email":"a@b.c","name":"A","role":"OWNER","passwordHash":"{HASH}","username":"ana"}}"#
        )),
        "property username should not exist"
    );
}

/// Who only counts lines by kind is told the kind of a bad one.
#[test]
fn a_fault_keeps_its_kind() {
    let kind = |line: &str| parse(line, &[], &Declared::default()).unwrap_err().kind;
    assert_eq!(kind(r#"{"kind":"order"}"#), Some(Kind::Order));
    assert_eq!(kind(r#"{"kind":"?"}"#), None);
}

proptest! {
    #[test]
    fn any_line_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let stages = Stages::new(["Cut"]).unwrap();
        let house = House { entities: &[], customers: &customers(), people: &Declared::default(), stages: &stages };
        prop_assert!(Record::parse(&bytes, house).is_err());
    }

    /// What is read is what was written, whichever member comes first.
    #[test]
    fn ids_are_kept_as_they_are(id in "[a-zA-Z0-9_:./-]{1,40}", number in any::<u64>(), title in "[a-z]{1,20}") {
        for (written, expected) in [(format!("\"{id}\""), id), (number.to_string(), number.to_string())] {
            let line = format!(r#"{{"name":"{title}","externalId":{written},"kind":"table"}}"#);
            let record = parse(&line, &[], &Declared::default()).unwrap();
            prop_assert_eq!(record.external_id.as_str(), expected.as_str());
            let told = matches!(&record.thing, Thing::Table { name } if name.as_str() == title);
            prop_assert!(told);
        }
    }
}

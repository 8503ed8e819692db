//! A declaration that changes is held against what is stored: it fits, is made to fit, or is one clear line.

use crate::support::{
    Display, TestApp,
    app::build_declaring,
    house::{House, id},
    spawn_app_declaring,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn things(fields: &str) -> String {
    format!("[[entities]]\nname = \"Thing\"\npath = \"things\"\nfields = [{fields}]")
}

const NAME: &str = r#"{ name = "name", type = "string" }"#;

/// The line with which it does not start.
async fn refused(database: &crate::support::database::TestDatabase, fields: &str) -> String {
    let failure = build_declaring(database, &things(fields)).await.err().expect("a refusal");
    assert!(failure.is_mistake(), "{failure}");
    failure.to_string()
}

async fn all(house: &House) -> Vec<Value> {
    house.manager.get("/things?limit=100").await.expect(200).as_array().unwrap().clone()
}

#[actix_web::test]
async fn what_is_unique_later_is_checked_against_what_is_there() {
    let number = r#"{ name = "n", type = "number" }"#;
    let app = spawn_app_declaring(&things(&format!("{NAME}, {number}"))).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let twins = [
        house.makes("things", json!({ "name": "a", "n": 5 })).await,
        house.makes("things", json!({ "name": "a", "n": 0.1 })).await,
    ];
    other.makes("things", json!({ "name": "a", "n": 5 })).await;
    let database = app.stop().await;
    let unique = r#"{ name = "name", type = "string", unique = true }, { name = "n", type = "number", unique = true }"#;
    let line = refused(&database, unique).await;
    let expected = "the test's entities: entity Thing, field name: it is unique now, and 2 stored documents hold the \
                    same as another one, or more than 500 characters (in 1 restaurants, for instance ";
    assert!(line.starts_with(expected) && twins.iter().all(|id| line.contains(id)), "{line}");
    assert_eq!(line.lines().count(), 1);

    // Mended, it starts, and the old values are somebody's.
    let app = TestApp::start_again_declaring(database, &things(&format!("{NAME}, {number}"))).await;
    let manager = house.manager.at(app.address);
    manager.patch(&format!("/things/{}", twins[1]), json!({ "name": "b" })).await.expect(200);
    let app = TestApp::start_again_declaring(app.stop().await, &things(unique)).await;
    let manager = manager.at(app.address);
    for body in [json!({ "name": "a" }), json!({ "n": 5.0 }), json!({ "n": 1e-1 })] {
        manager.post("/things", body).await.expect_error(409, "VALUE_TAKEN");
    }
    manager.post("/things", json!({ "name": "c", "n": 6 })).await.expect(201);
    // As the lanes write them, so the step wrote them: it goes with its document.
    manager.delete(&format!("/things/{}", twins[0])).await.expect(200);
    manager.post("/things", json!({ "name": "a", "n": 5 })).await.expect(201);

    // Not unique any more, its values are nobody's; a document that had one could not be deleted.
    let app = TestApp::start_again_declaring(app.stop().await, &things(NAME)).await;
    let manager = manager.at(app.address);
    manager.post("/things", json!({ "name": "a" })).await.expect(201);
    manager.delete(&format!("/things/{}", twins[1])).await.expect(200);
}

#[actix_web::test]
async fn what_is_required_later_needs_a_default_that_old_documents_get() {
    let app = spawn_app_declaring(&things(NAME)).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let old = house.makes("things", json!({ "name": "a" })).await;
    let (mine, others) = (Display::join(&house.kitchen).await, Display::join(&other.kitchen).await);
    let database = app.stop().await;
    let line =
        refused(&database, &format!(r#"{NAME}, {{ name = "size", type = "integer", required = true }}"#))
            .await;
    let expected = format!(
        "the test's entities: entity Thing, field size: it is required now, and 1 stored documents are without it; a \
         default would be given to them (in 1 restaurants, for instance {old})"
    );
    assert_eq!(line, expected);
    let fields = format!(r#"{NAME}, {{ name = "size", type = "integer", required = true, default = 7 }}"#);
    let app = TestApp::start_again_declaring(database, &things(&fields)).await;
    // No event told of it: whoever was here before reads everything again, but where nothing changed.
    let mut mine = Display::resume(&house.kitchen.at(app.address), &mine.epoch, mine.seq).await;
    mine.expect_resync().await;
    let mut others = Display::resume(&other.kitchen.at(app.address), &others.epoch, others.seq).await;
    let mut other = other;
    other.waiter = other.waiter.at(app.address);
    other.open_table().await;
    others.expect("table.session.opened").await;
    let noted = "SELECT count(*) FROM document_audit WHERE document_id = $1::text::uuid AND kind = 'changed'
        AND actor_id = '00000000-0000-0000-0000-000000000000' AND (body ->> 'size')::numeric = 7";
    let noted = app.database.admin().await.query_one(noted, &[&old]).await.unwrap();
    assert_eq!(noted.get::<_, i64>(0), 1);
    let manager = house.manager.at(app.address);
    let read = manager.get(&format!("/things/{old}")).await;
    assert_eq!((read.header("etag"), &read.body["size"]), (Some("\"2\""), &json!(7)));
    assert_eq!(manager.get("/things?size=7").await.expect(200)[0]["id"], old, "filters find it");
    manager.header("if-match", "\"2\"").delete(&format!("/things/{old}")).await.expect(200);
}

#[actix_web::test]
async fn another_type_needs_values_of_it() {
    let app = spawn_app_declaring(&things(
        r#"{ name = "n", type = "number" }, { name = "name", type = "string" }"#,
    ))
    .await;
    let house = app.restaurant().await;
    let whole = id(&house.manager.post("/things", json!({ "n": 5, "name": "x" })).await.expect(201));
    let half = house.makes("things", json!({ "n": 5.5 })).await;
    let database = app.stop().await;
    let integer = r#"{ name = "n", type = "integer" }, { name = "name", type = "string" }"#;
    let line = refused(&database, integer).await;
    let expected = "the test's entities: entity Thing, field n: it is integer now, and 1 stored documents hold something \
                    else; declare it as it was, or another field (in 1 restaurants, for instance ";
    assert_eq!(line, format!("{expected}{half})"));
    let line = refused(&database, r#"{ name = "name", type = "date" }"#).await;
    assert!(line.contains("field name: it is date now, and 1 stored documents"), "{line}");

    // What is not declared is neither shown nor lost, also where the document is written.
    let app = TestApp::start_again_declaring(database, &things(NAME)).await;
    let manager = house.manager.at(app.address);
    let changed = manager.patch(&format!("/things/{half}"), json!({ "name": "y" })).await.expect(200);
    assert_eq!((&changed["n"], &changed["name"]), (&Value::Null, &json!("y")));
    let app =
        TestApp::start_again_declaring(app.stop().await, &things(r#"{ name = "n", type = "number" }"#)).await;
    let mut house = house;
    house.manager = house.manager.at(app.address);
    assert_eq!(all(&house).await.iter().map(|one| &one["n"]).collect::<Vec<_>>(), [&json!(5.5), &json!(5)]);
    house.manager.delete(&format!("/things?ids={half},{whole}")).await.expect(200);
}

/// What could happen: of two starts at once with different declarations the second held its own against what was noted
/// before the first, and what that one had made stayed: values that were unique, and nobody's any more.
#[actix_web::test]
async fn of_two_starts_at_once_the_second_sees_what_the_first_has_made() {
    let app = spawn_app_declaring(&things(NAME)).await;
    let house = app.restaurant().await;
    house.makes("things", json!({ "name": "a" })).await;
    let database = app.stop().await;
    let (admin, watcher) = (database.admin().await, database.admin().await);
    admin.batch_execute("BEGIN; LOCK TABLE documents").await.unwrap();
    let waiting = async |expected: i64| {
        let waiting = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let begun = Instant::now();
        while watcher.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) < expected {
            assert!(begun.elapsed() < Duration::from_secs(60), "nobody waits");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let unique = things(r#"{ name = "name", type = "string", unique = true }"#);
    let as_before = things(&format!(r#"{NAME}, {{ name = "size", type = "integer" }}"#));
    let second = async {
        waiting(1).await;
        build_declaring(&database, &as_before).await
    };
    let release = async {
        waiting(2).await;
        admin.batch_execute("COMMIT").await.unwrap();
    };
    let (first, second, ()) = tokio::join!(build_declaring(&database, &unique), second, release);
    assert!(first.is_ok() && second.is_ok());
    let keys = admin.query_one("SELECT count(*) FROM document_keys", &[]).await.unwrap();
    assert_eq!(keys.get::<_, i64>(0), 0, "the name is unique no more");
}

//! An import whose `entities.toml` is not that of the servers beside it: it takes theirs, or it is refused.

use super::{file, program};
use crate::support::{
    Hold, House, TestApp, app::build_declaring, database::TestDatabase, house::id, spawn_app_declaring,
};
use comanda::{
    config::entities::parse, domain::resource::Entity, store::import::Begun, vocabulary::resources::Catalog,
};
use serde_json::json;
use std::process::Output;
use tempfile::NamedTempFile;

const ONE: &str = r#"{"kind":"document","entity":"Thing","externalId":1,"fields":{"name":"a"}}"#;

fn things(unique: &str) -> String {
    let field = format!(r#"{{ name = "name", type = "string"{unique} }}"#);
    format!("[[entities]]\nname = \"Thing\"\npath = \"things\"\nfields = [{field}]\n")
}

const UNIQUE: &str = ", unique = true";

/// Runs it where `config/entities.toml` says this.
async fn import(
    app: &TestApp,
    house: &House,
    entities: &str,
    moving: &NamedTempFile,
) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    std::fs::write(folder.path().join("config/entities.toml"), entities).unwrap();
    let mut program = program(app, moving, &house.id.to_string(), &[]);
    let Output { status, stderr, .. } = program.current_dir(folder.path()).output().await.unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

/// What the servers' declarations came to: the notes of them, and the values that are somebody's.
async fn held(database: &TestDatabase) -> (Vec<String>, i64) {
    let admin = database.admin().await;
    let notes = "SELECT key || value FROM instance WHERE key LIKE 'entity:%' ORDER BY key";
    let notes = admin.query(notes, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    (notes, admin.query_one("SELECT count(*) FROM document_keys", &[]).await.unwrap().get(0))
}

const DIFFERS: &str = "entity Thing, field name: declared otherwise than where this database was served last; start the servers \
                       with this file first, or take theirs\n";

/// A later file than the servers', and an earlier one. What was unique for the import alone, servers would give twice; what
/// was unique for them alone, they would not find taken any more.
#[actix_web::test]
async fn another_declaration_than_the_servers_is_refused() {
    let app = spawn_app_declaring(&things("")).await;
    let house = app.restaurant().await;
    house.makes("things", json!({ "name": "a" })).await;
    let (moving, before) = (file(ONE), held(&app.database).await);
    let (code, told) = import(&app, &house, &things(UNIQUE), &moving).await;
    assert!(code == Some(2) && told.ends_with(DIFFERS) && told.lines().count() == 1, "{told}");
    assert_eq!(held(&app.database).await, before);
    house.makes("things", json!({ "name": "b" })).await;
    let twin = house.makes("things", json!({ "name": "b" })).await;
    house.manager.delete(&format!("/things/{twin}")).await.expect(200);

    let app = TestApp::start_again_declaring(app.stop().await, &things(UNIQUE)).await;
    let manager = house.manager.at(app.address);
    let before = held(&app.database).await;
    assert_eq!(before.1, 2);
    let (code, told) = import(&app, &house, &things(""), &moving).await;
    assert!(code == Some(2) && told.ends_with(DIFFERS), "{told}");
    assert_eq!(held(&app.database).await, before);
    manager.post("/things", json!({ "name": "b" })).await.expect_error(409, "VALUE_TAKEN");
    // By the servers' own, what moves in is held against what is there.
    let (code, told) = import(&app, &house, &things(UNIQUE), &moving).await;
    assert!(code == Some(2) && told.contains(":1: name must be unique\n"), "{told}");
    let other = file(&ONE.replace("\"a\"", "\"c\""));
    assert_eq!(import(&app, &house, &things(UNIQUE), &other).await, (Some(0), String::new()));
    manager.post("/things", json!({ "name": "c" })).await.expect_error(409, "VALUE_TAKEN");
}

/// The first import may come before the first start; what no server declares none of them writes.
#[actix_web::test]
async fn what_nobody_has_served_yet_moves_in() {
    let app = spawn_app_declaring(&things("")).await;
    let house = app.restaurant().await;
    let both =
        format!("{}{}", things(""), things(UNIQUE).replace("Thing", "Gadget").replace("things", "gadgets"));
    let gadget = ONE.replace("Thing", "Gadget");
    // Customers are there, though this house does not declare them.
    let moving = file(&format!("{gadget}\n{{\"kind\":\"customer\",\"externalId\":7,\"name\":\"Marta\"}}"));
    assert_eq!(import(&app, &house, &both, &moving).await, (Some(0), String::new()));
    let known = "SELECT name, number FROM customers WHERE external_id = '7'";
    let known = app.database.admin().await.query_one(known, &[]).await.unwrap();
    assert_eq!((known.get::<_, &str>(0), known.get::<_, i64>(1)), ("Marta", 7));
    let app = TestApp::start_again_declaring(app.stop().await, &both).await;
    let manager = house.manager.at(app.address);
    let gadgets = manager.get("/gadgets?externalId=1").await.expect(200);
    assert_eq!(gadgets[0]["name"], "a", "{gadgets}");
    manager.post("/gadgets", json!({ "name": "a" })).await.expect_error(409, "VALUE_TAKEN");
    manager.patch(&format!("/gadgets/{}", id(&gadgets[0])), json!({ "name": "b" })).await.expect(200);
    manager.post("/gadgets", json!({ "name": "a" })).await.expect(201);
}

/// A server that starts with another file meanwhile comes before the import, or after it.
#[actix_web::test]
async fn declarations_stay_while_somebody_moves_in() {
    let app = spawn_app_declaring(&things("")).await;
    let house = app.restaurant().await;
    let catalog = Catalog::new(&parse(&things(""), "the test's").unwrap(), &[]).unwrap();
    let entities: Vec<&Entity> = catalog.all();
    let Begun::Import(import, _) = app.store.import(house.id, &entities).await.unwrap() else { panic!() };
    let database = TestDatabase { name: app.database.name.clone() };
    let watch = Hold::of(&app, "SELECT 1").await;
    let before = held(&database).await;
    let starting = actix_web::rt::spawn(async move {
        build_declaring(&database, &things(UNIQUE)).await.map(drop).map_err(|failure| failure.to_string())
    });
    watch.is_waited_for().await;
    assert_eq!(held(&app.database).await, before, "the start waits for the import");
    import.commit().await.unwrap();
    assert_eq!(starting.await.unwrap(), Ok(()));
    assert_ne!(held(&app.database).await, before);
    // And now the import would be the one that changes them.
    match app.store.import(house.id, &entities).await.unwrap() {
        Begun::Differs(differs) => {
            assert_eq!((differs.entity.as_str(), differs.fields), ("Thing", vec!["name".into()]))
        }
        Begun::Import(..) | Begun::NoLog => panic!("it goes by what was"),
    }
}

//! Bad lines, dry runs, other restaurants' names, and mistakes on the command line.

use super::{BCRYPT, everything, file, import, printed, program};
use crate::support::{Hold, spawn_app};
use comanda::domain::principal::Role;
use serde_json::json;
use std::{io::Write, process::Output};
use tokio::process::Command;

#[actix_web::test]
async fn every_bad_line_is_named_and_nothing_is_imported() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let theirs = other.email(Role::Waiter);
    let text = format!(
        r#"{{"kind":"table","externalId":"t","name":"20"}}
nonsense

{{"kind":"table","externalId":"t","name":"21"}}
{{"kind":"user","externalId":"u","email":"{theirs}","name":"X","role":"WAITER","passwordHash":"{BCRYPT}"}}
{{"kind":"user","externalId":"v","email":"new@casa.example","name":"X","role":"BOSS","passwordHash":"{BCRYPT}"}}
{{"kind":"order","externalId":"o","table":"t","waiter":"u","customer":"c","items":[{{"name":"Pan","qty":1,"unitPrice":1.555}}]}}
{{"kind":"order","externalId":"p","table":"t","items":[{{"name":"Pan","qty":1,"unitPrice":1.555}}]}}
{{"kind":"order","externalId":"q","table":"t","items":[{{"name":"Pan","qty":1,"unitPrice":1.5}}]}}
{{"kind":"customer","externalId":"d","name":"Marta"}}
{{"kind":"waiter"}}
"#
    );
    let before = everything(&app).await;
    let expected = "F:2: Unexpected token in JSON at position 1\n\
                    F:4: externalId t is that of line 1 already\n\
                    F:5: email is somebody's already\n\
                    F:6: role must be one of the following values: OWNER, MANAGER, WAITER, CASHIER, EXPO, KITCHEN\n\
                    F:7: customer c is neither in the file nor in the restaurant; waiter u is refused itself, see line 5\n\
                    F:8: unitPrice has more digits after the point than the currency\n\
                    F:11: kind must be one of the following values: table, user, customer, dish, document, order, production\n\
                    comanda: F: 7 lines are refused, nothing was imported\n";
    for more in [&[][..], &["--dry-run"]] {
        let (code, counted, told) = import(&app, &house, &text, more).await;
        assert_eq!((code, told.as_str()), (2, expected));
        assert_eq!(
            counted,
            "table: 1 created, 0 already there, 1 refused\nuser: 0 created, 0 already there, 2 refused\n\
             customer: 1 created, 0 already there, 0 refused\norder: 1 created, 0 already there, 2 refused\n\
             of no kind: 2 refused\n"
        );
        assert_eq!(everything(&app).await, before);
    }
}

/// A table of numbers by mistake: its bad lines are counted, and told as far as anybody reads.
#[actix_web::test]
async fn a_thousand_bad_lines_are_told() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (code, counted, told) = import(&app, &house, &"1;2;3\n".repeat(1_200), &[]).await;
    assert_eq!((code, counted.as_str()), (2, "of no kind: 1200 refused\n"));
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 1_002);
    assert!(lines[999].starts_with("F:1000: "), "{}", lines[999]);
    assert_eq!(
        lines[1_000..],
        ["F: and 200 more", "comanda: F: 1200 lines are refused, nothing was imported"]
    );
}

/// The readings must be of one file: here it grows while the import waits for the lane.
#[actix_web::test]
async fn a_file_that_changes_meanwhile_is_refused() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let before = everything(&app).await;
    let mut moving = file(printed("jsonl"));
    let hold = Hold::stream(&app, &house).await;
    let mut patient = program(&app, &moving, &house.id.to_string(), &[]);
    patient.env("COMANDA__DATABASE__LOCK_WITHIN", "3s");
    let running = patient.spawn().unwrap();
    hold.is_waited_for().await;
    writeln!(moving, r#"{{"kind":"table","externalId":"t","name":"20"}}"#).unwrap();
    hold.release().await;
    let Output { status, stderr, .. } = running.wait_with_output().await.unwrap();
    let told = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(2), "{told}");
    assert!(told.trim_end().ends_with("was changed while it was read, nothing was imported"), "{told}");
    assert_eq!(everything(&app).await, before);
}

#[actix_web::test]
async fn a_dry_run_tells_the_same_and_does_nothing() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let before = everything(&app).await;
    let (code, counted, told) = import(&app, &house, printed("jsonl"), &["--dry-run"]).await;
    assert_eq!((code, told.as_str()), (0, ""));
    assert_eq!(counted, format!("{}dry run: nothing was imported\n", printed("text")));
    assert_eq!(everything(&app).await, before);
    // The next order has the number that the dry run had given.
    assert_eq!(house.confirmed(1).await["number"], 1);
}

/// Two restaurants that came from two systems call things alike, and neither can name what is the other's.
#[actix_web::test]
async fn old_ids_are_of_one_restaurant() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let things = r#"{"kind":"customer","externalId":1,"name":"Marta"}
{"kind":"table","externalId":1,"name":"1"}
{"kind":"dish","externalId":1,"name":"Flan","category":"Postres","price":4.5}
{"kind":"document","externalId":1,"entity":"Product","fields":{"name":"Vino","price":12.9}}"#;
    let order = r#"{"kind":"order","externalId":1,"table":1,"customer":1,"items":[{"dish":1,"qty":1},{"product":"1","qty":1}]}"#;
    assert_eq!(import(&app, &house, things, &[]).await.0, 0);
    let (code, _, told) = import(&app, &other, order, &[]).await;
    assert_eq!(code, 2);
    let strange = "1 is neither in the file nor in the restaurant";
    let expected = format!(
        "F:1: table {strange}; customer {strange}; items.0.dish {strange}; items.1.product {strange}\n"
    );
    assert!(told.starts_with(&expected), "{told}");
    // Its own of the same names, and then the order that refers to an earlier file.
    for restaurant in [&other, &house] {
        for text in [things, order] {
            assert_eq!(import(&app, restaurant, text, &[]).await.0, 0);
        }
        let shown = restaurant.kitchen.get("/api/v1/board").await.expect(200);
        assert_eq!(
            (shown["orders"].as_array().unwrap().len(), &shown["orders"][0]["total"]),
            (1, &json!("17.40"))
        );
    }
}

#[actix_web::test]
async fn mistakes_on_the_command_line_are_one_line() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    app.restaurant().await;
    let good = file(printed("jsonl"));
    let named = house.id.to_string();
    for (restaurant, path, expected) in [
        ("Nowhere", good.path(), "--restaurant: no restaurant is called \"Nowhere\""),
        (
            "Restaurante",
            good.path(),
            "--restaurant: several restaurants are called \"Restaurante\"; give the id of one",
        ),
        (&named, std::path::Path::new("/nowhere.jsonl"), "cannot read /nowhere.jsonl: No such file"),
        (&named, std::path::Path::new("/tmp"), "/tmp is not a regular file"),
    ] {
        let mut program = program(&app, &good, restaurant, &[]);
        if path != good.path() {
            program = Command::new(env!("CARGO_BIN_EXE_comanda"));
            program.env_clear().env("DATABASE_URL", app.database.url());
            program.arg("import").arg(path).args(["--restaurant", restaurant]);
        }
        let Output { status, stderr, .. } = program.output().await.unwrap();
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

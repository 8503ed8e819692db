//! Production orders move in: in the house's stages, told as those that are made here.

use super::{everything, file, import, program};
use crate::support::{
    Display,
    production::{PATH, at},
    spawn_app,
};
use serde_json::json;

const TWO: &str = r#"{"kind":"production","externalId":981,"title":"Carta de vinos","customerName":"Marta Gil","status":"In Binding","estimatedDate":"2026-12-01","dateIssued":"2026-11-18T09:00:00Z"}
{"kind":"production","externalId":"w-2","title":"Menú","dateIssued":"2026-11-19"}
"#;

#[actix_web::test]
async fn they_are_told_and_moved_like_any_other() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let mut display = Display::join(&house.kitchen).await;
    let (code, counted, told) = import(&app, &house, TWO, &[]).await;
    assert_eq!(
        (code, counted.as_str(), told.as_str()),
        (0, "production: 2 created, 0 already there, 0 refused\n", "")
    );
    let first = display.expect("orderCreated").await;
    let second = display.expect("orderCreated").await;
    assert_eq!((&first["seq"], &second["seq"]), (&json!(1), &json!(2)));
    let mut expected = json!({
        "id": first["id"], "title": "Carta de vinos", "customerName": "Marta Gil", "status": "In Binding",
        "estimatedDate": "2026-12-01T00:00:00.000Z", "dateIssued": "2026-11-18T09:00:00.000Z",
        "createdAt": first["createdAt"], "updatedAt": first["createdAt"], "version": 1, "externalId": "981",
    });
    let order = house.waiter.get(&at(&first)).await.expect(200);
    assert_eq!(order, expected);
    (expected["eventId"], expected["seq"]) = (first["eventId"].clone(), json!(1));
    assert_eq!(first, expected);
    let listed = house.waiter.get(PATH).await.expect(200);
    assert_eq!(
        (&listed[0]["externalId"], &listed[0]["status"], &listed[1]),
        (&json!("w-2"), &json!("In Production"), &order),
        "newest issued first"
    );
    assert_eq!(other.waiter.get(PATH).await.expect(200), json!([]));

    // The old name stays, whatever becomes of it here; and what was changed here since is left alone.
    let moved = house.stage(&house.waiter, &order, "Packaging").await.expect(200);
    assert_eq!((&moved["externalId"], &moved["version"]), (&json!("981"), &json!(2)));
    assert_eq!(display.expect("orderUpdated").await["externalId"], "981");
    let before = everything(&app).await;
    let (code, counted, _) = import(&app, &house, TWO, &[]).await;
    assert_eq!((code, counted.as_str()), (0, "production: 0 created, 2 already there, 0 refused\n"));
    assert_eq!(everything(&app).await, before);
    assert_eq!(house.waiter.get(&at(&order)).await.expect(200), moved);
    // Names are of one restaurant, and of one kind.
    let (code, counted, told) = import(&app, &other, TWO, &[]).await;
    assert_eq!(
        (code, counted.as_str()),
        (0, "production: 2 created, 0 already there, 0 refused\n"),
        "{told}"
    );
    let table = r#"{"kind":"table","externalId":981,"name":"30"}"#;
    assert_eq!(import(&app, &house, table, &[]).await.0, 0);
}

/// Which stages there are is the house's decision, as where they are made here.
#[actix_web::test]
async fn a_stage_that_the_house_does_not_have_is_a_bad_line() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let before = everything(&app).await;
    let text = format!(
        "{TWO}{}\n{}\n",
        r#"{"kind":"production","externalId":5,"title":"Delantales","status":"Sew"}"#,
        r#"{"kind":"production","externalId":981,"title":""}"#
    );
    let (code, counted, told) = import(&app, &house, &text, &[]).await;
    let stages = "In Production, In Printing, In Binding, Packaging, Delivery";
    let expected = format!(
        "F:3: status must be one of the following values: {stages}\nF:4: title should not be empty\n\
         comanda: F: 2 lines are refused, nothing was imported\n"
    );
    assert_eq!((code, told), (2, expected));
    assert_eq!(counted, "production: 2 created, 0 already there, 2 refused\n");
    assert_eq!(everything(&app).await, before);

    let moving = file(&text.lines().nth(2).unwrap().replace("\"status\":\"Sew\"", "\"status\":null"));
    let mut program = program(&app, &moving, &house.id.to_string(), &[]);
    let output = program.env("COMANDA__PRODUCTION__STAGES", "Cut,Sew").output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(house.waiter.get(PATH).await.expect(200)[0]["status"], "Cut", "the first stage");
}

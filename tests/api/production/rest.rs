//! The REST calls: making, listing, changing, deleting, and who may.

use crate::support::{
    Client, House,
    house::id,
    production::{PATH, at},
    spawn_app,
};
use comanda::domain::principal::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

#[actix_web::test]
async fn an_order_is_made_read_changed_and_deleted() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let body = json!({ "title": "Carta de vinos, 200", "customerName": "Bodega Ana", "estimatedDate": "2026-12-01" });
    let made = house.waiter.post(PATH, body).await;
    assert_eq!(made.header("etag"), Some("\"1\""));
    let made = made.expect(201);
    let keys: Vec<&String> = made.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 9, "{keys:?}");
    assert_eq!((&made["status"], &made["version"]), (&json!("In Production"), &json!(1)));
    assert_eq!(
        (&made["estimatedDate"], &made["dateIssued"]),
        (&json!("2026-12-01T00:00:00.000Z"), &made["createdAt"])
    );

    let read = house.kitchen.get(&at(&made)).await;
    assert_eq!(read.header("etag"), Some("\"1\""));
    assert_eq!(read.expect(200), made);
    let known = house.kitchen.header("If-None-Match", "\"1\"").get(&at(&made)).await;
    assert_eq!((known.status, known.text.as_str()), (304, ""));

    let change = json!({ "status": "Packaging", "customerName": "", "title": null, "message": "on its way" });
    let changed = house.waiter.patch(&at(&made), change).await;
    assert_eq!(changed.header("etag"), Some("\"2\""));
    let changed = changed.expect(200);
    assert_eq!((&changed["status"], &changed["customerName"]), (&json!("Packaging"), &Value::Null));
    assert_eq!((&changed["title"], &changed["estimatedDate"]), (&made["title"], &made["estimatedDate"]));
    assert_eq!(house.waiter.get(&at(&made)).await.expect(200), changed);
    // What it is already is no change.
    let same = house.waiter.patch(&at(&made), json!({ "status": "Packaging" })).await;
    assert_eq!((same.header("etag"), same.clone().expect(200)), (Some("\"2\""), changed));

    let deleted = house.manager.delete(&at(&made)).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    let gone = house.waiter.get(&at(&made)).await.expect_error(404, "NOT_FOUND");
    assert_eq!(gone["message"], format!("Production order with ID {} not found", id(&made)));
    house.manager.delete(&at(&made)).await.expect_error(404, "NOT_FOUND");
    assert_eq!(house.waiter.get(PATH).await.expect(200), json!([]));
}

#[actix_web::test]
async fn the_list_is_newest_issued_first_and_its_pages_join() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut expected = Vec::new();
    for (title, issued) in
        [("c", "2024-01-03"), ("a", "2024-01-01"), ("d", "2024-01-03"), ("b", "2024-01-02")]
    {
        let body = json!({ "title": title, "dateIssued": issued });
        let made = house.waiter.post(PATH, body).await.expect(201);
        expected.push((made["dateIssued"].to_string(), id(&made)));
    }
    expected.sort();
    expected.reverse();
    let (mut path, mut seen) = (Some(format!("{PATH}?limit=3")), Vec::new());
    while let Some(page) = path {
        let answer = house.kitchen.get(&page).await;
        assert_eq!(answer.header("x-stream-seq"), Some("4"), "each was told");
        let link = answer.header("link").and_then(|link| link.strip_prefix('<')?.split_once('>'));
        path = link.map(|(next, _)| next.to_owned());
        seen.extend(answer.expect(200).as_array().unwrap().iter().map(id));
    }
    assert_eq!(seen, expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    house.kitchen.get(&format!("{PATH}?page=2")).await.expect_error(400, "VALIDATION_FAILED");
}

#[actix_web::test]
async fn each_role_does_what_it_may() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    for role in Role::ALL {
        let who = house.client(role);
        let order = house.produce("Cartas").await;
        let writes = matches!(role, Role::Owner | Role::Manager | Role::Waiter);
        let manages = matches!(role, Role::Owner | Role::Manager);
        who.get(PATH).await.expect(200);
        who.get(&at(&order)).await.expect(200);
        let allowed = |yes: bool, status: u16| if yes { status } else { 403 };
        assert_eq!(who.post(PATH, json!({ "title": "x" })).await.status, allowed(writes, 201), "{role}");
        assert_eq!(house.stage(who, &order, "In Binding").await.status, allowed(writes, 200), "{role}");
        house.stage(&house.owner, &order, "In Binding").await.expect(200);
        let back = json!({ "status": "In Printing", "message": "the ink is wrong" });
        assert_eq!(who.patch(&at(&order), back).await.status, allowed(manages, 200), "{role}");
        assert_eq!(who.delete(&at(&order)).await.status, allowed(manages, 204), "{role}");
    }
    Client::anonymous(app.address).get(PATH).await.expect_error(401, "INVALID_TOKEN");
}

#[actix_web::test]
async fn refusals_say_what_is_wrong_and_change_nothing() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.produce("Cartas").await;
    let order = house.stage(&house.waiter, &order, "In Binding").await.expect(200);
    let told = house.log().await;

    let back = json!({ "status": "In Printing", "message": " " });
    let refused = house.manager.patch(&at(&order), back).await.expect_error(400, "REASON_REQUIRED");
    assert_eq!(refused["message"], "message should not be empty");
    house.stage(&house.waiter, &order, "In Printing").await.expect_error(403, "FORBIDDEN");
    let names = "In Production, In Printing, In Binding, Packaging, Delivery";
    let unknown = json!([format!("status must be one of the following values: {names}")]);
    for (path, method) in [(PATH.to_owned(), reqwest::Method::POST), (at(&order), reqwest::Method::PATCH)] {
        let body = json!({ "title": "x", "status": "in binding" });
        let refused =
            house.manager.send(method, &path, Some(body)).await.expect_error(400, "VALIDATION_FAILED");
        assert_eq!(refused["message"], unknown);
    }
    let faults = json!({ "title": "", "estimatedDate": "soon", "version": 3 });
    let refused = house.manager.patch(&at(&order), faults).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(
        refused["message"],
        json!([
            "title should not be empty",
            "estimatedDate must be a valid ISO 8601 date string",
            "property version should not exist"
        ])
    );
    house.manager.delete(&format!("{PATH}/7")).await.expect_error(400, "BAD_REQUEST");
    house
        .manager
        .header("If-Match", "\"1\"")
        .delete(&at(&order))
        .await
        .expect_error(412, "PRECONDITION_FAILED");
    let anothers = format!("{PATH}/{}", uuid::Uuid::now_v7());
    for answer in [
        house.manager.get(&anothers).await,
        house.manager.patch(&anothers, json!({})).await,
        house.manager.delete(&anothers).await,
    ] {
        answer.expect_error(404, "NOT_FOUND");
    }
    assert_eq!(house.waiter.get(&at(&order)).await.expect(200), order);
    assert_eq!(house.log().await, told);
}

#[actix_web::test]
async fn a_repeat_under_its_key_is_answered_and_not_done() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let make = async || house.waiter.key("make").post(PATH, json!({ "title": "Cartas" })).await;
    let (first, again) = (make().await, make().await);
    assert_eq!((first.status, &first.text, again.status), (201, &again.text, 201));
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    let order = first.body;
    let say =
        async |message: &str| house.waiter.key("say").patch(&at(&order), json!({ "message": message })).await;
    let (first, again) = (say("tomorrow").await, say("tomorrow").await);
    assert_eq!((first.status, &first.text, first.header("etag")), (200, &again.text, again.header("etag")));
    say("today").await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    let end = async || house.manager.key("end").delete(&at(&order)).await;
    let (first, again) = (end().await, end().await);
    assert_eq!((first.status, again.status, again.header("idempotent-replay")), (204, 204, Some("true")));
    let told: Vec<Value> = house.log().await.iter().map(|event| event["event"].clone()).collect();
    let update = format!("{}/update", id(&order));
    assert_eq!(told, ["orderCreated", "orderUpdated", update.as_str(), "orderDeleted"]);
}

/// What races: two people who read version 1 both change it. The lane decides one after the other; the second's `If-Match`
/// must stop it, or the first's change is lost without a word.
#[actix_web::test]
async fn of_two_who_saw_the_same_version_one_wins() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.produce("Cartas").await;
    let patch = |house: &House, n: usize| {
        let who = if n.is_multiple_of(2) { &house.waiter } else { &house.manager };
        let (who, path) = (who.header("If-Match", "\"1\""), at(&order));
        async move { who.patch(&path, json!({ "title": format!("Cartas {n}") })).await }
    };
    let answers = join_all((0..10).map(|n| patch(&house, n))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 9));
    for answer in lost {
        let refused = answer.expect_error(412, "PRECONDITION_FAILED");
        assert_eq!(refused["message"], "the current version is 2");
    }
    assert_eq!(house.waiter.get(&at(&order)).await.expect(200), won[0].body);
}

/// Changes without a version, and a deletion among them: whatever came before it was told before it, nothing after.
#[actix_web::test]
async fn changes_and_a_deletion_at_once_are_told_in_their_order() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.produce("Cartas").await;
    let path = at(&order);
    let change = |n: usize| house.waiter.patch(&path, json!({ "title": format!("Cartas {n}") }));
    let (early, gone, late) = futures_util::join!(
        join_all((0..10).map(change)),
        house.manager.delete(&path),
        join_all((10..20).map(change)),
    );
    assert_eq!(gone.status, 204);
    let done = early.iter().chain(&late).filter(|answer| answer.status == 200).count();
    let refused = early.iter().chain(&late).filter(|answer| answer.status == 404).count();
    assert_eq!(done + refused, 20);
    let log = house.log().await;
    assert_eq!(log.len(), 1 + 2 * done + 1, "{log:?}");
    assert_eq!(log.last().unwrap()["event"], "orderDeleted");
    for (n, pair) in log[1..=2 * done].chunks(2).enumerate() {
        assert_eq!((&pair[0]["event"], &pair[0]["data"]["version"]), (&json!("orderUpdated"), &json!(n + 2)));
        assert_eq!(pair[1]["event"], format!("{}/update", id(&order)));
    }
}

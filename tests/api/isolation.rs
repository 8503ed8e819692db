//! Two restaurants on one server: whatever the route, the socket or the query, each has its own world.

use crate::support::{
    Answer, Display, House, Poller, Reader,
    evening::{every_event, kind},
    spawn_app, spawn_patient_app,
    things::{Things, calls},
};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;

/// What a client can tell of an answer, with ids blanked.
fn told(answer: &Answer, things: &Things) -> (u16, String) {
    let blank = |text: String, id: &String| text.replace(id.as_str(), "ID");
    (answer.status, things.all().into_iter().fold(answer.text.clone(), blank))
}

/// Calls that name nothing of a restaurant's.
fn is_nobodys(path: &str) -> bool {
    path.starts_with("/api/v1/auth/") || path.starts_with("/health/") || path == "/metrics"
}

#[actix_web::test]
async fn on_every_route_anothers_ids_are_unknown_ids() {
    let app = spawn_patient_app(&[]).await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    let (mine, foreign) = (Things::of(&ours).await, Things::of(&theirs).await);
    let before = (theirs.log().await, theirs.owner.get("/api/v1/board").await.expect(200)["orders"].clone());
    let mut tried = 0;
    for (method, path) in calls(&ours.owner).await {
        // Numbers begin with 1 in every restaurant; `rest::counter` asks for those that another alone has.
        if is_nobodys(&path)
            || path.starts_with("/orders")
            // A board is shared; `donations::isolation` asks across two.
            || path.starts_with("/api/v1/donations")
            || (method == Method::POST && path == "/api/v1/tables")
        {
            continue;
        }
        let parameters: Vec<&str> = path.split('/').filter(|part| part.starts_with('{')).collect();
        // One id is another's, the others are one's own: first each of the path, then the body's.
        for n in 0..=parameters.len() {
            let ask = async |strange: &Things| {
                let mut url = path.clone();
                for (m, parameter) in parameters.iter().enumerate() {
                    let whose = if m == n { strange } else { &mine };
                    url = url.replace(parameter, whose.named(&path, parameter));
                }
                let of_body = if n == parameters.len() { strange } else { &mine };
                let mut answers = Vec::new();
                for body in of_body.bodies(&method, &path) {
                    let named = n < parameters.len()
                        || body.as_ref().is_some_and(|body| {
                            strange.all().iter().any(|id| body.to_string().contains(*id))
                        });
                    if named {
                        answers.push(told(&ours.owner.send(method.clone(), &url, body).await, strange));
                    }
                }
                answers
            };
            let (of_foreign, of_unknown) = (ask(&foreign).await, ask(&Things::unknown()).await);
            assert_eq!(of_foreign, of_unknown, "{method} {path}");
            for (status, text) in of_foreign {
                assert_eq!(status, 404, "{method} {path}: {text}");
                tried += 1;
            }
        }
    }
    assert!(tried > 15, "{tried}");
    let after = (theirs.log().await, theirs.owner.get("/api/v1/board").await.expect(200)["orders"].clone());
    assert_eq!(after, before);
}

#[actix_web::test]
async fn no_list_shows_anything_of_another() {
    let app = spawn_app().await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    let foreign = Things::of(&theirs).await;
    theirs.evening().await;
    let mut secrets: Vec<String> = foreign.all().into_iter().cloned().collect();
    secrets.extend([
        theirs.id.to_string(),
        theirs.domain.clone(),
        "Plato 0".into(),
        "Flan".into(),
        "Cartas de otros".into(),
        "Cosa de otros".into(),
        "Gente de otros".into(),
    ]);
    secrets.extend(theirs.tables.iter().map(|table| table.id.to_string()));
    let mut read = 0;
    // Filters of some are none of others, and those do not look at them.
    let anything = ours.owner.unheard();
    for (method, path) in calls(&ours.owner).await {
        let streams = path == "/api/v1/events/stream";
        if method != Method::GET || path.contains('{') || streams {
            continue;
        }
        let filters =
            [String::new(), format!("?table={}", foreign.table), "?limit=100".into(), "?after=0".into()];
        for query in filters {
            let Answer { status, text, .. } = anything.get(&format!("{path}{query}")).await;
            let shown = secrets.iter().find(|secret| text.contains(*secret));
            // A refusal may repeat what one asked with.
            assert!(shown.is_none_or(|secret| query.contains(secret.as_str())), "{path}{query}: {text}");
            read += usize::from(status == 200);
        }
    }
    assert!(read > 20, "{read}");
    let board = ours.owner.get("/api/v1/board").await.expect(200);
    assert_eq!((&board["orders"], &board["sessions"], &board["seq"]), (&json!([]), &json!([]), &json!(0)));
}

#[actix_web::test]
async fn nobody_hears_anything_of_another() {
    let app = spawn_app().await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    let mut display = Display::join(&ours.kitchen).await;
    let mut reader = Reader::open(&ours.kitchen).await;
    let mut browser = Reader::with_ticket(&ours.kitchen).await;
    let mut poller = Poller::join(&ours.kitchen).await;
    let mut witness = Display::join(&theirs.kitchen).await;
    theirs.evening().await;
    let happened = witness.events(theirs.log().await.len()).await;
    let happened: BTreeSet<&str> = happened.iter().map(kind).collect();
    assert_eq!(happened, every_event());

    // The first that anyone here hears of is their own, and it is the first of their log.
    let session = ours.open_table().await;
    let heard = [
        display.expect("table.session.opened").await,
        reader.expect("table.session.opened").await,
        browser.expect("table.session.opened").await,
        poller.expect("table.session.opened").await,
    ];
    for event in heard {
        assert_eq!((&event["seq"], &event["tableSessionId"]), (&json!(1), &json!(session)));
    }
    // Another's position is a position of another log.
    let mut lost = Display::resume(&ours.kitchen, &witness.epoch, 1).await;
    assert_eq!(lost.ready["recovered"], false);
    lost.expect_resync().await;
}

/// A key is its restaurant's: another's answer is never repeated to anyone.
#[actix_web::test]
async fn the_same_key_in_two_restaurants_is_two_keys() {
    let app = spawn_app().await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    let ask = async |house: &House| {
        house.manager.key("the-same").post("/api/v1/tables", json!({ "name": "Terraza" })).await
    };
    let (first, second, again) = (ask(&theirs).await, ask(&ours).await, ask(&ours).await);
    assert_eq!((first.header("idempotent-replay"), second.header("idempotent-replay")), (None, None));
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    let (first, second, again) = (first.expect(201), second.expect(201), again.expect(201));
    assert_ne!(first["id"], second["id"]);
    assert_eq!(second, again);
}

/// A query that forgets its WHERE sees one restaurant.
#[actix_web::test]
async fn the_database_itself_shows_one_restaurant() {
    let app = spawn_app().await;
    let (ours, theirs) = (app.restaurant().await, app.restaurant().await);
    for house in [&ours, &theirs] {
        house.evening().await;
        house.log_in(comanda::domain::principal::Role::Waiter).await;
        house.waiter.key("k").post("/api/v1/orders", json!({})).await;
        house.draft(1).await;
    }
    let admin = app.database.admin().await;
    let tables = "SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid \
                  AND a.attname = 'restaurant_id'), c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c \
                  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition";
    let tables: Vec<(String, bool, bool)> = admin
        .query(tables, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    assert!(tables.len() > 10, "{tables:?}");
    let (our_id, their_id) = (ours.id.to_string(), theirs.id.to_string());
    admin.batch_execute("SET ROLE comanda_app").await.unwrap();
    let mut filled = 0;
    for (table, by_restaurant, protected) in tables {
        // What no tenant owns.
        if ["instance", "schema_migrations", "migrations"].contains(&table.as_str()) {
            continue;
        }
        assert!(protected, "{table} has no row-level security");
        let column = match table.as_str() {
            _ if by_restaurant => "restaurant_id",
            "events" | "idempotency" => "stream_id",
            "streams" | "restaurants" => "id",
            "ngo_boards" => "organization_id",
            // A tenant may know what the board that it gives on is called, and no other.
            "boards" => {
                "coalesce((SELECT r.id FROM restaurants r WHERE r.board_id = boards.id)::text, 'another')"
            }
            _ => panic!("say which column of {table} is the tenant"),
        };
        let whose = format!("SELECT DISTINCT ({column})::text FROM {table}");
        for (tenant, sees) in [(&our_id, Some(&our_id)), (&their_id, Some(&their_id)), (&String::new(), None)]
        {
            admin.execute("SELECT set_config('app.restaurant', $1, false)", &[tenant]).await.unwrap();
            let rows = admin.query(&whose, &[]).await.unwrap();
            let seen: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            assert!(seen.iter().all(|seen| Some(seen) == sees), "{table} as {tenant:?}: {seen:?}");
            filled += usize::from(!seen.is_empty());
        }
    }
    assert!(filled >= 2 * 10, "only {filled}");
    // Nor may one be written into: neither a new row nor an old one.
    admin.execute("SELECT set_config('app.restaurant', $1, false)", &[&our_id]).await.unwrap();
    let table = theirs.tables[0].id.0;
    let stolen = admin.execute("UPDATE tables SET name = 'ours' WHERE id = $1", &[&table]).await.unwrap();
    assert_eq!(stolen, 0);
    let planted = "INSERT INTO tables (restaurant_id, id, name, created_at) VALUES ($1, $2, 'x', now())";
    let refused = admin.execute(planted, &[&theirs.id.0, &uuid::Uuid::now_v7()]).await.unwrap_err();
    assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{refused:?}");
}

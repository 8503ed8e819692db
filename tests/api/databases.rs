//! Databases that the server refuses, each in one line that says what to do, and what it does on one that turns bad.

use crate::{
    postgres,
    support::{TestApp, app, database::TestDatabase, spawn_app, spawn_patient_app},
};
use comanda::{
    domain::{
        command::Command,
        principal::{Principal, Role},
        text::Name,
    },
    store::{embedded::EmbeddedPostgres, lane::Request},
};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;

/// The line with which the server ends instead of starting.
async fn refusal(url: &str, more: &[(&str, &str)]) -> String {
    let Err(failure) = app::build(url, more, false).await else { panic!("it started on {url}") };
    let line = failure.to_string();
    assert!(!line.contains('\n'), "one line: {line}");
    line
}

/// The same database as another role, which has this password.
fn url_as(database: &TestDatabase, role: &str) -> String {
    let url = database.url();
    let (_, rest) = url.split_once('@').unwrap();
    format!("postgresql://{role}:pw@{rest}")
}

#[actix_web::test]
async fn a_database_that_loses_what_it_confirmed_is_refused() {
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let folder = postgres::open_folder();
        let weak = EmbeddedPostgres::start_with(folder.path(), &[(setting, "off")]).await.unwrap();
        let strict = [("COMANDA__DATABASE__ALLOW_ASYNC_COMMIT", "false")];
        let line = refusal(weak.url().expose_secret(), &strict).await;
        assert!(line.contains(&format!("{setting} off")) && line.contains("postgresql.conf"), "{line}");
        weak.stop().await.unwrap();
    }
}

#[actix_web::test]
async fn a_role_that_row_level_security_does_not_bind_is_refused() {
    let database = TestDatabase::create().await;
    let url = database.url();
    let admin = database.admin().await;
    let roles = "CREATE ROLE test_bypasses LOGIN PASSWORD 'pw' BYPASSRLS IN ROLE comanda_app;
        CREATE ROLE test_owns LOGIN PASSWORD 'pw' IN ROLE comanda_app;
        ALTER TABLE instance OWNER TO test_owns";
    admin.batch_execute(roles).await.unwrap();
    for (app_url, fault) in [
        (url.clone(), "is a superuser"),
        (url_as(&database, "test_bypasses"), "bypasses row-level security"),
        (url_as(&database, "test_owns"), "owns tables"),
    ] {
        let line = refusal(&url, &[("DATABASE_APP_URL", &app_url)]).await;
        assert!(line.contains(fault) && line.contains("DATABASE_APP_URL"), "{line}");
    }
}

#[actix_web::test]
async fn a_login_of_its_own_for_the_server_is_enough() {
    let database = TestDatabase::create().await;
    let admin = database.admin().await;
    admin.batch_execute("CREATE ROLE test_works LOGIN PASSWORD 'pw' IN ROLE comanda_app").await.unwrap();
    let app_url = url_as(&database, "test_works");
    let app = TestApp::start_again(database, &[("DATABASE_APP_URL", &app_url)]).await;
    let house = app.restaurant().await;
    house.confirmed(1).await;
    let working = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'test_works'";
    assert!(admin.query_one(working, &[]).await.unwrap().get::<_, i64>(0) > 0);
}

#[actix_web::test]
async fn a_database_that_cannot_be_reached_is_one_line_without_its_password() {
    for (url, expected) in [
        ("postgresql://user:canary@127.0.0.1:notaport/x", "DATABASE_URL is not"),
        ("postgresql://user:canary@127.0.0.1:1/x", "cannot connect"),
        ("postgresql://user:canary@/x?host=/nowhere", "cannot connect"),
    ] {
        let line = refusal(url, &[]).await;
        assert!(line.contains(expected) && !line.contains("canary"), "{line}");
    }
    let database = TestDatabase::create().await;
    let line = refusal(&database.url(), &[("DATABASE_APP_URL", "postgresql://u:canary@h:notaport/x")]).await;
    assert!(line.starts_with("DATABASE_APP_URL is not") && !line.contains("canary"), "{line}");
    let line = refusal(&url_as(&database, "nobody_we_know"), &[]).await;
    assert!(line.contains("cannot connect") && line.contains("nobody_we_know"), "{line}");
}

/// R13 in little: a database that takes no writes. Reading and listening go on, and writing when it can again.
#[actix_web::test]
async fn a_database_that_refuses_writes_still_answers_reads() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.confirmed(1).await;
    let admin = app.database.admin().await;
    let read_only = |value: &'static str| {
        let (admin, name) = (&admin, app.database.name.clone());
        async move {
            let set = format!("ALTER DATABASE {name} SET default_transaction_read_only = {value}");
            admin.batch_execute(&set).await.unwrap();
            let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'comanda'";
            admin.query(kill, &[]).await.unwrap();
        }
    };
    read_only("on").await;
    let refused = house.set(&house.kitchen, &order["items"][0], "READY").await;
    assert!(refused.header("retry-after").is_some());
    refused.expect_error(503, "DATABASE_UNAVAILABLE");
    house.kitchen.get("/api/v1/board").await.expect(200);
    admin.batch_execute("SET default_transaction_read_only = off").await.unwrap();
    read_only("off").await;
    house.set(&house.kitchen, &order["items"][0], "READY").await.expect(200);
}

/// What raced: a query that nobody waits for any longer held its row, and its connection went back into the pool with
/// the answer still to come. The next user of the connection would have waited behind it.
#[actix_web::test]
async fn a_dropped_query_is_cancelled_and_its_connection_closed() {
    let app = spawn_patient_app(&[]).await;
    let house = app.restaurant().await;
    let hold = crate::support::Hold::stream(&app, &house).await;
    let by = house.kitchen.get("/api/v1/auth/me").await.expect(200);
    let request = Request {
        principal: Principal {
            user: comanda::domain::ids::UserId(by["id"].as_str().unwrap().parse().unwrap()),
            role: Role::Manager,
            restaurant: house.id,
            board: comanda::domain::ids::BoardId::DEFAULT,
            login: None,
        },
        command: Command::CreateTable { name: Name::parse("Patio").unwrap() },
        if_match: None,
        key: None,
    };
    let requests = [request];
    let run = app.store.run_group(None, house.id, &requests, Timestamp::now());
    tokio::select! {
        _ = run => panic!("the stream is held"),
        () = hold.is_waited_for() => {}
    }
    // Dropped: the lock it waits for is still held, so only cancelling ends it.
    hold.is_left_alone().await;
    hold.release().await;
    house.manager.post("/api/v1/tables", json!({ "name": "Patio" })).await.expect(201);
}

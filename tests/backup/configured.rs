//! A database of one's own: backed up by its URL, by a role that sees every row; restored there, and elsewhere, where
//! other roles own things.

use crate::{
    postgres,
    program::{ask, run},
    server::{Folder, Server},
    writers::{open_table, order},
};
use secrecy::ExposeSecret;

const ASYNC: (&str, &str) = ("COMANDA__DATABASE__ALLOW_ASYNC_COMMIT", "true");

fn url(role: &str, database: &str) -> String {
    let url = postgres::shared().postgres.url();
    let (_, query) = url.expose_secret().split_once('?').unwrap();
    format!("postgresql://{role}:pw@/{database}?{query}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_ones_own_is_backed_up_and_moves() {
    let (client, connection) =
        postgres::shared().postgres.config().connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    for statement in [
        "CREATE ROLE ana LOGIN PASSWORD 'pw' NOSUPERUSER CREATEROLE",
        "CREATE ROLE luis LOGIN PASSWORD 'pw' NOSUPERUSER CREATEROLE BYPASSRLS",
        "CREATE ROLE comanda_app NOLOGIN",
        "GRANT comanda_app TO ana, luis WITH ADMIN OPTION",
        "CREATE DATABASE shop OWNER ana",
        "CREATE DATABASE moved OWNER luis",
    ] {
        client.batch_execute(statement).await.unwrap();
    }
    let folder = Folder::open();
    let file = folder.path().join("shop.backup").to_str().unwrap().to_owned();
    let (shop, moved) = (url("ana", "shop"), url("luis", "moved"));
    let settings = [ASYNC, ("DATABASE_URL", shop.as_str())];
    let server = Server::start(folder.path(), 0, &settings);
    let waiter = server.login("waiter@restaurante.com").await;
    let confirmed = order(&waiter, &open_table(&waiter, 0).await, "one").await.unwrap();
    let path = format!("/api/v1/orders/{}", confirmed["id"].as_str().unwrap());

    // An owner whom row-level security binds would back up nothing, and not hear of it.
    run(folder.path(), &["backup", &file], &settings).await.badly(2, "ALTER ROLE ana BYPASSRLS");
    client.batch_execute("ALTER ROLE ana BYPASSRLS").await.unwrap();
    run(folder.path(), &["backup", &file], &settings).await.well();
    run(folder.path(), &["restore", &file, "--replace"], &settings)
        .await
        .badly(1, "stop what they belong to");
    server.terminate();
    run(folder.path(), &["restore", &file, "--replace"], &settings).await.well();

    // To another owner's, and into a private PostgreSQL that has never heard of ana.
    let settings_moved = [ASYNC, ("DATABASE_URL", moved.as_str())];
    run(folder.path(), &["restore", &file], &settings_moved).await.well();
    run(folder.path(), &["restore", &file], &[]).await.well();
    for settings in [&settings[..], &settings_moved[..], &[]] {
        let server = Server::start(folder.path(), 0, settings);
        let waiter = server.login("waiter@restaurante.com").await;
        let found = waiter.get(&path).await.expect(200);
        assert_eq!((&found["number"], &found["status"]), (&confirmed["number"], &confirmed["status"]));
        let other = server.login("waiter@trattoria.com").await;
        other.get(&path).await.expect_error(404, "NOT_FOUND");
        assert!(order(&waiter, &open_table(&waiter, 1).await, "two").await.is_some());
        server.terminate();
    }
    let left = "SELECT count(*) FROM pg_roles WHERE rolname = 'ana'";
    assert_eq!(ask(folder.path(), left).await, "0", "who only stood in is gone");
    let named = "SELECT string_agg(DISTINCT role::text, ' ') FROM pg_policies, unnest(roles) role WHERE role <> 'public'";
    assert_eq!(ask(folder.path(), named).await, "comanda");
    let owners =
        "SELECT string_agg(DISTINCT tableowner::text, ' ') FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(ask(folder.path(), owners).await, "comanda");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_comandas_is_left_alone() {
    let (client, connection) =
        postgres::shared().postgres.config().connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("CREATE DATABASE strange").await.unwrap();
    let mut config = postgres::shared().postgres.config();
    let (strange, connection) = config.dbname("strange").connect(tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    strange.batch_execute("CREATE TABLE somebodys (x int)").await.unwrap();
    drop(strange);
    driver.await.unwrap().unwrap();

    let folder = Folder::open();
    let file = folder.path().join("x.backup").to_str().unwrap().to_owned();
    let url = postgres::shared().postgres.url();
    let url = url.expose_secret().replace("/comanda?", "/strange?");
    let settings = [("DATABASE_URL", url.as_str())];
    run(folder.path(), &["backup", &file], &settings).await.badly(1, "holds no comanda");
    Server::start(folder.path(), 0, &[]).terminate();
    run(folder.path(), &["backup", &file], &[]).await.well();
    run(folder.path(), &["restore", &file, "--replace"], &settings).await.badly(2, "not comanda's");
}

//! The schema and every statement: prepared against a migrated database, and bound by row-level security.

use crate::support::database::TestDatabase;
use std::{fs, path::PathBuf};

fn files() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/queries"))];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

#[tokio::test]
async fn every_statement_is_one_that_the_database_understands() {
    let database = TestDatabase::create().await;
    let admin = database.admin().await;
    let files = files();
    assert!(files.len() > 20, "only {} files", files.len());
    for file in files {
        let sql = fs::read_to_string(&file).unwrap();
        // Preparing takes exactly one statement.
        admin.prepare(&sql).await.unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
    }
}

/// A table without a policy, or one that the application role owns, would show every tenant to a forgotten WHERE.
#[tokio::test]
async fn every_tenant_table_forces_row_level_security() {
    let database = TestDatabase::create().await;
    let admin = database.admin().await;
    let open = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
                AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1";
    let open: Vec<String> = admin.query(open, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(open, ["instance", "migrations"], "only what belongs to no tenant");
    let granted = "SELECT c.relname::text FROM pg_class c WHERE c.relispartition \
                   AND has_table_privilege('comanda_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE')";
    assert!(
        admin.query(granted, &[]).await.unwrap().is_empty(),
        "a partition is reached past its parent's policy"
    );
}

#[tokio::test]
async fn a_role_without_a_tenant_sees_nothing_and_one_with_a_tenant_its_own() {
    let database = TestDatabase::create().await;
    let admin = database.admin().await;
    let [one, two] = [uuid::Uuid::now_v7(), uuid::Uuid::now_v7()];
    for id in [one, two] {
        let insert = "INSERT INTO restaurants (id, name, currency) VALUES ($1, 'x', 'EUR')";
        admin.execute(insert, &[&id]).await.unwrap();
        admin.execute("INSERT INTO streams (id) VALUES ($1)", &[&id]).await.unwrap();
    }
    admin.batch_execute("SET ROLE comanda_app").await.unwrap();
    for table in ["restaurants", "streams"] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(admin.query_one(&count, &[]).await.unwrap().get::<_, i64>(0), 0, "{table}");
    }
    admin.execute("SELECT set_config('app.restaurant', $1, false)", &[&one.to_string()]).await.unwrap();
    for table in ["restaurants", "streams"] {
        let ids = admin.query(&format!("SELECT id FROM {table}"), &[]).await.unwrap();
        let ids: Vec<uuid::Uuid> = ids.iter().map(|row| row.get(0)).collect();
        assert_eq!(ids, [one], "{table}");
    }
    let foreign = "INSERT INTO tables (restaurant_id, id, name, created_at) VALUES ($1, $2, 'x', now())";
    let refused = admin.execute(foreign, &[&two, &uuid::Uuid::now_v7()]).await.unwrap_err();
    assert!(refused.to_string().contains("db error"), "{refused}");
    assert_eq!(refused.code().map(|code| code.code()), Some("42501"));
}

#[tokio::test]
async fn racing_migrations_apply_each_file_once() {
    let database = TestDatabase::create().await;
    let admin = database.admin().await;
    admin.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
    let config = database.config();
    let racing = futures_util::future::join_all((0..4).map(|_| comanda::store::migrate(&config))).await;
    let applied: Vec<usize> = racing.into_iter().map(|result| result.unwrap().len()).collect();
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/migrations")).unwrap().count();
    assert_eq!(applied.iter().sum::<usize>(), files);
    assert_eq!(applied.iter().filter(|&&count| count > 0).count(), 1, "{applied:?}");
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    let database = TestDatabase::create().await;
    let admin = database.admin().await;
    admin.batch_execute("UPDATE migrations SET checksum = 'other' WHERE name LIKE '0001%'").await.unwrap();
    let error = comanda::store::migrate(&database.config()).await.unwrap_err();
    assert!(error.to_string().contains("0001_foundation.sql was applied with other content"), "{error}");
}

//! `comanda import`: the real program, beside the running server.

mod called;
mod declarations;
mod forgetting;
mod large;
mod numbers;
mod people;
mod production;
mod refusals;
mod sample;
mod turns;

use crate::support::{House, TestApp, app::SECRET};
use std::{
    io::Write,
    process::{Output, Stdio},
};
use tempfile::NamedTempFile;
use tokio::process::Command;

const README: &str = include_str!("../../../README.md");
/// Of `ana-2024`, by glibc.
const BCRYPT: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeaHnMhe/aJj1nu3JY56ufWbytgebWIS6";

/// The block of this kind in the README's section.
fn printed(kind: &str) -> &'static str {
    let (_, section) = README.split_once("\n## Moving in\n").unwrap();
    let (_, block) = section.split_once(&format!("```{kind}\n")).unwrap();
    block.split_once("```").unwrap().0
}

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn program(app: &TestApp, file: &NamedTempFile, restaurant: &str, more: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_comanda"));
    program.arg("import").arg(file.path()).args(["--restaurant", restaurant]).args(more);
    program.env_clear().env("DATABASE_URL", app.database.url()).env("JWT_SECRET", SECRET);
    program.env("COMANDA__DATABASE__ALLOW_ASYNC_COMMIT", "true").current_dir(std::env::temp_dir());
    program.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    program
}

/// Runs it to its end: exit code, standard output, standard error.
async fn import(app: &TestApp, house: &House, text: &str, more: &[&str]) -> (i32, String, String) {
    let file = file(text);
    let Output { status, stdout, stderr } =
        program(app, &file, &house.id.to_string(), more).output().await.unwrap();
    let told = String::from_utf8(stderr).unwrap().replace(file.path().to_str().unwrap(), "F");
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), told)
}

/// Everything of a restaurant that an import can touch, as the owner of the tables sees it.
async fn everything(app: &TestApp) -> Vec<i64> {
    let admin = app.database.admin().await;
    let mut counts = Vec::new();
    for table in [
        "tables",
        "users",
        "customers",
        "menu_items",
        "menu_categories",
        "documents",
        "document_audit",
        "orders",
        "order_items",
        "table_sessions",
        "production_orders",
        "events",
        "people_log",
    ] {
        let count = format!("SELECT count(*) FROM {table}");
        counts.push(admin.query_one(&count, &[]).await.unwrap().get(0));
    }
    let numbers =
        "SELECT coalesce(sum(last_order_number + last_customer_number), 0)::bigint FROM restaurants";
    counts.push(admin.query_one(numbers, &[]).await.unwrap().get(0));
    counts
}

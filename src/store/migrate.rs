//! Migrations: files applied in order, each once, under one lock, so that racing starts apply nothing twice.

use super::{
    connect::{Unreachable, connect},
    error::explain,
    sql,
};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use tokio_postgres::Client;

#[derive(RustEmbed)]
#[folder = "sql/migrations"]
#[include = "*.sql"]
struct Migrations;

/// Why the schema is not what this program needs.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("cannot migrate: {0}")]
    Connect(#[from] Unreachable),
    #[error(
        "the database is PostgreSQL {found}, and {OLDEST_POSTGRES} is the oldest that works: move it to a newer one, or \
         give the DATABASE_URL of one"
    )]
    TooOld { found: u32 },
    #[error("cannot migrate: {file}: {}", explain(.error))]
    Statement { file: String, error: tokio_postgres::Error },
    #[error(
        "cannot migrate: {0} was applied with other content; this program is of another version than the database"
    )]
    Changed(String),
    #[error(
        "cannot migrate: the database has {0}, which this program does not know; it is older than the database"
    )]
    Unknown(String),
}

/// Oldest major version that works: views ask as who looks, `security_invoker`, since 15.
pub const OLDEST_POSTGRES: u32 = 15;

/// Any number that is only ours: "comanda" in ASCII, shortened to 63 bits.
pub(super) const LOCK: i64 = 0x0063_6f6d_616e_6461;

const KNOWN: &str = "SELECT name, checksum FROM migrations";

/// Applies what is missing, each file in a transaction of its own; returns the names of the files applied.
pub async fn migrate(url: &tokio_postgres::Config) -> Result<Vec<String>, MigrateError> {
    let (client, driver) = connect(url).await?;
    let result = apply(&client).await;
    drop(client);
    driver.abort();
    result
}

/// How many files are missing; changes nothing, and makes nothing where there is nothing yet.
pub async fn behind(url: &tokio_postgres::Config) -> Result<usize, MigrateError> {
    let (client, driver) = connect(url).await?;
    let result = look(&client).await;
    drop(client);
    driver.abort();
    result
}

async fn look(client: &Client) -> Result<usize, MigrateError> {
    let failed = |error| MigrateError::Statement { file: "migrations".into(), error };
    let is_there = client.query_one(sql!("log/is_migrated"), &[]).await.map_err(failed)?;
    let known = match is_there.get(0) {
        true => client.query(KNOWN, &[]).await.map_err(failed)?,
        false => Vec::new(),
    };
    Ok(missing(known.iter().map(|row| (row.get(0), row.get(1))))?.len())
}

async fn apply(client: &Client) -> Result<Vec<String>, MigrateError> {
    let run = |file: &str, sql: String| {
        let file = file.to_owned();
        async move { client.batch_execute(&sql).await.map_err(|error| MigrateError::Statement { file, error }) }
    };
    let found = client.query_one(sql!("log/version"), &[]).await;
    let found = found.map_err(|error| MigrateError::Statement { file: "version".into(), error })?;
    new_enough(found.get::<_, i32>("major").unsigned_abs())?;
    // The lock is the session's: it is gone with the connection, also after a kill.
    run("lock", format!("SELECT pg_advisory_lock({LOCK})")).await?;
    let table = "CREATE TABLE IF NOT EXISTS migrations \
                 (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";
    run("migrations", format!("SET client_min_messages = warning; {table}")).await?;
    let known = client.query(KNOWN, &[]).await;
    let known = known.map_err(|error| MigrateError::Statement { file: "migrations".into(), error })?;
    let mut applied = Vec::new();
    for Missing { name, sql } in missing(known.iter().map(|row| (row.get(0), row.get(1))))? {
        run(&name, format!("BEGIN; {sql}; COMMIT")).await?;
        applied.push(name);
    }
    Ok(applied)
}

/// Refused before the first file: one of them would fail with words that tell nobody what to do.
fn new_enough(found: u32) -> Result<(), MigrateError> {
    match found >= OLDEST_POSTGRES {
        true => Ok(()),
        false => Err(MigrateError::TooOld { found }),
    }
}

/// A file that a database has not seen yet, and its statements with the note that it has.
pub(super) struct Missing {
    pub name: String,
    pub sql: String,
}

/// What a database with these files (name and checksum) needs, in order. Errors: `Changed`, `Unknown`.
pub(super) fn missing<'a>(
    known: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<Missing>, MigrateError> {
    let mut known: BTreeMap<&str, &str> = known.collect();
    let mut names: Vec<String> = Migrations::iter().map(Into::into).collect();
    names.sort();
    let mut missing = Vec::new();
    for name in names {
        let Some(file) = Migrations::get(&name) else { continue };
        let text = String::from_utf8_lossy(&file.data);
        let checksum = checksum(text.as_bytes());
        match known.remove(name.as_str()) {
            Some(applied) if applied == checksum => {}
            Some(_) => return Err(MigrateError::Changed(name)),
            None => {
                let note = format!("INSERT INTO migrations (name, checksum) VALUES ('{name}', '{checksum}')");
                missing.push(Missing { sql: format!("{text};\n{note}"), name });
            }
        }
    }
    match known.into_keys().next() {
        Some(unknown) => Err(MigrateError::Unknown(unknown.to_owned())),
        None => Ok(missing),
    }
}

/// SHA-256 in hexadecimal.
fn checksum(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_old_is_told_so_before_the_first_file() {
        assert!(new_enough(15).is_ok() && new_enough(18).is_ok());
        let told = new_enough(14).unwrap_err().to_string();
        assert!(told.contains("PostgreSQL 14") && told.contains("15 is the oldest"), "{told}");
    }
}

//! Making a backup beside a running server: `pg_dump` of one snapshot, which we have looked at too.

use super::{
    super::{connect::connect, sql},
    draft::Draft,
    error::BackupError,
    on_disk,
    seal::Manifest,
    tools::{Tools, complaint, in_order},
};
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    time::timeout,
};
use tokio_postgres::{Client, Config};

/// Written at once; a write is a hop to another thread.
const CHUNK: usize = 1 << 18;
/// Silence after which nothing is to be hoped for: a frozen database, a dead network.
const STALLED: Duration = Duration::from_secs(300);
/// Little: the cores are the orders', and the next levels take thrice the time for a fifth less.
const COMPRESSED: &str = "--compress=1";
/// A migration or a new partition holds a table no longer.
const LOCK_WITHIN: &str = "--lock-wait-timeout=60s";

/// Copies one moment of the database into a file: whole, flushed, and only then in its place. `leave_free` bytes of the
/// disk stay for others. Dropped, it ends at once and leaves nothing.
pub async fn back_up(config: &Config, place: &Path, leave_free: u64) -> Result<Manifest, BackupError> {
    let config = &in_order(config, "comanda backup");
    let draft = Draft::create(place, leave_free)?;
    let (client, driver) = timeout(STALLED, connect(config)).await.map_err(|_| silent())??;
    let made = dump(&client, config, draft).await;
    drop(client);
    driver.abort();
    made
}

async fn dump(client: &Client, config: &Config, draft: Draft) -> Result<Manifest, BackupError> {
    let (manifest, snapshot) = timeout(STALLED, look(client)).await.map_err(|_| silent())??;
    let tools = Tools::find(manifest.postgres).await?;
    let mut command = tools.client("pg_dump", config);
    command.args(["--format=custom", "--schema=public", "--no-publications", "--no-subscriptions"]);
    command.arg(COMPRESSED).arg(LOCK_WITHIN).arg(format!("--snapshot={snapshot}")).stdout(Stdio::piped());
    let failed = |said: String| BackupError::Program { program: "pg_dump", said };
    let mut program = command.spawn().map_err(|error| failed(error.to_string()))?;
    let (archive, complaints) = (program.stdout.take(), program.stderr.take());
    // Both end with the program; a copy that fails ends it.
    let (draft, said) = tokio::try_join!(copy(archive, draft), async { Ok(complaint(complaints).await) })?;
    let status = program.wait().await.map_err(|error| failed(error.to_string()))?;
    if !status.success() {
        return Err(failed(said));
    }
    on_disk(move || draft.finish(manifest)).await
}

/// Opens a transaction, which stays open, and looks at what it sees; with the name by which others see the same.
async fn look(client: &Client) -> Result<(Manifest, String), BackupError> {
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let server = client.query_one(sql!("backup/server"), &[]).await?;
    if !server.get::<_, bool>("ours") {
        return Err(BackupError::NothingThere);
    }
    if !server.get::<_, bool>("sees_all") {
        return Err(BackupError::HiddenRows(server.get("role")));
    }
    let moment = client.query_one(sql!("backup/moment"), &[]).await?;
    let manifest = Manifest {
        comanda: env!("CARGO_PKG_VERSION").into(),
        at: moment.get("at"),
        postgres: server.get::<_, i32>("major").unsigned_abs(),
        roles: moment.get("roles"),
        migrations: moment.get("migrations"),
        tenants: moment.get("tenants"),
        events: moment.get("events"),
        bytes: 0,
    };
    Ok((manifest, moment.get("snapshot")))
}

/// Writes what comes; the file is slow, so not on this thread.
async fn copy(from: Option<impl AsyncRead + Unpin>, mut draft: Draft) -> Result<Draft, BackupError> {
    let Some(mut from) = from else { return Ok(draft) };
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let read = timeout(STALLED, (&mut from).take(left(&chunk)).read_buf(&mut chunk)).await;
        let read = read
            .map_err(|_| silent())?
            .map_err(|error| BackupError::Program { program: "pg_dump", said: error.to_string() })?;
        if read > 0 && chunk.len() < CHUNK {
            continue;
        }
        (draft, chunk) = on_disk(move || draft.write(&chunk).map(|()| (draft, chunk))).await?;
        if read == 0 {
            return Ok(draft);
        }
        chunk.clear();
    }
}

fn left(chunk: &[u8]) -> u64 {
    (CHUNK - chunk.len()) as u64
}

fn silent() -> BackupError {
    BackupError::Stalled("the database")
}

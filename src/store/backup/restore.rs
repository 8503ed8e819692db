//! Putting a backup in a database's place: one transaction from the first DROP to the last migration, so that whatever ends
//! it midway leaves what was there. Where its end was not told, `outcome` looks which of the two it is.

use super::{
    super::{connect::connect, migrate, sql},
    error::BackupError,
    outcome,
    seal::{Manifest, Whole},
    tools::{Tools, complaint, in_order},
};
use std::{fs::File, pin::pin, process::Stdio, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    time::{Instant, sleep},
};
use tokio_postgres::{Client, Config};

/// For the connections of a server that has just ended to be gone.
const OTHERS_GO_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Replaces what the database holds by the backup, brought to this version's shape. Every stream has another epoch then,
/// and nobody is logged in. An empty database needs no `replace`. Once `stopped` resolves it ends as soon as it can: all of
/// it is done then, or nothing.
pub async fn restore(
    config: &Config,
    whole: Whole,
    replace: bool,
    stopped: impl Future<Output = ()>,
) -> Result<Manifest, BackupError> {
    let Whole { file, manifest } = whole;
    let epilogue = epilogue(&manifest)?;
    let config = &in_order(config, "comanda restore");
    let (client, driver) = connect(config).await?;
    let mut stopped = pin!(stopped);
    let restored = async {
        let prepared = async {
            let tools = admit(&client, &manifest, replace).await?;
            listed(&tools, &file).await?;
            Ok::<_, BackupError>((tools, outcome::mark(&client).await?))
        };
        let (tools, before) = tokio::select! {
            prepared = prepared => prepared?,
            () = &mut stopped => return Err(BackupError::Stopped),
        };
        let ran = tokio::select! {
            ran = run(&tools, config, file, prologue(&manifest), epilogue) => ran,
            () = &mut stopped => Err(BackupError::Stopped),
        };
        if let Err(why) = ran {
            // What was asked for is done: nobody waits for statistics.
            return outcome::settled(config, before, why).await.map(|()| manifest);
        }
        // Only plans are the worse without.
        tokio::select! {
            analyzed = client.batch_execute("ANALYZE") => if let Err(error) = analyzed {
                tracing::warn!(%error, "cannot gather statistics; PostgreSQL will do it by itself");
            },
            () = &mut stopped => {}
        }
        Ok(manifest)
    };
    let restored = restored.await;
    drop(client);
    driver.abort();
    restored
}

/// Whether this database may be replaced by that backup. From here to the end of our connection no server can migrate it,
/// so that one which is started meanwhile waits.
async fn admit(client: &Client, manifest: &Manifest, replace: bool) -> Result<Tools, BackupError> {
    if !client.query_one(sql!("backup/lock"), &[&migrate::LOCK]).await?.get::<_, bool>(0) {
        return Err(BackupError::Busy);
    }
    let server = client.query_one(sql!("backup/server"), &[]).await?;
    if !server.get::<_, bool>("sees_all") {
        return Err(BackupError::HiddenRows(server.get("role")));
    }
    let found = server.get::<_, i32>("major").unsigned_abs();
    if found < manifest.postgres {
        return Err(BackupError::OlderServer { made: manifest.postgres, found });
    }
    match (server.get("ours"), server.get("occupied")) {
        (false, false) => {}
        (false, true) => return Err(BackupError::Strangers),
        (true, _) => {
            let tenants = client.query_one(sql!("backup/tenants"), &[]).await?.get(0);
            if tenants > 0 && !replace {
                return Err(BackupError::Occupied { tenants });
            }
        }
    }
    alone(client).await?;
    Tools::find(found).await
}

/// A server on this database would go on with what it remembers of the old one.
async fn alone(client: &Client) -> Result<(), BackupError> {
    let deadline = Instant::now() + OTHERS_GO_WITHIN;
    loop {
        let row = client.query_one(sql!("backup/others"), &[]).await?;
        match row.get("others") {
            0 => return Ok(()),
            others if Instant::now() >= deadline => {
                return Err(BackupError::InUse { others, names: row.get("names") });
            }
            _ => sleep(LOOK_EVERY).await,
        }
    }
}

/// Whether these programs can read the archive at all.
async fn listed(tools: &Tools, file: &File) -> Result<(), BackupError> {
    let mut program = tools.command("pg_restore");
    program.arg("--list").stdin(again(file)?);
    let output = program.output().await.map_err(|error| failed("pg_restore", error))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(failed("pg_restore", complaint(Some(&output.stderr[..])).await)),
    }
}

/// The file from its beginning, for a program's standard input.
fn again(file: &File) -> Result<Stdio, BackupError> {
    use std::io::Seek;
    let mut file = file.try_clone().map_err(|error| failed("pg_restore", error))?;
    file.rewind().map_err(|error| failed("pg_restore", error))?;
    Ok(file.into())
}

fn prologue(manifest: &Manifest) -> String {
    let roles = serde_json::Value::from(manifest.roles.clone()).to_string().replace('\'', "''");
    let roles = format!("SELECT set_config('restore.roles', '{roles}', true)");
    // What goes along with a DROP is not worth a line each.
    let settings = "SET client_min_messages = warning; SET standard_conforming_strings = on; BEGIN";
    script(&[settings, &roles, sql!("restore/empty"), sql!("restore/roles")])
}

/// What follows the archive, whose own statements have changed the session's settings. Errors: `Foreign`.
fn epilogue(manifest: &Manifest) -> Result<String, BackupError> {
    let known = manifest.migrations.iter().filter_map(|line| line.split_once(' '));
    let missing =
        migrate::missing(known).map_err(|why| BackupError::Foreign { by: manifest.comanda.clone(), why })?;
    // What is hidden from us would stay as it was; so that is an error.
    let mut statements =
        vec![sql!("restore/settle"), "RESET ALL", "SET search_path = public", "SET row_security = off"];
    statements.extend(missing.iter().map(|missing| missing.sql.as_str()));
    statements.extend([sql!("restore/begin_anew"), sql!("restore/still_alone"), "COMMIT"]);
    Ok(script(&statements))
}

/// A comment may end a statement's text, hence the line.
fn script(statements: &[&str]) -> String {
    statements.iter().map(|statement| format!("{statement}\n;\n")).collect()
}

/// `pg_restore` writes SQL, `psql` carries it out, and we stand between: without the COMMIT that we say when the archive came
/// to its end there is none.
async fn run(
    tools: &Tools,
    config: &Config,
    file: File,
    prologue: String,
    epilogue: String,
) -> Result<(), BackupError> {
    let mut reader = tools.command("pg_restore");
    reader.args(["--file=-", "--no-owner", "--schema=public"]).stdin(again(&file)?).stdout(Stdio::piped());
    let mut reader = reader.spawn().map_err(|error| failed("pg_restore", error))?;
    let mut writer = tools.client("psql", config);
    writer.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]).stdin(Stdio::piped());
    let mut writer = writer.spawn().map_err(|error| failed("psql", error))?;

    let (archive, statements) = (reader.stdout.take(), writer.stdin.take());
    let (reader_said, writer_said) = (reader.stderr.take(), writer.stderr.take());
    let pass_on = async {
        let (Some(mut archive), Some(mut statements)) = (archive, statements) else { return Ok(false) };
        statements.write_all(prologue.as_bytes()).await?;
        tokio::io::copy(&mut archive, &mut statements).await?;
        if !reader.wait().await?.success() {
            return Ok(false);
        }
        statements.write_all(epilogue.as_bytes()).await?;
        statements.shutdown().await?;
        Ok::<_, std::io::Error>(true)
    };
    // Each program ends when its pipe does, and what it says ends with it.
    let (passed_on, reader_said, writer_said) =
        tokio::join!(pass_on, complaint(reader_said), complaint(writer_said));
    let written = writer.wait().await.map_err(|error| failed("psql", error))?;
    match passed_on {
        Ok(false) => Err(failed("pg_restore", reader_said)),
        // It ended while it was being told more: its own words say why.
        _ if !written.success() => Err(failed("psql", writer_said)),
        Err(error) => Err(failed("psql", error)),
        Ok(true) => Ok(()),
    }
}

fn failed(program: &'static str, said: impl ToString) -> BackupError {
    BackupError::Program { program, said: said.to_string() }
}

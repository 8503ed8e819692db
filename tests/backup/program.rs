//! The program's commands, PostgreSQL's programs as they are and as they fail, and a look into a private database.

use comanda::store::embedded::EmbeddedPostgres;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tokio_postgres::{Client, NoTls};

/// Survives the data folder, as an installation's own secret does.
pub const SECRET: (&str, &str) = ("JWT_SECRET", "0123456789abcdef0123456789abcdef");

/// How a command ended, and what it printed.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    /// The last line of standard error, which says why.
    pub why: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let said = String::from_utf8(output.stderr).unwrap();
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            why: said.lines().last().unwrap_or_default().to_owned(),
        }
    }
}

impl Ended {
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.why);
        self.out
    }

    #[track_caller]
    pub fn badly(self, code: i32, named: &str) {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.why);
        assert!(self.why.starts_with("comanda: ") && self.why.contains(named), "{}", self.why);
    }
}

/// A command of the program on this data folder, to be run.
pub fn command(data_dir: &Path, arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_comanda"));
    program.args(arguments).env_clear().env("COMANDA_DATA_DIR", data_dir).current_dir(std::env::temp_dir());
    program.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    program
}

pub async fn run(data_dir: &Path, arguments: &[&str], more: &[(&str, &str)]) -> Ended {
    let mut program = command(data_dir, arguments);
    program.envs(more.iter().copied());
    tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap().into()
}

/// A folder for `PATH` in which one of PostgreSQL's programs is this shell script; `$REAL` is the folder of those it has.
pub fn instead(program: &str, script: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let real = programs();
    for name in ["pg_dump", "pg_restore", "psql"] {
        let path = folder.path().join(name);
        let script = if name == program { script } else { "" };
        let real = real.display();
        let text = format!(
            "#!/bin/sh\nREAL={real}\n[ \"$1\" = --version ] && exec $REAL/{name} --version\n{script}\nexec $REAL/{name} \"$@\"\n"
        );
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    let path = std::env::join_paths(
        std::iter::once(folder.path().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    (folder, path.unwrap().into_string().unwrap())
}

/// The folder of the newest PostgreSQL, found as the program finds it.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"))
        .collect();
    debian.sort();
    let mut folders = std::env::split_paths(&path).chain(debian.into_iter().rev());
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("pg_restore").is_file()).unwrap()
}

/// Does this in the private database of a data folder on which no server runs.
pub async fn with<T>(data_dir: &Path, work: impl AsyncFnOnce(&Client) -> T) -> T {
    let postgres = EmbeddedPostgres::start(data_dir).await.unwrap();
    let (client, connection) = postgres.config().connect(NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let done = work(&client).await;
    drop(client);
    driver.await.unwrap().unwrap();
    postgres.stop().await.unwrap();
    done
}

/// Answers one text of it.
pub async fn ask(data_dir: &Path, sql: &str) -> String {
    let sql = format!("SELECT ({sql})::text");
    with(data_dir, async |client| client.query_one(&sql, &[]).await.unwrap().get(0)).await
}

/// The epochs of all streams: what every restore changes and nothing else does.
pub async fn epochs(data_dir: &Path) -> String {
    ask(data_dir, "SELECT string_agg(epoch, ' ' ORDER BY id) FROM streams").await
}

/// What is in the data folder's `backups/`, by name.
pub fn backups(data_dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(data_dir.join("backups")).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

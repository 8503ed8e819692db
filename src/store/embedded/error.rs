//! Why the private PostgreSQL cannot serve; each one line that says what to do.

use crate::store::backup::Folder;
use jiff::Timestamp;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Displayed as one line, for the person who starts the program.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    #[error(
        "PostgreSQL is not installed: on Debian or Ubuntu `apt-get install postgresql`, on Fedora `dnf install \
         postgresql-server`, on macOS `brew install postgresql@17` with its bin folder on PATH; or set DATABASE_URL to \
         a server of your own"
    )]
    NotInstalled,
    #[error(
        "PostgreSQL {found} is too old, {least} is the oldest that works: install a newer one (https://www.postgresql.org/download), or set DATABASE_URL"
    )]
    TooOld { found: u32, least: u32 },
    #[error(
        "the database in {} was made by PostgreSQL {made}, but this machine has {}: `apt-get install postgresql-{made}` \
         opens it again{}", folder.display(), list(installed), way.as_deref().unwrap_or_default()
    )]
    OtherVersion {
        folder: PathBuf,
        made: String,
        installed: Vec<u32>,
        /// How to move on from the newest backup, where there is one.
        way: Option<String>,
    },
    #[error("the data folder {} is in use by another comanda server{}: stop that one, or set COMANDA_DATA_DIR to another folder", folder.display(), by(*pid))]
    InUse { folder: PathBuf, pid: Option<u32> },
    #[error("the database in {} belongs to another user (uid {uid}): start as that user, or set COMANDA_DATA_DIR to another folder", folder.display())]
    NotOurs { folder: PathBuf, uid: u32 },
    #[error("the database in {} cannot be reached by user {user}, as whom PostgreSQL runs here: open the folders above it with chmod o+x", folder.display())]
    Closed { folder: PathBuf, user: String },
    #[error(
        "neither a user postgres nor nobody exists, and PostgreSQL does not run as root: start as another user"
    )]
    NoUser,
    #[error("the password of the database in {} is missing: put the file {} back", folder.display(), file.display())]
    PasswordMissing { folder: PathBuf, file: PathBuf },
    #[error("the socket folder {} is not private to user id {uid}: remove it", folder.display())]
    SocketFolder { folder: PathBuf, uid: u32 },
    #[error("PostgreSQL could not make its files in {}: {reason}", folder.display())]
    Initdb { folder: PathBuf, reason: String },
    #[error("PostgreSQL did not start: {reason} (its log is {})", log.display())]
    DidNotStart { log: PathBuf, reason: String },
    #[error("PostgreSQL did not stop: process {pid} is still there")]
    DidNotStop { pid: i32 },
    #[error("cannot {what} {}: {source}", path.display())]
    Io { what: &'static str, path: PathBuf, source: io::Error },
    #[error("the private PostgreSQL answers with an error: {0}")]
    Database(#[from] tokio_postgres::Error),
}

fn list(majors: &[u32]) -> String {
    majors.iter().map(u32::to_string).collect::<Vec<_>>().join(" and ")
}

fn by(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}

/// Names the path in an I/O error.
pub(super) fn io_at<'a>(
    what: &'static str,
    path: impl Into<PathBuf> + 'a,
) -> impl FnOnce(io::Error) -> EmbedError + 'a {
    move |source| EmbedError::Io { what, path: path.into(), source }
}

impl EmbedError {
    /// A cluster that no PostgreSQL here can open is started anew from the newest backup, which a newer one takes.
    pub(super) fn with_way_on(self, home: &Path, data_dir: &Path) -> Self {
        let Self::OtherVersion { folder, made, installed, .. } = self else { return self };
        let newest = Folder::of(data_dir).newest(Timestamp::now());
        let next =
            made.parse().ok().and_then(|made: u32| installed.iter().max().filter(|best| **best > made));
        let way = next.zip(newest).map(|(next, (at, backup))| {
            let at = at.strftime("%Y-%m-%dT%H:%MZ");
            let aside = home.with_extension(&made);
            format!(
                "; to go on with PostgreSQL {next} as of the newest backup ({at}): `mv {} {} && comanda restore {}`",
                quoted(home),
                quoted(&aside),
                quoted(&backup)
            )
        });
        Self::OtherVersion { folder, made, installed, way }
    }
}

/// As a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    match text.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c)) {
        true => text,
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

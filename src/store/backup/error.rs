//! Why there is no backup, or why nothing was restored; each one line that says what to do.

use super::super::{MigrateError, connect::Unreachable, error::explain};
use std::{io, path::PathBuf};

/// Displayed as one line. A backup that failed leaves no file, a restore that failed the database as it was, but for
/// `Unknown`.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{} is not a file: name one to be made, or one to be replaced", .0.display())]
    NotAFile(PathBuf),
    #[error("{} is no whole backup: {why}", file.display())]
    NotWhole { file: PathBuf, why: String },
    #[error("{} was made by a newer comanda ({by}); restore it with that version", file.display())]
    Newer { file: PathBuf, by: String },
    #[error("the backup was made by comanda {by}, and this is {}: {why}", env!("CARGO_PKG_VERSION"))]
    Foreign { by: String, why: MigrateError },
    #[error(
        "the backup is of PostgreSQL {made}, and the database is PostgreSQL {found}: restore it into {made} or newer"
    )]
    OlderServer { made: u32, found: u32 },
    #[error(
        "the database is PostgreSQL {0}, and pg_dump, pg_restore and psql of that version are needed: on Debian or Ubuntu `apt-get install \
         postgresql-client-{0}`, elsewhere put their folder on PATH"
    )]
    NoTools(u32),
    #[error(
        "role {0} does not see every row, so its backup would not be whole: run this with a DATABASE_URL of a superuser, \
         or as one `ALTER ROLE {0} BYPASSRLS`"
    )]
    HiddenRows(String),
    #[error("the database holds no comanda to back up")]
    NothingThere,
    #[error(
        "the database holds {tenants} restaurants and NGOs already; add --replace to give all of that up for the backup"
    )]
    Occupied { tenants: i64 },
    #[error("the database holds something that is not comanda's; give the name of an empty one")]
    Strangers,
    #[error("the database is in use by {others} other connections ({names}): stop what they belong to first")]
    InUse { others: i64, names: String },
    #[error("the database is being migrated or restored by another process; try again when that is done")]
    Busy,
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    #[error("the database refuses: {}", explain(.0))]
    Database(#[from] tokio_postgres::Error),
    #[error("{program} failed: {said}")]
    Program { program: &'static str, said: String },
    #[error("stopped; the database is as it was")]
    Stopped,
    #[error(
        "{why}; whether the database was replaced by then is not known, as it does not answer: it is as it was where `SELECT \
         to_regclass('public.streams')::oid` says {}", before.map_or("nothing".into(), |before| before.to_string())
    )]
    Unknown { why: Box<BackupError>, before: Option<i64> },
    #[error("nothing came from {0} for minutes; it was ended")]
    Stalled(&'static str),
    #[error("the disk of {} has less than {leave_free} bytes left, which are kept for the database", file.display())]
    DiskFull { file: PathBuf, leave_free: u64 },
    #[error("cannot {what} {}: {source}", path.display())]
    Io { what: &'static str, path: PathBuf, source: io::Error },
}

impl BackupError {
    /// True where trying again changes nothing, but another file, flag or role does.
    pub fn is_mistake(&self) -> bool {
        use BackupError::{Foreign, HiddenRows, Newer, NotAFile, NotWhole, Occupied, OlderServer, Strangers};
        matches!(
            self,
            NotAFile(_)
                | NotWhole { .. }
                | Newer { .. }
                | Foreign { .. }
                | OlderServer { .. }
                | HiddenRows(_)
                | Occupied { .. }
                | Strangers
        )
    }
}

/// Names the path in an I/O error.
pub(super) fn io_at<'a>(
    what: &'static str,
    path: impl Into<PathBuf> + 'a,
) -> impl FnOnce(io::Error) -> BackupError + 'a {
    move |source| BackupError::Io { what, path: path.into(), source }
}

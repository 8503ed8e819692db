//! Backups: one consistent moment of the database in a file, and back. PostgreSQL's own `pg_dump` and `pg_restore` do the
//! work; what is ours is that a file is whole or refused, and that a restore leaves the old database or the new one.

mod draft;
mod dump;
mod error;
mod folder;
mod outcome;
mod restore;
mod seal;
mod tools;

pub use dump::back_up;
pub use error::BackupError;
pub use folder::Folder;
pub use restore::restore;
pub use seal::{Manifest, Whole};

/// Does what may wait for the disk, on a thread that may.
pub async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let died =
        |error: tokio::task::JoinError| BackupError::Program { program: "comanda", said: error.to_string() };
    tokio::task::spawn_blocking(work).await.map_err(died)?
}
